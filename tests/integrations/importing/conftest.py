"""A connection to a sandbox over real HTTP, and imports that run where the test is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from integrations.importing import request_sync, run
from integrations.models import Connection, SyncRun, SyncStream
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from tests import factories as make

KEYS = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}


@pytest.fixture
def upstream(settings) -> Iterator[Sandbox]:
    """Three pages of people; the read copy follows at once."""
    with Sandbox(people=600, read_delay=0, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def connection(upstream, db) -> Connection:
    return connect(upstream)


def connect(upstream: Sandbox) -> Connection:
    return make.make_connection(make.make_workspace(), base_url=f"{upstream.url}/kombo", credentials=KEYS)


@pytest.fixture
def sync() -> Callable[..., SyncRun]:
    """Ask for an import and run it to its end; what it answers is the run as it is in the database."""

    def go(connection: Connection, **options) -> SyncRun:
        asked = request_sync(connection, **options)
        run(asked.pk)
        connection.refresh_from_db()
        asked.refresh_from_db()
        for row in asked.streams.all():
            assert row.fetched == row.created + row.updated + row.unchanged + row.set_aside + row.skipped, row.name
        return asked

    return go


def stream(sync_run: SyncRun, name: str = "candidates") -> SyncStream:
    return sync_run.streams.get(name=name)


def counts(sync_run: SyncRun, name: str = "candidates") -> dict[str, int]:
    """What isn't nought."""
    names = ("fetched", "created", "updated", "unchanged", "set_aside", "skipped", "vanished")
    row = stream(sync_run, name)
    return {name: getattr(row, name) for name in names if getattr(row, name)}
