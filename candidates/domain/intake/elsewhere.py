"""What other rows of the same person still say: a label goes when the last of them has dropped it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from candidates.enums import RecordKind, RecordState
from candidates.models import SourceRecord

GONE = (RecordState.NOT_LISTED, RecordState.DELETED)


def still_said(
    source_id: UUID, name: str, pairs: Iterable[tuple[UUID, UUID]], page: Mapping[str, tuple[UUID, Iterable[str]]]
) -> set[tuple[UUID, UUID]]:
    """Which of ``pairs`` (candidate, label) another row names. ``name`` is ``tag`` or ``pool``; ``page`` has the labels
    of this page's rows as they are now: ``{external id: (candidate, external ids of labels)}``.

    At most three queries, and none without pairs."""
    asked = set(pairs)
    if not asked:
        return set()
    people = {candidate for candidate, _label in asked}
    said = [(pk, source_id, list(labels)) for pk, labels in page.values() if pk in people]
    rows = SourceRecord.objects.filter(kind=RecordKind.CANDIDATE, candidate__in=people).exclude(state__in=GONE)
    columns = ("candidate_id", "source_id", "external_id", f"imported__{name}s")
    for pk, source, external_id, labels in rows.values_list(*columns):
        if (source != source_id or external_id not in page) and isinstance(labels, list):
            said.append((pk, source, labels))
    kept = _places(people) & asked if name == RecordKind.POOL else set()
    wanted = {label for _pk, _source, labels in said for label in labels}
    if not wanted:
        return kept
    known = SourceRecord.objects.filter(kind=name, source__in={row[1] for row in said}, external_id__in=wanted)
    ids: dict[tuple[Any, str], UUID] = {
        (source, label): pk for source, label, pk in known.values_list("source_id", "external_id", f"{name}_id") if pk
    }
    named = {(pk, ids[source, label]) for pk, source, labels in said for label in labels if (source, label) in ids}
    return kept | (asked & named)


def _places(people: set[UUID]) -> set[tuple[UUID, UUID]]:
    """Pools in whose own lists somebody stands."""
    rows = SourceRecord.objects.filter(kind=RecordKind.POOL_PLACE, state=RecordState.LISTED, candidate__in=people)
    return {(pk, pool) for pk, pool in rows.values_list("candidate_id", "pool_id") if pk and pool}
