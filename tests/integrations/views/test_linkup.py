"""A LinkUp connection in the browser: connecting, choosing jobs, and what imports cost."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from integrations.importing import run
from integrations.models import Connection, SyncRun
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, CREDITS, INACTIVE_ACCOUNT, POSTINGS
from integrations.sandbox.server import Sandbox
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import make_connection, make_job, make_member, make_record, make_run, make_stream

pytestmark = pytest.mark.django_db
NEW = "/connections/new/?provider=linkup"
JOB = POSTINGS[0].job_id


@pytest.fixture(scope="module")
def running():
    with Sandbox(people=80) as running:
        yield running


@pytest.fixture
def upstream(running, settings):
    running.linkup.reset()
    settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
    return running


@pytest.fixture
def admin():
    return make_member(role=Role.ADMIN, full_name="Ana Koch")


def typed(upstream, **changes):
    given = {"name": "LinkedIn", "api_key": API_KEY, "account_id": ACCOUNT_ID, "jobs": f"{JOB} Warehouse Manager"}
    return {
        **given,
        "region": "other",
        "address": f"{upstream.url}/linkup",
        "credit_budget": "",
        "accepts": "on",
        **changes,
    }


def linkup(member, upstream=None, **options) -> Connection:
    return make_connection(
        member.workspace,
        "LinkedIn",
        provider="linkup",
        base_url=f"{upstream.url}/linkup" if upstream else "https://api.linkupapi.com",
        credentials={"api_key": API_KEY, "account_id": ACCOUNT_ID},
        options={"job_ids": [JOB], **options},
    )


def path(connection, what: str = "") -> str:
    return f"/connections/{connection.pk}/{what}"


class TestConnecting:
    def test_it_is_connected_with_its_jobs_and_budget_and_imports_at_once(self, upstream, admin):
        address = f"https://www.linkedin.com/jobs/view/{POSTINGS[1].job_id}/?refId=abc"
        answer = signed_in(admin).post(
            NEW, typed(upstream, jobs=f"{JOB} Warehouse Manager\n\n  {address} \n{JOB}", credit_budget="40")
        )
        made = Connection.objects.get()

        assert answer.status_code == 302
        assert made.options == {
            "job_ids": [{"id": JOB, "title": "Warehouse Manager"}, POSTINGS[1].job_id],
            "credit_budget": 40,
        }
        assert (made.sync_every_minutes, made.facts["credits_left"]) == (1440, CREDITS)
        run(SyncRun.objects.get().pk)
        assert SyncRun.objects.get().state == "succeeded"

    @pytest.mark.parametrize(
        "changes, field, words",
        [
            (
                {"api_key": "wrong"},
                "api_key",
                "LinkUp doesn't accept this API key. It says: Invalid or missing API key",
            ),
            ({"account_id": "0" * 24}, "account_id", "LinkUp has no such account for this API key."),
            ({"account_id": INACTIVE_ACCOUNT}, "account_id", "reconnect it in LinkUp"),
            ({"jobs": "Warehouse Manager"}, "jobs", "Line 1 doesn't begin with the number"),
            ({"jobs": f"{JOB}\nhttps://example.com/jobs/4401122334"}, "jobs", "Line 2 doesn't begin"),
            ({"accepts": ""}, "accepts", "has to accept this"),
            ({"credit_budget": "0"}, "credit_budget", "greater than or equal to 1"),
        ],
    )
    def test_what_is_wrong_stands_beside_its_field_in_the_providers_words(self, upstream, admin, changes, field, words):
        answer = signed_in(admin).post(NEW, typed(upstream, **changes))

        assert answer.status_code == 422
        assert words in answer.context["form"].errors[field][0]
        assert Connection.objects.count() == 0

    def test_a_page_of_cloudflare_is_not_taken_for_a_wrong_key(self, upstream, admin):
        upstream.linkup.faults.set("cloudflare", times=None)
        answer = signed_in(admin).post(NEW, typed(upstream))
        shown = answer.content.decode()
        assert "Something before the provider refused us" in shown
        assert "accept this API key" not in shown


class TestChecking:
    def test_a_failure_that_passes_leaves_the_connection_as_it_is(self, upstream, admin):
        connection = linkup(admin, upstream)
        for fault in ("cloudflare", "internal", "rate_limit", "garbage"):
            upstream.linkup.faults.set(fault, times=None)
            signed_in(admin).post(path(connection, "check/"))
            upstream.linkup.faults.clear()
            connection.refresh_from_db()
            assert connection.health == "healthy", fault

    def test_a_wrong_key_asks_for_another_one(self, upstream, admin):
        connection = linkup(admin, upstream)
        upstream.linkup.faults.set("wrong_key")
        signed_in(admin).post(path(connection, "check/"))
        connection.refresh_from_db()
        assert connection.health == "reconnect"


class TestJobs:
    def test_jobs_and_budget_are_changed_and_other_options_stay(self, admin):
        connection = linkup(admin, requests_per_minute=30)
        answer = signed_in(admin).post(
            path(connection, "jobs/"), {"jobs": f"{JOB}\n4401122335 Cook", "credit_budget": "9"}
        )
        connection.refresh_from_db()

        assert answer.status_code == 302
        assert connection.options == {
            "job_ids": [JOB, {"id": "4401122335", "title": "Cook"}],
            "credit_budget": 9,
            "requests_per_minute": 30,
        }

    def test_postings_are_looked_up_for_a_credit_and_ticked(self, upstream, admin):
        connection = linkup(admin, upstream, job_ids=[JOB, "99"])
        client = signed_in(admin)
        page = client.post(path(connection, "jobs/"), {"look_up": "1"})
        form = page.context["form"]
        connection.refresh_from_db()

        assert [(number, chosen) for _value, _title, number, chosen in form.postings] == [
            (posting.job_id, posting.job_id == JOB) for posting in POSTINGS
        ]
        assert form["jobs"].value() == "99"
        assert connection.facts["credits_left"] == CREDITS - 1

        client.post(
            path(connection, "jobs/"),
            {"postings": [value for value, *_rest in form.postings[1:3]], "jobs": "99", "credit_budget": ""},
        )
        connection.refresh_from_db()
        assert connection.options["job_ids"] == [
            {"id": posting.job_id, "title": posting.title} for posting in POSTINGS[1:3]
        ] + ["99"]
        assert "credit_budget" not in connection.options

    def test_where_they_cannot_be_looked_up_the_page_says_why_and_stays_usable(self, upstream, admin):
        connection = linkup(admin, upstream)
        upstream.linkup.faults.set("no_credits")
        page = signed_in(admin).post(path(connection, "jobs/"), {"look_up": "1"})
        assert page.status_code == 409
        assert "No credits are left at LinkUp" in page.content.decode()
        assert page.context["form"]["jobs"].value() == JOB

    def test_what_cannot_be_read_is_said_and_what_was_typed_stays(self, admin):
        connection = linkup(admin)
        page = signed_in(admin).post(
            path(connection, "jobs/"), {"jobs": "4401122335 Cook\nBaker", "credit_budget": "x"}
        )
        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"jobs", "credit_budget"}
        assert "Baker" in page.content.decode()


class TestCredits:
    def test_the_price_is_shown_before_an_import_and_what_was_spent_after(self, upstream, admin):
        connection = linkup(admin, upstream, credit_budget=2)
        client = signed_in(admin)
        before = client.get(path(connection))
        while not Connection.objects.get().last_synced_at:
            client.post(path(connection, "sync/"), {"mode": "full"})
            run(connection.runs.latest("pk").pk)
            shown = client.get(path(connection)).content.decode()
            assert ("The next import goes on from there" in shown) == (Connection.objects.get().last_synced_at is None)
        after = client.get(path(connection))
        whole = 1 + -(-len(upstream.linkup.listed(JOB)) // 10)

        assert "The price is known after the first whole import" in before.content.decode()
        assert (after.context["credits"].forecast, after.context["credits"].used <= 2) == (whole, True)
        assert "With 2 for each, it takes" in after.content.decode()

    def test_a_running_import_says_what_it_has_spent_of_its_budget(self, admin):
        connection = linkup(admin, credit_budget=60)
        stream = make_stream(make_run(connection, state="running"), fetched=400, cost=41)
        client = signed_in(admin)

        assert "41 of 60 credits" in client.get(path(connection)).content.decode()
        assert f"{stream.cost} credits" in client.get("/connections/").content.decode()
        live = client.get(path(connection), headers={"HX-Request": "true"}, query_params={"seen": "x"})
        assert "41 of 60 credits" in live.content.decode()

    def test_a_connection_of_a_provider_that_charges_nothing_says_nothing_of_credits(self, admin):
        page = signed_in(admin).get(path(make_connection(admin.workspace)))
        assert page.context["credits"] is None
        assert "redit" not in page.content.decode()

    def test_the_page_asks_the_same_number_of_queries_however_much_there_is(self, admin):
        connection = linkup(admin)
        Connection.objects.update(facts={"listed": {"candidates": 40}, "credits_left": 90})
        make_stream(make_run(connection))
        client = signed_in(admin)
        few = queries_of(client, path(connection))
        for number in range(30):
            make_record(connection.source, make_job(admin.workspace, f"Job {number}"))
            make_stream(make_run(connection), cost=number)
        assert queries_of(client, path(connection)) == few <= MOST
