"""Lists that move while they are read, page by page and by offset (dangers F17)."""

from __future__ import annotations

import random
from itertools import count

import pytest

from candidates.domain.intake import listing
from candidates.domain.profiles import TagProfile
from candidates.models import Candidate, Source, SourceRecord
from integrations.importing import drift, request_sync, run
from integrations.models import Connection, StreamMark, SyncRun, SyncStream
from integrations.registry import provider_class
from tests.integrations.importing.conftest import counts, stream
from tests.integrations.importing.scripted import people, person, scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def northwind(monkeypatch):
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(30)
        yield upstream, connection


def once_at(offset: int, change):
    """Do it before the page at this offset, the first time that it is asked for."""
    todo = [change]

    def before_page(name: str, at: int) -> None:
        if name == "candidates" and at == offset and todo:
            todo.pop()()

    return before_page


def test_what_slipped_because_something_was_removed_is_found_by_a_second_walk(northwind, sync):
    upstream, connection = northwind
    upstream.before_page = once_at(20, lambda: upstream.people.pop(0))

    done = sync(connection, mode="full")

    assert Candidate.objects.count() == 30
    assert (done.state, stream(done).walk) == ("succeeded", 2)
    assert counts(done) == {"fetched": 58, "created": 30, "unchanged": 28}


def test_a_quiet_list_is_walked_once(northwind, sync):
    _upstream, connection = northwind
    done = sync(connection, mode="full")
    assert (stream(done).walk, counts(done)) == (1, {"fetched": 30, "created": 30})


def test_rows_that_are_set_aside_or_repeated_are_not_missing(northwind, sync):
    upstream, connection = northwind
    upstream.people[3] = person(3, first_name="x" * 5000)
    upstream.people[7] = upstream.people[8]
    upstream.rows["candidates"].append(person(99))

    done = sync(connection, mode="full")

    assert (done.state, stream(done).set_aside, stream(done).short) == ("partial", 2, True)  # 30 of 31: one came twice
    upstream.people.pop(7)
    done = sync(connection, mode="full")
    assert (stream(done).walk, stream(done).short) == (1, False)


def test_a_list_that_never_shows_all_it_says_it_has_is_not_complete(northwind, sync):
    upstream, connection = northwind
    sync(connection, mode="full")
    page = upstream.page

    def one_more(name, cursor):
        found = page(name, cursor)
        found.total = found.total and found.total + 1
        return found

    upstream.page = one_more
    before = connection.last_synced_at, list(StreamMark.objects.get(stream="candidates").walks)
    done = sync(connection, mode="full")

    words = "The list of people moved while Northwind was read, so some may be missing. The next import reads it again."
    assert (done.state, done.error_code, done.error_message) == ("partial", "list_moved", words)
    assert (connection.health, connection.health_detail) == ("partly_synced", words)
    assert (connection.last_synced_at, StreamMark.objects.get(stream="candidates").walks) == before
    assert (stream(done).walk, counts(done)["fetched"]) == (2, 60)


def test_people_who_are_added_all_the_time_leave_a_walk_complete(northwind, sync):
    upstream, connection = northwind
    new = count(100)

    def add(name: str, offset: int) -> None:
        if name == "candidates" and offset:
            upstream.people.insert(0, person(next(new)))

    upstream.before_page = add
    assert sync(connection, mode="full").state == "succeeded"


def test_a_second_walk_survives_a_cut_and_goes_on(northwind, sync, settings):
    upstream, connection = northwind
    upstream.before_page = once_at(20, lambda: upstream.people.pop(0))
    settings.IMPORT_SLICE_SECONDS = 0
    asked = request_sync(connection, mode="full")
    for _pickup in range(12):
        run(asked.pk)
        settings.IMPORT_SLICE_SECONDS = 0 if settings.IMPORT_SLICE_SECONDS else 0.001
    settings.IMPORT_SLICE_SECONDS = 60
    run(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, stream(asked).walk, Candidate.objects.count()) == ("succeeded", 2, 30)


class Moving:
    """A list to which rows come in at the front, and from which they go anywhere, before each page."""

    def __init__(self, seed: int) -> None:
        self.chance, self.names = random.Random(seed), count()
        self.rows = [self.tag() for _row in range(self.chance.randint(4, 12))]
        self.size, self.calm = self.chance.randint(2, 4), self.chance.choice([0.3, 0.6, 0.9])
        self.throughout = {row.external_id for row in self.rows}

    def tag(self) -> TagProfile:
        number = next(self.names)
        return TagProfile(f"t{number}", f"Tag {number}")

    def move(self, *_page) -> None:
        while self.chance.random() > self.calm:
            if self.rows and self.chance.random() < 0.5:
                self.throughout.discard(self.rows.pop(self.chance.randrange(len(self.rows))).external_id)
            else:
                self.rows.insert(0, self.tag())


def test_five_hundred_lists_that_move_lose_nobody_who_was_there_throughout(monkeypatch):
    """Or the import says that some may be missing, and reads the list again."""
    seen: set[str] = set()
    monkeypatch.setattr(listing, "seen_since", lambda *_: len(seen))
    connection = Connection(source=Source())
    ended = {False: 0, True: 0}
    for seed in range(500):
        seen.clear()
        moving, row = Moving(seed), SyncStream(name="tags")
        while True:
            moving.move()
            offset = int(row.cursor or 0)
            seen.update(one.external_id for one in moving.rows[offset : offset + moving.size])
            drift.note_page(row, len(moving.rows), 0)
            row.cursor = str(offset + moving.size) if offset + moving.size < len(moving.rows) else None
            if row.cursor is None and drift.end_walk(SyncRun(connection=connection), row):
                break
        assert row.short or moving.throughout <= seen, seed
        ended[row.short] += 1
    assert ended[False] > 300


@pytest.mark.parametrize("seed", range(12))
def test_a_list_that_moves_comes_in_whole(monkeypatch, seed, sync):
    moving = Moving(seed)
    told = {"gone_after": {"tags": 1}, "size": moving.size, "before_page": moving.move}
    with scripted(monkeypatch, **told) as (upstream, connection):
        provider_class("scripted").streams = ("tags",)
        upstream.rows["tags"] = moving.rows
        done = sync(connection, mode="full")
        assert (done.state == "partial") == (done.error_code == "list_moved")
        if done.state == "partial":
            upstream.before_page = lambda *_page: None
            sync(connection, mode="full")
    listed = SourceRecord.objects.filter(state="listed").values_list("external_id", flat=True)
    assert moving.throughout <= set(listed)
