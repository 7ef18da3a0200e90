"""Providers that don't answer, and connections that share one worker (dangers F04, F33)."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.enums import PushState
from candidates.models import Candidate
from integrations import circuit
from integrations.delivery.claims import claim
from integrations.errors import Unavailable
from integrations.importing import request_sync, run, sweep
from integrations.models import Connection, SyncRun
from tests import factories as make
from tests.integrations.importing.conftest import counts, stream
from tests.integrations.importing.scripted import people, scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(monkeypatch):
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(30)
        yield upstream, connection


def down(name: str, offset: int) -> None:
    if name == "candidates" and offset == 10:
        raise Unavailable("The provider can't be reached.", arrived=False, code="no_connection")


def later(sync_run: SyncRun) -> None:
    """Its wait is over."""
    past = timezone.now() - timedelta(seconds=1)
    SyncRun.objects.update(resume_at=past, lease_until=past)
    assert sweep() == 1
    run(sync_run.pk)
    sync_run.refresh_from_db()


def test_an_outage_is_waited_for_longer_each_time_without_a_worker(northwind, sync):
    upstream, connection = northwind
    upstream.before_page = down
    waiting, waits = sync(connection, mode="full"), []
    for _attempt in range(4):
        waits.append(round((waiting.resume_at - timezone.now()).total_seconds() / 5) * 5)
        assert (waiting.state, waiting.lease_token, stream(waiting).pages) == ("running", None, 1)
        later(waiting)

    connection.refresh_from_db()
    assert waits == [15, 30, 60, 120]
    at = f"{connection.waiting_until:%H:%M}"
    said = f"The provider can't be reached. That was the 5th time in a row. The import goes on at {at} UTC."
    assert (connection.health, connection.health_detail) == ("waiting", said)

    upstream.before_page = lambda name, offset: None
    later(waiting)
    connection.refresh_from_db()
    assert (waiting.state, connection.health, connection.outages) == ("succeeded", "healthy", 0)
    assert counts(waiting) == {"fetched": 30, "created": 30}


def test_while_it_is_left_alone_one_request_a_time_finds_out(northwind, sync):
    upstream, connection = northwind
    upstream.before_page = down
    upstream.asked.clear()
    waiting = sync(connection, mode="full")
    run(waiting.pk)
    assert upstream.asked.count(("candidates", "10")) == 1
    later(waiting)
    assert upstream.asked.count(("candidates", "10")) == 2


def test_an_outage_that_does_not_end_ends_the_run_and_the_next_one_goes_on_there(northwind, sync):
    upstream, connection = northwind
    upstream.before_page = down
    waiting = sync(connection, mode="full")
    for _attempt in range(circuit.MOST):
        assert waiting.state == "running"
        later(waiting)

    assert (waiting.state, waiting.error_code, Candidate.objects.count()) == ("partial", "no_connection", 10)
    upstream.before_page = lambda name, offset: None
    assert counts(sync(connection, mode="full")) == {"fetched": 20, "created": 20}


def test_pushes_count_with_it_and_only_one_tries_whether_it_is_back():
    connection = make.make_connection(make.make_workspace(), outages=circuit.SEVERAL)
    member, source = make.make_member(connection.workspace), connection.source
    people_ = [make.make_candidate(connection.workspace) for _person in range(3)]
    due = {"state": PushState.WAITING, "due_at": timezone.now()}
    ready = [make.make_push(make.make_record(source, one), member, **due).pk for one in people_]

    assert [claim(pk) is not None for pk in ready] == [True, False, False]
    Connection.objects.update(outages=0)
    assert claim(ready[1]) is not None


# Fair share


def test_a_small_import_ends_while_a_big_one_is_running_with_one_worker(monkeypatch, settings):
    """Each stays a moment at the worker, then goes to the end of the line."""
    line: deque = deque()
    monkeypatch.setattr("integrations.importing.requests.wake", lambda run_id, after=0.0: line.append(run_id))
    with scripted(monkeypatch) as (upstream, big):
        small = make.make_connection(make.make_workspace(), "Small", provider="scripted", base_url="http://x")
        upstream.rows["candidates"] = people(400)
        settings.IMPORT_SLICE_SECONDS = 0.2
        first = request_sync(big, mode="full")
        run(line.popleft())
        upstream.rows["candidates"] = people(20)
        second = request_sync(small, mode="full")
        upstream.rows["candidates"] = people(400)
        turns = 0
        while SyncRun.objects.get(pk=second.pk).state != "succeeded":
            asked = line.popleft()
            upstream.rows["candidates"] = people(400 if asked == first.pk else 20)
            run(asked)
            turns += 1
            assert turns < 20
        assert SyncRun.objects.get(pk=first.pk).state == "running"
        upstream.rows["candidates"] = people(400)
        while line:
            run(line.popleft())
    assert Candidate.objects.filter(workspace=big.workspace).count() == 400
