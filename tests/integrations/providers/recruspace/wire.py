"""Recruspace's side of the wire: a script of answers without sockets, and a small company over real ones."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx

from integrations.provider import Account
from integrations.providers.recruspace.provider import Recruspace
from tests.integrations import fakewire

KEY = "recruspace-key-0123456789"


def account(**options: Any) -> Account:
    return Account("", {"api_key": KEY}, options)


@dataclass
class Script:
    """Answers in turn, the last one for ever. ``pauses`` are the seconds that the client slept between repeats."""

    answers: list[httpx.Response | Callable[[httpx.Request], httpx.Response]]
    asked: list[httpx.Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        chosen = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return chosen(request) if callable(chosen) else chosen

    @property
    def paths(self) -> list[str]:
        return [request.url.raw_path.decode() for request in self.asked]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) if request.content else None for request in self.asked]


def recruspace(*answers: Any, **options: Any) -> tuple[Recruspace, Script]:
    script = Script(list(answers))
    transport = httpx.MockTransport(script.handle)
    return Recruspace(account(**options), transport=transport, sleep=script.pauses.append), script


def ok(data: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=data)


def said(status: int, detail: str = "Said by Recruspace.", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail}, headers=headers)


def company(
    pools: dict[int, list[dict[str, Any]]],
    shape: Callable[[list[Any], int, int], tuple[int, Any]],
    *,
    counts: dict[int, int | None] | None = None,
) -> fakewire.Script:
    """Pools of candidates. ``shape`` puts (all rows, page, page_size) of any list into a status and a body."""

    def script(connection: socket.socket, asked: fakewire.Asked, _over: threading.Event) -> None:
        path, _, query = asked.path.partition("?")
        params = dict(parse_qsl(query))
        page, size = int(params["page"]), int(params["page_size"])
        parts = path.removeprefix("/api/v1/client/").strip("/").split("/")
        if parts == ["talent-pools"]:
            known = counts or {pool: len(rows) for pool, rows in pools.items()}
            status, body = shape([{"id": pool, "candidate_count": known[pool]} for pool in pools], page, size)
        elif parts[0] == "talent-pools" and int(parts[1]) in pools:
            status, body = shape(pools[int(parts[1])], page, size)
        else:
            status, body = 404, {"detail": "Not found."}
        reason = {200: "OK", 404: "Not Found"}[status]
        sent = json.dumps(body).encode()
        connection.sendall(fakewire.head(len(sent), status=f"{status} {reason}") + sent)

    return script
