"""Access for programs: tokens of a member, and requests that must not happen twice."""

from __future__ import annotations

from django.db import models

from recruitment.models.base import WorkspaceModel
from recruitment.models.workspace import Membership


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, member__is_active=True, member__user__is_active=True)


class ApiToken(WorkspaceModel):
    """Shown once, stored as SHA-256, with the rights of its member. ``prefix`` is there to tell tokens apart."""

    member = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class IdempotentRequest(WorkspaceModel):
    """The answer of a POST that carried an Idempotency-Key, given again when the same request comes back.

    ``status`` is null while the first request is still being worked on.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["member", "key"], name="idempotent_request_once"),
        ]

    def __str__(self) -> str:
        return self.key
