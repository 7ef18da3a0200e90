"""Moving, rejecting and reopening, and taking a decision back.

Each verb locks the application, checks, changes, writes the decision, its pushes and its activity in one transaction.
``delay`` is how many seconds pushes wait for an undo (0 through the API).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity, outbox
from candidates.domain.conflicts import follow
from candidates.domain.stages import outcome_of
from candidates.enums import DecisionKind, Outcome, PushKind, PushState, StageCategory
from candidates.models import Application, Decision, RejectionReason, Stage
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

NOTE_LIMIT = 10_000  # kombo.md section 18


def locked(application: Application) -> Application:
    """The row as it is now, held until the transaction ends."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("candidate", "job", "stage")
        .get(pk=application.pk)
    )


def snapshot(application: Application) -> dict[str, Any]:
    """What undoing has to restore."""
    return {
        "stage": str(application.stage_id) if application.stage_id else None,
        "stage_entered_at": application.stage_entered_at.isoformat(),
        "outcome": application.outcome,
        "rejection_reason": str(application.rejection_reason_id) if application.rejection_reason_id else None,
        "rejection_reason_text": application.rejection_reason_text,
        "rejected_at": application.rejected_at.isoformat() if application.rejected_at else None,
    }


def _before(application: Application) -> dict[str, Any]:
    return {**snapshot(application), "provenance": application.provenance}


def _sign(application: Application, member: Membership, *fields: str) -> None:
    """These fields are a person's word from now on."""
    stamp = {"source": "", "at": timezone.now().isoformat(), "by": str(member)[:200]}
    application.provenance = {**application.provenance, **dict.fromkeys(fields, stamp)}


@transaction.atomic
def move(
    application: Application, stage: Stage, *, member: Membership, expected: Stage | None = None, delay: int = 0
) -> Decision:
    """Move to a stage of the application's own job. ``expected`` is the stage the person saw; a different one now is a
    Conflict. A rejected person has to be reopened first (kombo.md 18). Moving to where somebody is already changes
    nothing upstream or here, and says so.
    """
    application = locked(application)
    if application.job_id is None or stage.job_id != application.job_id:
        raise DomainError("This stage belongs to another job.", field="stage", code="stage_of_another_job")
    if not stage.is_active:
        raise DomainError("This stage is no longer in use.", field="stage", code="stage_inactive")
    if application.outcome in (Outcome.REJECTED, Outcome.WITHDRAWN):
        raise Conflict("Reopen this application before moving it.", field="stage", code="not_active")
    if expected is not None and application.stage_id != expected.pk:
        raise Conflict(
            f"Somebody moved this person to “{application.stage}” meanwhile.", field="stage", code="moved_meanwhile"
        )
    if application.stage_id == stage.pk:
        raise Conflict(f"Already in “{stage.name}”.", field="stage", code="already_there")
    before, left = _before(application), application.stage
    application.stage = stage
    application.stage_entered_at = timezone.now()
    application.outcome = outcome_of(stage)
    _sign(application, member, "stage", "outcome")
    _save(application, member)
    decision = _decide(DecisionKind.MOVE, application, member, before)
    activity.record(
        "moved",
        actor=member,
        application=application,
        **{"from": left.name if left else "", "to": stage.name, "from_id": before["stage"], "to_id": str(stage.pk)},
    )
    payload = {"stage": str(stage.pk), "stage_name": stage.name}
    outbox.tell_about_application(decision, application, PushKind.MOVE, payload, delay=delay)
    return decision


@transaction.atomic
def reject(
    application: Application, reason: RejectionReason | None, *, member: Membership, note: str = "", delay: int = 0
) -> Decision:
    """Reject with a reason of the workspace; the stage stays, so that reopening leads back to it."""
    application = locked(application)
    if reason is None:
        raise DomainError("Choose a reason.", field="reason", code="required")
    if not reason.is_active or reason.workspace_id != application.workspace_id:
        raise DomainError("This reason is not in use.", field="reason", code="reason_unknown")
    if len(note) > NOTE_LIMIT:
        raise DomainError(f"A note has at most {NOTE_LIMIT:,} characters.", field="note", code="max_length")
    if application.outcome == Outcome.REJECTED:
        raise Conflict("This application is rejected already.", code="already_rejected")
    before = _before(application)
    application.outcome = Outcome.REJECTED
    application.rejection_reason = reason
    application.rejection_reason_text = reason.name
    application.rejected_at = timezone.now()
    _sign(application, member, "outcome")
    _save(application, member)
    decision = _decide(DecisionKind.REJECT, application, member, before)
    activity.record("rejected", actor=member, application=application, reason=reason.name)
    payload = {"reason": str(reason.pk), "reason_name": reason.name, "note": note}
    outbox.tell_about_application(decision, application, PushKind.REJECT, payload, delay=delay)
    return decision


@transaction.atomic
def reopen(application: Application, *, member: Membership, delay: int = 0) -> Decision:
    """Take a rejection or withdrawal back here. Where a source can't be told so, its entry says that it keeps the
    rejection.
    """
    application = locked(application)
    if application.outcome not in (Outcome.REJECTED, Outcome.WITHDRAWN):
        raise Conflict("This application is not rejected.", code="not_rejected")
    before, left = _before(application), application.stage
    application.stage = _stage_before(application)
    application.outcome = Outcome.ACTIVE
    application.rejection_reason = None
    application.rejection_reason_text = ""
    application.rejected_at = None
    application.stage_entered_at = timezone.now()
    _sign(application, member, "outcome", *(["stage"] if application.stage != left else []))
    _save(application, member)
    decision = _decide(DecisionKind.REOPEN, application, member, before)
    activity.record(
        "reopened", actor=member, application=application, to=application.stage.name if application.stage else ""
    )
    payload = {
        "stage": str(application.stage_id or ""),
        "stage_name": application.stage.name if application.stage else "",
    }
    outbox.tell_about_application(decision, application, PushKind.REOPEN, payload, delay=delay)
    return decision


def _stage_before(application: Application) -> Stage | None:
    """Where a reopened application goes on. Where rejection is a stage of its own, back to the one before it."""
    stage = application.stage
    if application.job is None or (stage is not None and stage.category != StageCategory.REJECTED):
        return stage
    going_on = application.job.stages.targets().exclude(category=StageCategory.REJECTED)
    rejected = application.decisions.filter(kind=DecisionKind.REJECT, undone_at=None).order_by("-pk").first()
    left = going_on.filter(pk=rejected.before.get("stage")).first() if rejected else None
    return left or going_on.first() or stage


@transaction.atomic
def undo(decision: Decision, *, member: Membership) -> Decision:
    """Take back a move, rejection or reopening whose pushes have not left yet, by whoever made it.

    Refused (Conflict) once a source has been told, or when somebody has decided anew since.
    """
    decision = Decision.objects.select_for_update(of=("self",)).select_related("application").get(pk=decision.pk)
    if decision.member_id != member.pk:
        raise DomainError("Only who decided can undo it.", code="not_yours")
    if decision.undone_at:
        raise Conflict("This was undone already.", code="already_undone")
    if (
        decision.kind not in (DecisionKind.MOVE, DecisionKind.REJECT, DecisionKind.REOPEN)
        or decision.application is None
    ):
        raise DomainError("This can't be undone.", code="cannot_undo")
    application = locked(decision.application)
    if snapshot(application) != decision.after:
        raise Conflict("Somebody has decided anew since.", code="changed_meanwhile")
    _cancel_unsent(decision)
    _restore(application, decision.before, member)
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at", "updated_at"])
    activity.record("undone", actor=member, application=application, undone=decision.kind)
    return decision


def _cancel_unsent(decision: Decision) -> None:
    now = timezone.now()
    open_entries = decision.entries.exclude(state__in=[PushState.NOT_OFFERED, PushState.REFUSED, PushState.CANCELLED])
    open_entries.filter(state=PushState.WAITING, attempts=0).update(
        state=PushState.CANCELLED, settled_at=now, due_at=None, updated_at=now
    )
    told = open_entries.exclude(state=PushState.CANCELLED).select_related("source").first()
    if told is not None:
        raise Conflict(f"{told.source.name} has been told already. Decide anew instead.", code="already_told")


def _restore(application: Application, before: dict[str, Any], member: Membership) -> None:
    application.stage_id = before["stage"]
    application.stage_entered_at = before["stage_entered_at"]
    application.outcome = before["outcome"]
    application.rejection_reason_id = before["rejection_reason"]
    application.rejection_reason_text = before["rejection_reason_text"]
    application.rejected_at = before["rejected_at"]
    application.provenance = before.get("provenance", application.provenance)
    _save(application, member)


def _save(application: Application, member: Membership) -> None:
    application.version += 1
    application.save(
        update_fields=[
            "stage",
            "stage_entered_at",
            "outcome",
            "rejection_reason",
            "rejection_reason_text",
            "rejected_at",
            "provenance",
            "version",
            "updated_at",
        ]
    )
    follow(application, ["stage", "outcome"], member=member)


def _decide(kind: str, application: Application, member: Membership, before: dict[str, Any]) -> Decision:
    return Decision.objects.create(
        workspace_id=application.workspace_id,
        kind=kind,
        member=member,
        candidate=application.candidate,
        application=application,
        before=before,
        after=snapshot(application),
    )
