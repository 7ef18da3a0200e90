"""Talynce's side of the wire for unit tests: what was asked, and answers by path or in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx

from integrations.provider import Account, Order
from integrations.providers.talynce.provider import Talynce
from tests.integrations.providers.kombo.wire import Script
from tests.integrations.providers.talynce import rows

KEY = "talynce-key-0123456789"
ACCOUNT = Account("", {"api_key": KEY}, {"reject_status": "Rejected", "shortlist_status": "shortlisted"})


def talynce(*answers: Any, account: Account = ACCOUNT, **options: Any) -> tuple[Talynce, Script]:
    script = Script(list(answers))
    account = replace(account, options={**account.options, **options})
    return Talynce(account, transport=httpx.MockTransport(script.handle), sleep=script.pauses.append), script


def order(kind: str, **payload: Any) -> Order:
    return Order(kind, payload, candidate_id=rows.ASHA, application_id=rows.LINK, reference="ref")


def one(data: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": data})


def page(*found: Any, total: int | None = None, offset: int = 0) -> httpx.Response:
    meta = {"total": len(found) + offset if total is None else total, "limit": 100, "offset": offset}
    return httpx.Response(200, json={"data": list(found), "meta": meta})


def error(
    status: int,
    code: Any,
    message: str = "Said by Talynce.",
    headers: dict[str, str] | None = None,
    details: Any = None,
) -> httpx.Response:
    body = {"error": {"code": code, "message": message, **({"details": details} if details else {})}}
    return httpx.Response(status, json=body, headers=headers)
