"""Envelopes and error codes (kombo.md 3)."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.http import Response, json_response
from integrations.sandbox.kombo.render import dumps

STATUSES = {
    "PLATFORM.RATE_LIMIT_EXCEEDED": 429,
    "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED": 429,
    "PLATFORM.INTEGRATION_NOT_FOUND": 404,
    "PLATFORM.INPUT_INVALID": 400,
    "PLATFORM.UNKNOWN_ERROR": 500,
    "PLATFORM.IP_NOT_WHITELISTED": 403,
    "PLATFORM.AUTHENTICATION_INVALID": 401,
    "PLATFORM.TASK_TIMED_OUT": 504,
    "INTEGRATION.PERMISSION_MISSING": 403,
    "INTEGRATION.AUTHENTICATION_INVALID": 401,
    "INTEGRATION.QA_FAILED": 409,
    "INTEGRATION.SETUP_SYNC_PENDING": 409,
    "INTEGRATION.SETUP_INCOMPLETE": 409,
    "INTEGRATION.INACTIVE": 409,
    "INTEGRATION.MODEL_NOT_AVAILABLE": 404,
    "INTEGRATION.MODEL_DISABLED": 403,
    "INTEGRATION.ACTION_NOT_AVAILABLE": 404,
    "INTEGRATION.ACTION_DISABLED": 403,
    "REMOTE.SERVICE_UNAVAILABLE": 503,
    "REMOTE.RATE_LIMIT_EXCEEDED": 429,
    "REMOTE.INPUT_INVALID": 400,
    "REMOTE.UNKNOWN_HTTP_ERROR": 502,
    "ATS.JOB_CLOSED": 422,
    "ATS.APPLICATION_ALREADY_EXISTS": 409,
}
TITLES = {
    "PLATFORM.INPUT_INVALID": "The request is not valid.",
    "REMOTE.INPUT_INVALID": "The connected system refused the values.",
    "INTEGRATION.SETUP_SYNC_PENDING": "The first sync is still running.",
}


class ApiError(Exception):
    """Ends a request with an error envelope. ``status`` only where it differs from the table."""

    def __init__(self, code: str | None, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUSES.get(code or "", 500)

    def response(self) -> Response:
        error = {
            "code": self.code,
            "title": TITLES.get(self.code or ""),
            "message": self.message,
            "log_url": "https://app.kombo.test/sandbox/logs?interactionId=1" if self.code else None,
        }
        return json_response({"status": "error", "error": error}, self.status)


def invalid(message: str, status: int = 400) -> ApiError:
    return ApiError("PLATFORM.INPUT_INVALID", message, status)


def success(data: Any) -> Response:
    """General endpoints: no ``warnings``."""
    return json_response({"status": "success", "data": data})


def action_success(data: Any, *warnings: str) -> Response:
    return json_response(
        {"status": "success", "data": data, "warnings": [{"message": warning} for warning in warnings]}
    )


def action_success_text(data: bytes) -> Response:
    """The same around a record that is JSON text already."""
    return Response(200, b'{"status":"success","data":%b,"warnings":[]}' % data)


def page(rows: list[bytes], following: str | None) -> Response:
    """A page of a model list; the rows are JSON text already."""
    body = b'{"status":"success","data":{"next":%b,"results":[%b]}}' % (dumps(following), b",".join(rows))
    return Response(200, body)
