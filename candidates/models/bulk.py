"""One action on many applications, with its progress."""

from __future__ import annotations

from django.db import models

from candidates.enums import BulkState
from recruitment.models import Membership, WorkspaceModel


class BulkAction(WorkspaceModel):
    """``targets`` are application ids in the order of work; ``done`` counts how many have been dealt with."""

    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    action = models.CharField(max_length=20)  # move, reject, tag, untag, shortlist
    params = models.JSONField(default=dict)
    targets = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=BulkState.choices, default=BulkState.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list)  # [{application, reason}], the first 500
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.action} for {self.total}"
