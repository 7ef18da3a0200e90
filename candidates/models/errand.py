"""Work that waits on a row until a worker claims it."""

from __future__ import annotations

from django.db import models


class Errand(models.Model):
    """``due_at`` null: nothing to do. The lease's token fences: a worker that lost it can't write an outcome any more
    (candidates.domain.errands)."""

    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
