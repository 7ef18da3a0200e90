"""Who may call the API at all; what a role may do is decided where it is done."""

from __future__ import annotations

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from recruitment.models import Membership


def member_of(request: Request) -> Membership:
    """The member on whose behalf this request is made. Only behind ``IsMember``."""
    return request._request.member  # type: ignore[attr-defined]


class IsMember(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user and request.user.is_authenticated and getattr(request._request, "member", None))
