"""A database for the bench alone, on the server of the configured one, or a file beside nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

SUFFIX = "_bench"


@contextmanager
def own_database(folder: Path, *, keep: bool) -> Iterator[str]:
    """The DATABASE_URL of an empty database, or with ``keep`` of the one that an earlier bench has kept."""
    if connection.vendor != "postgresql":
        place = folder.parent / f"quorum{SUFFIX}.sqlite3" if keep else folder / "bench.sqlite3"
        yield f"sqlite:///{place}"
        return
    name = f"{connection.settings_dict['NAME']}{SUFFIX}"
    if not keep:
        _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    if name not in _names():
        _on_server("CREATE DATABASE {}", name)
    try:
        yield _url(name)
    finally:
        if not keep:
            _on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _url(name: str) -> str:
    known = connection.settings_dict
    login = quote(known["USER"], safe="")
    if known["PASSWORD"]:
        login += f":{quote(known['PASSWORD'], safe='')}"
    port = f":{known['PORT']}" if known["PORT"] else ""
    return f"postgres://{login}@{quote(known['HOST'], safe='')}{port}/{quote(name, safe='')}"


def _server() -> psycopg.Connection:
    known = connection.settings_dict
    given = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    return psycopg.connect(dbname="postgres", autocommit=True, **{key: value for key, value in given.items() if value})


def _on_server(statement: str, name: str) -> None:
    with _server() as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _names() -> set[str]:
    with _server() as server:
        return {row[0] for row in server.execute("SELECT datname FROM pg_database")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
