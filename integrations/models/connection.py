"""A source's address, credentials, options and health."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from candidates.models import Source
from integrations.enums import Health
from integrations.querysets import ConnectionQuerySet
from recruitment.encryption import EncryptedJSONField
from recruitment.models import WorkspaceModel


class Connection(WorkspaceModel):
    """``credentials`` are encrypted and write-only; ``facts`` holds what the last check learned (name of the upstream
    system, permissions); ``pace`` what the rate headers taught (limit, remaining, resets_at)."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="connection")
    provider = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    base_url = models.CharField(max_length=300)
    credentials = EncryptedJSONField()
    options = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    pace = models.JSONField(default=dict, blank=True)
    health = models.CharField(max_length=16, choices=Health.choices, default=Health.WAITING)
    health_detail = models.CharField(max_length=500, blank=True)
    outages = models.PositiveSmallIntegerField(default=0)  # in a row without an answer
    waiting_until = models.DateTimeField(null=True, blank=True)  # no call before this
    sync_every_minutes = models.PositiveIntegerField(default=180)  # kombo.md 7.5
    next_sync_at = models.DateTimeField(null=True, blank=True)  # null: not scheduled
    last_synced_at = models.DateTimeField(null=True, blank=True)  # the start of the last run that read everything
    told_at = models.DateTimeField(null=True, blank=True)  # when a webhook last said that something has changed
    hooks_refused = models.PositiveIntegerField(default=0)  # webhooks whose signature didn't hold
    paused = models.BooleanField(default=False)
    disconnected_at = models.DateTimeField(null=True, blank=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.CheckConstraint(condition=models.Q(health__in=Health.values), name="connection_health_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("integrations:connection", args=[self.pk])
