"""What every page's frame needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from recruitment.models import Membership


def shell(request: HttpRequest) -> dict[str, Any]:
    """``member``, ``memberships`` (lazy: asked only when the switcher is shown) and the ``theme``."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "auto", "member": None}
    return {
        "theme": user.theme,
        "member": getattr(request, "member", None),
        "memberships": getattr(request, "memberships", None) or Membership.objects.of(user),
    }
