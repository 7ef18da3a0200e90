"""Recruspace's answers: bare values, page envelopes, wrapped ones, and Django REST framework's errors."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.http import Request, Response, json_response
from integrations.sandbox.recruspace.store import Switches

PAGE_SIZE, LARGEST_PAGE = 10, 100
NOT_FOUND = "Not found."


class ApiError(Exception):
    def __init__(self, status: int, body: dict[str, Any] | str, *, seconds: int | None = None) -> None:
        super().__init__(str(body))
        self.status, self.seconds = status, seconds
        self.body = {"detail": body} if isinstance(body, str) else body

    @property
    def words(self) -> str:
        return str(self.body.get("detail") or self.body)

    def response(self) -> Response:
        return json_response(self.body, self.status)


def not_found() -> ApiError:
    return ApiError(404, NOT_FOUND)


def throttled(seconds: int) -> ApiError:
    plural = "" if seconds == 1 else "s"
    words = f"Request was throttled. Expected available in {seconds} second{plural}."
    return ApiError(429, words, seconds=seconds)


def wrapped(data: Any, *, wrap: bool) -> Any:
    return {"success": "OK", "content": data} if wrap else data


def cut(request: Request, count: int, switches: Switches) -> tuple[int, int, int]:
    """Page, its first row and the row after its last one. Raises ApiError for a page that isn't there (8.4)."""
    size = _number(request.query.get("page_size", ""), PAGE_SIZE)
    size = PAGE_SIZE if size < 1 else min(size, LARGEST_PAGE)
    page = _number(request.query.get("page", "1"), -1)
    last = max(1, -(-count // size))
    if not 1 <= page <= last and not switches.ignore_page:
        raise ApiError(404, "Invalid page.")
    start = 0 if switches.ignore_page else (page - 1) * size
    return page, start, min(start + size, count)


def listed(
    request: Request, rows: list[Any], place: tuple[int, int, int], count: int, *, envelope: bool, switches: Switches
) -> Response:
    page, _start, stop = place
    if not envelope:
        return json_response(wrapped(rows, wrap=switches.wrap_lists))
    more = switches.ignore_page or stop < count
    links = {
        "next": _link(request, page + 1) if more else None,
        "previous": _link(request, page - 1) if page > 1 else None,
    }
    shown = {name: link for name, link in links.items() if link is not None or switches.nulls}
    return json_response(wrapped({"count": count, **shown, "results": rows}, wrap=switches.wrap_lists))


def _link(request: Request, page: int) -> str:
    query = urlencode({**request.query, "page": page})
    return f"{request.origin}/recruspace{request.path}?{query}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
