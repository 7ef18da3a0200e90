"""Talynce through the real engine: people at once, then their statuses; nothing written where nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from candidates.models import (
    Application,
    Candidate,
    CandidateIdentity,
    FieldConflict,
    Job,
    SourceRecord,
    Stage,
)
from integrations.importing import request_sync, run
from integrations.models import Connection, SyncRun
from integrations.providers.talynce.provider import Talynce
from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, OUTSIDE, identifier
from integrations.sandbox.talynce.population import MASKED, NEVER, ODD, TWICE
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings) -> Iterator[Sandbox]:
    """Forty people and five jobs; the rate limit is lifted."""
    with Sandbox(people=160, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def connection(upstream) -> Connection:
    workspace = make.make_workspace()
    source = make.make_source(
        workspace, "Talynce", provider="talynce", provider_label="Talynce", told=dict(Talynce.pushes)
    )
    return make.make_connection(
        workspace,
        source=source,
        provider="talynce",
        base_url=f"{upstream.url}/talynce",
        credentials={"api_key": API_KEY},
        options={"reject_status": "Rejected", "requests_per_minute": 100_000},
    )


@pytest.fixture
def sync() -> Callable[..., SyncRun]:
    def go(connection: Connection, **options) -> SyncRun:
        asked = request_sync(connection, **options)
        run(asked.pk)
        asked.refresh_from_db()
        return asked

    return go


def person(place: int) -> Candidate:
    return SourceRecord.objects.get(kind="candidate", external_id=identifier("candidate", place)).candidate


def counts(sync_run: SyncRun) -> dict[str, tuple[int, int, int]]:
    """Created, updated and unchanged rows by stream."""
    return {row.name: (row.created, row.updated, row.unchanged) for row in sync_run.streams.all()}


def test_an_import_brings_people_first_and_their_statuses_after(upstream, connection, sync):
    done = sync(connection)
    assert (done.state, counts(done)) == (
        "succeeded",
        {"jobs": (5, 0, 0), "candidates": (40, 0, 0), "details": (0, 40, 0)},
    )
    assert person(TWICE).applications.count() == 2
    assert person(NEVER).applications.count() == 0
    odd = person(ODD).applications.get()
    assert (odd.stage.name, odd.upstream_status) == (OUTSIDE, OUTSIDE)
    shown = upstream.talynce.candidate(identifier("candidate", 1))
    assert person(1).compensation["unit"] == "LPA"
    assert person(1).emails == [{"value": shown["email"], "kind": ""}]
    for application in Application.objects.select_related("stage"):
        rejected = application.upstream_status == "Rejected"
        assert (application.outcome == "rejected") is rejected


def test_nothing_is_written_where_nothing_changed(connection, sync):
    sync(connection)
    before = list(SourceRecord.objects.order_by("pk").values_list("pk", "updated_at"))
    people = list(Candidate.objects.order_by("pk").values_list("pk", "version", "updated_at"))

    again = sync(connection)

    assert counts(again) == {"jobs": (0, 0, 5), "candidates": (0, 0, 40), "details": (0, 0, 40)}
    assert list(SourceRecord.objects.order_by("pk").values_list("pk", "updated_at")) == before
    assert list(Candidate.objects.order_by("pk").values_list("pk", "version", "updated_at")) == people
    assert FieldConflict.objects.count() == 0


def test_every_job_has_every_status_that_any_job_has_shown(connection, sync):
    sync(connection)
    names = {job.pk: set(job.stages.values_list("name", flat=True)) for job in Job.objects.all()}
    assert len(names) == 5
    assert set(map(frozenset, names.values())) == {frozenset(Stage.objects.values_list("name", flat=True))}
    assert SourceRecord.objects.filter(kind="stage").count() == Stage.objects.count()
    first = Job.objects.first()
    assert first.stages.first().name == "Applied"


def test_a_new_status_reaches_every_job_and_moves_its_person(upstream, connection, sync):
    sync(connection)
    key = identifier("candidate", 1)
    link = upstream.talynce.applications(key)[0]
    upstream.talynce.edit_application(link["id"], status="Second round")

    done = sync(connection)

    application = SourceRecord.objects.get(kind="application", external_id=link["id"]).application
    assert (application.stage.name, application.stage.job_id) == ("Second round", application.job_id)
    assert Stage.objects.filter(name="Second round").count() == 5
    assert counts(done)["candidates"] == (0, 0, 40)  # the list shows no statuses
    assert counts(done)["details"] == (0, 1, 39)


def test_masked_people_are_nobody_elses_and_become_known_when_they_are_revealed(upstream, connection, sync):
    sync(connection)
    first, second = (person(place) for place in MASKED)
    assert first != second
    assert (first.emails, first.provenance["emails"]["hidden"]) == ([], True)
    assert SourceRecord.objects.get(candidate=first, kind="candidate").state == "masked"
    assert CandidateIdentity.objects.filter(candidate=first, kind="email").count() == 0

    key = identifier("candidate", MASKED[0])
    upstream.talynce.reveal(key)
    sync(connection)

    first.refresh_from_db()
    assert first.emails == [{"value": upstream.talynce.candidate(key)["email"], "kind": ""}]
    assert first.compensation["unit"] == "LPA"
    assert "hidden" not in first.provenance["emails"]
    assert SourceRecord.objects.get(candidate=first, kind="candidate").state == "listed"

    upstream.talynce.mask(key)
    sync(connection)
    first.refresh_from_db()
    assert (first.emails != [], first.provenance["emails"]["hidden"]) == (True, True)


def test_somebody_who_vanishes_while_details_are_read_is_no_error(upstream, connection, sync):
    upstream.talynce.faults.set("error", identifier("candidate", 8), code="not_found", times=1)
    done = sync(connection)
    assert (done.state, counts(done)["details"]) == ("succeeded", (0, 39, 0))


def test_too_many_requests_in_the_middle_lose_nothing(upstream, connection, sync):
    upstream.talynce.faults.set("rate_limit", r"/candidates/.", skip=7, times=2, retry_after=1)
    done = sync(connection)
    assert done.state == "succeeded"
    assert counts(done)["details"] == (0, 40, 0)


def test_a_spoiled_detail_is_set_aside_and_the_others_come_through(upstream, connection, sync):
    upstream.talynce.faults.set("garbage", identifier("candidate", 8), times=None)
    done = sync(connection)
    row = done.streams.get(name="details")
    assert (row.updated, row.set_aside) == (39, 1)
    assert done.problems.get().external_id == identifier("candidate", 8)


def state_of(place: int) -> str:
    return SourceRecord.objects.get(kind="candidate", external_id=identifier("candidate", place)).state


def test_somebody_is_no_longer_listed_after_two_walks_and_a_404(upstream, connection, sync):
    sync(connection)
    upstream.talynce.delete_candidate(identifier("candidate", 8))
    sync(connection)
    assert state_of(8) == "listed"
    sync(connection)
    assert state_of(8) == "not_listed"
    assert person(8).applications.exists()  # nothing is deleted


def test_somebody_whom_the_list_leaves_out_but_the_detail_knows_is_still_listed(upstream, connection, sync):
    sync(connection)
    newest = upstream.talynce.store.rows["candidates"].values()
    left_out = max(newest, key=lambda row: row["created_at"])["id"]
    for _ in range(3):
        upstream.talynce.faults.set("slip", r"/candidates$", times=None)
        sync(connection)
        upstream.talynce.faults.clear()
    assert SourceRecord.objects.get(kind="candidate", external_id=left_out).state == "listed"
