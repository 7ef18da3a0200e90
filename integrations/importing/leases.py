"""Who may work on a run, and for how long.

A lease is one UPDATE that must change exactly one row. Its token fences: every page renews it first, in the page's own
transaction, so that a worker which lost its lease can't commit anything any more.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrations.enums import UNFINISHED, SyncState
from integrations.models import SyncRun
from integrations.querysets import SyncRunQuerySet

# A page that has killed its worker so often is not tried again.
MOST_PICKUPS = 3


class LeaseLost(Exception):
    """Somebody else works on the run, or it is over."""


def length() -> timedelta:
    """Longer than the longest call, so that a living worker never loses it."""
    return timedelta(seconds=settings.IMPORT_LEASE_SECONDS)


@dataclass(frozen=True, slots=True)
class Lease:
    run: SyncRun
    token: uuid.UUID

    def held(self) -> SyncRunQuerySet:
        return SyncRun.objects.filter(pk=self.run.pk, lease_token=self.token, state=SyncState.RUNNING)

    def renew(self, *, progress: bool = False) -> None:
        """Raises LeaseLost. ``progress``: a page is being committed, so the run isn't stuck."""
        now = timezone.now()
        fields = {"lease_until": now + length(), "updated_at": now} | ({"pickups": 1} if progress else {})
        if self.held().update(**fields) != 1:
            raise LeaseLost

    def release(self, *, resume_at: datetime | None = None) -> None:
        """Give the run back, to be gone on with: at once, or not before ``resume_at``."""
        now = timezone.now()
        self.held().update(lease_token=None, lease_until=now, pickups=0, resume_at=resume_at, updated_at=now)


def take(run_id: uuid.UUID) -> Lease | None:
    """None when the run is over, waits, or somebody is at it."""
    now, token = timezone.now(), uuid.uuid4()
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    ready = Q(resume_at=None) | Q(resume_at__lte=now)
    with transaction.atomic():
        taken = SyncRun.objects.filter(free, ready, pk=run_id, state__in=UNFINISHED).update(
            state=SyncState.RUNNING,
            lease_token=token,
            lease_until=now + length(),
            pickups=F("pickups") + 1,
            started_at=Coalesce(F("started_at"), now),
            resume_at=None,
            updated_at=now,
        )
        if taken != 1:
            return None
        run = SyncRun.objects.select_related("connection__source").get(pk=run_id)
    return Lease(run, token)
