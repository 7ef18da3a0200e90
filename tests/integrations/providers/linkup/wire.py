"""LinkUp's side of the wire for unit tests: a script of answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from integrations.provider import Account
from integrations.providers.linkup.provider import LinkUp
from tests.integrations.providers.kombo.wire import Script

KEY = "lk_live_0123456789abcdef"
ACCOUNT_ID = "69d0aa17c2b1e40094ab1203"
JOB = "4401122334"
META = {"action": "any", "account_id": ACCOUNT_ID, "timestamp": "2026-04-26T10:35:00.000000"}


def account(**options: Any) -> Account:
    return Account("", {"api_key": KEY, "account_id": ACCOUNT_ID}, {"job_ids": [JOB], **options})


def linkup(*answers: Any, options: Mapping[str, Any] | None = None) -> tuple[LinkUp, Script]:
    script = Script(list(answers))
    provider = LinkUp(
        account(**(options or {})), transport=httpx.MockTransport(script.handle), sleep=script.pauses.append
    )
    return provider, script


def ok(data: Any, cost: int = 1, **meta: Any) -> httpx.Response:
    return httpx.Response(
        200, json={"success": True, "data": data, "metadata": {**META, "credits_consumed": cost, **meta}}
    )


def page(
    *rows: Any, total: int | None = None, following: int | None = None, cost: int = 1, key: str = "candidates"
) -> httpx.Response:
    pages = {"offset": 0, "count": len(rows), "next_offset": following, "has_more": following is not None}
    data = {key: list(rows), "total_results": len(rows), "pagination": pages}
    return ok(data | ({} if total is None else {"total_available_results": total}), cost)


def error(
    status: int, code: str | None, message: str = "Said by LinkUp.", headers: dict[str, str] | None = None
) -> httpx.Response:
    body = {"success": False, "error": {"code": code, "message": message}, "metadata": {"credits_consumed": 0}}
    return httpx.Response(status, json=body, headers=headers)
