"""Taking a merge back. What moved goes home, the survivor's fields are as they were; what people have added or changed
since isn't lost: it stays with the survivor, or goes with the application that it is about, and that is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.belongings import LABELS, OWNED, applications_of, hand_over, hand_over_applications
from candidates.domain.file_texts import refresh_file_words
from candidates.domain.identities import NORMALISED, write_identities
from candidates.domain.intake.merging import merge as take_over
from candidates.domain.intake.values import plain
from candidates.domain.locking import lock_people
from candidates.domain.search import search_text
from candidates.domain.sentences import field_label
from candidates.enums import ConflictState, RecordKind
from candidates.models import (
    Attachment,
    Candidate,
    CandidateIdentity,
    CandidateMerge,
    CandidateTag,
    Duplicate,
    FieldConflict,
    Note,
    SourceRecord,
)
from recruitment.errors import Conflict
from recruitment.models import Membership

ADDED: dict[str, Any] = {"note": Note, "file": Attachment, "tag": CandidateTag}


@dataclass(frozen=True, slots=True)
class Undone:
    """``kept``: what stays with the survivor although it came after the merge, in words; empty when everything is as it
    was."""

    merge: CandidateMerge
    kept: list[str]


@transaction.atomic
def undo_merge(merge: CandidateMerge, *, member: Membership) -> Undone:
    """Refused (Conflict) when it was undone already, when the survivor was merged on or has taken in somebody else
    since, and when either was erased."""
    merge, survivor, other = _locked(merge)
    kept = _added(merge, survivor)
    _send_home(merge, survivor, other)
    changed_since = _restore_fields(merge, survivor)
    caught_up = _catch_up(merge, other)
    _close_conflicts(merge, survivor, member)
    _restore_pairs(merge)
    merge.undone_at, merge.undone_by = timezone.now(), member
    merge.save(update_fields=["undone_at", "undone_by", "updated_at"])
    for one in (survivor, other):
        one.version += 1
        one.save()
        activity.record(
            "unmerged", actor=member, candidate=one, name=(other if one is survivor else survivor).display_name
        )
        refresh_file_words(one.pk)
    CandidateIdentity.objects.filter(pk__in=merge.moved.get("identities", [])).delete()
    anew = [one for one, names in ((survivor, changed_since), (other, caught_up)) if set(NORMALISED) & set(names)]
    if anew:
        write_identities(anew)
    words = [f"{field_label(name)} (changed since)" for name in changed_since]
    return Undone(merge, [*words, *kept])


def _locked(merge: CandidateMerge) -> tuple[CandidateMerge, Candidate, Candidate]:
    lock_people([merge.survivor_id, merge.other_id])
    people = Candidate.objects.in_bulk([merge.survivor_id, merge.other_id])
    merge = CandidateMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    survivor, other = people[merge.survivor_id], people[merge.other_id]
    if merge.undone_at:
        raise Conflict("This was undone already.", code="already_undone")
    if survivor.erased_at or other.erased_at:
        raise Conflict("This person was erased, so there is nothing to restore.", code="erased")
    if survivor.merged_into_id or other.merged_into_id != survivor.pk:
        raise Conflict("This person was merged into somebody else since. Undo that first.", code="merged_on")
    later = CandidateMerge.objects.filter(survivor=survivor, undone_at=None, merged_at__gt=merge.merged_at)
    if later.exclude(pk=merge.pk).exists():
        raise Conflict("Somebody else was merged into this person since. Undo that first.", code="not_the_last")
    other.merged_into = None
    return merge, survivor, other


def _added(merge: CandidateMerge, survivor: Candidate) -> list[str]:
    """What is new on the survivor since, applications of the other aside."""
    found = []
    for word, model in ADDED.items():
        rows = model.objects.filter(candidate=survivor, created_at__gt=merge.merged_at)
        if word != "tag":
            rows = rows.exclude(application__in=merge.moved.get("application", []))
        if number := rows.count():
            found.append(f"{number} {word}{'' if number == 1 else 's'} added since")
    return found


def _send_home(merge: CandidateMerge, survivor: Candidate, other: Candidate) -> None:
    moved = merge.moved
    records = SourceRecord.objects.filter(pk__in=moved.get("sourcerecord", []), candidate=survivor)
    came_later = [pk for record in records.filter(kind=RecordKind.CANDIDATE) for pk in applications_of(record)]
    hand_over_applications([*map(UUID, moved.get("application", [])), *came_later], survivor, other)
    models: dict[str, Any] = OWNED | {name: model for name, (model, _tie) in LABELS.items()}
    for name, model in models.items():
        rows = model.objects.filter(pk__in=moved.get(name, []), candidate=survivor)
        hand_over(model, rows.values_list("pk", flat=True), other)
    Candidate.objects.filter(pk__in=moved.get("redirects", []), merged_into=survivor).update(merged_into=other)


def _restore_fields(merge: CandidateMerge, survivor: Candidate) -> list[str]:
    """Fields that somebody has changed since stay, and are named."""
    kept = []
    provenance = dict(survivor.provenance)
    for name, before in merge.before.get("fields", {}).items():
        if plain(getattr(survivor, name)) != merge.after.get(name):
            kept.append(name)
            continue
        setattr(survivor, name, before)
        origin = merge.before.get("provenance", {}).get(name)
        provenance = {key: value for key, value in provenance.items() if key != name}
        provenance |= {name: origin} if origin else {}
    survivor.provenance = provenance
    survivor.search_text = search_text(survivor)
    return kept


def _catch_up(merge: CandidateMerge, other: Candidate) -> list[str]:
    """What the sources have changed meanwhile was taken over on the survivor; here it is taken over by the other."""
    bases = merge.before.get("records", {})
    names: list[str] = []
    for record in SourceRecord.objects.filter(pk__in=bases, candidate=other).order_by("pk"):
        base = {name: value for name, value in bases[str(record.pk)].items() if name in SAID}
        said = {name: value for name, value in record.imported.items() if name in SAID}
        if said != base:
            stamp = {"source": str(record.source_id), "at": record.last_seen_at.isoformat()}
            names += take_over(other, said, base, stamp=stamp).changes
    if names:
        other.search_text = search_text(other)
    return names


SAID = frozenset(field.name for field in Candidate._meta.concrete_fields if field.editable) - {
    "merged_into",
    "workspace",
}


def _close_conflicts(merge: CandidateMerge, survivor: Candidate, member: Membership) -> None:
    """What a source that is no longer the survivor's said against the survivor is no question any more."""
    sources = SourceRecord.objects.filter(candidate=survivor, kind=RecordKind.CANDIDATE).values("source")
    opened = FieldConflict.objects.filter(candidate=survivor, application=None, state=ConflictState.OPEN)
    opened.filter(detected_at__gt=merge.merged_at).exclude(source__in=sources).update(
        state=ConflictState.OURS, resolved_at=timezone.now(), resolved_by=member, updated_at=timezone.now()
    )


def _restore_pairs(merge: CandidateMerge) -> None:
    now = timezone.now()
    for pk, state, by, at in merge.before.get("duplicates", []):
        Duplicate.objects.filter(pk=pk).update(state=state, decided_by=by, decided_at=at, updated_at=now)
    Duplicate.objects.filter(pk__in=merge.moved.get("different", [])).delete()
