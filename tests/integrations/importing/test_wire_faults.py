"""Faults of docs/faults.md that no well-behaved server makes, over a real socket into the database.

Each test is named after its handle there. What the HTTP client does by itself is tested in test_http_faults.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from candidates.models import Candidate, SourceRecord
from integrations import circuit
from integrations.connections import update_credentials
from integrations.models import Connection, StreamMark
from tests.factories import make_connection, make_member, make_workspace
from tests.integrations import fakewire
from tests.integrations.fakewire import Asked, answer
from tests.integrations.importing.conftest import counts, stream

pytestmark = pytest.mark.django_db
PEOPLE = "/ats/candidates"
People = Callable[[str | None, Asked], fakewire.Script]


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    """Repeats come at once, and an outage ends the run: both are tested where they are made."""
    monkeypatch.setattr("integrations.http._pause", lambda error, attempt: 0.0)
    monkeypatch.setattr(circuit, "MOST", 0)


@pytest.fixture
def kombo(settings) -> Iterator[Callable[..., Any]]:
    """A Kombo whose list of candidates is the test's: ``people(cursor, asked)`` answers a script for each page."""

    @contextmanager
    def serve(people: People) -> Iterator[tuple[fakewire.Wire, Connection]]:
        def script(connection, asked, over):
            parts = urlsplit(asked.path)
            cursor = parse_qs(parts.query).get("cursor", [None])[0]
            said = people(cursor, asked) if parts.path == PEOPLE else page([])
            said(connection, asked, over)

        with fakewire.fake_wire(script) as wire:
            settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(wire.url).netloc]
            yield wire, make_connection(make_workspace(), base_url=wire.url)

    return serve


def page(rows: list[Any], following: str | None = None) -> fakewire.Script:
    return answer(json.dumps({"status": "success", "data": {"next": following, "results": rows}}).encode())


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"Kc{number:06d}", "first_name": "Ada", "last_name": f"Number {number}", **fields}


def rows(start: int, end: int, **fields: Any) -> list[dict[str, Any]]:
    return [row(number, **fields) for number in range(start, end)]


@pytest.mark.parametrize(
    "broken",
    [
        answer(b""),
        answer(b"", status="204 No Content"),
        answer(b"{}"),
        answer(b"[]"),
        answer(b'{"data": null}'),
        answer(b'{"status": "success", "data": {"results": null, "next": null}}'),
    ],
    ids=["empty", "204", "object", "list", "null", "null results"],
)
def test_f10_an_answer_without_a_list_is_no_end_of_the_list(kombo, sync, broken):
    whole = True

    def people(cursor, asked):
        return page(rows(0, 12)) if whole else broken

    with kombo(people) as (_wire, connection):
        sync(connection, mode="full")
        whole = False
        done = sync(connection, mode="full")
    assert (done.state, stream(done).complete, connection.health) == ("partial", False, "needs_attention")
    assert SourceRecord.objects.filter(kind="candidate", state="listed").count() == 12


def test_f15_a_page_size_that_is_ignored_and_an_empty_page_in_the_middle_end_nothing(kombo, sync):
    """Only the end mark ends a list, never a short page."""
    pages = {None: (rows(0, 1), "b"), "b": ([], "c"), "c": (rows(1, 600), "d"), "d": (rows(600, 601), None)}
    with kombo(lambda cursor, asked: page(*pages[cursor])) as (wire, connection):
        done = sync(connection, mode="full")
    assert (done.state, counts(done)) == ("succeeded", {"fetched": 601, "created": 601})
    assert len([asked for asked in wire.asked if asked.path.startswith(PEOPLE)]) == 4


def test_f16_somebody_who_comes_twice_is_one_person_and_the_counts_say_so(kombo, sync):
    pages = {None: ([row(1), row(2), row(1)], "b"), "b": ([row(2), row(3)], None)}
    with kombo(lambda cursor, asked: page(*pages[cursor])) as (_wire, connection):
        done = sync(connection, mode="full")
    assert counts(done) == {"fetched": 5, "created": 3, "unchanged": 1, "skipped": 1}
    assert Candidate.objects.count() == 3


def test_f18_many_rows_that_changed_in_the_same_moment_all_come(kombo, sync):
    same = {"changed_at": "2026-01-02T03:04:05.000Z"}
    pages = {None: (rows(0, 130, **same), "b"), "b": (rows(130, 260, **same), None)}
    with kombo(lambda cursor, asked: page(*pages[cursor])) as (_wire, connection):
        sync(connection, mode="full")
        done = sync(connection)
    assert (Candidate.objects.count(), counts(done)) == (260, {"fetched": 260, "unchanged": 260})


def test_f20_cursors_that_lead_in_a_circle_are_noticed_after_few_calls(kombo, sync):
    pages = {None: ([row(1)], "a"), "a": ([row(2)], "b"), "b": ([row(3)], "a")}
    with kombo(lambda cursor, asked: page(*pages[cursor])) as (wire, connection):
        done = sync(connection, mode="full")
    assert (done.state, done.error_code, connection.health) == ("partial", "cursor_repeats", "needs_attention")
    assert len([asked for asked in wire.asked if asked.path.startswith(PEOPLE)]) <= 4


def test_f21_a_next_page_on_another_host_is_never_asked_for_there(kombo, sync):
    with fakewire.fake_wire(page(rows(50, 60))) as trap:

        def people(cursor, asked):
            return page(rows(0, 3), f"{trap.url}{PEOPLE}?cursor=b") if cursor is None else page(rows(3, 5))

        with kombo(people) as (_wire, connection):
            sync(connection, mode="full")
    assert trap.asked == []
    assert Candidate.objects.count() == 5


def test_f13_a_redirect_in_the_middle_is_not_followed_and_takes_no_key_along(kombo, sync):
    with fakewire.fake_wire(page(rows(50, 60))) as trap:
        away = answer(b"", f"Location: {trap.url}{PEOPLE}", status="302 Found")
        with kombo(lambda cursor, asked: page(rows(0, 3), "b") if cursor is None else away) as (_wire, connection):
            done = sync(connection, mode="full")
    assert (trap.asked, done.state, done.error_code) == ([], "partial", "redirected")


def test_f22_a_clock_that_is_set_back_in_the_middle_calls_nobody_missing(kombo, sync, monkeypatch):
    with kombo(lambda cursor, asked: page(rows(0, 3))) as (_wire, connection):
        sync(connection, mode="full")
        slow = SimpleNamespace(now=lambda: timezone.now() - timedelta(hours=1))
        monkeypatch.setattr("integrations.importing.pages.timezone", slow)
        done = sync(connection, mode="full")
    seen = SourceRecord.objects.filter(kind="candidate").values_list("last_seen_at", flat=True)
    assert min(seen) >= stream(done).started_at


def test_f24_an_id_that_is_no_text_makes_no_twin(kombo, sync):
    changed = False

    def people(cursor, asked):
        return page([{**row(1), "id": 12 if changed else "12"}, {**row(2), "id": 2**60}])

    with kombo(people) as (_wire, connection):
        sync(connection, mode="full")
        changed = True
        sync(connection, mode="full")
    ids = list(SourceRecord.objects.filter(kind="candidate").values_list("external_id", flat=True))
    assert len(ids) == len(set(ids))
    assert Candidate.objects.filter(last_name="Number 1").count() == 1


NAMES = {
    "nul": "A\u0000da",
    "half": "Ada \ud800",
    "emoji": "\U0001f9d1\U0001f3fd\u200d\U0001f4bb" * 50,
    "right to left": "\u202eadA",
    "1 MB": "x" * 1_000_000,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_f27_a_name_of_any_kind_costs_no_other_row(kombo, sync, name):
    with kombo(lambda cursor, asked: page([row(1), row(2, first_name=name), row(3)])) as (_wire, connection):
        done = sync(connection, mode="full")
    row_counts = counts(done)
    assert row_counts["fetched"] == 3 == row_counts["created"] + row_counts.get("set_aside", 0)
    assert Candidate.objects.filter(last_name__in=["Number 1", "Number 3"]).count() == 2


def test_f28_a_key_that_is_revoked_in_the_middle_stops_at_once_and_a_new_one_goes_on_there(kombo, sync):
    revoked = answer(
        json.dumps(
            {"status": "error", "error": {"code": "PLATFORM.AUTHENTICATION_INVALID", "message": "Revoked."}}
        ).encode(),
        status="401 Unauthorized",
    )
    good = "k-secret"

    def people(cursor, asked):
        if cursor is None:
            return page(rows(0, 3), "b")
        return page(rows(3, 5)) if good in asked.headers["authorization"] else revoked

    with kombo(people) as (wire, connection):
        good = "k-other"
        stopped = sync(connection, mode="full")
        asked = [request for request in wire.asked if "/ats/candidates" in request.path]
        assert (stopped.state, connection.health, connection.next_sync_at) == ("failed", "reconnect", None)
        Connection.objects.update(credentials={"api_key": "k-other", "integration_id": "workday:1"}, health="waiting")
        done = sync(connection, mode="full")
    assert len(asked) == 2  # the first page, and one no
    assert counts(done) == {"fetched": 2, "created": 2}
    assert Candidate.objects.count() == 5


def test_f30_an_integration_that_answers_for_another_account_is_refused_before_its_key_is_kept(db, settings):
    """Kombo names the account in its check alone; a page names none."""
    other = {"status": "success", "data": {"id": "greenhouse:2", "category": "ATS", "tool": {"label": "Greenhouse"}}}
    with fakewire.fake_wire(answer(json.dumps(other).encode())) as wire:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(wire.url).netloc]
        connection = make_connection(make_workspace(), base_url=wire.url)
        admin = make_member(connection.workspace, role="admin")
        with pytest.raises(Exception, match="doesn't lead to"):
            update_credentials(connection, {"api_key": "k-new"}, member=admin)
    assert StreamMark.objects.count() == 0


def test_the_table_of_faults_names_tests_that_are_there():
    root = Path(__file__).parents[3]
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (root / "docs/faults.md").read_text())
    assert len(named) > 40
    for file, test in named:
        assert f"def {test}(" in (root / "tests/integrations" / file).read_text(), test
