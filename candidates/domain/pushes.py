"""What a person does with a push: send it again, call it off, say what became of it, choose between both sides.

Each is one transaction over the locked row. A push that has moved on meanwhile is a Conflict, and nothing is done.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity, outbox
from candidates.enums import Outcome, PushKind, PushState, RecordKind
from candidates.models import Application, OutboxEntry, SourceRecord, Stage
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

RETRYABLE = (PushState.REFUSED, PushState.NOT_OFFERED, PushState.RETRYING)
CANCELLABLE = (PushState.WAITING, PushState.RETRYING, PushState.CONFLICT)
REPLACED = "A newer decision has taken its place."


@transaction.atomic
def retry(entry: OutboxEntry, member: Membership) -> OutboxEntry:
    """Send it now, in the ids that the source has today: a stage that was tied meanwhile can be told."""
    entry = _locked(entry, *RETRYABLE)
    if entry.decision and entry.decision.undone_at:
        raise Conflict("The decision was undone.", code="undone")
    if _is_replaced(entry):
        raise Conflict(REPLACED, code="replaced")
    if entry.record is None:
        raise Conflict(f"{entry.source} no longer has this row.", code="record_missing")
    payload, obstacle = outbox.address(entry.record, entry.kind, entry.payload)
    obstacle = entry.source.why_not(entry.kind) or obstacle
    if obstacle:
        raise DomainError(obstacle, code="not_offered")
    entry.payload = payload
    _send_now(entry)
    return _record("push_retried", entry, member)


@transaction.atomic
def cancel(entry: OutboxEntry, member: Membership) -> OutboxEntry:
    """Don't send it. The decision here stands: whoever wants that undone decides anew."""
    entry = _locked(entry, *CANCELLABLE)
    _settle(entry, PushState.CANCELLED, member)
    return _record("push_cancelled", entry, member)


@transaction.atomic
def settle(entry: OutboxEntry, member: Membership, *, arrived: bool) -> OutboxEntry:
    """Say of an unknown push whether it arrived. If not, it is sent again."""
    entry = _locked(entry, PushState.UNKNOWN)
    if arrived:
        _settle(entry, PushState.CONFIRMED, member)
    else:
        _send_now(entry, lost_before=timezone.now().isoformat())
    return _record("push_settled", entry, member, arrived=arrived)


@transaction.atomic
def resolve(entry: OutboxEntry, member: Membership, *, keep: str) -> OutboxEntry:
    """Choose for a push in conflict: ``ours`` is sent without comparing again, ``theirs`` becomes the state here."""
    if keep not in ("ours", "theirs"):
        raise DomainError("Keep ours or theirs.", field="keep", code="invalid_choice")
    application = _locked_application(entry)  # before the push, as decisions do
    entry = _locked(entry, PushState.CONFLICT)
    said = entry.upstream_now or {}
    if keep == "ours":
        _send_now(entry, force=True)
    else:
        _follow(application, entry, said, member)
        _settle(entry, PushState.SUPERSEDED, member)
    activity.record("conflict_resolved", actor=member, application=application, field="stage", keep=keep, theirs=said)
    return entry


def describe(entry: OutboxEntry) -> str:
    """A sentence for the ledger: what the source is to hear."""
    payload = entry.payload
    words = {
        PushKind.MOVE: f"Move to {payload.get('stage_name', 'another stage')}",
        PushKind.REJECT: f"Reject: {payload.get('reason_name', 'no reason given')}",
        PushKind.REOPEN: "Reopen",
        PushKind.TAG: f"Tag “{payload.get('name', '')}”",
        PushKind.UNTAG: f"Remove the tag “{payload.get('name', '')}”",
        PushKind.NOTE: "Add a note",
        PushKind.SHORTLIST: "Put on the shortlist",
        PushKind.FIELDS: f"Change {_fields_of(entry)}",
    }[PushKind(entry.kind)]
    return f"{words} (not sent; the decision here stands)" if entry.state == PushState.CANCELLED else words


def _fields_of(entry: OutboxEntry) -> str:
    names = [name.replace("_", " ") for name in entry.payload.get("fields") or {}]
    return ", ".join(names) or "the candidate's details"


def _locked(entry: OutboxEntry, *states: str) -> OutboxEntry:
    """The row as it is now, held until the transaction ends. Raises Conflict when it is in none of these states."""
    found = (
        OutboxEntry.objects.select_for_update(of=("self",))
        .select_related("source", "record__source", "decision", "candidate", "application")
        .get(pk=entry.pk)
    )
    if found.state not in states:
        raise Conflict(f"This push is “{found.get_state_display().lower()}” by now.", code="push_changed")
    return found


def _locked_application(entry: OutboxEntry) -> Application:
    """Held against other decisions, though not against rows that only refer to it: a worker may be writing some."""
    found = Application.objects.select_for_update(of=("self",), no_key=True).select_related("candidate", "job", "stage")
    application = found.filter(pk=entry.application_id).first() if entry.application_id else None
    if application is None:
        raise Conflict("This push is about no application.", code="push_changed")
    return application


def _is_replaced(entry: OutboxEntry) -> bool:
    """Whether a later decision says otherwise: sending this one now would turn their order round."""
    kinds = [kind for kind, replaced in outbox.REPLACES.items() if entry.kind in replaced]
    later = OutboxEntry.objects.filter(
        record=entry.record_id, order_key=entry.order_key, pk__gt=entry.pk, kind__in=kinds
    ).exclude(state=PushState.CANCELLED)
    if entry.kind in (PushKind.TAG, PushKind.UNTAG):
        later = later.filter(payload__name=entry.payload.get("name"))
    return later.exists()


def _send_now(entry: OutboxEntry, **more: Any) -> None:
    """Notes for the delivery go into the payload. ``said_at``: a person has spoken, so its age doesn't hold it back.
    ``force``: without comparing. ``lost_before``: attempts before this moment did not arrive, says a person.
    """
    now = timezone.now()
    entry.payload = {**entry.payload, "said_at": now.isoformat(), **more}
    entry.state, entry.due_at = PushState.WAITING, now
    entry.settled_at, entry.settled_by, entry.upstream_now = None, None, None
    entry.last_error_code = entry.last_error_message = ""
    entry.save()
    outbox.wake()


def _settle(entry: OutboxEntry, state: str, member: Membership) -> None:
    entry.state, entry.settled_at, entry.settled_by, entry.due_at = state, timezone.now(), member, None
    entry.save()


def _record(verb: str, entry: OutboxEntry, member: Membership, **facts: Any) -> OutboxEntry:
    activity.record(
        verb,
        actor=member,
        candidate=entry.candidate,
        application=entry.application,
        kind=entry.kind,
        source=entry.source.name,
        entry=str(entry.pk),
        **facts,
    )
    return entry


def _follow(application: Application, entry: OutboxEntry, said: dict[str, Any], member: Membership) -> None:
    """Take over what the source says: its stage where it is one of ours, and its outcome."""
    now, left = timezone.now(), application.stage
    stage, outcome = _stage_of(entry, said) or left, said.get("outcome") or Outcome.ACTIVE
    if (stage, outcome) == (left, application.outcome):
        return
    if stage != left:
        application.stage, application.stage_entered_at = stage, now
    application.outcome = outcome
    if outcome == Outcome.REJECTED:
        application.rejected_at = application.rejected_at or now
    else:
        application.rejection_reason, application.rejection_reason_text, application.rejected_at = None, "", None
    application.version += 1
    application.save()
    names = {"from": left.name if left else "", "to": stage.name if stage else ""}
    ids = {"from_id": str(left.pk) if left else None, "to_id": str(stage.pk) if stage else None}
    activity.record("moved", actor=member, application=application, outcome=outcome, **names, **ids)


def _stage_of(entry: OutboxEntry, said: dict[str, Any]) -> Stage | None:
    record = SourceRecord.objects.filter(
        source=entry.source_id, kind=RecordKind.STAGE, external_id=said.get("stage_id") or ""
    ).select_related("stage")
    found = record.first()
    same_job = found and found.stage and entry.application and found.stage.job_id == entry.application.job_id
    return found.stage if found and same_job else None
