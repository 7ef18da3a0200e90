"""The review queue in a browser: by keys alone, blind, undone, offline, on a phone, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from candidates.enums import Outcome, Verdict
from candidates.models import Application, Decision, Note, Review, ReviewScore, ReviewSkip
from recruitment.models import Role
from tests.factories import (
    join_job,
    make_application,
    make_candidate,
    make_criterion,
    make_job,
    make_member,
    make_reason,
    make_record,
    make_review,
    make_source,
    make_workspace,
    mirror_job,
)

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Mina Petrov", "Jean-Baptiste Grégoire Lefèvre-Montmorency de la Tour", "محمد عبد الرحمن", "Deniz Ar")
EXPERIENCE = {"title": "Operations Lead", "company": "Blue Freight", "start": "2022-03", "current": True}


@pytest.fixture
def job():
    job = make_job(make_workspace(), "Backend engineer")
    make_criterion(job, "Craft")
    return job


@pytest.fixture
def people(job):
    made = []
    for name in NAMES:
        facts = {"experiences": [EXPERIENCE], "skills": ["Python"], "location": {"raw": "Lyon"}}
        person = make_candidate(job.workspace, name, email=f"p{len(made)}@example.org", **facts)
        answers = [{"question": "Right to work?", "answer": "Yes"}]
        made.append(make_application(person, job, screening_answers=answers))
    return made


@pytest.fixture
def colleague(job):
    member = make_member(job.workspace, Role.REVIEWER, full_name="Bea Osei")
    join_job(job, member)
    return member


@pytest.fixture
def recruiter(job):
    member = make_member(job.workspace, Role.RECRUITER, full_name="Lena Brandt")
    join_job(job, member)
    return member


@pytest.fixture
def queue(page: Page, sign_in, recruiter, job, people) -> Page:
    """The queue of a recruiter of the job, at the first person."""
    sign_in(recruiter.user)
    page.goto(f"/review/{job.pk}/")
    return page


def at(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("#my-review")).not_to_have_attribute("data-busy", "")


def chosen(page: Page, label: str):
    return page.get_by_role("radio", name=label, exact=False)


def test_three_people_are_reviewed_with_keys_alone(queue, people, recruiter):
    for name, key in zip(NAMES[:3], "541", strict=True):
        at(queue, name)
        queue.keyboard.press(key)
        queue.keyboard.press("c")
        queue.keyboard.type(f"About {key}")
        queue.keyboard.press("Escape")
        queue.keyboard.press("Enter")
    at(queue, NAMES[3])
    kept = Review.objects.filter(member=recruiter).order_by("application")
    assert list(kept.values_list("verdict", "comment")) == [
        (Verdict.STRONG_YES, "About 5"),
        (Verdict.YES, "About 4"),
        (Verdict.STRONG_NO, "About 1"),
    ]
    expect(queue.locator("#queue")).to_contain_text("1 left of 4")
    assert queue.url.endswith(f"/{people[3].pk}/")
    assert queue.title().startswith(NAMES[3])


AS_SOON_AS_SHOWN = """name => new MutationObserver((_changes, watch) => {
  const form = document.querySelector("#my-review");
  if (document.querySelector("#person h1")?.textContent.trim() !== name || "busy" in form.dataset) return;
  watch.disconnect();
  form.querySelector("textarea").focus();
  setTimeout(() => (document.body.dataset.held = document.activeElement.tagName), 200);
}).observe(document.body, { childList: true, subtree: true })"""


def test_whoever_writes_as_soon_as_the_next_person_is_there_keeps_the_focus(queue):
    """Taken away later, the letters that follow would be commands: the U of "About" takes a verdict back."""
    queue.evaluate(AS_SOON_AS_SHOWN, NAMES[1])
    queue.keyboard.press("4")
    queue.keyboard.press("Enter")
    expect(queue.locator("body")).to_have_attribute("data-held", "TEXTAREA")


def test_the_answer_is_given_from_within_the_comment_as_well(queue, recruiter):
    queue.keyboard.press("4")
    queue.keyboard.press("c")
    queue.keyboard.type("Yes, 12345 times")  # digits and letters are text here
    queue.keyboard.press("Control+Enter")
    at(queue, NAMES[1])
    assert Review.objects.get().comment == "Yes, 12345 times"


def test_scores_are_kept(queue):
    queue.keyboard.press("4")
    queue.get_by_role("radio", name="3, strong").check()
    queue.keyboard.press("Enter")
    at(queue, NAMES[1])
    assert ReviewScore.objects.get().value == 3


def test_others_verdicts_appear_only_after_ones_own(page, sign_in, recruiter, job, people, colleague):
    make_review(people[0], colleague, Verdict.STRONG_NO, comment="Not at all")
    sign_in(recruiter.user)
    page.goto(f"/review/{job.pk}/")
    expect(page.locator("#others")).to_contain_text("1 has reviewed. You see theirs after yours.")
    assert "Not at all" not in page.content()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    at(page, NAMES[1])
    page.keyboard.press("k")
    at(page, NAMES[0])
    expect(page.locator("#others")).to_contain_text("Bea Osei")
    expect(page.locator("#others")).to_contain_text("Not at all")


def test_undo_brings_the_person_and_the_former_state_back(queue):
    queue.keyboard.press("2")
    queue.keyboard.press("Enter")
    at(queue, NAMES[1])
    queue.keyboard.press("u")
    at(queue, NAMES[0])
    assert not Review.objects.exists()
    expect(chosen(queue, "No 2")).not_to_be_checked()


def test_skipping_goes_on_and_says_so_in_the_list(queue):
    queue.keyboard.press("j")
    at(queue, NAMES[1])
    expect(queue.locator("#queue")).to_contain_text("Skipped")
    assert ReviewSkip.objects.count() == 1


def test_the_next_person_is_on_the_screen_before_the_server_has_answered(queue, people):
    held = []
    at(queue, NAMES[0])
    queue.wait_for_load_state("networkidle")  # the next one was fetched
    queue.route("**/save/", lambda route: held.append(route))
    queue.keyboard.press("4")
    queue.keyboard.press("Enter")
    expect(queue.get_by_role("heading", level=1)).to_have_text(NAMES[1])
    assert not Review.objects.exists()
    held[0].continue_()
    at(queue, NAMES[1])
    assert Review.objects.get().application == people[0]


def test_without_a_connection_everything_typed_stays(queue, context, watch):
    watch.expect("ERR_INTERNET_DISCONNECTED", "htmx:")
    queue.wait_for_load_state("networkidle")
    queue.keyboard.press("4")
    queue.keyboard.press("c")
    queue.keyboard.type("Long thought")
    context.set_offline(True)
    queue.keyboard.press("Control+Enter")
    expect(queue.locator("#toasts")).to_contain_text("The server can't be reached.")
    at(queue, NAMES[0])
    expect(queue.get_by_label("Why, in a sentence")).to_have_value("Long thought")
    assert not Review.objects.exists()
    context.set_offline(False)
    queue.keyboard.press("Control+Enter")
    at(queue, NAMES[1])
    assert Review.objects.get().comment == "Long thought"


def test_what_was_typed_survives_looking_at_somebody_else(queue):
    queue.keyboard.press("3")
    queue.keyboard.press("c")
    queue.keyboard.type("Half a thought")
    queue.locator("#queue").get_by_text(NAMES[3]).click()
    at(queue, NAMES[3])
    queue.locator("#queue").get_by_text(NAMES[0]).click()
    at(queue, NAMES[0])
    expect(queue.get_by_label("Why, in a sentence")).to_have_value("Half a thought")
    expect(chosen(queue, "Maybe")).to_be_checked()


def test_two_windows_show_both_texts(queue, context, job, people, watch):
    watch.expect("409")
    other = context.new_page()
    other.goto(f"/review/{job.pk}/{people[0].pk}/")
    for window, key, text in ((other, "5", "From the other"), (queue, "1", "From this one")):
        window.keyboard.press(key)
        window.keyboard.press("c")
        window.keyboard.type(text)
        window.keyboard.press("Control+Enter")
        if window is other:
            at(other, NAMES[1])
    expect(queue.get_by_role("alert")).to_contain_text("From the other")
    expect(queue.get_by_label("Why, in a sentence")).to_have_value("From this one")
    at(queue, NAMES[0])
    queue.get_by_role("button", name="Save and next").click()
    at(queue, NAMES[1])
    assert Review.objects.get().comment == "From this one"


def test_no_verdict_is_no_answer(queue, watch):
    watch.expect("422")
    queue.keyboard.press("Enter")
    expect(queue.locator("#verdict_error")).to_contain_text("Choose a verdict.")
    at(queue, NAMES[0])


def test_rejecting_asks_for_a_reason_and_can_be_undone(queue, job, people):
    make_reason(job.workspace, "Not enough experience")
    queue.keyboard.press("r")
    dialog = queue.get_by_role("dialog")
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog.get_by_label("Reason")).to_be_focused()  # the browser asks for it
    assert not Decision.objects.exists()
    dialog.get_by_label("Reason").select_option(label="Not enough experience")
    dialog.get_by_role("button", name="Reject").click()
    expect(queue.locator("#stage-chip")).to_contain_text("Rejected")
    expect(dialog).to_be_hidden()
    queue.keyboard.press("u")
    expect(queue.locator("#stage-chip")).not_to_contain_text("Rejected")
    assert Application.objects.get(pk=people[0].pk).outcome == Outcome.ACTIVE


def test_moving_by_keys_says_where_it_goes_before_and_after(page, sign_in, recruiter, job, people):
    source = make_source(job.workspace, "Greenhouse")
    mirror_job(source, job)
    make_record(source, people[0])
    sign_in(recruiter.user)
    page.goto(f"/review/{job.pk}/{people[0].pk}/")
    expect(page.locator("#decide")).to_contain_text("Goes to Kombo.")
    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_contain_text("Goes to Kombo.")
    page.keyboard.press("3")
    expect(page.locator("#toasts")).to_contain_text("tells Kombo in 6 s")
    expect(page.locator("#stage-chip")).to_contain_text("Interview")
    expect(page.locator("#stage-chip")).to_contain_text("Kombo will be told")


def test_tag_note_and_shortlist_by_keys(queue, people):
    queue.keyboard.press("t")
    queue.get_by_role("dialog").get_by_label("Tag").fill("remote")
    queue.keyboard.press("Enter")
    expect(queue.locator("#person-tags")).to_contain_text("remote")
    queue.keyboard.press("s")
    expect(queue.get_by_role("button", name="Shortlisted")).to_be_visible()
    queue.keyboard.press("d")
    expect(queue.locator("#discussion")).to_be_visible()
    queue.keyboard.press("n")
    queue.get_by_role("dialog").get_by_label("Note").fill("Met her")
    queue.get_by_role("dialog").get_by_role("button", name="Save the note").click()
    expect(queue.locator("#discussion article")).to_contain_text("Met her")
    queue.locator("#discussion").get_by_label("Note").fill("And once more")
    queue.locator("#discussion").get_by_role("button", name="Save the note").click()
    expect(queue.locator("#discussion article").first).to_contain_text("And once more")
    expect(queue.locator("#discussion").get_by_label("Note")).to_have_value("")
    assert Note.objects.count() == 2


def test_the_keys_are_listed(queue):
    queue.keyboard.press("?")
    listed = queue.locator("#keys").inner_text()
    wanted = [
        "Strong yes",
        "Comment",
        "Save and next",
        "Skip",
        "Move",
        "Reject",
        "Shortlist",
        "Tag",
        "Note",
    ]
    assert [name for name in wanted if name not in listed] == []


def test_the_back_button_leads_to_the_person_before(queue):
    queue.keyboard.press("4")
    queue.keyboard.press("Enter")
    at(queue, NAMES[1])
    queue.go_back()
    at(queue, NAMES[0])
    expect(chosen(queue, "Yes 4")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_accessible(queue, axe, people, colleague, scheme, width):
    make_review(people[0], colleague)
    queue.emulate_media(color_scheme=scheme)
    queue.set_viewport_size({"width": width, "height": 800})
    for tab in ("profile", "cv", "answers", "discussion", "activity"):
        queue.goto(f"{queue.url.partition('?')[0]}?tab={tab}")
        assert axe(queue) == []


def test_on_a_phone_the_person_comes_first_and_the_verdict_is_under_the_thumb(queue, people):
    queue.set_viewport_size({"width": 360, "height": 740})
    assert queue.evaluate("document.documentElement.scrollWidth") == 360
    verdict = queue.locator(".verdict-list label").nth(1)
    box = verdict.bounding_box()
    assert box["y"] + box["height"] < 740
    assert min(box["width"], box["height"]) >= 44
    verdict.click()
    save = queue.get_by_role("button", name="Save and next")
    assert save.bounding_box()["y"] < 740
    save.click()
    at(queue, NAMES[1])
    queue.get_by_role("button", name="Queue").click()
    queue.locator("#queue").get_by_text(NAMES[3]).click()
    at(queue, NAMES[3])
    assert Review.objects.get().verdict == Verdict.YES


def test_without_javascript_every_step_is_a_form(browser, live_server, sign_in, context, recruiter, job, people):
    sign_in(recruiter.user)
    make_reason(job.workspace, "Not enough experience")
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"/review/{job.pk}/")
    page.get_by_role("radio", name="Strong yes").check()
    page.get_by_label("Why, in a sentence").fill("Plainly")
    page.get_by_role("button", name="Save and next").click()
    expect(page).to_have_url(re.compile(str(people[1].pk)))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(str(people[0].pk)))
    page.get_by_role("link", name="Reject").click()
    page.get_by_label("Reason").select_option(label="Not enough experience")
    page.get_by_role("button", name="Reject").click()
    expect(page).to_have_url(re.compile(f"review/{job.pk}/{people[0].pk}"))
    expect(page.locator("#stage-chip")).to_contain_text("Rejected")
    plain.close()
