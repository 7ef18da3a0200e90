"""Rows that were set aside, and what later imports make of them; over the sandbox's real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from candidates.models import Candidate
from integrations.importing import request_sync, run
from integrations.models import Connection, SyncProblem
from integrations.problems import close_overtaken, read_again
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from tests.factories import (
    make_candidate,
    make_connection,
    make_member,
    make_problem,
    make_record,
    make_run,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def upstream(settings):
    with Sandbox(people=20, read_delay=0) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def connection(upstream):
    keys = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}
    return make_connection(make_member().workspace, base_url=f"{upstream.url}/kombo", credentials=keys)


def spoil(upstream: Sandbox) -> None:
    """The next page of people is one row without an id."""
    page = {"status": "success", "data": {"next": None, "results": [{"id": None, "first_name": "Mina"}]}}
    upstream.kombo.faults.set(kind="garbage", path="/ats/candidates", times=1, body=json.dumps(page))


def sync(connection: Connection, mode: str = "incremental") -> None:
    run(request_sync(connection, mode=mode).pk, foreground=True)


def state_of(problem: SyncProblem) -> str:
    problem.refresh_from_db()
    return problem.state


def test_a_row_that_is_read_again_and_well_comes_in(connection, upstream):
    spoil(upstream)
    sync(connection, "full")
    problem = SyncProblem.objects.get()
    assert Candidate.objects.count() == 0

    read_again(problem)
    sync(connection)

    assert Candidate.objects.count() == 20
    assert (state_of(problem), SyncProblem.objects.count()) == ("resolved", 1)


def test_without_being_asked_an_incremental_import_does_not_go_back(connection, upstream):
    spoil(upstream)
    sync(connection, "full")
    sync(connection)
    assert (Candidate.objects.count(), state_of(SyncProblem.objects.get())) == (0, "open")


def test_what_has_come_in_well_since_then_needs_nobody_any_more(connection, upstream):
    sync(connection, "full")
    known = connection.source.records.filter(kind="candidate").first()
    last = connection.runs.latest("pk")
    mended, unknown = make_problem(last, known.external_id), make_problem(last, "never-seen")
    sync(connection, "full")
    assert (state_of(mended), state_of(unknown)) == ("resolved", "open")


def test_an_id_of_another_kind_mends_nothing():
    connection = make_connection(make_member().workspace)
    before, later = timezone.now() - timedelta(hours=1), timezone.now()
    make_record(connection.source, make_candidate(connection.workspace), "same", last_seen_at=later)
    problem = make_problem(make_run(connection), "same", stream="jobs", seen_at=before)
    close_overtaken(make_run(connection))
    assert state_of(problem) == "open"


def test_what_is_set_aside_anew_is_open_once():
    connection = make_connection(make_member().workspace)
    first, second = make_run(connection), make_run(connection)
    old, nameless, new = make_problem(first, "a"), make_problem(first, ""), make_problem(second, "a")
    make_problem(second, "")
    close_overtaken(second)
    assert (state_of(old), state_of(nameless), state_of(new)) == ("resolved", "open", "open")
