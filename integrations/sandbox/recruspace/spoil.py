"""What a fault does to a call: before it is done, to its answer, and on the wire (recruspace.md 8.9)."""

from __future__ import annotations

import json
from typing import Any

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Response, Wire, html_response
from integrations.sandbox.recruspace.envelopes import ApiError, throttled

KINDS = {
    "error": "Answer an error instead (status, detail, done: do it all the same)",
    "timeout_done": "Do the call, then give no answer (seconds: hang before hanging up)",
    "drop": "Hang up before doing anything",
    "cut": "Do it, then cut the answer in the middle",
    "html": "Answer an HTML page (status; done: do it all the same)",
    "slow": "Do it, then drip the answer (seconds)",
    "rate_limit": "Answer 429: throttled (seconds)",
    "garbage": "Answer JSON of a wrong shape (body: exactly this text)",
    "bad_row": "Spoil the first row of a list",
    "slip": "Leave the first row of a list out, as when somebody was added meanwhile",
}
HTML = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>"
INSTEAD = ("error", "html", "garbage", "rate_limit")


def before(fault: Fault) -> Response | None:
    """An answer in place of doing anything; None when the call is to be done first."""
    if fault.params.get("done"):
        return None
    if fault.kind == "drop":
        return Response(wire=Wire(answer=False))
    return _instead(fault) if fault.kind in INSTEAD else None


def _instead(fault: Fault) -> Response:
    said = fault.params
    if fault.kind == "html":
        return html_response(HTML, int(said.get("status", 502)))
    if fault.kind == "garbage":
        return Response(200, str(said.get("body", '{"surprise": 42}')).encode())
    if fault.kind == "rate_limit":
        return throttled(int(said.get("seconds", 1))).response()
    detail = str(said.get("detail", "A fault was switched on in the sandbox."))
    return ApiError(int(said.get("status", 500)), detail).response()


def after(fault: Fault, response: Response) -> Response:
    """The call was done; spoil what is told of it."""
    match fault.kind:
        case "error" | "html" | "garbage" | "rate_limit":
            return _instead(fault)
        case "timeout_done":
            response.wire = Wire(answer=False, hold_seconds=float(fault.params.get("seconds", 0)))
        case "cut":
            response.wire = Wire(send=len(response.body) // 2)
        case "slow":
            response.wire = Wire(drip_seconds=float(fault.params.get("seconds", 2)))
        case "bad_row" | "slip":
            _change(fault.kind, response)
    return response


def _change(kind: str, response: Response) -> None:
    body = json.loads(response.body or b"null")
    rows = _rows(body)
    if rows and kind == "slip":
        del rows[0]
    elif rows and isinstance(rows[0], dict):
        rows[0] = {**rows[0], "id": {"oops": True}, "hash": None, "tags": "none", "substage": 17}
    response.body = json.dumps(body, ensure_ascii=False).encode()


def _rows(body: Any) -> list[Any] | None:
    """The rows of a list in any shape."""
    for key in ("content", "results"):
        body = body.get(key, body) if isinstance(body, dict) else body
    return body if isinstance(body, list) else None


def seen_status(fault: Fault | None, status: int) -> int | None:
    """The status that the caller will see of a write that is done: the ledger shows it."""
    if fault is None:
        return status
    if fault.kind == "timeout_done":
        return None
    done = fault.params.get("done") and fault.kind in INSTEAD
    return _instead(fault).status if done else status
