"""What may be fetched now, and by whom: a lease a row, and two at a time over one connection."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.domain import errands
from candidates.enums import AttachmentState
from candidates.models import Attachment, FileLook, Source
from integrations.http import DEADLINE
from integrations.models import Connection

# Longer than the longest fetch: a list, and a download that may have to be begun anew.
LEASE = timedelta(seconds=3 * DEADLINE + 30)
IN_FLIGHT = 2  # a connection; Kombo counts them together with pushes (kombo.md 4.2)


def waiting() -> QuerySet[Attachment]:
    return Attachment.objects.filter(state=AttachmentState.WAITING, record__isnull=False)


def looks() -> QuerySet[FileLook]:
    return FileLook.objects.all()


def open_to(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Those whose connection may be called."""
    lines = Connection.objects.callable(now).filter(source=OuterRef("record__source"))
    return errands.due(rows, now).filter(Exists(lines))


def sources_with_work(now: datetime) -> list[UUID]:
    found = [open_to(rows, now).values_list("record__source", flat=True).distinct() for rows in (waiting(), looks())]
    return list(dict.fromkeys(source for sources in found for source in sources.order_by()))


def next_of(rows: QuerySet[Any], source: UUID, now: datetime) -> UUID | None:
    """What somebody asked for first, then what has waited longest."""
    mine = open_to(rows, now).filter(record__source=source)
    return mine.order_by("-asked_for", "due_at", "id").values_list("pk", flat=True).first()


@transaction.atomic
def claim(rows: QuerySet[Any], source: UUID, now: datetime) -> tuple[UUID, UUID] | None:
    """The next row of a source and the token of its lease; None when there is none, or enough is in flight."""
    # The source's row stands for the count of what is in flight: two workers don't both take the last place.
    if not Source.objects.select_for_update(no_key=True).filter(pk=source).exists():
        return None
    busy = sum(every.filter(record__source=source, lease_until__gt=now).count() for every in (waiting(), looks()))
    pk = next_of(rows, source, now) if busy < IN_FLIGHT else None
    token = errands.claim(rows, pk, LEASE) if pk else None
    return (pk, token) if pk and token else None


def hold_back_charged(source: UUID) -> None:
    """Where each file costs, only those are fetched that somebody asks for."""
    unasked = waiting().filter(record__source=source, asked_for=False, due_at__isnull=False)
    unasked.update(due_at=None, updated_at=timezone.now())
