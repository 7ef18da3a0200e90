"""An e-mail that lets somebody join a workspace."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from recruitment.models.base import WorkspaceModel
from recruitment.models.workspace import Membership, Role

VALID_FOR = timedelta(days=7)


def in_a_week() -> datetime:
    return timezone.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.unanswered().filter(expires_at__gt=timezone.now())

    def unanswered(self) -> InvitationQuerySet:
        """Neither used nor withdrawn; some may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(WorkspaceModel):
    """The link carries the token; the row keeps only its SHA-256."""

    email = models.EmailField("e-mail")
    role = models.CharField(max_length=10, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(default=in_a_week)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            ),
        ]

    @property
    def is_over(self) -> bool:
        """Older than it may be."""
        return self.expires_at <= timezone.now()

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace}"
