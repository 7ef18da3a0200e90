"""Reads of connections and runs that are used twice."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from integrations.enums import UNFINISHED, Health, SyncState

if TYPE_CHECKING:
    from recruitment.models import Membership


class ConnectionQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> ConnectionQuerySet:
        """Recruiters read, admins change; reviewers have nothing to do here."""
        if member.is_reviewer:
            return self.none()
        return self.filter(workspace=member.workspace_id, disconnected_at=None).select_related("source")

    def due(self, now: datetime) -> ConnectionQuerySet:
        """Connections whose next import should start."""
        return (
            self.filter(next_sync_at__lte=now, paused=False, disconnected_at=None)
            .filter(Q(waiting_until=None) | Q(waiting_until__lte=now))
            .exclude(runs__state__in=UNFINISHED)
        )

    def callable(self, now: datetime) -> ConnectionQuerySet:
        """Connections over which something may be told or asked at this moment."""
        return (
            self.filter(paused=False, disconnected_at=None)
            .filter(Q(waiting_until=None) | Q(waiting_until__lte=now))
            .exclude(health=Health.RECONNECT)
        )


class SyncRunQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> SyncRunQuerySet:
        if member.is_reviewer:
            return self.none()
        return self.filter(workspace=member.workspace_id).select_related("connection")

    def unfinished(self) -> SyncRunQuerySet:
        return self.filter(state__in=UNFINISHED)

    def abandoned(self, now: datetime) -> SyncRunQuerySet:
        """Nobody is at it although somebody should be: never taken up, or the worker's lease ran out."""
        waiting = Q(resume_at=None) | Q(resume_at__lte=now)
        return self.filter(
            Q(state=SyncState.QUEUED, lease_until=None) & waiting
            | Q(state__in=UNFINISHED, lease_until__lt=now) & waiting
        )
