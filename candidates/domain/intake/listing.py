"""Rows that a source shows, and rows that it no longer shows: those stay, with all that was decided, and say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from candidates.enums import RecordKind, RecordState
from candidates.models import Source, SourceRecord
from candidates.querysets import SourceRecordQuerySet

ERASED = "erased:"  # how the ids of rows begin whose person was erased: no source knows them
SHOWN = (RecordState.LISTED, RecordState.MASKED)


def listed(source: Source, kind: str) -> SourceRecordQuerySet:
    """What the source is taken to show."""
    rows = SourceRecord.objects.filter(source=source, kind=kind, state__in=SHOWN)
    return rows.exclude(external_id__startswith=ERASED)


def seen_since(source: Source, kind: str, moment: datetime) -> int:
    """How many different rows the source has shown since then.

    Where it lists people pool by pool, and so counts whoever is in two of them twice, those are their places.
    """
    shown = SourceRecord.objects.filter(source=source, last_seen_at__gte=moment)
    seen = shown.filter(kind=kind).count()
    return max(seen, shown.filter(kind=RecordKind.POOL_PLACE).count()) if kind == RecordKind.CANDIDATE else seen


def note_shown(source: Source, kind: str, external_ids: Collection[str], now: datetime) -> int:
    """Rows that came and could not be taken, or that were asked for one by one: they are there. Answers how many."""
    if not external_ids:
        return 0
    known = SourceRecord.objects.filter(source=source, kind=kind, external_id__in=list(external_ids))
    return known.update(last_seen_at=now)


def no_longer_listed(source: Source, kind: str, external_ids: Collection[str], now: datetime) -> int:
    """Say of these rows that the source no longer shows them, and of a person's applications as well.

    Nothing is deleted. Answers how many rows that are.
    """
    if not external_ids:
        return 0
    gone = listed(source, kind).filter(external_id__in=list(external_ids))
    applications = _applications_of(source, gone) if kind == RecordKind.CANDIDATE else []
    return _put_away(gone, now) + _put_away(SourceRecord.objects.filter(pk__in=applications, state__in=SHOWN), now)


def _applications_of(source: Source, people: SourceRecordQuerySet) -> list[UUID]:
    """Those that the rows named themselves: another row of the same person has applications of its own."""
    named: dict[str, Any] = {}
    for candidate, external_ids in people.values_list("candidate", "imported__applications"):
        named.update(dict.fromkeys(_texts(external_ids), candidate))
    records = SourceRecord.objects.filter(source=source, kind=RecordKind.APPLICATION, external_id__in=list(named))
    found = records.values_list("pk", "external_id", "candidate")
    return [pk for pk, external_id, candidate in found if named[external_id] == candidate]


def _texts(external_ids: Any) -> Iterable[str]:
    return (text for text in external_ids if isinstance(text, str)) if isinstance(external_ids, list) else ()


def _put_away(rows: SourceRecordQuerySet, now: datetime) -> int:
    return rows.update(state=RecordState.NOT_LISTED, updated_at=now)
