"""Two people become one and two again, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from candidates.domain.duplicates import look_for_duplicates
from candidates.models import Candidate
from tests.factories import make_application, make_candidate, make_job, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def pair(recruiter):
    workspace = recruiter.workspace
    people = [
        make_candidate(workspace, name, email="mina@example.org", headline=headline, current_company="Blue Freight")
        for name, headline in (("Mina Petrov", "Planner"), ("M. Petrov", "Dispatcher"))
    ]
    job = make_job(workspace)
    for person in people:
        make_application(person, job)
    look_for_duplicates(workspace.pk, [one.pk for one in people])
    return people


@pytest.fixture
def listed(page: Page, sign_in, recruiter, pair) -> Page:
    sign_in(recruiter.user)
    page.goto("/duplicates/")
    return page


def test_two_are_merged_with_a_choice_and_taken_apart_with_a_key(listed, pair):
    listed.keyboard.press("j")
    listed.get_by_role("link", name="Compare and merge").click()
    listed.get_by_label("Take this of M. Petrov").last.check()
    listed.get_by_role("button", name="Merge").click()

    expect(listed.locator("h1")).to_have_text("Mina Petrov")
    expect(listed.locator(".headline")).to_contain_text("Dispatcher")
    expect(listed.locator(".toast")).to_contain_text("M. Petrov and Mina Petrov are one now.")
    expect(listed.locator(".candidacies").first.locator("li")).to_have_count(2)

    listed.keyboard.press("u")
    expect(listed.locator(".toast")).to_contain_text("Mina Petrov and M. Petrov are two again.")
    expect(listed.locator(".headline")).to_contain_text("Planner")
    assert Candidate.objects.present().count() == 2


def test_different_people_are_gone_from_the_list(listed):
    listed.get_by_role("button", name="Different people").click()
    expect(listed.get_by_text("Nobody seems to be here twice")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_are_accessible(listed, axe, scheme):
    listed.emulate_media(color_scheme=scheme)
    listed.reload()  # in the middle of the change text and ground are alike
    assert axe(listed) == []
    listed.get_by_role("link", name="Compare and merge").click()
    expect(listed.get_by_role("button", name="Merge")).to_be_visible()
    assert axe(listed) == []
