"""Keyset pages: as quick on the last page as on the first, and no row twice while rows come in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

DEFAULT_SIZE = 50
LARGEST = 200
SALT = "recruitment.api.cursor"
# Ids are time-ordered, so "created_at" is the order of the primary key.
BY_TIME: Mapping[str, str] = {"created_at": "pk"}


class KeysetPagination(BasePagination):
    """Pages by one column and the id. A view may set ``orderings``, {name: indexed column without nulls}, and
    ``default_ordering``. The ``cursor`` is signed: direction, ordering, the column's value and the id at the border."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        self.size = _size(request)
        self.ordering, self.column, descending = _ordering(request, view)
        backwards, border = self._border()
        larger = descending == backwards
        if border is not None:
            queryset = queryset.filter(_beyond(self.column, border, larger))
        sign = "" if larger else "-"
        order = [f"{sign}{self.column}"] if self.column == "pk" else [f"{sign}{self.column}", f"{sign}pk"]
        rows = list(queryset.order_by(*order)[: self.size + 1])
        more = len(rows) > self.size
        self.rows = rows[: self.size]
        if backwards:
            self.rows.reverse()
        self.has_next = more if not backwards else border is not None
        self.has_previous = more if backwards else border is not None
        return self.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link("n", -1, self.has_next),
                "previous": self._link("p", 0, self.has_previous),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": DEFAULT_SIZE}
        found = [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "required": False, "schema": size},
        ]
        names = [f"{sign}{name}" for name in getattr(view, "orderings", BY_TIME) for sign in ("", "-")]
        found.append(
            {"name": "ordering", "in": "query", "required": False, "schema": {"type": "string", "enum": names}}
        )
        return found

    def _border(self) -> tuple[bool, list[Any] | None]:
        mark = self.request.query_params.get("cursor")
        if not mark:
            return False, None
        try:
            direction, ordering, *border = signing.loads(mark, salt=SALT)
        except signing.BadSignature:
            raise ValidationError({"cursor": "This cursor isn't one of ours. Follow next and previous."}) from None
        if ordering != self.ordering:
            raise ValidationError({"cursor": "This cursor belongs to another ordering."})
        return direction == "p", border

    def _link(self, direction: str, index: int, there: bool) -> str | None:
        if not there:
            return None
        url = self.request.build_absolute_uri()
        if not self.rows:
            return remove_query_param(url, "cursor")
        row = self.rows[index]
        value: Any = None if self.column == "pk" else getattr(row, self.column)
        value = value.isoformat() if isinstance(value, datetime) else value
        mark = signing.dumps([direction, self.ordering, value, str(row.pk)], salt=SALT, compress=True)
        return replace_query_param(url, "cursor", mark)


def _size(request: Request) -> int:
    asked = request.query_params.get("page_size", str(DEFAULT_SIZE))
    if not asked.isascii() or not asked.isdigit() or len(asked) > 4 or not 1 <= int(asked) <= LARGEST:
        raise ValidationError({"page_size": f"Give a number from 1 to {LARGEST}."})
    return int(asked)


def _ordering(request: Request, view: APIView | None) -> tuple[str, str, bool]:
    """The ordering's name, its column, and whether it descends."""
    columns: Mapping[str, str] = getattr(view, "orderings", BY_TIME)
    asked = str(request.query_params.get("ordering") or getattr(view, "default_ordering", "-created_at"))
    column = columns.get(asked.removeprefix("-"))
    if column is None:
        known = ", ".join(f"{name}, -{name}" for name in columns)
        raise ValidationError({"ordering": f"Order by one of: {known}."})
    return asked, column, asked.startswith("-")


def _beyond(column: str, border: list[Any], larger: bool) -> Q:
    """Rows past the border. The outer bound lets the database use the column's index."""
    value, pk = border
    way = "gt" if larger else "lt"
    if column == "pk":
        return Q(**{f"pk__{way}": pk})
    return Q(**{f"{column}__{way}e": value}) & (Q(**{f"{column}__{way}": value}) | Q(**{f"pk__{way}": pk}))
