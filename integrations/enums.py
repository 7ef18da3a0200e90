"""The words of connections and imports that are columns."""

from __future__ import annotations

from django.db.models import TextChoices


class Health(TextChoices):
    HEALTHY = "healthy", "Healthy"
    PARTLY_SYNCED = "partly_synced", "Partly synced"
    WAITING = "waiting", "Waiting"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    RECONNECT = "reconnect", "Reconnect"


class SyncMode(TextChoices):
    INCREMENTAL = "incremental", "What changed"
    FULL = "full", "Everything"


class SyncState(TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    PARTIAL = "partial", "Partial"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = ("queued", "running")


class Trigger(TextChoices):
    MANUAL = "manual", "By hand"
    SCHEDULE = "schedule", "Scheduled"
    WEBHOOK = "webhook", "Told by the provider"
    FIRST = "first", "First import"


class ProblemState(TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"
    DISCARDED = "discarded", "Discarded"
