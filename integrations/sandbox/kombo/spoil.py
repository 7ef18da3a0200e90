"""What a fault does to a call: before it is done, to its answer, and on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Request, Response, Wire, html_response
from integrations.sandbox.kombo.envelopes import STATUSES, ApiError
from integrations.sandbox.kombo.query import decode_cursor, encode_cursor

HTML = "<!doctype html><title>{0}</title><h1>{0}</h1><p>The gateway could not reach the service.</p>"


def _error(code: str | None, fault: Fault, message: str = "A fault was switched on in the sandbox.") -> Response:
    return ApiError(code, fault.params.get("message", message), fault.params.get("status")).response()


def _html(fault: Fault) -> Response:
    status = int(fault.params.get("status", 502))
    return html_response(HTML.format("Bad gateway" if status >= 500 else "Welcome"), status)


def _garbage(fault: Fault) -> Response:
    return Response(200, str(fault.params.get("body", '["surprise", 42, {"status": null}]')).encode())


def before(fault: Fault) -> Response | None:
    """An answer in place of doing anything; None when the call is to be done first."""
    if fault.params.get("done"):
        return None
    match fault.kind:
        case "drop":
            return Response(wire=Wire(answer=False))
        case "error" | "html" | "garbage":
            return _instead(fault)
        case "setup_pending":
            return _error("INTEGRATION.SETUP_SYNC_PENDING", fault, "The first sync is still running.")
        case "rate_limit":
            return _error("PLATFORM.RATE_LIMIT_EXCEEDED", fault, "Too many requests.")
        case "concurrency_limit":
            return _error("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", fault, "Too many actions in flight.")
    return None


def _instead(fault: Fault) -> Response:
    if fault.kind == "html":
        return _html(fault)
    if fault.kind == "garbage":
        return _garbage(fault)
    return _error(fault.params.get("code"), fault)


def after(fault: Fault, request: Request, response: Response) -> Response:
    """The call was done; spoil what is told of it."""
    match fault.kind:
        case "error" | "html" | "garbage":
            return _instead(fault)
        case "timeout_done":
            response.wire = Wire(answer=False, hold_seconds=float(fault.params.get("seconds", 0)))
        case "cut":
            response.wire = Wire(send=len(response.body) // 2)
        case "slow":
            response.wire = Wire(drip_seconds=float(fault.params.get("seconds", 2)))
        case "bad_row":
            return _changed(response, _spoil_row)
        case "repeat_cursor":
            cursor = request.query.get("cursor", encode_cursor(0))
            return _changed(response, lambda data: data["data"].update(next=cursor))
        case "expire_cursor" if "cursor" in request.query:
            decode_cursor("expired")
    return response


def _changed(response: Response, change: Callable[[dict[str, Any]], None]) -> Response:
    data = json.loads(response.body)
    if data.get("status") == "success" and "results" in data.get("data", {}):
        change(data)
        response.body = json.dumps(data, ensure_ascii=False).encode()
    return response


def _spoil_row(data: dict[str, Any]) -> None:
    if data["data"]["results"]:
        data["data"]["results"][0] |= {"changed_at": 17, "applications": "none", "email_addresses": {"oops": True}}


def seen_status(fault: Fault | None) -> int | None:
    """The status that the caller will see of a write that is done: the ledger shows it."""
    if fault is None:
        return 200
    if fault.kind == "timeout_done":
        return None
    if fault.params.get("done") and fault.kind == "error":
        return int(fault.params.get("status") or STATUSES.get(fault.params.get("code") or "", 500))
    if fault.params.get("done") and fault.kind == "html":
        return int(fault.params.get("status", 502))
    return 200


def with_headers(fault: Fault | None, response: Response, headers: dict[str, str]) -> Response:
    """Rate headers on every answer; a ``rate_limit`` fault may name its own reset, none at all, or ``Retry-After``."""
    response.headers |= headers
    if fault and fault.kind == "rate_limit":
        response.headers["ratelimit-remaining"] = "0"
        reset = fault.params.get("reset", 1)
        response.headers["ratelimit-reset"] = str(reset)
        if reset is None:
            for name in headers:
                del response.headers[name]
        if "retry_after" in fault.params:
            response.headers["Retry-After"] = str(fault.params["retry_after"])
    return response
