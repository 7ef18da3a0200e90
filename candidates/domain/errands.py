"""Claiming work that waits on rows: one UPDATE that must change exactly one row."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone


def due(rows: QuerySet[Any], now: datetime | None = None) -> QuerySet[Any]:
    """Those whose time has come and that no worker is at."""
    now = now or timezone.now()
    return rows.filter(Q(lease_until=None) | Q(lease_until__lt=now), due_at__lte=now)


def claim(rows: QuerySet[Any], pk: uuid.UUID, lease: timedelta) -> uuid.UUID | None:
    """The token by which the outcome may be written; None when it isn't due or somebody else has it."""
    now, token = timezone.now(), uuid.uuid4()
    taken = due(rows, now).filter(pk=pk)
    fields = {"lease_token": token, "lease_until": now + lease, "attempts": F("attempts") + 1, "updated_at": now}
    return token if taken.update(**fields) == 1 else None


def done(**more: Any) -> dict[str, Any]:
    """The columns of a row that has nothing to do any more, or only at ``due_at``."""
    return {"due_at": None, "lease_token": None, "lease_until": None, "updated_at": timezone.now(), **more}


def backoff(attempts: int, *, first: float = 60.0, most: float = 6 * 3600.0) -> timedelta:
    """After the first failure a minute, then twice as long each time."""
    return timedelta(seconds=min(first * 2 ** max(attempts - 1, 0), most))
