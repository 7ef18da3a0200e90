"""Webhooks that were taken, so that each has its effect once."""

from __future__ import annotations

from django.db import models

from integrations.models.connection import Connection
from recruitment.models import WorkspaceModel


class HookDelivery(WorkspaceModel):
    """Nothing of the body is kept: an import reads for itself."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="deliveries")
    delivery_id = models.CharField(max_length=100)  # the provider's
    kind = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(db_index=True)

    class Meta(WorkspaceModel.Meta):
        verbose_name_plural = "hook deliveries"
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["connection", "delivery_id"], name="hook_delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.delivery_id}"
