"""The two shapes of every answer (linkup.md section 3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.http import Response, json_response

STATUSES = {
    "INVALID_API_KEY": 403, "INVALID_ACCOUNT": 404, "ACCOUNT_INACTIVE": 403, "INVALID_ACTION": 400,
    "INVALID_PARAMS": 400, "RATE_LIMITED": 429, "INSUFFICIENT_CREDITS": 402, "INTERNAL_ERROR": 500,
    "CHANNEL_ERROR": 502,
}  # fmt: skip


class ApiError(Exception):
    def __init__(self, code: str | None, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUSES.get(code or "", 500)


def stamp(now: datetime) -> str:
    """Microseconds and no zone, as some examples have it; it is UTC."""
    return now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def envelope(data: dict[str, Any], action: str, account_id: str, cost: int, now: datetime) -> Response:
    meta = {"action": action, "account_id": account_id, "credits_consumed": cost, "timestamp": stamp(now)}
    return json_response({"success": True, "data": data, "metadata": meta})


def refusal(error: ApiError, action: str, now: datetime) -> Response:
    """Errors never cost credits, and don't name the account."""
    meta = {"action": action, "credits_consumed": 0, "timestamp": stamp(now)}
    body = {"success": False, "error": {"code": error.code, "message": error.message}, "metadata": meta}
    return json_response(body, error.status)
