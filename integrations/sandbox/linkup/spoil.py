"""What a fault does to a call of LinkUp: before it is done, to its answer, and on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Response, Wire, html_response
from integrations.sandbox.linkup.envelopes import ApiError, refusal

KINDS = {
    "error": "Answer an error code instead (code, message, status)",
    "rate_limit": "Answer 429: too many requests (retry_after: seconds; without it no time is named)",
    "internal": "Answer 500: INTERNAL_ERROR",
    "no_credits": "Answer 402: no credits left",
    "wrong_key": "Answer 403: INVALID_API_KEY",
    "inactive": "Answer 403: the LinkedIn login has ended",
    "channel": "Answer 502: LinkedIn refused, and repeating doesn't help",
    "cloudflare": "Answer 403 with a page of Cloudflare instead of JSON",
    "html": "Answer an HTML page (status)",
    "garbage": "Answer JSON of a wrong shape (body: exactly this text)",
    "drop": "Hang up before doing anything",
    "cut": "Do it, then cut the answer in the middle",
    "slow": "Do it, then drip the answer (seconds)",
    "timeout_done": "Do it, then give no answer (seconds: hang before hanging up)",
    "bad_row": "Spoil the first row of a page",
    "no_id": "Take the id from the first row of a page",
    "repeat_offset": "Give the page's own offset as the next one",
    "early_end": "Say that there is no further page although there is",
    "empty_page": "Answer an empty page that says there is more",
    "other_account": "Answer in the name of another account",
}  # fmt: skip
CODES = {
    "rate_limit": "RATE_LIMITED", "internal": "INTERNAL_ERROR", "no_credits": "INSUFFICIENT_CREDITS",
    "wrong_key": "INVALID_API_KEY", "inactive": "ACCOUNT_INACTIVE", "channel": "CHANNEL_ERROR",
}  # fmt: skip
WALL = (
    "<!doctype html><html><head><title>Access denied | Cloudflare</title></head><body><h1>Error 1010</h1><p>The owner "
    "of this website has banned your access based on your browser's signature.</p></body></html>"
)
WELCOME = "<!doctype html><title>Welcome</title><h1>Sign in</h1>"


def is_script(user_agent: str) -> bool:
    """Cloudflare, which stands before LinkUp, turned Python's default user agent away (section 2)."""
    return not user_agent or user_agent.startswith("Python-urllib")


def cloudflare() -> Response:
    return html_response(WALL, 403)


def before(fault: Fault, action: str) -> Response | None:
    """An answer in place of doing anything; None when the call is to be done first."""
    if fault.kind == "drop":
        return Response(wire=Wire(answer=False))
    if fault.kind == "cloudflare":
        return cloudflare()
    if fault.kind == "html":
        return html_response(WELCOME, int(fault.params.get("status", 200)))
    if fault.kind == "garbage":
        return Response(200, str(fault.params.get("body", '["surprise", 42, {"success": null}]')).encode())
    if fault.kind not in ("error", *CODES):
        return None
    code = CODES.get(fault.kind, fault.params.get("code"))
    message = fault.params.get("message", f"{KINDS[fault.kind]}. A fault was switched on in the sandbox.")
    answer = refusal(ApiError(code, message, fault.params.get("status")), action, datetime.now(UTC))
    if "retry_after" in fault.params:
        answer.headers["Retry-After"] = str(fault.params["retry_after"])
    return answer


def after(fault: Fault, response: Response) -> Response:
    """The call was done, and is charged; spoil what is told of it."""
    match fault.kind:
        case "timeout_done":
            response.wire = Wire(answer=False, hold_seconds=float(fault.params.get("seconds", 0)))
        case "cut":
            response.wire = Wire(send=len(response.body) // 2)
        case "slow":
            response.wire = Wire(drip_seconds=float(fault.params.get("seconds", 2)))
        case kind if kind in CHANGES:
            return _changed(response, CHANGES[kind])
    return response


def _changed(response: Response, change: Callable[[dict[str, Any], list[Any], dict[str, Any]], None]) -> Response:
    answer = json.loads(response.body)
    data = answer.get("data", {})
    rows = next((value for value in data.values() if isinstance(value, list)), None) if data else None
    if rows is not None and "pagination" in data:
        change(answer, rows, data["pagination"])
        response.body = json.dumps(answer, ensure_ascii=False).encode()
    return response


def _bad_row(_answer: dict[str, Any], rows: list[Any], _pages: dict[str, Any]) -> None:
    if rows:
        rows[0] |= {"rating": 17, "experiences": "none", "is_top_choice": "perhaps"}


def _no_id(_answer: dict[str, Any], rows: list[Any], _pages: dict[str, Any]) -> None:
    if rows:
        rows[0] = {key: value for key, value in rows[0].items() if not key.endswith("_id")}


def _repeat(_answer: dict[str, Any], _rows: list[Any], pages: dict[str, Any]) -> None:
    pages |= {"next_offset": pages["offset"], "has_more": True}


def _early(_answer: dict[str, Any], _rows: list[Any], pages: dict[str, Any]) -> None:
    pages |= {"next_offset": None, "has_more": False}


def _empty(_answer: dict[str, Any], rows: list[Any], pages: dict[str, Any]) -> None:
    rows.clear()
    pages |= {"next_offset": pages["offset"] + 50, "has_more": True, "count": 0}


def _other(answer: dict[str, Any], _rows: list[Any], _pages: dict[str, Any]) -> None:
    answer["metadata"]["account_id"] = "69d0aa17c2b1e40094ab12ff"


CHANGES: dict[str, Callable[[dict[str, Any], list[Any], dict[str, Any]], None]] = {
    "bad_row": _bad_row, "no_id": _no_id, "repeat_offset": _repeat, "early_end": _early, "empty_page": _empty,
    "other_account": _other,
}  # fmt: skip
