"""Shared fixtures. Factories live in tests/factories.py, the browser in tests/browser.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give SQLite a test database in a file: shared in-memory ones lock whole tables under a live server."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, settings) -> Iterator[None]:
    """No test writes into the developer's own data."""
    if hasattr(settings, "DATA_DIR"):
        settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    yield
