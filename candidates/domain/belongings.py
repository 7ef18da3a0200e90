"""What hangs on a person, and how it is taken along when rows change hands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from candidates.models import (
    Application,
    Attachment,
    Candidate,
    CandidateTag,
    Decision,
    FieldConflict,
    Note,
    OutboxEntry,
    PoolMember,
    SourceRecord,
)

# In the order in which they are written. Applications come first: a decision that is being made holds its application,
# and what it writes is seen once that has come free.
OWNED: dict[str, Any] = {
    model._meta.model_name or "": model
    for model in (Application, SourceRecord, Note, Attachment, Decision, OutboxEntry, FieldConflict)
}
FOLLOWING = ("sourcerecord", "note", "attachment", "decision", "outboxentry", "fieldconflict")  # of an application
LABELS: dict[str, tuple[Any, str]] = {"candidatetag": (CandidateTag, "tag_id"), "poolmember": (PoolMember, "pool_id")}

Moved = dict[str, list[str]]


def ids(rows: Iterable[Any]) -> list[str]:
    return [str(pk) for pk in rows]


def move_everything(other: Candidate, survivor: Candidate) -> Moved:
    """All that hangs on ``other``, except labels that the survivor carries as well and conflicts about a field on which
    the same source differs from the survivor: those stay where they are."""
    moved: Moved = {}
    for name, model in OWNED.items():
        rows = model.objects.filter(candidate=other)
        if model is Application:
            rows.select_for_update(of=("self",), no_key=True).order_by("pk").count()
        if model is FieldConflict:
            rows = rows.exclude(pk__in=_crowded(other, survivor))
        moved[name] = hand_over(model, rows.values_list("pk", flat=True), survivor)
    for name, (model, tie) in LABELS.items():
        mine = model.objects.filter(candidate=survivor).values(tie)
        rows = model.objects.filter(candidate=other).exclude(**{f"{tie}__in": mine})
        moved[name] = hand_over(model, rows.values_list("pk", flat=True), survivor)
    return moved


def _crowded(other: Candidate, survivor: Candidate) -> list[UUID]:
    """Open conflicts that would be the second of their source and field."""
    taken = set(
        FieldConflict.objects.filter(candidate=survivor, application=None, state="open").values_list(
            "source_id", "field"
        )
    )
    theirs = FieldConflict.objects.filter(candidate=other, application=None, state="open")
    return [pk for pk, *key in theirs.values_list("pk", "source_id", "field") if tuple(key) in taken]


def hand_over(model: Any, rows: Iterable[Any], to: Candidate) -> list[str]:
    """Answers the ids. Applications show in "updated after"."""
    pks = list(rows)
    if pks:
        model.objects.filter(pk__in=pks).update(candidate=to, updated_at=timezone.now())
    return ids(pks)


def hand_over_applications(applications: Collection[Any], giver: Candidate, to: Candidate) -> None:
    """With everything that is about them, whenever it was written."""
    hand_over(
        Application, Application.objects.filter(pk__in=applications, candidate=giver).values_list("pk", flat=True), to
    )
    for name in FOLLOWING:
        rows = OWNED[name].objects.filter(application__in=applications, candidate=giver)
        hand_over(OWNED[name], rows.values_list("pk", flat=True), to)


def applications_of(record: SourceRecord) -> list[UUID]:
    """The applications that came with one row of a person."""
    named = record.imported.get("applications") or []
    rows = SourceRecord.objects.filter(source=record.source_id, kind="application", external_id__in=named)
    return [pk for pk in rows.values_list("application_id", flat=True) if pk]
