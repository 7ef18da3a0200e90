"""Applicants of LinkedIn jobs through the real engine, over real HTTP, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command

from candidates.models import Application, Candidate, CandidateIdentity, Job, SourceRecord
from integrations.importing import request_sync, run
from integrations.importing.credits import credits_of
from integrations.models import Connection, SyncRun
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, CREDITS, POSTINGS
from integrations.sandbox.server import Sandbox
from tests import factories as make
from tests.integrations.importing.conftest import counts, stream

pytestmark = pytest.mark.django_db
JOBS = [posting.job_id for posting in POSTINGS[:3]]
KEYS = {"api_key": API_KEY, "account_id": ACCOUNT_ID}


@pytest.fixture
def upstream(settings) -> Iterator[Sandbox]:
    """Some 290 applicants of three jobs, in four pages."""
    with Sandbox(people=600) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def connection(upstream, db) -> Connection:
    return connect(upstream)


def connect(upstream: Sandbox, **options) -> Connection:
    options = {"job_ids": JOBS, **options}
    return make.make_connection(
        make.make_workspace(),
        "LinkedIn",
        provider="linkup",
        base_url=f"{upstream.url}/linkup",
        credentials=KEYS,
        options=options,
    )


def listed(upstream: Sandbox, jobs: list[str] = JOBS) -> set[str]:
    return {f"{job}:{each}" for job in jobs for each in upstream.linkup.listed(job)}


def people(upstream: Sandbox) -> int:
    held = upstream.linkup.store
    return len({held.applicant(held.number_of(key.partition(":")[2])).slug for key in listed(upstream)})


def records(kind: str, **fields) -> set[str]:
    return set(SourceRecord.objects.filter(kind=kind, **fields).values_list("external_id", flat=True))


def price(upstream: Sandbox) -> int:
    """Of a complete walk: a credit for ten applicants of each job, and one for the postings."""
    return 1 + sum(-(-len(upstream.linkup.listed(job)) // 10) for job in JOBS)


def spent(sync_run: SyncRun) -> int:
    return sum(sync_run.streams.values_list("cost", flat=True))


def test_the_first_import_brings_everybody_who_applied_with_jobs_and_signals(upstream, connection, sync):
    done = sync(connection, mode="full")
    everybody = listed(upstream)

    assert (done.state, done.error_code) == ("succeeded", "")
    assert stream(done).fetched == stream(done).created + stream(done).updated == len(everybody)
    assert Candidate.objects.count() == people(upstream)  # who applied twice is one person, by the LinkedIn profile
    assert records("candidate") == records("application") == everybody
    assert set(Job.objects.values_list("title", flat=True)) == {posting.title for posting in POSTINGS[:3]}
    assert set(Application.objects.values_list("upstream_rating", flat=True)) == {
        "UNRATED",
        "GOOD",
        "MAYBE",
        "NOT_A_FIT",
    }
    assert Application.objects.exclude(outcome="active").count() == 0
    assert Application.objects.filter(top_choice=True).exclude(top_choice_message="").exists()
    assert not Application.objects.filter(applied_at=None).exists()
    assert CandidateIdentity.objects.filter(kind="linkedin").count() == Candidate.objects.count()


def test_applicants_begin_in_the_teams_own_pipeline_and_no_import_moves_them(upstream, connection, sync):
    sync(connection, mode="full")
    job = Job.objects.get(title="Warehouse Manager")
    moved = job.applications.first()
    stages = list(job.stages.order_by("position"))

    assert [stage.name for stage in stages] == ["New", "Screening", "Interview", "Offer", "Hired"]
    assert set(job.applications.values_list("stage", flat=True)) == {stages[0].pk}
    Application.objects.filter(pk=moved.pk).update(stage=stages[2])
    record = SourceRecord.objects.get(kind="application", application=moved)
    upstream.linkup.rate(record.remote_id, "NOT_A_FIT")
    sync(connection)
    moved.refresh_from_db()
    assert (moved.upstream_rating, moved.stage, moved.outcome) == ("NOT_A_FIT", stages[2], "active")
    assert job.stages.count() == 5


def test_every_page_says_what_it_cost_and_the_balance_is_known(upstream, connection, sync):
    done = sync(connection, mode="full")

    assert spent(done) == price(upstream) == CREDITS - upstream.linkup.store.credits
    assert stream(done).total == len(listed(upstream))
    assert connection.facts["credits_left"] == upstream.linkup.store.credits


def test_a_second_import_changes_nothing_and_costs_the_same(upstream, connection, sync):
    first = sync(connection, mode="full")
    second = sync(connection)

    assert counts(second) == {"fetched": len(listed(upstream)), "unchanged": len(listed(upstream))}
    assert counts(second, "jobs") == {"fetched": 3, "unchanged": 3}
    assert spent(second) == spent(first)


def test_a_rating_and_a_slug_that_changed_are_taken_and_whoever_is_new_comes_in(upstream, connection, sync):
    sync(connection, mode="full")
    upstream.linkup.next_run()
    came = upstream.linkup.apply_for(JOBS[0])
    done = sync(connection)

    found = counts(done)
    assert (found["created"], found["updated"], found["vanished"]) == (1, 2, 2)  # a person and an application
    gone = f"{JOBS[0]}:{upstream.linkup.special('disappears')}"
    assert records("candidate", state="not_listed") == {gone}
    rated = SourceRecord.objects.get(
        kind="application", external_id=f"{JOBS[0]}:{upstream.linkup.special('changes rating')}"
    )
    renamed = SourceRecord.objects.get(
        kind="candidate", external_id=f"{JOBS[0]}:{upstream.linkup.special('changes slug')}"
    )
    assert rated.application.upstream_rating != "UNRATED"
    assert renamed.candidate.links[0]["value"].endswith("/in/renamed-1")
    assert f"{JOBS[0]}:{came}" in records("candidate")


def test_people_who_apply_during_a_walk_push_nobody_out_of_it(upstream, connection, sync):
    before = listed(upstream)
    upstream.linkup.switch(arrivals=2)
    done = sync(connection, mode="full")
    walked = upstream.linkup.store.calls
    upstream.linkup.switch(arrivals=0)

    assert before <= records("candidate")
    assert not records("candidate", state="not_listed")
    assert done.error_code == ""
    assert walked <= 2 * 6 + 2  # a second walk at most: each of them is paid for
    sync(connection)
    assert records("candidate", state="listed") == listed(upstream)


def test_an_import_keeps_what_the_team_did(upstream, connection, sync):
    """A row that LinkedIn no longer shows keeps its person; a changed row keeps a name that was typed here."""
    sync(connection, mode="full")
    gone = SourceRecord.objects.get(kind="candidate", external_id=f"{JOBS[0]}:{upstream.linkup.special('disappears')}")
    Candidate.objects.filter(pk=gone.candidate_id).update(headline="Typed here")
    upstream.linkup.next_run()
    sync(connection)

    assert Candidate.objects.get(pk=gone.candidate_id).headline == "Typed here"


def test_the_sync_command_imports_the_same(upstream, connection):
    out = StringIO()
    call_command("sync", str(connection.pk), "--full", stdout=out)
    assert records("candidate") == listed(upstream)
    assert "succeeded" in out.getvalue()


# ---- money


def test_a_budget_is_a_hard_stop_and_the_next_imports_go_on_from_there(upstream, sync):
    connection = connect(upstream, credit_budget=9)
    ended = [sync(connection) for _ in range(2)]
    seen = len(records("application"))
    while ended[-1].state == "partial":
        ended.append(sync(connection))

    assert [(each.state, each.error_code) for each in ended[:2]] == [("partial", "credit_budget")] * 2
    assert 80 < seen <= 160  # of nine credits one went for the postings, and a job's last page is rounded up
    assert max(spent(each) for each in ended) == 9
    assert (ended[-1].state, records("candidate")) == ("succeeded", listed(upstream))
    assert sum(spent(each) for each in ended) == price(upstream) + len(ended) - 1
    assert "9 credits" in ended[0].error_message


def test_a_connection_whose_budget_is_spent_is_not_ill_and_waits_for_its_time(upstream, sync):
    connection = connect(upstream, credit_budget=3)
    sync(connection)
    assert connection.health == "partly_synced"
    assert "The next import goes on from there" in connection.health_detail
    assert (connection.next_sync_at - connection.updated_at).total_seconds() > 3600


def test_a_budget_that_is_just_enough_is_enough(upstream, sync):
    connection = connect(upstream, credit_budget=price(upstream))
    assert sync(connection).state == "succeeded"


def test_a_dry_run_keeps_to_the_budget_too(upstream, sync):
    done = sync(connect(upstream, credit_budget=4), dry_run=True)
    assert (done.state, spent(done), Candidate.objects.count()) == ("partial", 4, 0)


def test_without_credits_the_import_ends_at_once_and_goes_on_when_some_were_bought(upstream, connection, sync):
    upstream.linkup.set_credits(12)
    first = sync(connection)
    asked = upstream.linkup.store.calls
    upstream.linkup.set_credits(500)
    second = sync(connection)

    assert (first.state, first.error_code) == ("partial", "INSUFFICIENT_CREDITS")
    assert first.error_message.startswith("No credits are left at LinkUp.")
    assert connection.health == "healthy"
    assert asked <= 5  # nothing was repeated
    assert records("candidate") == listed(upstream)
    assert spent(second) == price(upstream) - spent(first) + 1


def test_the_price_is_known_before_the_import(upstream, connection, sync):
    assert credits_of(connection).forecast is None
    done = sync(connection, mode="full")
    known = credits_of(connection)
    assert (known.forecast, known.used, known.left) == (price(upstream), spent(done), upstream.linkup.store.credits)


# ---- faults


@pytest.mark.parametrize(
    "fault, state, code, health",
    [
        ("cloudflare", "running", "", "waiting"),
        ("wrong_key", "failed", "INVALID_API_KEY", "reconnect"),
        ("inactive", "failed", "ACCOUNT_INACTIVE", "reconnect"),
        ("no_credits", "failed", "INSUFFICIENT_CREDITS", "needs_attention"),
    ],
)
def test_what_ends_an_import_is_told_apart(upstream, connection, sync, fault, state, code, health):
    upstream.linkup.faults.set(fault, times=None)
    done = sync(connection)
    assert (done.state, done.error_code, connection.health) == (state, code, health)


def test_too_many_requests_put_the_import_off_longer_each_time(upstream, connection):
    upstream.linkup.faults.set("rate_limit", times=None)
    asked = request_sync(connection)
    waits = []
    for _ in range(3):
        run(asked.pk)
        asked.refresh_from_db()
        waits.append(round((asked.resume_at - asked.updated_at).total_seconds()))
        SyncRun.objects.filter(pk=asked.pk).update(resume_at=None)
    assert waits == [30, 60, 120]


def test_a_job_that_is_refused_leaves_the_import_partial_and_the_others_read(upstream, sync):
    connection = connect(upstream)
    upstream.linkup.faults.set("channel", "get_candidates")
    done = sync(connection)

    assert (done.state, done.error_code) == ("partial", "job_refused")
    assert records("candidate") == listed(upstream, JOBS[1:])
    assert connection.health == "needs_attention"
    assert sync(connection).state == "succeeded"
    assert records("candidate") == listed(upstream)


def test_a_connection_without_jobs_waits_for_them(upstream, sync):
    connection = connect(upstream, job_ids=[])
    done = sync(connection)
    assert (done.error_code, connection.health) == ("no_jobs", "waiting")
    assert upstream.linkup.store.calls == 0
