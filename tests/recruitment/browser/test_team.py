"""The team's screens as they are met: every width, both themes, by keyboard, and with axe."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from recruitment import team
from recruitment.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Northwind Talent and Recruiting Partnership of the Northern Harbour Districts"
WIDTHS = (360, 1280, 1920)
# Buttons, links and fields that stick out of the card that holds them.
CUT = """() => [...document.querySelectorAll(".card :is(button, a, input, label)")].filter(part => {
  const card = part.closest(".card").getBoundingClientRect(), own = part.getBoundingClientRect();
  return part.checkVisibility() && !part.closest(".truncate") && own.width > 1 && own.right > card.right + 1;
}).map(part => part.textContent.trim() || part.name)"""


@pytest.fixture
def admin():
    """A workspace in which every page has something to show, long and short."""
    workspace = make.make_workspace(LONG, slug="northwind")
    admin = make.make_member(
        workspace, Role.ADMIN, email="ana@example.org", full_name="Ana Koch", password="a-fine-key"
    )
    recruiter = make.make_member(workspace, Role.RECRUITER, full_name="王芳")
    team.change_member(recruiter, by=admin, active=False)
    make.make_member(workspace, Role.REVIEWER, email=f"{'very-long-' * 6}address@example.org")
    team.invite(workspace, "new@example.org", Role.REVIEWER, by=admin)
    make.make_token(admin)
    source = make.make_source(workspace)
    person = make.make_candidate(workspace, "Zoë Quill", current_title="Engineer")
    make.tag_candidate(person, make.make_tag(workspace, "remote " * 12))
    make.pool_candidate(person, make.make_pool(workspace, description="Asked again in spring. " * 12))
    make.make_record(source, make.make_reason(workspace), imported={"name": "Too junior " * 12})
    job = make.make_job(workspace, LONG * 2)
    make.join_job(job, admin)
    make.make_application(person, job)
    make.make_conflict(source, person)
    return admin


def addresses(admin):
    """The pages of somebody signed in."""
    pool, reason = make.TalentPool.objects.get(), make.RejectionReason.objects.get()
    names = ["home", *(f"recruitment:{name}" for name in ("settings", "password", "members", "tokens", "workspace"))]
    names += [f"candidates:{name}" for name in ("tags", "pools", "reasons")]
    pages = [reverse(name) for name in names]
    return [*pages, reverse("candidates:pool", args=[pool.pk]) + "?q=x", reverse("candidates:reason", args=[reason.pk])]


def look(page, axe, address):
    """What is wrong with a page: too wide for the window, or against WCAG."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong += [f"{address} is {wide} wide in a window of {width}"] if wide > width else []
        wrong += [f"{address} at {width}: {words} is cut off" for words in page.evaluate(CUT)]
        wrong += [f"{address} at {width}: {line}" for line in axe(page)] if width < 1920 else []
    return wrong


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_settings_and_home_fit_and_can_be_read(page, sign_in, axe, admin, theme):
    admin.user.theme = theme
    admin.user.save()
    sign_in(admin.user)
    assert [line for address in addresses(admin) for line in look(page, axe, address)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_before_signing_in_fit_and_can_be_read(page, axe, admin, theme, settings, watch):
    settings.DEMO = True
    watch.expect("404", "429")  # what the browser says of two of the pages
    page.emulate_media(color_scheme=theme)
    _invitation, secret = team.invite(admin.workspace, "other@example.org", Role.REVIEWER, by=admin)
    names = ["login", "password_reset", "password_reset_done", "no_workspace"]
    pages = [*(reverse(f"recruitment:{name}") for name in names), "/password/reset/x/x/", "/join/nothing/"]
    pages.append(reverse("recruitment:join", args=[secret]))
    assert [line for address in pages for line in look(page, axe, address)] == []


def test_on_a_phone_the_open_tab_is_in_sight(page, sign_in, admin):
    sign_in(admin.user)
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(reverse("candidates:reasons"))
    expect(page.get_by_role("link", name="Rejection reasons")).to_be_in_viewport(ratio=0.9)


def test_signing_in_inviting_and_making_a_token_by_keyboard_alone(page, context, admin, mailoutbox):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings/members/")
    page.keyboard.type("ANA@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("a-fine-key")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/members/")

    page.get_by_label("E-mail").focus()
    page.keyboard.type("second@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Invited second@example.org")).to_be_visible()
    assert [mail.to for mail in mailoutbox] == [["second@example.org"]]

    page.goto("/settings/tokens/")
    page.get_by_label("What is it for").focus()
    page.keyboard.type("Nightly export")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert re.fullmatch(r"qrm_[\w-]{43}", page.evaluate("navigator.clipboard.readText()"))


def test_the_workspace_and_the_theme_change_from_the_menu(page, sign_in, admin):
    second = make.make_workspace("Second team")
    make.make_member(second, user=admin.user)
    sign_in(admin.user)
    page.goto("/")
    page.locator("nav.rail button.switcher").click()
    page.get_by_role("button", name="Second team").click()
    expect(page.locator("nav.rail .switcher")).to_contain_text("Second team")
    page.locator("nav.rail button.me").click()
    page.get_by_label("Dark", exact=True).check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
