"""Keyset pages over time-ordered ids: the last page is as quick as the first, and no row comes twice."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

DEFAULT_SIZE = 50
LARGEST = 200


class KeysetPagination(BasePagination):
    """``cursor`` is an opaque mark made of a direction and the id at the border; newest first unless the view sets
    ``keyset_ascending``. A view may set ``keyset_field`` to a unique, indexed column."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        self.size = self._size(request)
        ascending = getattr(view, "keyset_ascending", False)
        backwards, border = self._border(request)
        towards_larger = ascending != backwards
        if border is not None:
            queryset = queryset.filter(**{"pk__gt" if towards_larger else "pk__lt": border})
        rows = list(queryset.order_by("pk" if towards_larger else "-pk")[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        self.has_next = more if not backwards else border is not None
        self.has_previous = more if backwards else border is not None
        self.rows = rows
        return rows

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
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST},
            },
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", str(DEFAULT_SIZE))
        if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= LARGEST:
            raise ValidationError({"page_size": f"Give a number from 1 to {LARGEST}."})
        return int(asked)

    def _border(self, request: Request) -> tuple[bool, uuid.UUID | None]:
        mark = request.query_params.get("cursor")
        if not mark:
            return False, None
        try:
            direction, _, hexed = base64.urlsafe_b64decode(mark.encode()).decode().partition(":")
            if direction not in ("n", "p"):
                raise ValueError(direction)
            return direction == "p", uuid.UUID(hex=hexed)
        except (ValueError, binascii.Error):
            raise ValidationError({"cursor": "This cursor isn't one of ours. Follow next and previous."}) from None

    def _link(self, direction: str, index: int, there: bool) -> str | None:
        if not there:
            return None
        url = self.request.build_absolute_uri()
        if not self.rows:
            return remove_query_param(url, "cursor")
        mark = base64.urlsafe_b64encode(f"{direction}:{self.rows[index].pk.hex}".encode()).decode()
        return replace_query_param(url, "cursor", mark)
