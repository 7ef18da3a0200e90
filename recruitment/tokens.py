"""API tokens and other secrets that travel: made here, shown once, kept as SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from recruitment.models import ApiToken, Membership

PREFIX = "qrm_"
USED_EVERY = timedelta(minutes=1)  # how fine "last used" is: no write a request


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create_token(member: Membership, name: str) -> tuple[ApiToken, str]:
    """A new token and its secret. The secret can't be had again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        workspace_id=member.workspace_id, member=member, name=name[:100], prefix=secret[:12], token_hash=digest(secret)
    )
    return token, secret


def find_token(secret: str) -> ApiToken | None:
    """The usable token of this secret, its member, user and workspace loaded; notes that it was used."""
    found = (
        ApiToken.objects.usable()
        .filter(token_hash=digest(secret))
        .select_related("member__user", "member__workspace")
        .first()
    )
    now = timezone.now()
    if found and (found.last_used_at is None or found.last_used_at < now - USED_EVERY):
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def revoke_token(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
