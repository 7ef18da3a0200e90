"""Connections in a browser: connecting a source, watching its import, and what needs a person."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from integrations import importing
from integrations.models import Connection, SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.factories import make_connection, make_member, make_problem, make_run, make_stream

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Workday of a name that somebody wrote as a whole sentence and-one-word-that-never-breaks-" + "x" * 90


@pytest.fixture
def admin():
    return make_member(role=Role.ADMIN, full_name="Ana Koch")


@pytest.fixture
def upstream(settings):
    with Sandbox(people=20, read_delay=0) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def signed_in(page: Page, sign_in, admin) -> Page:
    sign_in(admin.user)
    return page


def connect(page: Page, upstream: Sandbox, api_key: str) -> None:
    page.get_by_label("Name").fill("Greenhouse")
    page.get_by_label("API key").fill(api_key)
    page.get_by_label("Integration id").fill(INTEGRATION_ID)
    page.get_by_role("radio", name="Another address").check()
    page.get_by_role("textbox", name="Another address").fill(f"{upstream.url}/kombo")
    page.get_by_role("button", name="Check and connect").click()


def test_a_source_is_connected_by_keyboard_after_a_wrong_key_and_its_import_is_watched(signed_in, upstream, watch, axe):
    watch.excused.append("422")
    signed_in.goto("/connections/")
    signed_in.keyboard.press("c")
    expect(signed_in.get_by_role("heading", name="Connect a source")).to_be_visible()
    connect(signed_in, upstream, "wrong-key")
    expect(signed_in.locator("#id_api_key_error")).to_contain_text("Kombo doesn't accept this API key.")
    expect(signed_in.get_by_label("API key")).to_have_value("")
    assert axe(signed_in) == []

    connect(signed_in, upstream, API_KEY)
    expect(signed_in.get_by_text("The import starts in a moment")).to_be_visible()
    importing.run(SyncRun.objects.get().pk)
    expect(signed_in.get_by_text("Everything that there was to read was read.")).to_be_visible()
    expect(signed_in.locator(".toast", has_text="is over")).to_be_visible()
    expect(signed_in.locator("[hx-trigger]")).to_have_count(0)


def test_a_running_import_moves_by_itself_and_is_stopped(signed_in, admin):
    run = make_run(make_connection(admin.workspace, "Greenhouse"), state="queued")
    signed_in.goto(f"/connections/runs/{run.pk}/")
    stream = make_stream(run, started_at=timezone.now(), fetched=1250, created=1250, pages=5)
    SyncRun.objects.update(state="running", started_at=timezone.now())
    expect(signed_in.get_by_text("1,250 rows read, 1,250 new")).to_be_visible()
    stream.fetched = stream.created = 1500
    stream.pages = 6
    stream.save()
    expect(signed_in.get_by_text("1,500 rows read, 1,500 new")).to_be_visible()
    SyncRun.objects.update(lease_token=run.pk)
    signed_in.get_by_role("button", name="Stop after this page").click()
    expect(signed_in.get_by_role("button", name="Stopping after this page")).to_be_disabled()


def test_the_page_of_a_connection_follows_its_import_and_loads_anew_at_the_end(signed_in, admin):
    connection = make_connection(admin.workspace, "Greenhouse")
    run = make_run(connection, state="running", started_at=timezone.now())
    signed_in.goto(connection.get_absolute_url())
    make_stream(run, started_at=timezone.now(), fetched=7, created=7, pages=1)
    expect(signed_in.locator("#live")).to_contain_text("7 rows read")
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now())
    expect(signed_in.get_by_role("button", name="Import")).to_be_visible()


def test_a_row_that_was_set_aside_is_read_and_seen_to_by_keyboard(signed_in, admin):
    run = make_run(make_connection(admin.workspace, "Greenhouse"))
    make_stream(run, complete=True, fetched=1, set_aside=1)
    problem = make_problem(run, payload={"id": None, "first_name": "<b>Mina</b>"})
    signed_in.goto(f"/connections/runs/{run.pk}/")
    signed_in.locator("details.problem summary").focus()
    signed_in.keyboard.press("Enter")
    expect(signed_in.locator("details.problem pre")).to_contain_text('"first_name": "<b>Mina</b>"')
    signed_in.get_by_role("button", name="Seen to").click()
    expect(signed_in.locator("details.problem")).to_contain_text("Resolved")
    problem.refresh_from_db()
    assert problem.state == "resolved"


def test_disconnecting_needs_the_name(signed_in, admin, watch):
    watch.excused.append("422")
    connection = make_connection(admin.workspace, "Greenhouse")
    signed_in.goto(connection.get_absolute_url())
    signed_in.get_by_role("link", name="Disconnect").click()
    signed_in.get_by_label("Type the connection's name").fill("Lever")
    signed_in.get_by_role("button", name="Disconnect").click()
    expect(signed_in.get_by_text("This isn't the name. It is “Greenhouse”.")).to_be_visible()
    signed_in.get_by_label("Type the connection's name").fill("Greenhouse")
    signed_in.get_by_role("button", name="Disconnect").click()
    expect(signed_in.get_by_text("No source is connected")).to_be_visible()
    assert Connection.objects.get().credentials == {}


def test_without_javascript_an_import_is_started_and_looked_at_again(browser, live_server, admin, sign_in, context):
    connection = make_connection(admin.workspace, "Greenhouse")
    sign_in(admin.user)
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(connection.get_absolute_url())
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("The import starts in a moment")).to_be_visible()
    SyncRun.objects.update(state="succeeded", finished_at=timezone.now())
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("Everything that there was to read was read.")).to_be_visible()
    plain.close()


@pytest.fixture
def addresses(admin) -> list[str]:
    """Every screen, in states that are hard to show."""
    ill = make_connection(
        admin.workspace, LONG, health="reconnect", health_detail="y" * 400, facts={"system": LONG, "company": "شركة"}
    )
    failed = make_run(ill, state="failed", error_code="http_401", error_message="z" * 300)
    partial = make_run(ill, state="partial", finished_at=timezone.now())
    make_stream(partial, "jobs", 0, complete=True, fetched=1_234_567, created=1_234_567)
    make_stream(partial, "candidates", 1, complete=True)
    make_problem(partial, "w" * 200, reason="v" * 300, payload={"text": "u" * 500})
    running = make_run(ill, state="running", resume_at=timezone.now() + timedelta(hours=1), started_at=timezone.now())
    make_stream(running, started_at=timezone.now(), fetched=5, created=5)
    runs = [f"/connections/runs/{run.pk}/" for run in (failed, partial, running)]
    one = ill.get_absolute_url()
    return ["/connections/", "/connections/new/", "/connections/runs/", one, *runs] + [
        f"{one}{name}/" for name in ("change", "schedule", "disconnect")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_are_accessible(signed_in, axe, scheme, addresses):
    signed_in.emulate_media(color_scheme=scheme)
    for address in addresses:
        signed_in.goto(address)
        assert axe(signed_in) == [], address


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_no_page_scrolls_sideways(signed_in, width, addresses):
    signed_in.set_viewport_size({"width": width, "height": 800})
    for address in addresses:
        signed_in.goto(address)
        assert signed_in.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
