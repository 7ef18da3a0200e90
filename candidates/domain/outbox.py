"""Deciding, in the transaction of a decision, what each source must hear of it (design, rule 1 and section 5).

Nothing here calls anybody. A source that can't be told gets an entry that ends at once in ``not_offered`` with the
reason, so that nobody has to guess. What a later decision makes pointless and is not on the wire yet ends in
``superseded``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone

from candidates.enums import PushKind, PushState, RecordKind, RecordState
from candidates.models import Application, Candidate, Decision, OutboxEntry, SourceRecord

log = structlog.get_logger(__name__)

# What a new entry of a kind makes pointless, as long as it has not been sent.
REPLACES: dict[str, tuple[str, ...]] = {
    PushKind.MOVE: (PushKind.MOVE, PushKind.SHORTLIST),
    PushKind.REJECT: (PushKind.MOVE, PushKind.REJECT, PushKind.SHORTLIST),
    PushKind.REOPEN: (PushKind.REJECT,),
    PushKind.TAG: (PushKind.UNTAG, PushKind.TAG),
    PushKind.UNTAG: (PushKind.TAG, PushKind.UNTAG),
}
# What says where an application stands in the source.
POSITIONS = (PushKind.MOVE, PushKind.REJECT, PushKind.REOPEN, PushKind.SHORTLIST)
# What becomes part of a text in the source: with when it was decided, and by whom.
WRITTEN = (PushKind.NOTE, PushKind.REJECT)
REPLACEABLE = (PushState.WAITING, PushState.RETRYING, PushState.CONFLICT)

Payload = Mapping[str, Any]


def tell_about_application(
    decision: Decision, application: Application, kind: str, payload: Payload, *, delay: int
) -> list[OutboxEntry]:
    """One entry for each source that knows this application. ``delay`` in seconds holds it back for an undo."""
    records = rows_of_application(application)
    return _plan(decision, application.candidate, application, records, kind, payload, delay)


def tell_about_candidate(
    decision: Decision, candidate: Candidate, kind: str, payload: Payload, *, delay: int
) -> list[OutboxEntry]:
    """One entry for each row by which a source knows this person (design section 10: tags go to every row)."""
    return _plan(decision, candidate, None, rows_of_candidate(candidate), kind, payload, delay)


def tell_takers(decision: Decision, takers: Sequence[SourceRecord], payload: Payload, *, delay: int) -> None:
    """For what is this system's own affair, unless a source takes it: no entry for those who don't."""
    _plan(decision, decision.candidate, decision.application, takers, decision.kind, payload, delay)


def takers(records: Iterable[SourceRecord], kind: str) -> list[SourceRecord]:
    """The rows whose source can be told this."""
    return [record for record in records if not record.source.why_not(kind)]


def rows_of_application(application: Application) -> Iterable[SourceRecord]:
    found = application.records.filter(kind=RecordKind.APPLICATION).exclude(state=RecordState.DELETED)
    return found.select_related("source")


def rows_of_candidate(candidate: Candidate) -> Iterable[SourceRecord]:
    found = candidate.records.filter(kind=RecordKind.CANDIDATE).exclude(state=RecordState.DELETED)
    return found.select_related("source")


def _plan(
    decision: Decision,
    candidate: Candidate,
    application: Application | None,
    records: Iterable[SourceRecord],
    kind: str,
    payload: Payload,
    delay: int,
) -> list[OutboxEntry]:
    order_key = f"a:{application.pk}" if application else f"c:{candidate.pk}"
    if kind in WRITTEN:
        payload = {**payload, "at": timezone.now().isoformat(), "by": str(decision.member)}
    _supersede(order_key, kind, payload)
    entries = []
    for record in records:
        addressed, obstacle = address(record, kind, payload)
        obstacle = record.source.why_not(kind) or obstacle
        now = timezone.now()
        entries.append(
            OutboxEntry(
                workspace_id=candidate.workspace_id,
                decision=decision,
                source=record.source,
                record=record,
                kind=kind,
                candidate=candidate,
                application=application,
                payload=addressed,
                order_key=order_key,
                state=PushState.NOT_OFFERED if obstacle else PushState.WAITING,
                last_error_code="not_offered" if obstacle else "",
                last_error_message=obstacle,
                due_at=None if obstacle else now + timedelta(seconds=delay),
                settled_at=now if obstacle else None,
                requested_by=decision.member,
                requested_at=now,
            )
        )
    OutboxEntry.objects.bulk_create(entries)
    if any(entry.due_at for entry in entries):
        wake(after=delay)
    return entries


def address(record: SourceRecord, kind: str, payload: Payload) -> tuple[dict[str, Any], str]:
    """The payload in the source's own ids, and the reason why it can't be put so (empty when it can).

    A stage or reason that nobody has tied to one upstream blocks only its own push. ``base`` is where the source had
    the application when this was decided: the delivery looks whether it still has.
    """
    addressed = dict(payload)
    if kind in POSITIONS and record.imported:
        addressed["base"] = {name: record.imported.get(name) for name in ("stage_external_id", "outcome")}
    name = record.source.provider_label or record.source.name
    if kind in (PushKind.MOVE, PushKind.REOPEN):
        addressed["stage_id"] = _external_id(record, RecordKind.STAGE, stage=payload["stage"] or None)
        if not addressed["stage_id"]:
            return addressed, f"The stage “{payload['stage_name']}” isn't tied to a stage in {name}."
    if kind == PushKind.FIELDS and record.candidate is not None:
        # What we have today: sent again later, it must not bring an older value back.
        names = [name for name in payload["fields"] if name in record.source.takes_fields]
        addressed["fields"] = {name: getattr(record.candidate, name) for name in names}
        addressed["base"] = {name: record.imported[name] for name in names if name in record.imported}
    if status := record.source.status_for(kind):
        addressed["stage_id"] = f"{record.imported.get('job_external_id')}:{status}"
    elif kind == PushKind.REJECT:
        addressed["reason_id"] = _external_id(record, RecordKind.REASON, reason=payload["reason"])
        if not addressed["reason_id"]:
            return addressed, f"The reason “{payload['reason_name']}” isn't tied to a reason in {name}."
    return addressed, ""


def _external_id(record: SourceRecord, kind: str, **target: Any) -> str:
    found = SourceRecord.objects.filter(source_id=record.source_id, kind=kind, **target).exclude(
        state=RecordState.DELETED
    )
    return found.order_by("-last_seen_at").values_list("external_id", flat=True).first() or ""


def _supersede(order_key: str, kind: str, payload: Payload) -> None:
    now = timezone.now()
    unsent = OutboxEntry.objects.filter(order_key=order_key, kind__in=REPLACES.get(kind, ()), state__in=REPLACEABLE)
    if kind in (PushKind.TAG, PushKind.UNTAG):
        unsent = unsent.filter(payload__name=payload["name"])
    unsent.update(state=PushState.SUPERSEDED, settled_at=now, due_at=None, updated_at=now)


def wake(*, after: float = 0) -> None:
    """Have a worker look at what is due. If the broker can't be reached nothing is lost: the beat looks every few
    seconds.
    """

    def send() -> None:
        try:
            current_app.send_task("integrations.push.deliver_due", countdown=after or None, queue="push", retry=False)
        except Exception as error:  # the broker's own errors differ by transport
            log.warning("could not wake the delivery", code=type(error).__name__)

    transaction.on_commit(send)
