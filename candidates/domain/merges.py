"""Making two people one (dangers C65).

Nothing is deleted: what hung on the other one moves to the survivor, and the row of the other stays as it was, with
``merged_into``, so that its address leads on and everything can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.belongings import Moved, ids, move_everything
from candidates.domain.combining import BOTH, Difference, differences
from candidates.domain.duplicates import pair
from candidates.domain.file_texts import refresh_file_words
from candidates.domain.identities import identities_of
from candidates.domain.intake.values import plain
from candidates.domain.locking import lock_people
from candidates.domain.search import search_text
from candidates.enums import DuplicateState, RecordKind
from candidates.models import Candidate, CandidateIdentity, CandidateMerge, Duplicate, SourceRecord
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership


@transaction.atomic
def merge_candidates(
    survivor: Candidate,
    other: Candidate,
    *,
    member: Membership,
    fields: Mapping[str, str] | None = None,
    seen: Mapping[UUID, int] | None = None,
) -> CandidateMerge:
    """``fields``: ours, theirs or both by field (``combining``). ``seen``: the versions that were on the screen; if one
    of them has moved on nothing is done (Conflict), so that nobody merges what they haven't seen.

    Applications of both for one job are both kept, with their reviews, stages and pushes.
    """
    survivor, other = _locked(survivor, other, seen or {})
    chosen = differences(survivor, other, fields)
    merge = CandidateMerge(workspace_id=survivor.workspace_id, survivor=survivor, other=other, member=member)
    merge.before = {"fields": {}, "provenance": {}, "records": _bases(other), "duplicates": []}
    merge.after = {}
    _write_fields(merge, survivor, other, chosen)
    merge.moved = move_everything(other, survivor) | _redirect(other, survivor)
    merge.moved |= {"identities": _learn(survivor), **_settle(merge, member)}
    other.merged_into = survivor
    other.version += 1
    other.save(update_fields=["merged_into", "version", "updated_at"])
    survivor.version += 1
    survivor.save()
    merge.save(force_insert=True)
    refresh_file_words(survivor.pk)
    activity.record("merged", actor=member, candidate=survivor, other=str(other.pk), name=other.display_name)
    return merge


def _locked(survivor: Candidate, other: Candidate, seen: Mapping[UUID, int]) -> tuple[Candidate, Candidate]:
    if survivor.pk == other.pk:
        raise DomainError("This is the same person already.", field="other", code="same")
    held = lock_people([survivor.pk, other.pk])
    if any(pk != one.pk or one.erased_at for pk, one in held.items()):
        raise Conflict("One of them was merged or erased meanwhile.", field="other", code="merged_meanwhile")
    if any(held[pk].version != version for pk, version in seen.items() if pk in held):
        raise Conflict("Somebody changed one of them meanwhile. Look at both again.", code="changed_meanwhile")
    return held[survivor.pk], held[other.pk]


def _bases(other: Candidate) -> dict[str, Any]:
    """What each row said when the two became one."""
    rows = SourceRecord.objects.filter(candidate=other, kind=RecordKind.CANDIDATE)
    return {str(pk): imported for pk, imported in rows.values_list("pk", "imported")}


def _write_fields(merge: CandidateMerge, survivor: Candidate, other: Candidate, chosen: list[Difference]) -> None:
    """A value of the other comes with where it came from; what was put together is the member's doing."""
    stamp = {"source": "", "at": timezone.now().isoformat(), "by": str(merge.member)}
    provenance = dict(survivor.provenance)
    for one in chosen:
        if one.result == one.ours:
            continue
        merge.before["fields"][one.field], merge.after[one.field] = plain(one.ours), plain(one.result)
        merge.before["provenance"][one.field] = provenance.get(one.field)
        setattr(survivor, one.field, one.result)
        theirs = other.provenance.get(one.field)
        provenance[one.field] = stamp if one.choice == BOTH and one.ours else theirs or stamp
    survivor.provenance = provenance
    survivor.search_text = search_text(survivor)


def _redirect(other: Candidate, survivor: Candidate) -> Moved:
    """Whoever was merged into the other before leads to the survivor now, in one step."""
    rows = Candidate.objects.filter(merged_into=other)
    moved = ids(rows.values_list("pk", flat=True))
    rows.update(merged_into=survivor)
    return {"redirects": moved}


def _learn(survivor: Candidate) -> list[str]:
    """The addresses that the survivor is known by from now on. None is forgotten."""
    rows = SourceRecord.objects.filter(candidate=survivor, kind=RecordKind.CANDIDATE)
    known = set(CandidateIdentity.objects.filter(candidate=survivor).values_list("kind", "value"))
    new = [
        CandidateIdentity(workspace_id=survivor.workspace_id, candidate=survivor, kind=kind, value=value)
        for kind, value in identities_of(survivor, rows.values_list("imported", flat=True))
        if (kind, value) not in known
    ]
    CandidateIdentity.objects.bulk_create(new)
    return ids(row.pk for row in new)


def _settle(merge: CandidateMerge, member: Membership) -> Moved:
    """The suggestion is carried out; who is somebody else than the other is somebody else than the survivor."""
    now, survivor, other = timezone.now(), merge.survivor, merge.other
    first, second = pair(survivor.pk, other.pk)
    carried_out = Duplicate.objects.filter(first=first, second=second)
    merge.before["duplicates"] = [
        [str(pk), state, str(by) if by else None, at.isoformat() if at else None]
        for pk, state, by, at in carried_out.values_list("pk", "state", "decided_by", "decided_at")
    ]
    carried_out.update(state=DuplicateState.MERGED, decided_by=member, decided_at=now, updated_at=now)
    strangers = Duplicate.objects.about(other).filter(state=DuplicateState.DIFFERENT)
    pairs = {pair(survivor.pk, row.second_id if row.first_id == other.pk else row.first_id): row for row in strangers}
    known = Duplicate.objects.about(survivor).values_list("first_id", "second_id")
    new = [
        Duplicate(
            workspace_id=merge.workspace_id,
            first_id=first,
            second_id=second,
            score=row.score,
            reasons=row.reasons,
            state=DuplicateState.DIFFERENT,
            decided_by_id=row.decided_by_id,
            decided_at=row.decided_at,
        )
        for (first, second), row in pairs.items()
        if (first, second) not in set(known) and first != second
    ]
    Duplicate.objects.bulk_create(new)
    return {"different": ids(row.pk for row in new)}
