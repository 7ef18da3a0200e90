"""Fixtures that every test may ask for. Model factories are in tests/factories.py, the browser in tests/browser.py."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection

pytest_plugins = ["tests.browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what follows from place and fixtures, and skip what this run has no server for.

    `make test` brings PostgreSQL and Redis, and says so when it can't.
    """
    has_services = os.environ.get("TEST_REDIS_URL") and connection.vendor == "postgresql"
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker("journey")
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if item.get_closest_marker("services") and not has_services:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL (DATABASE_URL) and Redis (TEST_REDIS_URL)"))


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """No test sees what another one left in the cache (counters of wrong passwords, rates)."""
    forget_rates()
    yield
    forget_rates()


def forget_rates() -> None:
    cache.clear()
    shutil.rmtree(Path(settings.DATA_DIR) / "pace", ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Emptying the tables between tests meets two things that a running product wants.

    SQLite does it by DELETE, which the append-only activity refuses: the triggers go, and come back with the
    post_migrate that ends each flush. PostgreSQL locks all tables at once, and a request that the browser has just sent
    may hold some of them: then it is tried again.
    """
    operations = type(connection.ops)  # the class: with Playwright's loop running, a test has a connection of its own
    flush = operations.execute_sql_flush

    def without_guards(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            for name in ("candidates_activity_no_delete", "candidates_activity_no_update"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        flush(self, statements)

    def patiently(self: Any, statements: list[str]) -> None:
        for left in reversed(range(10)):
            try:
                return flush(self, statements)
            except OperationalError as error:
                if not left or not ("deadlock" in str(error) or "lock timeout" in str(error)):
                    raise

    operations.execute_sql_flush = without_guards if connection.vendor == "sqlite" else patiently


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
