"""The list of connections and connecting a source, over the sandbox's real HTTP."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.enums import PushState
from integrations.models import Connection, SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import (
    make_application,
    make_candidate,
    make_connection,
    make_job,
    make_member,
    make_problem,
    make_push,
    make_record,
    make_run,
    make_stream,
)

pytestmark = pytest.mark.django_db
LIST = "/connections/"
NEW = "/connections/new/"


@pytest.fixture
def admin():
    return make_member(role=Role.ADMIN, full_name="Ana Koch")


@pytest.fixture
def recruiter(admin):
    return make_member(admin.workspace, full_name="Leo Brandt")


@pytest.fixture
def upstream(settings):
    with Sandbox(people=20, read_delay=0) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


def busy_connection(member, name: str = "Greenhouse") -> Connection:
    """With a running import, people, a problem and a stuck push."""
    connection = make_connection(member.workspace, name)
    make_run(connection, finished_at=timezone.now())
    person = make_record(connection.source, make_candidate(member.workspace, "Mina Petrov"))
    make_push(person, member, state=PushState.UNKNOWN)
    run = make_run(connection, state="running", started_at=timezone.now() - timedelta(seconds=10))
    make_stream(run, "jobs", 0, complete=True, fetched=5, created=5, pages=1)
    make_stream(run, "candidates", 1, started_at=run.started_at, fetched=250, created=240, set_aside=10, pages=1)
    make_problem(run)
    return connection


class TestList:
    def test_each_connection_says_what_it_brought_and_what_needs_somebody(self, recruiter):
        connection = busy_connection(recruiter)
        make_record(
            connection.source, make_application(make_candidate(recruiter.workspace), make_job(recruiter.workspace))
        )

        one = signed_in(recruiter).get(LIST).context["overviews"][0]

        assert one.brought == {"candidate": 1, "application": 1}
        assert (one.problems, one.waiting, one.stuck) == (1, 0, 1)
        assert (one.running.totals["fetched"], one.running.reading) == (255, "People")

    def test_what_ails_a_connection_and_what_to_do_stand_on_it(self, recruiter):
        make_connection(
            recruiter.workspace, "Lever", health="reconnect", health_detail="Kombo doesn't accept this API key."
        )
        page = signed_in(recruiter).get(LIST).content.decode()
        assert "doesn&#x27;t accept this API key.</bdi> An admin of your workspace has to enter working" in page

    def test_another_workspace_and_what_was_disconnected_are_not_there(self, recruiter):
        make_connection(make_member().workspace)
        make_connection(recruiter.workspace, disconnected_at=timezone.now())
        assert signed_in(recruiter).get(LIST).context["overviews"] == []

    def test_without_any_it_says_what_a_source_is_and_only_admins_can_connect_one(self, recruiter, admin):
        for member, links in ((recruiter, 0), (admin, 2)):
            page = signed_in(member).get(LIST).content.decode()
            assert "A source is a system that your candidates live in" in page
            assert page.count(f'href="{NEW}"') == links

    def test_reviewers_have_nothing_to_do_here(self, recruiter):
        reviewer = make_member(recruiter.workspace, Role.REVIEWER)
        assert signed_in(reviewer).get(LIST).status_code == 403

    def test_it_asks_again_while_an_import_runs_and_hears_nothing_when_nothing_moved(self, recruiter):
        busy_connection(recruiter)
        client = signed_in(recruiter)
        mark = client.get(LIST).context["mark"]
        htmx = {"HX-Request": "true"}

        assert client.get(f"{LIST}?seen={mark}", headers=htmx).status_code == 204
        SyncRun.objects.update(cancel_requested=True)
        moved = client.get(f"{LIST}?seen={mark}", headers=htmx)
        assert moved.content.decode().lstrip().startswith('<div class="stack" id="connections" hx-get=')
        SyncRun.objects.update(state="cancelled")
        assert 'id="connections">' in client.get(f"{LIST}?seen={mark}", headers=htmx).content.decode()

    def test_it_takes_the_same_few_queries_for_1_and_for_30(self, recruiter):
        busy_connection(recruiter)
        client = signed_in(recruiter)
        one = queries_of(client, LIST)
        for number in range(29):
            busy_connection(recruiter, f"Source {number}")
        assert queries_of(client, LIST) == one <= MOST

    def test_counting_is_done_once_an_import(self, recruiter):
        busy_connection(recruiter)
        client = signed_in(recruiter)
        first = queries_of(client, LIST)
        assert queries_of(client, LIST) == first - 1


class TestConnecting:
    def fields(self, upstream, **given):
        address = f"{upstream.url}/kombo"
        known = {"name": "Greenhouse", "api_key": API_KEY, "integration_id": INTEGRATION_ID}
        return {**known, "region": "other", "address": address, **given}

    def refused(self, admin, fields) -> dict[str, list[str]]:
        """The errors by field; nothing is kept, and no secret comes back."""
        answer = signed_in(admin).post(NEW, fields)
        assert answer.status_code == 422
        assert Connection.objects.count() == 0
        assert (fields["api_key"] or "no key") not in answer.content.decode()
        return {name: list(errors) for name, errors in answer.context["form"].errors.items()}

    def test_right_credentials_start_the_first_import_and_lead_to_it(self, admin, upstream):
        answer = signed_in(admin).post(NEW, self.fields(upstream))
        run = SyncRun.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, reverse("integrations:run", args=[run.pk]))
        assert (run.trigger, run.connection.name, run.requested_by) == ("first", "Greenhouse", admin)

    def test_a_wrong_key_is_said_beside_the_key(self, admin, upstream):
        errors = self.refused(admin, self.fields(upstream, api_key="wrong-key-123"))
        assert list(errors) == ["api_key"]
        assert errors["api_key"][0].startswith("Kombo doesn't accept this API key.")

    def test_a_wrong_integration_is_said_beside_the_integration(self, admin, upstream):
        errors = self.refused(admin, self.fields(upstream, integration_id="greenhouse:1111111111111111aaaaaaaa"))
        assert list(errors) == ["integration_id"]

    def test_what_was_typed_comes_back_and_secrets_do_not(self, admin, upstream):
        page = signed_in(admin).post(NEW, self.fields(upstream, api_key="wrong-key-123")).content.decode()
        assert 'value="Greenhouse"' in page
        assert f'value="{INTEGRATION_ID}"' in page
        assert "wrong-key-123" not in page
        assert "have to be entered again" in page

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/v1",
            "http://169.254.169.254/latest",
            "http://127.0.0.1:1/kombo",
            "http://localhost/kombo",
            "http://[::1]/kombo",
            "http://10.0.0.1/",
            "https://api.kombo.dev@evil.example/v1",
            "https://api.kombo.dev:8443/v1",
            "http://api.kombo.dev/v1",
            "ftp://api.kombo.dev/v1",
            "not an address",
        ],
    )
    def test_an_address_that_may_not_be_called_is_refused_beside_the_address(self, admin, upstream, address):
        errors = self.refused(admin, self.fields(upstream, address=address))
        assert list(errors) == ["address"]

    def test_a_page_instead_of_data_is_said_beside_the_address(self, admin, upstream):
        upstream.kombo.faults.set(kind="html", times=None, status=200)
        errors = self.refused(admin, self.fields(upstream))
        assert list(errors) == ["address"]
        assert "web page" in errors["address"][0]

    def test_nobody_at_the_address_is_said_beside_the_address(self, admin, upstream, settings):
        settings.UPSTREAM_ALLOWED_HOSTS = ["127.0.0.1:1"]
        errors = self.refused(admin, self.fields(upstream, address="http://127.0.0.1:1/kombo"))
        assert errors == {"address": ["The provider can't be reached."]}

    @pytest.mark.parametrize(
        "fields, field",
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"api_key": ""}, "api_key"),
            ({"api_key": "k" * 501}, "api_key"),
            ({"api_key": "ключ"}, "api_key"),
            ({"integration_id": "a b"}, "integration_id"),
            ({"address": ""}, "address"),
            ({"address": "https://" + "x" * 300}, "address"),
        ],
    )
    def test_what_can_not_be_right_is_refused_before_anybody_is_called(self, admin, upstream, fields, field):
        errors = self.refused(admin, {**self.fields(upstream), **fields})
        assert list(errors) == [field]
        assert upstream.kombo.writes() == []

    def test_a_source_that_is_still_being_set_up_is_kept(self, admin, upstream):
        upstream.kombo.store.settings["setup_status"] = "FINAL_SYNC_PENDING"
        answer = signed_in(admin).post(NEW, self.fields(upstream))
        assert answer.status_code == 302
        assert Connection.objects.get().health == "waiting"

    def test_only_admins_connect(self, recruiter):
        assert signed_in(recruiter).get(NEW).status_code == 403
        assert signed_in(recruiter).post(NEW, {}).status_code == 403

    def test_a_provider_that_is_not_there_is_not_found(self, admin):
        assert signed_in(admin).get(f"{NEW}?provider=nobody").status_code == 404
