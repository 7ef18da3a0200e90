"""What a fault does to a call: before it is done, to its answer, and on the wire (talynce.md 8.12)."""

from __future__ import annotations

import json

from integrations.sandbox.faults import Fault
from integrations.sandbox.http import Request, Response, Wire, html_response
from integrations.sandbox.talynce.envelopes import ApiError

KINDS = {
    "error": "Answer an error code instead (code, message, status, done: do it all the same)",
    "timeout_done": "Do the write, then give no answer (seconds: hang before hanging up)",
    "drop": "Hang up before doing anything",
    "cut": "Do it, then cut the answer in the middle",
    "html": "Answer an HTML page (status 200 or 502; done: do it all the same)",
    "slow": "Do it, then drip the answer (seconds)",
    "rate_limit": "Answer 429: too many requests (retry_after: seconds, null for no header)",
    "garbage": "Answer JSON of a wrong shape (body: exactly this text)",
    "bad_row": "Spoil the first row of a page, or the person of a detail",
    "short_page": "Give a page half of the rows that were asked for",
    "slip": "Leave the first row of a page out, as when somebody was added meanwhile",
}
HTML = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>"


def before(fault: Fault) -> Response | None:
    """An answer in place of doing anything; None when the call is to be done first."""
    if fault.params.get("done"):
        return None
    if fault.kind == "drop":
        return Response(wire=Wire(answer=False))
    if fault.kind == "rate_limit":
        response = ApiError("rate_limit_exceeded", "Too many requests.").response()
        wait = fault.params.get("retry_after", 1)
        response.headers |= {} if wait is None else {"Retry-After": str(wait)}
        return response
    return _instead(fault) if fault.kind in ("error", "html", "garbage") else None


def _instead(fault: Fault) -> Response:
    if fault.kind == "html":
        return html_response(HTML, int(fault.params.get("status", 502)))
    if fault.kind == "garbage":
        return Response(200, str(fault.params.get("body", '["surprise", 42]')).encode())
    message = str(fault.params.get("message", "A fault was switched on in the sandbox."))
    status = fault.params.get("status")
    code = str(fault.params.get("code", "internal_error"))
    return ApiError(code, message, status=int(status) if status else None).response()


def after(fault: Fault, response: Response) -> Response:
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
        case "bad_row" | "short_page" | "slip":
            _change(fault.kind, response)
    return response


def _change(kind: str, response: Response) -> None:
    body = json.loads(response.body)
    data = body.get("data")
    if kind == "bad_row":
        row = data[0] if isinstance(data, list) and data else data
        if isinstance(row, dict):
            row |= {"full_name": 17, "primary_skills": "none", "applications": {"oops": True}, "current_ctc": "many"}
    elif isinstance(data, list):
        body["data"] = data[: (len(data) + 1) // 2] if kind == "short_page" else data[1:]
    response.body = json.dumps(body, ensure_ascii=False).encode()


def seen_status(fault: Fault | None, status: int) -> int | None:
    """The status that the caller will see of a write that is done: the ledger shows it."""
    if fault is None:
        return status
    if fault.kind == "timeout_done":
        return None
    if fault.params.get("done") and fault.kind in ("error", "html"):
        return _instead(fault).status
    return status


def is_write(request: Request) -> bool:
    return request.method in ("POST", "PUT")
