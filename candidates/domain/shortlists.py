"""The ordered few of a job."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max

from candidates.domain import activity, outbox
from candidates.enums import DecisionKind, Outcome, PushKind
from candidates.models import Application, Decision, Job, ShortlistEntry
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership


@transaction.atomic
def put_on_shortlist(
    application: Application, *, member: Membership, position: int | None = None, delay: int = 0
) -> tuple[ShortlistEntry, Decision | None]:
    """Add, or move within the list. ``position`` counts from 1; beyond the end, or None for a new one, means last.

    Answers the decision as well where a source takes shortlists, and is told.
    """
    if application.job_id is None:
        raise DomainError("A shortlist belongs to a job, and this application has none.", code="no_job")
    if position is not None and position < 1:
        raise DomainError("Positions count from 1.", field="position", code="min_value")
    Job.objects.select_for_update().get(pk=application.job_id)  # one change of the order at a time
    entries = ShortlistEntry.objects.filter(job_id=application.job_id)
    existing = entries.filter(application=application).first()
    if existing and position is None:
        return existing, None
    if existing:  # the others close the gap first, so that "last" counts without it
        entries.filter(position__gt=existing.position).update(position=F("position") - 1)
    others = entries.exclude(application=application)
    last = (others.aggregate(last=Max("position"))["last"] or 0) + 1
    wanted = min(position or last, last)
    others.filter(position__gte=wanted).update(position=F("position") + 1)
    entry, made = ShortlistEntry.objects.update_or_create(
        application=application,
        defaults={
            "position": wanted,
            "job_id": application.job_id,
            "workspace_id": application.workspace_id,
            "added_by": existing.added_by if existing else member,
        },
    )
    if made:
        activity.record("shortlisted", actor=member, application=application, position=wanted)
    return entry, _tell(application, member, delay) if made else None


def _tell(application: Application, member: Membership, delay: int) -> Decision | None:
    """Somebody who is rejected or hired stays so in a source where the shortlist is a status like those."""
    rows = outbox.takers(outbox.rows_of_application(application), PushKind.SHORTLIST)
    if not rows or application.outcome != Outcome.ACTIVE:
        return None
    decision = Decision.objects.create(
        workspace_id=application.workspace_id,
        kind=DecisionKind.SHORTLIST,
        member=member,
        candidate=application.candidate,
        application=application,
    )
    outbox.tell_takers(decision, rows, {}, delay=delay)
    return decision


@transaction.atomic
def take_off_shortlist(application: Application, *, member: Membership) -> None:
    entry = ShortlistEntry.objects.filter(application=application).first()
    if entry is None:
        raise Conflict("Not on the shortlist any more.", code="not_shortlisted")
    Job.objects.select_for_update().get(pk=entry.job_id)
    position = entry.position
    entry.delete()
    ShortlistEntry.objects.filter(job_id=entry.job_id, position__gt=position).update(position=F("position") - 1)
    activity.record("unshortlisted", actor=member, application=application)
