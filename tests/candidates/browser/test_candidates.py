"""The list of people in a browser: search, choose, and act on many."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from candidates.domain.tags import add_tag
from candidates.models import BulkAction
from tests.candidates.views.screens import fill
from tests.factories import make_application, make_candidate, make_job, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def job(recruiter):
    return make_job(recruiter.workspace, "Data engineer")


@pytest.fixture
def people(page: Page, sign_in, recruiter) -> Page:
    """The page of a recruiter who is signed in; go where the test needs."""
    sign_in(recruiter.user)
    return page


def test_the_search_narrows_while_typing_and_is_in_the_address(people, recruiter):
    for name in ("Mina Petrov", "Deniz Ar"):
        make_candidate(recruiter.workspace, name)
    people.goto("/candidates/")
    people.keyboard.press("/")
    people.keyboard.type("petr")

    expect(people.locator("[data-item]")).to_have_count(1)
    expect(people.locator("#q")).to_be_focused()
    people.reload()
    expect(people.locator("[data-item]")).to_have_count(1)


def test_x_chooses_and_shift_chooses_what_lies_between(people, job):
    fill(job, 5)
    people.goto("/candidates/?sort=name")
    expect(people.locator(".bulk-bar")).to_be_hidden()
    people.keyboard.press("j")
    people.keyboard.press("x")
    expect(people.locator("[data-checked-count]")).to_have_text("1")
    boxes = people.locator("input[name=ids]")
    boxes.nth(3).click(modifiers=["Shift"])
    expect(people.locator("[data-checked-count]")).to_have_text("4")


def test_a_mass_act_wakes_when_its_number_is_typed(people, job):
    fill(job, 31)
    people.goto(f"/candidates/?job={job.pk}")
    people.get_by_label("Choose all on this page").check()
    people.get_by_role("button", name="Tag", exact=True).click()
    dialog = people.locator("#modal")
    expect(dialog).to_contain_text("Tag: 31 people")
    dialog.get_by_label("Tag").fill("spring")
    go = dialog.get_by_role("button", name="Tag", exact=True)
    expect(go).to_be_disabled()
    dialog.get_by_label("Type 31 to go on").fill("31")
    go.click()

    expect(people).to_have_url(re.compile(r"/candidates/bulk/[0-9a-f-]{36}/$"))
    assert people.url.endswith(f"/{BulkAction.objects.get().pk}/")
    expect(people.get_by_role("status").filter(has_text="31 done")).to_be_visible()


def test_a_facet_is_chosen_and_taken_off(people, job, recruiter):
    fill(job, 1)
    make_candidate(recruiter.workspace, "Deniz Ar")
    people.goto("/candidates/")
    people.get_by_label("Job", exact=True).select_option("Data engineer")
    expect(people.locator("[data-item]")).to_have_count(1)
    people.get_by_role("link", name="Take off: Data engineer").click()
    expect(people.locator("[data-item]")).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_are_accessible(people, axe, scheme, job):
    fill(job, 3)
    people.emulate_media(color_scheme=scheme)
    for address in (
        "/candidates/",
        f"/candidates/?job={job.pk}&verdict=yes",
        "/candidates/new/",
        "/jobs/",
        "/jobs/new/",
        f"/jobs/{job.pk}/settings/",
        "/activity/",
    ):
        people.goto(address)
        assert axe(people) == [], address


def test_a_name_keeps_its_room_beside_long_tags_and_jobs(people, recruiter):
    job = make_job(recruiter.workspace, "Principal Programme Manager, " + "Cross-Border Payments and " * 3)
    person = make_candidate(recruiter.workspace, "Tuulikki Mäkinen-Lindström")
    make_application(person, job)
    for number in range(4):
        add_tag(person, f"Spoke at the autumn open day {number}", member=recruiter)
    people.set_viewport_size({"width": 1280, "height": 800})
    people.goto("/candidates/")
    name = people.locator("[data-item] .person b bdi")
    assert name.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("width", [360, 2560])
def test_no_page_scrolls_sideways(people, width, job, recruiter):
    fill(job, 2)
    make_candidate(recruiter.workspace, "A name without any space " + "ab" * 120, current_company="Ö" * 200)
    make_job(recruiter.workspace, "Principal Programme Manager, " + "Cross-Border Payments and " * 6)
    people.set_viewport_size({"width": width, "height": 800})
    for address in ("/candidates/", "/jobs/", f"/jobs/{job.pk}/settings/", "/activity/"):
        people.goto(address)
        assert people.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
