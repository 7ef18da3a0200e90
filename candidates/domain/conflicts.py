"""Deciding between our value and a source's, where both have changed (design, rule 2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.cleaning import SHAPES, TEXTS
from candidates.domain.identities import write_identities
from candidates.domain.intake.values import plain
from candidates.domain.locking import lock_candidate
from candidates.domain.search import search_text
from candidates.domain.stages import outcome_of
from candidates.enums import ConflictState, Outcome, RecordKind
from candidates.models import Application, Candidate, FieldConflict, RejectionReason, SourceRecord, Stage
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

KEEPS = {"ours": ConflictState.OURS, "theirs": ConflictState.THEIRS}
# What an import may disagree about, beside an application's stage and outcome.
OF_CANDIDATE = frozenset({*TEXTS, *SHAPES})
OF_APPLICATION = frozenset(
    {
        "upstream_rating",
        "upstream_score",
        "upstream_status",
        "upstream_note",
        "scores",
        "events",
        "screening_answers",
        "top_choice",
        "top_choice_message",
        "applied_at",
        "custom_fields",
    }
)


@transaction.atomic
def resolve_conflict(conflict: FieldConflict, *, member: Membership, keep: str) -> FieldConflict:
    """Keep ours, or take theirs. Nothing is told to the source: it has said what it thinks."""
    lock_candidate(conflict.candidate)
    conflict = FieldConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if keep not in KEEPS:
        raise DomainError("Keep ours or theirs.", field="keep", code="invalid_choice")
    if conflict.state != ConflictState.OPEN:
        raise Conflict("Somebody has decided this already.", code="already_resolved")
    ours = ours_now(conflict)
    if keep == "theirs":
        _take_theirs(conflict)
    _close(conflict, KEEPS[keep], member)
    changed = {"fields": {conflict.field: [_told(ours), _told(conflict.theirs)]}} if keep == "theirs" else {}
    activity.record(
        "conflict_resolved",
        actor=member,
        candidate=conflict.candidate,
        application=conflict.application,
        field=conflict.field,
        keep=keep,
        **changed,
    )
    if keep == "theirs":
        conflict.refresh_from_db()
        follow(conflict.target, [conflict.field], member=member)
    return conflict


def ours_now(conflict: FieldConflict) -> Any:
    """What stands here by now, in the form of the conflict's other values."""
    if conflict.field == "stage":
        stage = getattr(conflict.target, "stage", None)
        return {"id": str(stage.pk), "external_id": None, "name": stage.name} if stage else None
    return plain(getattr(conflict.target, conflict.field, conflict.ours))


def follow(target: Candidate | Application, fields: Collection[str], *, member: Membership) -> None:
    """After a person has changed ``fields``: a conflict whose sides say the same by now is none any more, and one that
    stays shows the new value."""
    of_application = isinstance(target, Application)
    about: Any = {"application": target} if of_application else {"candidate": target, "application": None}
    for conflict in FieldConflict.objects.filter(**about, field__in=fields, state=ConflictState.OPEN):
        setattr(conflict, "application" if of_application else "candidate", target)
        conflict.ours = ours_now(conflict)
        if _agree(conflict):
            _close(conflict, ConflictState.OURS, member)
        else:
            conflict.save(update_fields=["ours", "updated_at"])


def _agree(conflict: FieldConflict) -> bool:
    if conflict.field == "stage" and isinstance(conflict.ours, dict) and isinstance(conflict.theirs, dict):
        return conflict.ours["id"] == conflict.theirs.get("id")
    return bool(conflict.ours == conflict.theirs)


def _close(conflict: FieldConflict, state: str, member: Membership) -> None:
    conflict.state, conflict.resolved_at, conflict.resolved_by = state, timezone.now(), member
    conflict.save(update_fields=["state", "ours", "resolved_at", "resolved_by", "updated_at"])


def _told(value: Any) -> Any:
    """As the activity keeps it: a stage by its name."""
    return value["name"] if isinstance(value, dict) and {"external_id", "name"} <= value.keys() else value


def _take_theirs(conflict: FieldConflict) -> None:
    if conflict.application_id is None:
        _take_on_candidate(conflict)
    else:
        _take_on_application(conflict)


def _origin(conflict: FieldConflict) -> dict[str, Any]:
    return {conflict.field: {"source": str(conflict.source_id), "at": timezone.now().isoformat()}}


def _take_on_candidate(conflict: FieldConflict) -> None:
    candidate = lock_candidate(conflict.candidate)
    _set(candidate, conflict, OF_CANDIDATE)
    candidate.provenance = {**candidate.provenance, **_origin(conflict)}
    candidate.search_text = search_text(candidate)
    candidate.version += 1
    candidate.save()
    write_identities([candidate])


def _set(target: Candidate | Application, conflict: FieldConflict, known: Collection[str]) -> None:
    """``theirs`` is as intake kept it: checked, and in the form that JSON gives back."""
    if conflict.field not in known:
        raise DomainError("This field can't be taken over.", code="field_unknown")
    column: Any = target._meta.get_field(conflict.field)
    setattr(target, conflict.field, column.to_python(conflict.theirs))


def _take_on_application(conflict: FieldConflict) -> None:
    application = Application.objects.select_for_update(of=("self",)).get(conflicts=conflict)
    if conflict.field == "stage":
        application.stage = _their_stage(conflict, application)
        application.stage_entered_at = timezone.now()
        if application.outcome in (Outcome.ACTIVE, Outcome.HIRED):
            application.outcome = outcome_of(application.stage)
    elif conflict.field == "outcome":
        _take_outcome(conflict, application)
    else:
        _set(application, conflict, OF_APPLICATION)
    application.provenance = {**application.provenance, **_origin(conflict)}
    application.version += 1
    application.save()


def _take_outcome(conflict: FieldConflict, application: Application) -> None:
    """With the reason that the source gave for a rejection."""
    if conflict.theirs not in Outcome.values:
        raise DomainError("The source's outcome is none of ours.", code="outcome_unknown")
    application.outcome, application.rejection_reason = conflict.theirs, None
    if conflict.theirs != Outcome.REJECTED:
        application.rejection_reason_text, application.rejected_at = "", None
        return
    told = application.records.filter(source=conflict.source_id).order_by("-last_seen_at").first()
    name = str(told.imported.get("rejection_reason_name") or "") if told else ""
    tied = RejectionReason.objects.filter(workspace=conflict.workspace_id, name=name)
    application.rejection_reason = tied.first() if name else None
    application.rejection_reason_text = name[:300]
    application.rejected_at = application.rejected_at or timezone.now()


def _their_stage(conflict: FieldConflict, application: Application) -> Stage:
    """``theirs`` names the stage by our id or by the source's, alone or as ``{id | external_id, name}``."""
    theirs = conflict.theirs
    names = [theirs.get("id"), theirs.get("external_id")] if isinstance(theirs, dict) else [theirs]
    stages = Stage.objects.filter(job=application.job_id)
    for name in map(str, filter(None, names)):
        tied = SourceRecord.objects.filter(source=conflict.source_id, kind=RecordKind.STAGE, external_id=name)
        found = stages.filter(records__in=tied).first() or (stages.filter(pk=name).first() if _is_id(name) else None)
        if found is not None:
            return found
    raise DomainError("The source's stage is tied to none of this job's.", code="stage_unknown")


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
