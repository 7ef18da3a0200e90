"""Keyset pages for screens: as quick on the last page as on the first, both ways, and each with its own address.

The API's pages are in ``recruitment.api.pagination``; they carry the ordering in their cursor, screens in the address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Q, QuerySet
from django.http import HttpRequest

SIZE = 50
SALT = "recruitment.paging"


@dataclass(slots=True)
class Page:
    """``previous_url`` and ``next_url`` are query strings, empty where there is no such page."""

    rows: list[Any] = field(default_factory=list)
    previous_url: str = ""
    next_url: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.previous_url and not self.next_url


def keyset_page(
    request: HttpRequest, found: QuerySet[Any], *, column: str = "pk", descending: bool = True, size: int = SIZE
) -> Page:
    """A page of ``found`` by one column without nulls and the id. A mark that isn't ours, or is of another ordering,
    means the first page: a shared address never breaks.
    """
    ordering = f"{'-' if descending else ''}{column}"
    backwards, border = _border(request, ordering)
    larger = descending == backwards
    if border is not None:
        found = found.filter(_beyond(column, border, larger))
    sign = "" if larger else "-"
    order = [f"{sign}pk"] if column == "pk" else [f"{sign}{column}", f"{sign}pk"]
    rows = list(found.order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next = more if not backwards else border is not None
    has_previous = more if backwards else border is not None
    return Page(
        rows,
        _link(request, "p", ordering, column, rows[:1]) if has_previous else "",
        _link(request, "n", ordering, column, rows[-1:]) if has_next else "",
    )


def _border(request: HttpRequest, ordering: str) -> tuple[bool, list[Any] | None]:
    try:
        direction, known, *border = signing.loads(request.GET.get("page", ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        return False, None
    return (direction == "p", border) if known == ordering and direction in "pn" else (False, None)


def _beyond(column: str, border: list[Any], larger: bool) -> Q:
    """Rows past the border. The outer bound lets the database use the column's index."""
    value, pk = border
    way = "gt" if larger else "lt"
    if column == "pk":
        return Q(**{f"pk__{way}": UUID(pk)})
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": UUID(pk)}))


def _link(request: HttpRequest, direction: str, ordering: str, column: str, edge: list[Any]) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    if edge:  # an empty page leads back to the first
        value: Any = None if column == "pk" else getattr(edge[0], column)
        value = value.isoformat() if isinstance(value, datetime) else value
        query["page"] = signing.dumps([direction, ordering, value, str(edge[0].pk)], salt=SALT, compress=True)
    return f"?{query.urlencode()}"
