"""Fixtures that every test may ask for. Model factories are in tests/factories.py, the browser in tests/browser.py."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection

pytest_plugins = ["tests.browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this run has no server for. `make test` brings both, and says so when it can't."""
    if os.environ.get("TEST_REDIS_URL") and connection.vendor == "postgresql":
        return
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL (DATABASE_URL) and Redis (TEST_REDIS_URL)"))


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No test sees what another one left in the cache (counters of wrong passwords, rates)."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def redis_url(settings) -> str:
    """The private Redis of this run. Mark the test with `services`."""
    return settings.TEST_REDIS_URL


@pytest.fixture
def sandbox() -> Iterator[object]:
    """The four providers' contracts over real HTTP on a free port; closed after the test."""
    from integrations.sandbox.server import Sandbox

    with Sandbox() as running:
        yield running
