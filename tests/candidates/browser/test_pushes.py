"""The ledger in a browser: it lives, and a person settles what needs them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from candidates.enums import PushState
from tests.factories import make_candidate, make_conflict, make_member, make_push, make_record, make_source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def push(recruiter):
    record = make_record(
        make_source(recruiter.workspace, "Greenhouse"), make_candidate(recruiter.workspace, "Mina Petrov")
    )
    return make_push(record, recruiter, "tag", state=PushState.UNKNOWN, payload={"name": "remote"}, attempts=1)


@pytest.fixture
def ledger(page: Page, sign_in, recruiter, push) -> Page:
    sign_in(recruiter.user)
    page.goto("/pushes/")
    return page


def test_what_moves_shows_by_itself(ledger, push):
    expect(ledger.locator("[data-item]")).to_contain_text("No answer from Greenhouse")
    push.state, push.upstream_now = PushState.CONFLICT, {"stage_id": "x"}
    push.save()
    expect(ledger.locator("[data-item]")).to_contain_text("Greenhouse has changed")


def test_an_unknown_one_is_settled_by_a_word(ledger, push):
    ledger.get_by_role("link", name="Tag “remote”").click()
    ledger.get_by_role("button", name="It arrived").click()
    expect(ledger.locator(".toast")).to_contain_text("Noted that it arrived")
    push.refresh_from_db()
    assert push.state == PushState.CONFIRMED


def test_a_field_is_decided_by_key(ledger, push):
    conflict = make_conflict(push.source, push.candidate, ours="Dispatcher", theirs="Head of Operations")
    ledger.goto("/pushes/conflicts/")
    ledger.keyboard.press("j")
    ledger.keyboard.press("Tab")
    ledger.keyboard.press("Tab")
    expect(ledger.get_by_role("button", name="Take theirs")).to_be_focused()
    ledger.keyboard.press("Enter")
    expect(ledger.get_by_text("Both sides agree")).to_be_visible()
    conflict.refresh_from_db()
    assert conflict.state == "theirs"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_are_accessible(ledger, axe, scheme, push):
    make_conflict(push.source, push.candidate)
    push.tries.create(
        workspace=push.workspace, number=1, started_at=push.requested_at, method="POST", request={"a": 1}, response={}
    )
    ledger.emulate_media(color_scheme=scheme)
    for address in ("/pushes/", "/pushes/?tab=done", f"/pushes/{push.pk}/", "/pushes/conflicts/"):
        ledger.goto(address)
        assert axe(ledger) == [], address


@pytest.mark.parametrize("width", [360, 2560])
def test_no_page_scrolls_sideways(ledger, push, width):
    push.last_error_message = "x" * 400
    push.save()
    ledger.set_viewport_size({"width": width, "height": 800})
    for address in ("/pushes/", f"/pushes/{push.pk}/"):
        ledger.goto(address)
        assert ledger.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
