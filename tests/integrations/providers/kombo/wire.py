"""Kombo's side of the wire for unit tests: what was asked, and a script of answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from integrations.provider import Account
from integrations.providers.kombo.provider import Kombo

KEY = "kombo-key-0123456789"
INTEGRATION = "greenhouse:MASi45ub7Qe4ZE36UT5G6cU4"
ACCOUNT = Account("", {"api_key": KEY, "integration_id": INTEGRATION, "webhook_secret": "hook-secret-4711"})


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
    def last(self) -> httpx.Request:
        return self.asked[-1]

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) if request.content else None for request in self.asked]


def kombo(*answers: Any, account: Account = ACCOUNT) -> tuple[Kombo, Script]:
    script = Script(list(answers))
    return Kombo(account, transport=httpx.MockTransport(script.handle), sleep=script.pauses.append), script


def ok(data: Any, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"status": "success", "data": data, **more}, headers=headers)


def page(*results: Any, following: str | None = None, headers: dict[str, str] | None = None) -> httpx.Response:
    return ok({"next": following, "results": list(results)}, headers=headers)


def done(*warnings: Any) -> httpx.Response:
    return ok({}, warnings=list(warnings))


def error(
    status: int, code: str | None, message: str = "Said by Kombo.", headers: dict[str, str] | None = None
) -> httpx.Response:
    body = {"status": "error", "error": {"code": code, "title": None, "message": message, "log_url": None}}
    return httpx.Response(status, json=body, headers=headers)
