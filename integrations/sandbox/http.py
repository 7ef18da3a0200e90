"""What travels between the socket and a provider: requests, responses, routes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qs

MISSING = object()


@dataclass(slots=True)
class Request:
    """One request. ``path`` is relative to the mount point; ``query`` holds the last value of each key."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message | Mapping[str, str]
    body: bytes

    @property
    def origin(self) -> str:
        """Scheme and host as the caller wrote them, so that links in answers lead back the way they came."""
        return f"http://{self.headers.get('Host', '127.0.0.1')}"

    def json(self) -> Any:
        """The parsed body; ``MISSING`` when there is none or it isn't JSON."""
        try:
            return json.loads(self.body) if self.body else MISSING
        except ValueError:
            return MISSING

    def form(self) -> dict[str, str]:
        return {key: values[-1] for key, values in parse_qs(self.body.decode("utf-8", "replace"), True).items()}


@dataclass(slots=True)
class Wire:
    """How an answer is delivered when a fault is on. ``send`` limits the bytes of the body that leave."""

    answer: bool = True
    send: int | None = None
    hold_seconds: float = 0.0
    drip_seconds: float = 0.0


@dataclass(slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    wire: Wire | None = None


def json_response(data: Any, status: int = 200) -> Response:
    return Response(status, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode())


def html_response(text: str, status: int = 200) -> Response:
    return Response(status, text.encode(), "text/html; charset=utf-8")


def redirect(location: str) -> Response:
    return Response(303, headers={"Location": location})


class Router:
    """Methods and path patterns to handlers. ``{name}`` in a pattern matches one segment."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = []

    def add(self, method: str, pattern: str, handler: Callable[..., Any]) -> None:
        regex = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self.routes.append((method, re.compile(regex + r"/?"), handler))

    def find(self, method: str, path: str) -> tuple[Callable[..., Any], dict[str, str]] | None:
        for wanted, regex, handler in self.routes:
            if wanted == method and (match := regex.fullmatch(path)):
                return handler, match.groupdict()
        return None
