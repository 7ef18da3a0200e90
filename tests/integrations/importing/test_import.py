"""Imports from the sandbox over real HTTP: what comes, what changes, what doesn't."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from candidates.domain.intake import statistics
from candidates.models import Activity, Application, Candidate, FieldConflict, Job, SourceRecord, Stage, Tag
from integrations.importing import cancel_sync, request_sync, run, start_due, sweep
from integrations.importing.working import _Worker
from integrations.models import StreamMark, SyncRun, SyncStream
from recruitment.errors import Conflict
from tests.integrations.importing.conftest import connect, counts, stream

pytestmark = pytest.mark.django_db
ADA = {"first_name": "Ada", "last_name": "Lovelace", "email_address": "ada@example.org"}


def everything() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Candidate, Application, Job, Stage, Tag, SourceRecord)}


def test_the_first_import_brings_everybody_with_jobs_tags_and_stages(upstream, connection, sync):
    done = sync(connection, mode="full")

    assert (done.state, done.error_code) == ("succeeded", "")
    assert counts(done) == {"fetched": 600, "created": 600}
    assert counts(done, "jobs") == {"fetched": Job.objects.count(), "created": Job.objects.count()}
    assert Candidate.objects.count() == 600
    with upstream.kombo.store.lock:
        state = upstream.kombo.store.read
        listed = sum(
            1
            for number in state.candidate_numbers(0)
            for application in state.candidate(number).applications
            if not state.application(application).own["remote_deleted_at"]
        )
    assert Application.objects.count() == listed
    assert set(Application.objects.values_list("outcome", flat=True)) == {"active", "rejected", "hired"}
    assert connection.health == "healthy"
    assert connection.last_synced_at == done.started_at


@pytest.mark.services
def test_after_a_large_import_the_planner_knows_how_many_there_are(connection, sync, monkeypatch):
    """Otherwise the first screens and bulk acts are planned for empty tables."""
    monkeypatch.setattr(statistics, "MANY", 500)
    sync(connection, mode="full")

    with database.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'candidates_candidate'")
        assert cursor.fetchone() == (600,)


def test_a_second_import_changes_nothing(connection, sync):
    sync(connection, mode="full")
    before = everything(), list(Candidate.objects.order_by("pk").values()), Activity.objects.count()

    done = sync(connection, mode="full")

    assert counts(done) == {"fetched": 600, "unchanged": 600}
    assert (everything(), list(Candidate.objects.order_by("pk").values()), Activity.objects.count()) == before


def test_an_incremental_import_reads_only_what_changed(upstream, connection, sync):
    sync(connection, mode="full")
    record = SourceRecord.objects.filter(kind="candidate", candidate__applications__isnull=False).first()
    upstream.kombo.edit_candidate(record.external_id, title="Chief of everything")
    added = upstream.kombo.add_candidate(**ADA)

    done = sync(connection)

    assert counts(done) == {"fetched": 2, "created": 1, "updated": 1}
    assert Candidate.objects.get(pk=record.candidate_id).current_title == "Chief of everything"
    assert SourceRecord.objects.get(kind="candidate", external_id=added).candidate.full_name == "Ada Lovelace"


def test_incremental_imports_go_on_from_where_the_last_one_began(connection, sync):
    first = sync(connection, mode="full")
    second = sync(connection)

    assert [row.since for row in second.streams.all()] == [row.started_at for row in first.streams.all()]
    assert StreamMark.objects.get(stream="candidates").read_until == stream(second).started_at
    assert StreamMark.objects.get(stream="candidates").full_at == stream(first).started_at


def test_once_a_week_everything_is_read(connection, sync):
    sync(connection, mode="full")
    StreamMark.objects.filter(stream="candidates").update(full_at=timezone.now() - timedelta(days=8))

    done = sync(connection)

    assert counts(done)["fetched"] == 600
    assert StreamMark.objects.get(stream="candidates").full_at == stream(done).started_at


def test_upstream_moves_rejections_and_tags_arrive(upstream, connection, sync):
    sync(connection, mode="full")
    application = Application.objects.filter(outcome="active", stage__isnull=False).first()
    record = application.records.get()
    other = Stage.objects.filter(job=application.job).exclude(pk=application.stage_id).first()
    person = SourceRecord.objects.get(kind="candidate", candidate=application.candidate)
    upstream.kombo.move(record.external_id, other.records.get().external_id)
    upstream.kombo.tag(person.external_id, "Brand new")

    sync(connection)

    application.refresh_from_db()
    assert application.stage == other
    assert application.candidate.candidate_tags.filter(tag__name="Brand new").count() == 1


def test_people_deleted_upstream_stay_here_and_may_come_back(upstream, connection, sync):
    sync(connection, mode="full")
    record = SourceRecord.objects.filter(kind="candidate", state="listed").first()
    applications = record.candidate.applications.filter(records__state="listed").count()
    upstream.kombo.delete_candidate(record.external_id)
    gone = sync(connection)
    record.refresh_from_db()
    assert (counts(gone)["vanished"], record.state) == (1 + applications, "deleted_upstream")
    assert Candidate.objects.count() == 600

    upstream.kombo.undelete_candidate(record.external_id)
    sync(connection)
    record.refresh_from_db()
    assert record.state == "listed"
    assert Candidate.objects.count() == 600


def test_what_a_person_changed_here_survives_and_both_changed_is_a_conflict(upstream, connection, sync):
    sync(connection, mode="full")
    record = SourceRecord.objects.filter(kind="candidate").exclude(candidate__current_title="").first()
    Candidate.objects.filter(pk=record.candidate_id).update(current_title="Ours")
    upstream.kombo.edit_candidate(record.external_id, title="Theirs", company="Theirs too")

    sync(connection)

    candidate = Candidate.objects.get(pk=record.candidate_id)
    assert (candidate.current_title, candidate.current_company) == ("Ours", "Theirs too")
    conflict = FieldConflict.objects.get()
    assert (conflict.field, conflict.ours, conflict.theirs) == ("current_title", "Ours", "Theirs")


def test_a_dry_run_counts_and_leaves_nothing(connection, sync):
    done = sync(connection, mode="full", dry_run=True)

    assert done.state == "succeeded"
    assert counts(done) == {"fetched": 600, "created": 600}
    assert set(everything().values()) == {0}
    assert StreamMark.objects.count() == 0
    assert connection.last_synced_at is None


def test_counts_add_up_for_every_stream(upstream, connection, sync):
    upstream.kombo.faults.set("bad_row", "/ats/candidates", times=None)
    done = sync(connection, mode="full")

    for row in done.streams.all():
        assert row.fetched == row.created + row.updated + row.unchanged + row.set_aside + row.skipped


# Asking


def test_a_second_import_of_a_connection_is_refused_and_names_the_first(connection):
    first = request_sync(connection)
    with pytest.raises(Conflict) as refused:
        request_sync(connection)
    assert (refused.value.code, refused.value.extra) == ("already_running", {"run": str(first.pk)})
    assert SyncRun.objects.count() == 1


def test_a_run_that_nobody_has_begun_is_cancelled_at_once(connection):
    asked = cancel_sync(request_sync(connection))
    run(asked.pk)
    asked.refresh_from_db()

    assert (asked.state, asked.streams.count()) == ("cancelled", 0)


def test_cancelling_stops_after_the_page_in_hand_and_the_next_run_goes_on_from_there(connection, sync):
    asked = request_sync(connection, mode="full")

    def cancel(row: SyncStream) -> None:
        if row.name == "candidates":
            cancel_sync(SyncRun.objects.get(pk=asked.pk))

    run(asked.pk, progress=cancel)
    asked.refresh_from_db()
    assert (asked.state, Candidate.objects.count()) == ("cancelled", 250)

    done = sync(connection, mode="full")
    assert (counts(done)["fetched"], Candidate.objects.count()) == (350, 600)
    with pytest.raises(Conflict):
        cancel_sync(done)


def test_start_due_starts_what_is_due_once(connection):
    now = timezone.now()
    connection.next_sync_at = now - timedelta(minutes=1)
    connection.save()

    assert (start_due(), start_due()) == (1, 0)
    connection.refresh_from_db()
    assert connection.next_sync_at > now + timedelta(hours=2)
    assert SyncRun.objects.get().trigger == "schedule"


def test_paused_waiting_and_disconnected_connections_do_not_start(connection):
    past = timezone.now() - timedelta(minutes=1)
    for blocked in (
        {"paused": True},
        {"waiting_until": timezone.now() + timedelta(hours=1)},
        {"disconnected_at": past},
    ):
        type(connection).objects.update(
            **{"next_sync_at": past, "paused": False, "waiting_until": None, "disconnected_at": None, **blocked}
        )
        assert start_due() == 0


# Leases


def test_whoever_lost_the_lease_commits_nothing_more(connection, monkeypatch):
    asked = request_sync(connection, mode="full")

    def steal(row: SyncStream) -> None:
        if row.name == "tags":
            SyncRun.objects.filter(pk=asked.pk).update(lease_token="0" * 32)

    run(asked.pk, progress=steal)
    asked.refresh_from_db()

    assert asked.state == "running"
    assert sorted(row.name for row in asked.streams.all() if row.pages) == ["jobs", "tags"]


def test_a_page_whose_lease_is_lost_on_the_way_rolls_back(connection, monkeypatch):
    asked = request_sync(connection, mode="full")
    fetch = _Worker._fetch

    def fetch_slowly(self, provider, row):
        page = fetch(self, provider, row)
        if row.name == "candidates" and row.pages == 1:
            SyncRun.objects.filter(pk=asked.pk).update(lease_token="0" * 32)
        return page

    monkeypatch.setattr(_Worker, "_fetch", fetch_slowly)
    run(asked.pk)

    assert (Candidate.objects.count(), stream(asked).pages) == (250, 1)


def test_a_run_whose_worker_died_is_found_and_ends_as_if_nothing_had_happened(connection, monkeypatch):
    asked = request_sync(connection, mode="full")
    take_page = "integrations.importing.working.take_page"

    def die(lease, row, page):
        if row.name == "candidates" and row.pages == 1:
            raise KeyboardInterrupt
        return original(lease, row, page)

    from integrations.importing import working

    original = working.take_page
    with monkeypatch.context() as patched:
        patched.setattr(take_page, die)
        with pytest.raises(KeyboardInterrupt):
            run(asked.pk)
    run(asked.pk)  # the lease still holds: nobody else may
    assert Candidate.objects.count() == 250
    SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1

    run(asked.pk)

    asked.refresh_from_db()
    assert (asked.state, asked.pickups) == ("succeeded", 1)
    assert counts(asked) == {"fetched": 600, "created": 600}


def test_a_page_that_kills_its_worker_again_and_again_is_given_up(connection, monkeypatch):
    asked = request_sync(connection, mode="full")

    def die(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("integrations.importing.working.take_page", die)
    for _attempt in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(asked.pk)
        SyncRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    run(asked.pk)

    asked.refresh_from_db()
    connection.refresh_from_db()
    assert (asked.state, asked.error_code, connection.health) == ("failed", "poisoned", "needs_attention")


def test_a_long_import_lets_others_have_their_turn(connection, settings):
    settings.IMPORT_SLICE_SECONDS = 0
    asked = request_sync(connection, mode="full")
    pickups = 0
    while SyncRun.objects.get(pk=asked.pk).state != "succeeded":
        run(asked.pk)
        settings.IMPORT_SLICE_SECONDS = 0.05
        pickups += 1
        assert pickups < 50

    assert pickups > 1
    assert Candidate.objects.count() == 600


def test_connections_of_two_workspaces_do_not_meet(upstream, connection, sync):
    other = connect(upstream)
    sync(connection, mode="full")
    sync(other, mode="full")

    for each in (connection, other):
        assert Candidate.objects.filter(workspace=each.workspace).count() == 600
        people = SourceRecord.objects.filter(source=each.source, kind="candidate")
        assert set(people.values_list("candidate__workspace", flat=True)) == {each.workspace_id}
