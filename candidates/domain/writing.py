"""Writing many rows at once. On PostgreSQL by COPY: several times as fast as INSERT, and a page is mostly inserts."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from django.utils import timezone

Column = tuple[str, Callable[[Any], Any] | None]  # attribute of the object, and how its value is put


def insert(model: type[models.Model], rows: Collection[Any], *, ignore_conflicts: bool = False) -> None:
    """Unsaved objects with their ids. With ``ignore_conflicts``, rows that are there already are left as they are."""
    if not rows:
        return
    if connection.vendor != "postgresql" or ignore_conflicts:
        model._default_manager.bulk_create(rows, batch_size=1000, ignore_conflicts=ignore_conflicts)
        return
    now = timezone.now()
    for row in rows:
        row.created_at = row.updated_at = now
    columns = _columns(model)
    _copy(model, [[_put(getattr(row, name), put) for name, put in columns] for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, "default"


def insert_links(model: type[models.Model], names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Rows of plain values under the attributes ``names``; every other column must have none but its times."""
    if not values:
        return
    if connection.vendor == "postgresql":
        now = timezone.now()
        _copy(model, [(*row, now, now) for row in values], [*names, "created_at", "updated_at"])
    else:
        made = [model(**dict(zip(names, row, strict=True))) for row in values]
        model._default_manager.bulk_create(made, batch_size=1000)


def overwrite(model: type[models.Model], rows: Collection[Any], names: Iterable[str]) -> None:
    """Write objects that this transaction has read and locked, in one statement: an upsert by id is several times as
    fast as an UPDATE with a CASE for each column."""
    if rows:
        fields = list(dict.fromkeys(names))
        model._default_manager.bulk_create(
            list(rows), update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=1000
        )


def _copy(model: type[models.Model], rows: Iterable[Sequence[Any]], names: Sequence[str] = ()) -> None:
    quote = connection.ops.quote_name
    attributes = {field.attname: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(quote(attributes[name]) for name in names or [name for name, _put in _columns(model)])
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _put(value: Any, put: Callable[[Any], Any] | None) -> Any:
    return value if put is None or value is None else put(value)


@cache
def _columns(model: type[models.Model]) -> tuple[Column, ...]:
    return tuple(
        (field.attname, json.dumps if isinstance(field, models.JSONField) else None)
        for field in model._meta.concrete_fields
    )
