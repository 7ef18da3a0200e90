"""A ceiling for each token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import SimpleRateThrottle

from recruitment.models import ApiToken

if TYPE_CHECKING:  # DRF loads this module by its settings while it is loading its own views
    from rest_framework.request import Request
    from rest_framework.views import APIView


class TokenThrottle(SimpleRateThrottle):
    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, ApiToken):
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}
