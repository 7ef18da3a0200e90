"""The request as views and middleware know it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from recruitment.models import Membership, Workspace


class MemberRequest(HttpRequest):
    """What views behind ``member_required`` get. Elsewhere ``member`` may be falsy."""

    member: Membership
    workspace: Workspace
    htmx: Any
