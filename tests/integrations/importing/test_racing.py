"""Two workers and two beats at once (dangers F32)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from candidates.models import Candidate
from integrations.importing import request_sync, run, start_due
from integrations.models import SyncRun
from recruitment.errors import Conflict
from tests.integrations.importing.conftest import connect, counts

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def connection(upstream, transactional_db):
    return connect(upstream)


def together(*calls: Callable[[], object]) -> list[object]:
    """Each in a thread of its own, begun at once; what they answered or raised."""
    gate, answers = threading.Barrier(len(calls)), []

    def go(call: Callable[[], object]) -> None:
        gate.wait()
        try:
            answers.append(call())
        except Conflict as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_of_two_requests_at_once_one_wins_and_the_other_names_it(connection):
    answers = together(*[lambda: request_sync(connection)] * 4)

    asked = SyncRun.objects.get()
    assert [answer for answer in answers if isinstance(answer, SyncRun)] == [asked]
    assert [error.extra for error in answers if isinstance(error, Conflict)] == [{"run": str(asked.pk)}] * 3


def test_of_two_workers_one_reads_and_everybody_is_there_once(connection):
    asked = request_sync(connection, mode="full")
    together(*[lambda: run(asked.pk)] * 3)

    asked.refresh_from_db()
    assert (asked.state, asked.pickups) == ("succeeded", 1)
    assert counts(asked) == {"fetched": 600, "created": 600}
    assert Candidate.objects.count() == 600


def test_two_beats_start_one_import(connection):
    type(connection).objects.update(next_sync_at=timezone.now() - timedelta(minutes=1))

    assert sorted(together(start_due, start_due)) == [0, 1]
    assert SyncRun.objects.count() == 1
