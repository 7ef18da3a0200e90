"""The board in a browser: by key, by drag, against a colleague, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from candidates.domain import decisions
from candidates.models import Application
from recruitment.models import Role
from tests.factories import join_job, make_application, make_candidate, make_job, make_member, make_review, stage_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def job(recruiter):
    job = make_job(recruiter.workspace, "Data engineer")
    join_job(job, recruiter)
    for name, stage in [("Mina Petrov", "Applied"), ("Deniz Ar", "Applied"), ("محمد عبد الرحمن", "Interview")]:
        make_application(make_candidate(recruiter.workspace, name), job, stage=stage)
    return job


@pytest.fixture
def board(page: Page, sign_in, recruiter, job) -> Page:
    sign_in(recruiter.user)
    page.goto(f"/jobs/{job.pk}/")
    return page


def application_of(name: str) -> Application:
    return Application.objects.get(candidate__full_name=name)


def card(page: Page, name: str):
    return page.locator("[data-tile]").filter(has_text=name)


def column(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def counts(page: Page) -> list[str]:
    return page.locator("[data-count]").all_inner_texts()


def stage_name(name: str) -> str:
    return str(application_of(name).stage)


def test_a_card_moves_by_two_keys_and_back_by_one(board, job):
    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("m")
    expect(board.locator("#move-menu")).to_be_visible()
    board.keyboard.press("3")

    expect(column(board, "Interview").locator("[data-tile]")).to_have_count(2)
    expect(board.locator(".toast")).to_contain_text("Moved Mina Petrov to Interview")
    assert counts(board) == ["1", "0", "2", "0", "0"]
    assert stage_name("Mina Petrov") == "Interview"
    expect(card(board, "Mina Petrov").locator("a.person")).to_be_focused()

    board.keyboard.press("u")

    expect(column(board, "Applied").locator("[data-tile]")).to_have_count(2)
    assert stage_name("Mina Petrov") == "Applied"


def test_arrows_go_from_card_to_card(board):
    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("ArrowDown")
    expect(card(board, "Deniz Ar").locator("a.person")).to_be_focused()
    board.keyboard.press("ArrowRight")  # over the empty column
    expect(card(board, "محمد").locator("a.person")).to_be_focused()
    board.keyboard.press("ArrowLeft")
    expect(card(board, "Mina Petrov").locator("a.person")).to_be_focused()


def test_arrows_choose_in_the_menu_and_escape_leaves_it(board):
    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("m")
    expect(board.get_by_role("button", name="Phone screen")).to_be_focused()  # "Applied" is where she is
    board.keyboard.press("ArrowDown")
    expect(board.locator("#move-menu").get_by_role("button", name="Interview")).to_be_focused()
    board.keyboard.press("Escape")
    expect(board.locator("#move-menu")).to_be_hidden()
    assert stage_name("Mina Petrov") == "Applied"


def test_a_card_moves_by_drag(board):
    card(board, "Mina Petrov").drag_to(column(board, "Offer").locator("ol"))

    expect(board.locator(".toast")).to_contain_text("Moved Mina Petrov to Offer")
    expect(column(board, "Offer").locator("[data-tile]")).to_have_count(1)
    assert stage_name("Mina Petrov") == "Offer"


def test_a_colleague_was_faster(board, watch, job, recruiter):
    watch.expect("409")
    colleague = make_member(recruiter.workspace)
    decisions.move(application_of("Mina Petrov"), stage_of(job, "Offer"), member=colleague)

    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("m")
    board.keyboard.press("3")

    expect(board.locator(".toast.error")).to_contain_text("Somebody moved this person to “Offer” meanwhile.")
    expect(column(board, "Offer").locator("[data-tile]")).to_have_count(1)
    assert counts(board) == ["1", "0", "1", "1", "0"]
    assert stage_name("Mina Petrov") == "Offer"


def test_a_card_goes_back_when_the_server_is_away(board, watch):
    watch.expect("Failed to load resource", "htmx:afterRequest", "htmx:sendError")
    board.route("**/move/", lambda route: route.abort())

    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("m")
    board.keyboard.press("2")

    expect(board.locator(".toast.error")).to_contain_text("The server can't be reached.")
    expect(column(board, "Applied").locator("[data-tile]")).to_have_count(2)
    assert counts(board) == ["2", "0", "1", "0", "0"]


def test_s_puts_on_the_shortlist_and_off_again(board):
    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("s")
    expect(card(board, "Mina Petrov").get_by_role("img", name="On the shortlist")).to_be_visible()
    expect(card(board, "Mina Petrov").locator("a.person")).to_be_focused()
    board.keyboard.press("s")
    expect(card(board, "Mina Petrov").get_by_role("img", name="On the shortlist")).to_have_count(0)


def test_r_asks_for_the_reason(board):
    card(board, "Mina Petrov").locator("a.person").focus()
    board.keyboard.press("r")
    expect(board.locator("#modal")).to_contain_text("Reject")
    board.keyboard.press("Escape")
    expect(card(board, "Mina Petrov").locator("a.person")).to_be_focused()


def test_the_search_narrows_while_typing(board):
    board.keyboard.press("/")
    board.keyboard.type("deniz")
    expect(board.locator("[data-tile]")).to_have_count(1)
    expect(board.locator("#q")).to_be_focused()
    expect(board).to_have_url(f"{board.url.split('?')[0]}?q=deniz&verdict=&mine=")


def test_more_cards_come_when_asked_for(page, sign_in, recruiter):
    job = make_job(recruiter.workspace)
    for _number in range(30):
        make_application(make_candidate(recruiter.workspace), job)
    sign_in(recruiter.user)
    page.goto(f"/jobs/{job.pk}/")
    expect(page.locator("[data-tile]")).to_have_count(25)

    page.get_by_role("link", name="Show more").click()

    expect(page.locator("[data-tile]")).to_have_count(30)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_a_reviewer_has_neither_menu_nor_drag(page, sign_in, recruiter, job):
    reviewer = make_member(recruiter.workspace, Role.REVIEWER)
    join_job(job, reviewer)
    sign_in(reviewer.user)
    page.goto(f"/jobs/{job.pk}/")
    card(page, "Mina Petrov").locator("a.person").focus()
    page.keyboard.press("m")
    card(page, "Mina Petrov").drag_to(column(page, "Offer").locator("ol"))

    assert counts(page) == ["2", "0", "1", "0", "0"]
    assert stage_name("Mina Petrov") == "Applied"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(board, axe, scheme, recruiter):
    make_review(application_of("Deniz Ar"), recruiter)
    board.emulate_media(color_scheme=scheme)
    board.reload()
    assert axe(board) == []


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_the_page_never_scrolls_sideways(board, width):
    board.set_viewport_size({"width": width, "height": 800})
    assert board.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_without_javascript(browser, live_server, context, sign_in, recruiter, job):
    sign_in(recruiter.user)
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(f"/jobs/{job.pk}/?q=mina")
    page.get_by_role("link", name="Move Mina Petrov").click()
    page.get_by_role("button", name="Offer").click()
    plain.close()

    assert stage_name("Mina Petrov") == "Offer"
