"""Who may open a screen. Django's ``login_required`` with the member, and the 403 of a missing role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from recruitment.models import Membership, Role
from recruitment.requests import MemberRequest

View = Callable[..., HttpResponse]


def member_required(view: View) -> View:
    """Signed in and a member of a workspace. A fragment asked for without a session sends the whole page to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if getattr(request, "htmx", None):
                return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
            return redirect_to_login(request.get_full_path())
        known = cast(MemberRequest, request)
        if not known.member:
            return redirect("recruitment:no_workspace")
        return view(known, *args, **kwargs)

    return guarded


def require_role(member: Membership, *roles: str) -> None:
    """Raise PermissionDenied (403) unless the member has one of the roles. For things they may see but not do."""
    if member.role not in roles:
        names = " or ".join(Role(role).label.lower() for role in roles)
        raise PermissionDenied(f"Only a workspace's {names} can do this.")


def require_decider(member: Membership) -> None:
    require_role(member, Role.ADMIN, Role.RECRUITER)


def require_admin(member: Membership) -> None:
    require_role(member, Role.ADMIN)


def wants_fragment(request: HttpRequest) -> bool:
    """htmx asks for a piece of the page, not for the page."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
