"""Errors in the shape of drf-standardized-errors, the domain's refusals included."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from drf_standardized_errors.handler import exception_handler as standard
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from recruitment.errors import DomainError


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """``{type, errors: [{code, detail, attr}]}``; a domain error's extra facts stand beside ``errors``."""
    if isinstance(error, DomainError):
        kind = "validation_error" if error.status == 400 else "client_error"
        body = {
            "type": kind,
            "errors": [{"code": error.code, "detail": error.message, "attr": error.field}],
            **error.extra,
        }
        return Response(body, status=error.status)
    if isinstance(error, PermissionDenied) and str(error):
        error = exceptions.PermissionDenied(str(error))
    response = standard(error, cast(Any, context))
    for item in response.data["errors"] if response is not None else []:
        if item["attr"]:
            item["attr"] = item["attr"].removesuffix(f".{api_settings.NON_FIELD_ERRORS_KEY}")
    return response
