"""Who may send an entry, and for how long.

A claim is one UPDATE that must change exactly one row. Its token fences: whoever takes over after the lease ran out
writes a new token, and the late worker's outcome finds no row any more.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from candidates.enums import PushState
from candidates.models import OutboxEntry, PushAttempt, Source
from candidates.querysets import OutboxQuerySet
from integrations import circuit
from integrations.http import DEADLINE
from integrations.models import Connection

# Longer than the longest call: a lease never runs out under a worker that is alive and waiting for the answer.
LEASE = timedelta(seconds=DEADLINE + 30)
IN_FLIGHT = 5  # a connection
CLAIMABLE = (PushState.WAITING, PushState.RETRYING, PushState.SENDING)


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry that this worker, and nobody else, may send until the lease runs out."""

    entry: OutboxEntry
    token: uuid.UUID
    attempt: PushAttempt


def due_entries(now: datetime) -> OutboxQuerySet:
    """What may be sent now, over connections that may be called now."""
    open_lines = Connection.objects.callable(now).filter(source=OuterRef("source"))
    return OutboxEntry.objects.due(now).filter(Exists(open_lines), state__in=CLAIMABLE)


def claim(entry_id: uuid.UUID) -> Claim | None:
    """Take an entry; None when it isn't due, somebody else has it, or its connection has enough in flight."""
    now, token = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        source_id = OutboxEntry.objects.filter(pk=entry_id).values_list("source_id", flat=True).first()
        # The source's row stands for the count of what is in flight: two workers don't both take the last place.
        if not source_id or not Source.objects.select_for_update(no_key=True).filter(pk=source_id).exists():
            return None
        if in_flight(source_id, now) >= (1 if circuit.is_open(source=source_id) else IN_FLIGHT):
            return None
        taken = (
            due_entries(now)
            .filter(pk=entry_id)
            .update(
                state=PushState.SENDING,
                lease_token=token,
                lease_until=now + LEASE,
                attempts=F("attempts") + 1,
                sent_at=now,
                updated_at=now,
            )
        )
        if taken != 1:
            return None
        entry = OutboxEntry.objects.select_related("source", "record", "candidate", "application").get(pk=entry_id)
        attempt = PushAttempt.objects.create(
            workspace_id=entry.workspace_id, entry=entry, number=entry.attempts, started_at=now
        )
    return Claim(entry, token, attempt)


def in_flight(source_id: uuid.UUID, now: datetime) -> int:
    return OutboxEntry.objects.filter(source=source_id, state=PushState.SENDING, lease_until__gt=now).count()


def renew(claim: Claim) -> bool:
    """Just before the request: have the whole lease again, or learn that somebody took over."""
    until = timezone.now() + LEASE
    held = OutboxEntry.objects.filter(pk=claim.entry.pk, lease_token=claim.token, state=PushState.SENDING)
    return held.update(lease_until=until) == 1
