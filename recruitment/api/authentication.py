"""Bearer tokens for programs, the session for pages on this site."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from recruitment.models import ApiToken, User
from recruitment.tokens import find_token


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer <token>``. The token is one member of one workspace."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Send the token as: Authorization: Bearer <token>")
        token = find_token(parts[1].decode("latin-1"))
        if token is None:
            raise AuthenticationFailed("This token is unknown or was revoked.")
        request._request.member = token.member  # type: ignore[attr-defined]
        return token.member.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class MemberSessionAuthentication(SessionAuthentication):
    """The browser's session, with CSRF enforced."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        return found if found and getattr(request._request, "member", None) else None
