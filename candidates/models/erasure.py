"""What stays of somebody who was erased: enough not to bring them back, nothing to know them by."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from recruitment.models import WorkspaceModel


class Erasure(WorkspaceModel):
    """``key_hash`` is keyed (HMAC): of an upstream row's source and id, or of an e-mail or profile of the person.
    ``candidates.domain.erasure`` makes it, and intake asks for it before it takes a row in."""

    key_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "key_hash"], name="erasure_once"),
        ]

    def __str__(self) -> str:
        return self.key_hash[:12]
