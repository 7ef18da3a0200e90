"""Sources that list people pool by pool: complete walks, and places in pools that end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from candidates.domain.profiles import PoolProfile
from candidates.models import Activity, PoolMember, SourceRecord
from integrations import registry
from tests.integrations.importing.conftest import stream
from tests.integrations.importing.scripted import people, scripted

pytestmark = pytest.mark.django_db


def pools(*, alumni, silver):
    """The rows of both lists, one after the other; their numbers say who."""
    everybody = people(30)
    return [
        replace(everybody[number], also_in=[pool])
        for pool, numbers in (("p1", alumni), ("p2", silver))
        for number in numbers
    ]


@pytest.fixture
def northwind(monkeypatch):
    with scripted(monkeypatch) as (upstream, connection):
        scripted_provider = registry.PROVIDERS["scripted"]
        scripted_provider.streams = ("talent_pools", "candidates")
        scripted_provider.always_whole = frozenset(scripted_provider.streams)
        upstream.rows["talent_pools"] = [PoolProfile("p1", "Alumni"), PoolProfile("p2", "Silver")]
        upstream.rows["candidates"] = pools(alumni=range(30), silver=range(5))
        yield upstream, connection


def in_pool(name: str) -> int:
    return PoolMember.objects.filter(pool__name=name).count()


def test_whoever_is_in_two_pools_is_not_missing_once(northwind, sync):
    _upstream, connection = northwind
    done = sync(connection, mode="full")

    assert (done.state, stream(done).walk, stream(done).short, stream(done).total) == ("succeeded", 1, False, 35)
    assert (in_pool("Alumni"), in_pool("Silver")) == (30, 5)


def test_a_row_that_slipped_out_of_its_pool_is_noticed_although_another_pool_shows_it(northwind, sync):
    upstream, connection = northwind
    upstream.rows["candidates"].append(upstream.people[-1])  # one place twice, another not at all
    done = sync(connection, mode="full")
    assert (stream(done).walk, stream(done).short) == (2, True)


def test_a_place_ends_after_as_many_complete_walks_as_it_takes_whatever_the_mode(northwind, sync):
    upstream, connection = northwind
    sync(connection)
    upstream.rows["candidates"] = pools(alumni=range(30), silver=range(4))
    sync(connection)
    assert in_pool("Silver") == 5
    done = sync(connection)

    assert (in_pool("Alumni"), in_pool("Silver")) == (30, 4)
    assert (done.state, stream(done).vanished) == ("succeeded", 0)
    assert Activity.objects.get(verb="unpooled").data == {"pool": "Silver"}
    assert SourceRecord.objects.filter(kind="candidate", state="listed").count() == 30


def test_no_place_ends_while_the_source_is_doubted(northwind, sync):
    upstream, connection = northwind
    sync(connection)
    upstream.rows["candidates"] = pools(alumni=range(3), silver=[])
    for _ in range(3):
        sync(connection)
    assert (in_pool("Alumni"), in_pool("Silver")) == (30, 5)
