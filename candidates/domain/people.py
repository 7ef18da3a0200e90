"""Making and editing candidates and applications by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity, outbox
from candidates.domain.cleaning import clean_candidate_fields
from candidates.domain.conflicts import follow
from candidates.domain.identities import write_identities
from candidates.domain.locking import lock_candidate
from candidates.domain.search import search_text
from candidates.domain.stages import outcome_of
from candidates.enums import DecisionKind, Outcome, PushKind
from candidates.models import Application, Candidate, Decision, Job, Stage
from recruitment.errors import Conflict, DomainError, EditConflict
from recruitment.models import Membership


@transaction.atomic
def create_candidate(fields: Mapping[str, Any], *, member: Membership) -> Candidate:
    """A person that no source knows. Needs a name or an e-mail address."""
    cleaned = clean_candidate_fields(fields)
    if not any(cleaned.get(name) for name in ("full_name", "first_name", "last_name", "emails")):
        raise DomainError("Give a name or an e-mail address.", field="full_name", code="required")
    candidate = Candidate(workspace_id=member.workspace_id, **cleaned)
    _complete(candidate, cleaned, member)
    candidate.save(force_insert=True)
    write_identities([candidate])
    activity.record("created", actor=member, candidate=candidate)
    return candidate


@transaction.atomic
def edit_candidate(
    candidate: Candidate, fields: Mapping[str, Any], *, member: Membership, base: Mapping[str, Any] | None = None
) -> tuple[Candidate, Decision | None]:
    """Change fields. ``base`` holds the values that were on the screen: where the row has moved on from them and the
    person wants something else, nothing is written and EditConflict carries both texts. Other fields merge.

    Answers the decision as well where a source takes such changes, and is told."""
    cleaned = clean_candidate_fields(fields)
    candidate = lock_candidate(candidate)
    cleaned_base = clean_candidate_fields(base or {})
    clashes = {
        name: {"base": cleaned_base[name], "yours": value, "theirs": getattr(candidate, name)}
        for name, value in cleaned.items()
        if name in cleaned_base and getattr(candidate, name) not in (cleaned_base[name], value)
    }
    if clashes:
        raise EditConflict(clashes)
    changed = {
        name: [getattr(candidate, name), value] for name, value in cleaned.items() if getattr(candidate, name) != value
    }
    if not changed:
        return candidate, None
    for name, (_old, new) in changed.items():
        setattr(candidate, name, new)
    _complete(candidate, cleaned, member)
    candidate.version += 1
    candidate.save()
    if {"emails", "phones", "links"} & changed.keys():
        write_identities([candidate])
    activity.record("edited", actor=member, candidate=candidate, fields=changed)
    follow(candidate, changed, member=member)
    return candidate, _tell(candidate, changed, member)


def _tell(candidate: Candidate, changed: Mapping[str, Any], member: Membership) -> Decision | None:
    names = _with_name(candidate, changed)
    rows = outbox.takers(outbox.rows_of_candidate(candidate), PushKind.FIELDS)
    rows = [row for row in rows if row.source.takes_fields & names]
    if not rows:
        return None
    decision = Decision.objects.create(
        workspace_id=candidate.workspace_id,
        kind=DecisionKind.FIELDS,
        member=member,
        candidate=candidate,
        after={"fields": sorted(names)},
    )
    outbox.tell_takers(decision, rows, {"fields": dict.fromkeys(sorted(names))}, delay=0)
    return decision


def _with_name(candidate: Candidate, changed: Mapping[str, Any]) -> frozenset[str]:
    """Either half of a name changes the whole of it."""
    halves = {"first_name", "last_name"} & changed.keys()
    return frozenset(changed) | ({"full_name"} if halves and candidate.full_name else set())


def _complete(candidate: Candidate, written: Mapping[str, Any], member: Membership) -> None:
    """What follows from the fields that were written."""
    if "full_name" not in written and {"first_name", "last_name"} & written.keys():
        candidate.full_name = " ".join(filter(None, [candidate.first_name, candidate.last_name]))
    stamp = {"source": "", "at": timezone.now().isoformat(), "by": str(member)[:200]}
    candidate.provenance = {**candidate.provenance, **dict.fromkeys(written, stamp)}
    candidate.search_text = search_text(candidate)


@transaction.atomic
def create_application(
    candidate: Candidate, job: Job, *, member: Membership, stage: Stage | None = None
) -> Application:
    """Consider a person for a job, by hand. Starts in the first stage of the pipeline unless another is named."""
    if stage is not None and stage.job_id != job.pk:
        raise DomainError("This stage belongs to another job.", field="stage", code="stage_of_another_job")
    candidate = lock_candidate(candidate)
    if candidate.applications.filter(job=job, outcome=Outcome.ACTIVE).exists():
        raise Conflict("This person is already considered for this job.", field="job", code="already_applied")
    stage = stage or job.stages.targets().first()
    now = timezone.now()
    application = Application.objects.create(
        workspace_id=candidate.workspace_id,
        candidate=candidate,
        job=job,
        stage=stage,
        outcome=outcome_of(stage) if stage else Outcome.ACTIVE,
        applied_at=now,
        stage_entered_at=now,
    )
    activity.record("application_made", actor=member, application=application)
    return application
