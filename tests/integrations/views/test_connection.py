"""One connection: what it says, and what an admin changes."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.enums import SETTLED
from candidates.models import OutboxEntry
from integrations.models import Connection, SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import (
    make_candidate,
    make_connection,
    make_member,
    make_problem,
    make_push,
    make_record,
    make_run,
    make_stream,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_member(role=Role.ADMIN, full_name="Ana Koch")


@pytest.fixture
def recruiter(admin):
    return make_member(admin.workspace, full_name="Leo Brandt")


@pytest.fixture
def connection(admin):
    return make_connection(admin.workspace, "Greenhouse")


@pytest.fixture
def upstream(settings, connection):
    with Sandbox(people=20, read_delay=0) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        connection.base_url = f"{running.url}/kombo"
        connection.credentials = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}
        connection.save()
        yield running


def address(name: str, connection: Connection) -> str:
    return reverse(f"integrations:{name}", args=[connection.pk])


def test_it_says_of_every_decision_whether_the_source_hears_of_it(recruiter, connection):
    connection.source.pushes = {"move": "", "reject": "This is switched off in Kombo's settings of the integration."}
    connection.source.save()
    told = dict(signed_in(recruiter).get(connection.get_absolute_url()).context["told"])
    assert told["Moves to a stage"] == ""
    assert told["Rejections"] == "This is switched off in Kombo's settings of the integration."
    assert told["Notes"] == "Kombo can't be told this."


def test_no_secret_is_on_any_page(admin, connection):
    client = signed_in(admin)
    for name in ("connection", "change", "schedule", "disconnect"):
        page = client.get(address(name, connection)).content.decode()
        assert "k-secret" not in page
        assert "workday:1" not in page


def test_the_rate_is_what_the_headers_taught_while_their_window_lasts(recruiter, connection):
    resets_at = timezone.now() + timedelta(seconds=40)
    connection.pace = {"limit": 300, "remaining": 298, "resets_at": resets_at.isoformat()}
    connection.save()
    client = signed_in(recruiter)
    rate = client.get(connection.get_absolute_url()).context["rate"]
    assert (rate["limit"], rate["remaining"]) == (300, 298)
    connection.pace["resets_at"] = (timezone.now() - timedelta(seconds=1)).isoformat()
    connection.save()
    assert client.get(connection.get_absolute_url()).context["rate"]["remaining"] is None


def test_recruiters_see_and_start_and_admins_change(recruiter, admin, connection):
    client = signed_in(recruiter)
    page = client.get(connection.get_absolute_url()).content.decode()
    for name in ("change", "schedule", "disconnect"):
        assert address(name, connection) not in page
        assert client.get(address(name, connection)).status_code == 403
    for name in ("pause", "check", "change", "schedule", "disconnect"):
        assert client.post(address(name, connection), {"name": "Greenhouse"}).status_code == 403
    assert client.post(address("sync", connection)).status_code == 302


def test_what_is_not_theirs_is_not_there(admin, connection):
    for stranger in (make_member(role=Role.ADMIN), make_member(admin.workspace, Role.REVIEWER)):
        client = signed_in(stranger)
        for name in ("sync", "pause", "check", "change", "schedule", "disconnect"):
            assert client.post(address(name, connection), {}).status_code in (403, 404)
    assert signed_in(make_member(role=Role.ADMIN)).get(connection.get_absolute_url()).status_code == 404


def test_it_takes_the_same_few_queries_for_1_and_for_30(recruiter, connection):
    def add(number: int) -> None:
        for index in range(number):
            run = make_run(connection, requested_by=recruiter)
            make_stream(run)
            make_problem(run, f"x{index}")
            make_push(make_record(connection.source, make_candidate(recruiter.workspace)), recruiter)

    add(1)
    client = signed_in(recruiter)
    one = queries_of(client, connection.get_absolute_url())
    add(29)
    assert queries_of(client, connection.get_absolute_url()) == one <= MOST


class TestImporting:
    @pytest.mark.parametrize(
        "fields, mode, dry_run",
        [
            ({}, "incremental", False),
            ({"mode": "full"}, "full", False),
            ({"mode": "full", "dry_run": "1"}, "full", True),
        ],
    )
    def test_it_starts_as_asked_and_leads_to_the_run(self, recruiter, connection, fields, mode, dry_run):
        answer = signed_in(recruiter).post(address("sync", connection), fields)
        run = SyncRun.objects.get()
        assert (run.mode, run.dry_run, run.requested_by) == (mode, dry_run, recruiter)
        assert answer["Location"] == reverse("integrations:run", args=[run.pk])

    def test_while_one_is_at_work_that_one_is_shown(self, recruiter, connection):
        running = make_run(connection, state="running")
        answer = signed_in(recruiter).post(address("sync", connection))
        assert answer["Location"] == reverse("integrations:run", args=[running.pk])
        assert SyncRun.objects.count() == 1

    def test_a_mode_that_is_none_is_not_found(self, recruiter, connection):
        assert signed_in(recruiter).post(address("sync", connection), {"mode": "sideways"}).status_code == 404

    def test_the_line_of_a_running_import_hears_of_changes_and_of_the_end(self, recruiter, connection):
        run = make_run(connection, state="running", started_at=timezone.now())
        client, htmx = signed_in(recruiter), {"HX-Request": "true"}
        mark = client.get(connection.get_absolute_url()).context["running"].mark
        ask = f"{connection.get_absolute_url()}?seen={mark}"

        assert client.get(ask, headers=htmx).status_code == 204
        make_stream(run, fetched=3, created=3)
        assert client.get(ask, headers=htmx).content.decode().startswith('<section class="card" id="live"')
        SyncRun.objects.update(state="succeeded")
        assert client.get(ask, headers=htmx)["HX-Refresh"] == "true"


class TestChanging:
    def fields(self, upstream, **given):
        return {"name": "Greenhouse", "region": "other", "address": f"{upstream.url}/kombo", **given}

    def test_a_new_name_needs_no_call(self, admin, connection, upstream):
        upstream.kombo.faults.set(kind="html", times=None)
        answer = signed_in(admin).post(address("change", connection), self.fields(upstream, name="ATS Berlin"))
        connection.refresh_from_db()
        assert (answer.status_code, connection.name) == (302, "ATS Berlin")
        assert connection.credentials["api_key"] == API_KEY

    def test_other_credentials_are_tried_and_what_is_wrong_is_not_kept(self, admin, connection, upstream):
        answer = signed_in(admin).post(address("change", connection), self.fields(upstream, api_key="wrong-key-123"))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["api_key"]
        assert "wrong-key-123" not in answer.content.decode()
        connection.refresh_from_db()
        assert connection.credentials["api_key"] == API_KEY

    def test_working_ones_heal_a_connection(self, admin, connection, upstream):
        Connection.objects.update(health="reconnect", health_detail="No.")
        answer = signed_in(admin).post(address("change", connection), self.fields(upstream, api_key=API_KEY))
        connection.refresh_from_db()
        assert (answer.status_code, connection.health) == (302, "waiting")

    def test_a_key_is_not_sent_to_another_host(self, admin, connection, upstream, settings):
        settings.UPSTREAM_ALLOWED_HOSTS = [*settings.UPSTREAM_ALLOWED_HOSTS, "127.0.0.1:1"]
        given = self.fields(upstream, address="http://127.0.0.1:1/kombo")
        answer = signed_in(admin).post(address("change", connection), given)
        assert answer.context["form"].errors == {"api_key": ["API key is missing."]}

    def test_credentials_that_are_kept_are_checked_on_demand(self, admin, connection, upstream):
        Connection.objects.update(facts={})
        signed_in(admin).post(address("check", connection))
        connection.refresh_from_db()
        assert connection.facts["system"] == "Greenhouse"

    def test_the_schedule_and_the_rate_are_set_and_other_options_stay(self, admin, connection):
        Connection.objects.update(options={"shortlist_status": "x"})
        fields = {"sync_every_minutes": 30, "requests_per_minute": 120}
        signed_in(admin).post(address("schedule", connection), fields)
        connection.refresh_from_db()
        assert connection.sync_every_minutes == 30
        assert connection.options == {"shortlist_status": "x", "requests_per_minute": 120}

    @pytest.mark.parametrize(
        "fields", [{"sync_every_minutes": "1"}, {"sync_every_minutes": "60", "requests_per_minute": "0"}]
    )
    def test_a_schedule_that_makes_no_sense_is_refused(self, admin, connection, fields):
        assert signed_in(admin).post(address("schedule", connection), fields).status_code == 422

    def test_it_is_paused_and_goes_on(self, admin, connection):
        client = signed_in(admin)
        client.post(address("pause", connection), {"paused": "on"})
        connection.refresh_from_db()
        assert connection.paused
        client.post(address("pause", connection), {"paused": "off"})
        connection.refresh_from_db()
        assert not connection.paused


class TestDisconnecting:
    def test_the_name_has_to_be_typed(self, admin, connection):
        answer = signed_in(admin).post(address("disconnect", connection), {"name": "greenhouse?"})
        connection.refresh_from_db()
        assert (answer.status_code, connection.disconnected_at) == (422, None)

    def test_the_key_is_forgotten_people_stay_and_pushes_say_so(self, admin, connection):
        record = make_record(connection.source, make_candidate(admin.workspace, "Mina Petrov"))
        make_push(record, admin)
        page = signed_in(admin).get(address("disconnect", connection)).content.decode()
        assert "1 push that is still on the way" in page

        answer = signed_in(admin).post(address("disconnect", connection), {"name": " Greenhouse "})

        connection.refresh_from_db()
        assert answer["Location"] == reverse("integrations:connections")
        assert (connection.disconnected_at is not None, connection.credentials) == (True, {})
        assert OutboxEntry.objects.get().state in SETTLED
        assert signed_in(admin).get(connection.get_absolute_url()).status_code == 404
