"""Rows that no complete walk shows any more: no longer listed, and nothing is deleted (design, rule 3; dangers C70)."""

from __future__ import annotations

import time

import pytest
from django.db import connection as db
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Activity, Application, Candidate, SourceRecord
from integrations import circuit
from integrations.connections import accept_missing
from integrations.errors import Denied, RateLimited, Unavailable
from integrations.importing import cancel_sync, missing, request_sync, run
from integrations.models import StreamMark, SyncRun
from recruitment.errors import Conflict
from recruitment.models import Role
from tests.candidates.views.screens import signed_in
from tests.factories import make_member
from tests.integrations.importing.conftest import counts, stream
from tests.integrations.importing.scripted import job, people, person, scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(monkeypatch):
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(30, applications=1)
        upstream.rows["jobs"] = [job(0)]
        yield upstream, connection


def states(kind: str = "candidate") -> dict[str, int]:
    found: dict[str, int] = {}
    for state in SourceRecord.objects.filter(kind=kind).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_after_as_many_complete_walks_as_it_takes_a_person_and_their_applications_are_no_longer_listed(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    del upstream.people[3]

    once = sync(connection, mode="full")
    assert (states(), stream(once).vanished) == ({"listed": 30}, 0)
    twice = sync(connection, mode="full")

    assert (states(), states("application")) == ({"listed": 29, "not_listed": 1}, {"listed": 29, "not_listed": 1})
    assert SourceRecord.objects.get(kind="candidate", state="not_listed").external_id == "c3"
    assert stream(twice).vanished == 2
    assert (twice.state, connection.health) == ("succeeded", "healthy")
    assert (Candidate.objects.count(), Application.objects.count()) == (30, 30)


def test_each_stream_takes_as_many_walks_as_its_contract_says(northwind, sync):
    upstream, connection = northwind
    upstream.rows["jobs"] = [job(0), job(7)]
    sync(connection, mode="full")
    upstream.rows["jobs"].pop()

    sync(connection, mode="full")

    assert SourceRecord.objects.get(kind="job", external_id="j7").state == "not_listed"


def test_whoever_is_shown_in_between_has_to_be_missed_anew(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    for shown in (False, True, False):
        upstream.rows["candidates"] = people(30 if shown else 29, applications=1)
        sync(connection, mode="full")
        assert states() == {"listed": 30}
    sync(connection, mode="full")
    assert states() == {"listed": 29, "not_listed": 1}


def test_whoever_is_shown_again_is_listed_again_with_their_applications(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    last = upstream.people.pop()
    sync(connection, mode="full")
    sync(connection, mode="full")
    assert states() == {"listed": 29, "not_listed": 1}
    upstream.people.append(last)

    again = sync(connection, mode="full")

    assert (states(), states("application")) == ({"listed": 30}, {"listed": 30})
    assert counts(again) == {"fetched": 30, "updated": 1, "unchanged": 29}
    assert Candidate.objects.count() == 30


def test_the_source_is_asked_before_and_its_no_counts(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.rows["candidates"] = people(28, applications=1)
    upstream.gone = lambda external_id: external_id != "c28"
    sync(connection, mode="full")
    assert [what for what, _which in upstream.asked if what.startswith("is_gone")] == []

    done = sync(connection, mode="full")

    assert [which for what, which in upstream.asked if what == "is_gone candidates"] == ["c28", "c29"]
    assert (states(), stream(done).asked) == ({"listed": 29, "not_listed": 1}, 2)
    upstream.asked.clear()
    sync(connection)  # what was found to be there isn't asked about again
    assert [what for what, _which in upstream.asked if what.startswith("is_gone")] == []


def test_one_run_asks_about_so_many_and_the_next_one_goes_on(northwind, sync, monkeypatch):
    upstream, connection = northwind
    monkeypatch.setattr(missing, "MOST_ASKED", 3)
    monkeypatch.setattr(missing, "BATCH", 2)
    sync(connection, mode="full")
    upstream.rows["candidates"] = people(25, applications=1)
    sync(connection, mode="full")

    sync(connection, mode="full")
    assert states() == {"listed": 27, "not_listed": 3}
    sync(connection)

    assert states() == {"listed": 25, "not_listed": 5}
    assert StreamMark.objects.get(stream="candidates").missing == 0


def test_a_source_that_may_be_asked_slowly_is_asked_in_parts(northwind, sync, monkeypatch):
    """Each part is committed long before the lease runs out."""
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.rows["candidates"] = people(26, applications=1)
    sync(connection, mode="full")
    monkeypatch.setattr("integrations.importing.working.ASKS_FOR", 0.0)
    parts, conclude = [], missing.Search.conclude

    def count(self, gone, there):
        parts.append(len(gone))
        conclude(self, gone, there)

    monkeypatch.setattr(missing.Search, "conclude", count)
    upstream.gone = lambda external_id: time.sleep(0.001) is None
    sync(connection, mode="full")
    assert (sum(parts), states()) == (4, {"listed": 26, "not_listed": 4})
    assert len(parts) > 1


@pytest.mark.parametrize("error", [Unavailable("Down.", arrived=False), RateLimited("Later.", retry_after=600)])
def test_a_source_that_cannot_be_asked_now_is_asked_later(northwind, sync, error):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.rows["candidates"] = people(28, applications=1)
    sync(connection, mode="full")

    def refuse(external_id):
        if external_id == "c29":
            raise error
        return True

    upstream.gone = refuse
    asked = request_sync(connection, mode="full")
    run(asked.pk)
    assert states() == {"listed": 29, "not_listed": 1}

    upstream.gone = lambda external_id: True
    SyncRun.objects.update(resume_at=None, lease_until=None)
    if SyncRun.objects.get(pk=asked.pk).state == "running":
        run(asked.pk)
    else:
        sync(connection)
    assert states() == {"listed": 28, "not_listed": 2}
    assert not SyncRun.objects.exclude(state="succeeded").exists()


def test_a_wrong_key_while_asking_concludes_nothing(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.people.pop()
    sync(connection, mode="full")

    def refuse(external_id):
        raise Denied("Wrong key.")

    upstream.gone = refuse
    done = sync(connection, mode="full")

    assert (done.state, connection.health, states()) == ("failed", "reconnect", {"listed": 30})


def test_a_dry_run_a_cancelled_and_a_failed_one_count_for_nothing(northwind, sync, monkeypatch):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.people.pop()
    sync(connection, mode="full", dry_run=True)
    sync(connection, mode="full", dry_run=True)

    asked = request_sync(connection, mode="full")
    run(asked.pk, progress=lambda row: cancel_sync(SyncRun.objects.get(pk=asked.pk)))

    def fail(name, offset):
        if name == "candidates" and offset == 20:
            raise Unavailable("Down.", arrived=False)

    monkeypatch.setattr(circuit, "MOST", 0)
    for _time in range(3):
        upstream.before_page = fail
        sync(connection, mode="full")
    assert len(StreamMark.objects.get(stream="candidates").walks) == 1
    assert states() == {"listed": 30}


def test_an_incremental_walk_misses_nobody(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.people.pop()
    for _time in range(3):
        sync(connection)
    assert states() == {"listed": 30}


def test_a_row_that_came_and_could_not_be_taken_was_shown(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.people[4] = person(4, first_name="x" * 5000)
    sync(connection, mode="full")
    done = sync(connection, mode="full")

    assert stream(done).set_aside == 1
    assert states() == {"listed": 30}


def test_one_of_two_rows_of_one_person_goes_alone(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    first, second = (SourceRecord.objects.get(kind="candidate", external_id=key) for key in ("c28", "c29"))
    SourceRecord.objects.filter(candidate=second.candidate).update(candidate=first.candidate)
    upstream.people.pop()
    sync(connection, mode="full")
    sync(connection, mode="full")

    gone = SourceRecord.objects.filter(state="not_listed").values_list("external_id", flat=True)
    assert sorted(gone) == ["a29-0", "c29"]


# Too many at once


@pytest.fixture
def emptied(northwind, sync):
    """A source of 30 people that answers with half of them, twice."""
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.rows["candidates"] = people(15, applications=1)
    sync(connection, mode="full")
    sync(connection, mode="full")
    return upstream, connection


def test_too_many_missing_at_once_concludes_nothing_and_says_so(emptied, sync):
    _upstream, connection = emptied

    done = sync(connection, mode="full")

    words = "15 of 30 people are missing from Northwind at once. Nothing was concluded from it: they stay as they are."
    assert (done.state, done.error_code, done.error_message) == ("partial", "many_missing", words)
    assert (connection.health, connection.health_detail) == ("needs_attention", words)
    assert states() == {"listed": 30}
    sync(connection)  # until it is settled
    assert connection.health == "needs_attention"


def test_an_empty_answer_for_everybody_concludes_nothing(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    upstream.rows["candidates"] = []
    for _time in range(3):
        sync(connection, mode="full")
    assert (states(), connection.health) == ({"listed": 30}, "needs_attention")


def test_when_they_are_shown_again_everything_is_well_again(emptied, sync):
    upstream, connection = emptied
    upstream.rows["candidates"] = people(30, applications=1)

    done = sync(connection, mode="full")

    assert (done.state, connection.health, states()) == ("succeeded", "healthy", {"listed": 30})


def test_an_admin_says_that_they_are_gone(emptied, sync):
    _upstream, connection = emptied
    admin = make_member(connection.workspace, role=Role.ADMIN)

    asked = accept_missing(connection, member=admin)
    run(asked.pk)

    asked.refresh_from_db()
    connection.refresh_from_db()
    assert (states(), states("application")) == ({"listed": 15, "not_listed": 15}, {"listed": 15, "not_listed": 15})
    assert (asked.state, connection.health) == ("succeeded", "healthy")
    assert Candidate.objects.count() == 30
    said = Activity.objects.get(verb="missing_accepted")
    assert (said.actor, said.data) == (admin, {"source": "Northwind", "count": 15})
    with pytest.raises(Conflict):
        accept_missing(connection, member=admin)
    sync(connection, mode="full")
    assert connection.health == "healthy"


def test_the_screen_offers_it_to_admins_alone(emptied, client):
    _upstream, connection = emptied
    connection.refresh_from_db()
    admin, recruiter = make_member(connection.workspace, role=Role.ADMIN), make_member(connection.workspace)
    address = reverse("integrations:accept_missing", args=[connection.pk])
    assert address not in signed_in(recruiter).get(connection.get_absolute_url()).content.decode()
    page = signed_in(admin).get(connection.get_absolute_url()).content.decode()
    assert address in page
    assert "15 of 30 people are missing" in page

    answer = signed_in(admin).post(address)

    assert answer.url == reverse("integrations:run", args=[SyncRun.objects.order_by("-pk").first().pk])


def test_looking_for_the_missing_costs_the_same_however_many_are_there(northwind, sync):
    upstream, connection = northwind
    upstream.size = 1000
    used = []
    for number in (30, 300):
        upstream.rows["candidates"] = people(number, applications=1)
        sync(connection, mode="full")
        with CaptureQueriesContext(db) as queries:
            sync(connection, mode="full")
        used.append(len(queries))
    assert used[0] == used[1]
