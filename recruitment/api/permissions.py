"""Who may call the API at all; what a role may do is decided where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from recruitment.models import Membership

if TYPE_CHECKING:  # DRF loads this module by its settings while it is loading its own views
    from rest_framework.request import Request
    from rest_framework.views import APIView


def member_of(request: Request) -> Membership:
    """The member on whose behalf this request is made. Only behind ``IsMember``."""
    return request._request.member  # type: ignore[attr-defined]


class IsMember(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and getattr(request._request, "member", None))
