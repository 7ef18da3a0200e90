"""Talynce's envelopes and error codes (talynce.md 1)."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.http import Response, json_response

STATUSES = {
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "validation_error": 400,
    "invalid_pipeline_status": 400,
    "candidate_limit_reached": 403,
    "talent_pool_reveal_required": 403,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
}


class ApiError(Exception):
    """``details`` names the field, where one is to blame."""

    def __init__(
        self, code: str, message: str, *, status: int | None = None, details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details or {}
        self.status = status or STATUSES.get(code, 500)

    def response(self) -> Response:
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details:
            error["details"] = self.details
        return json_response({"error": error}, self.status)


def invalid(field: str, message: str) -> ApiError:
    return ApiError("validation_error", message, details={"field": field})


def not_found(what: str) -> ApiError:
    return ApiError("not_found", f"No such {what} in this organization.")


def success(data: Any, status: int = 200, **meta: int) -> Response:
    return json_response({"data": data, "meta": meta} if meta else {"data": data}, status)
