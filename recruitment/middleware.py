"""Who is asking, and in which workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from recruitment.models import Membership

CHOSEN = "membership"  # session key: the id of the membership last switched to

Handler = Callable[[HttpRequest], HttpResponse]


def current_member(request: HttpRequest) -> Membership | None:
    """The session's membership if it is still active, else the user's first one, else None. Read anew on every
    request, so that a removed member is out at once."""
    if not request.user.is_authenticated:
        return None
    mine = list(Membership.objects.of(request.user))
    cast(Any, request).memberships = mine  # for the switcher, which needn't ask again
    chosen = request.session.get(CHOSEN)
    return next((member for member in mine if str(member.pk) == chosen), mine[0] if mine else None)


class MemberMiddleware:
    """Sets ``request.member`` and ``request.workspace`` (lazily; falsy without one). The API sets the member again from
    its token."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cast(Any, request)
        known.member = SimpleLazyObject(lambda: current_member(request))
        known.workspace = SimpleLazyObject(lambda: known.member.workspace if known.member else None)
        return self.get_response(request)


class PrivateResponseMiddleware:
    """Pages hold people's data: no cache keeps them, and a fragment is never served for a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response
