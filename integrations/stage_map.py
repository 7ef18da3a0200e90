"""Which stage here is which stage there. Imports tie what they make; a person may tie otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.intake.categories import guess_category
from candidates.domain.search import fold
from candidates.enums import JobStatus, PushKind, RecordKind, RecordState
from candidates.models import Source, SourceRecord, Stage
from integrations.models import Connection
from integrations.registry import provider_class
from recruitment.errors import DomainError
from recruitment.models import Membership

Ties = Sequence[Mapping[str, Any]]  # [{stage: Stage | None, upstream_id or upstream_status}]
STATUSES = ("reject_status", "shortlist_status")
AT_WORK = (JobStatus.DRAFT, JobStatus.OPEN)


def has_statuses(connection: Connection) -> bool:
    """Whether the source has free words for where somebody is, and no stages with ids (talynce.md 2.8)."""
    return hasattr(provider_class(connection.provider), "stage_of_status")


def stage_ties(connection: Connection) -> QuerySet[SourceRecord]:
    """The source's stages by job and position, each with the stage here that it is tied to."""
    return (
        SourceRecord.objects.filter(source=connection.source_id, kind=RecordKind.STAGE)
        .exclude(state=RecordState.DELETED)
        .select_related("stage")
        .order_by("job_id", "stage__position", "external_id")
    )


def name_of(record: SourceRecord) -> str:
    """What the source calls its stage."""
    return str(record.imported.get("name") or (record.stage.name if record.stage else "") or record.external_id)


def stage_map(connection: Connection) -> dict[str, Any]:
    """As the API shows it."""
    ties = [
        {
            "stage": record.stage_id,
            "stage_name": record.stage.name if record.stage else "",
            "job": record.job_id or (record.stage.job_id if record.stage else None),
            "upstream_id": record.external_id,
            "upstream_name": name_of(record),
        }
        for record in stage_ties(connection)
    ]
    return {"stages": ties, **{name: connection.options.get(name) for name in STATUSES}}


def untied(sources: Iterable[Source]) -> dict[UUID, int]:
    """By source: how many stages of open jobs it knows can't be told to it, because nobody has tied them."""
    told = [source.pk for source in sources if not source.why_not(PushKind.MOVE)]
    if not told:
        return {}
    found = untied_stages(told).order_by().values_list("known_to").annotate(number=Count("pk", distinct=True))
    return dict(found)


def untied_stages(sources: Iterable[UUID]) -> QuerySet[Any]:
    """Stages of open jobs with ``known_to``, a source that knows the job and has no stage for this one."""
    tied = SourceRecord.objects.filter(kind=RecordKind.STAGE, stage=OuterRef("pk"), source=OuterRef("known_to"))
    known = Stage.objects.annotate(
        known_to=F("job__records__source"), known_as=F("job__records__kind"), known_state=F("job__records__state")
    )
    return known.filter(
        ~Exists(tied.exclude(state=RecordState.DELETED)),
        known_to__in=list(sources),
        known_as=RecordKind.JOB,
        is_active=True,
        job__status__in=AT_WORK,
    ).exclude(known_state=RecordState.DELETED)


def suggestion(record: SourceRecord, stages: Sequence[Stage], place: int) -> Stage | None:
    """The stage here that an untied one most likely is: the same name, else the only one of its category, else the one
    at its place."""
    name = name_of(record)
    for stage in stages:
        if fold(stage.name) == fold(name):
            return stage
    alike = [stage for stage in stages if stage.category == guess_category(name, place)]
    if len(alike) == 1:
        return alike[0]
    return stages[place] if place < len(stages) and not alike else None


@transaction.atomic
def set_stage_map(connection: Connection, ties: Ties, *, member: Membership) -> None:
    """Tie the named upstream stages anew; others stay. A stage of another job than the upstream one's is refused."""
    records = {record.external_id: record for record in stage_ties(connection)}
    told: list[list[str]] = []
    for tie in ties:
        stage = tie["stage"]
        record = records.get(tie["upstream_id"]) if "upstream_id" in tie else _of_status(connection, tie)
        if record is None:
            raise DomainError("The source has no such stage.", field="stages", code="does_not_exist")
        job_id = record.job_id or (record.stage.job_id if record.stage else None)
        if stage is not None and job_id is not None and stage.job_id != job_id:
            raise DomainError(f"“{stage.name}” belongs to another job.", field="stages", code="stage_of_another_job")
        if record.stage_id == (stage.pk if stage else None) and not record._state.adding:
            continue
        told.append([name_of(record), stage.name if stage else ""])
        record.stage = stage
        record.save()
    if told:
        activity.record("stages_tied", actor=member, source=connection.name, ties=told[:100], count=len(told))


def _of_status(connection: Connection, tie: Mapping[str, Any]) -> SourceRecord | None:
    """A status that somebody typed, as the source's stage of this job. Kept byte for byte."""
    status, stage = str(tie.get("upstream_status") or ""), tie["stage"]
    if not has_statuses(connection):
        raise DomainError("This source has stages, and no statuses.", field="stages", code="no_statuses")
    if not status.strip() or stage is None:
        raise DomainError("Name the stage and its status.", field="stages", code="required")
    jobs = SourceRecord.objects.filter(source=connection.source_id, kind=RecordKind.JOB, job=stage.job_id)
    job = jobs.exclude(state=RecordState.DELETED).order_by("-last_seen_at").first()
    if job is None:
        raise DomainError("The source doesn't know this job.", field="stages", code="job_unknown")
    external_id = provider_class(connection.provider).stage_of_status(job.external_id, status)  # type: ignore[attr-defined]
    given = {"source_id": connection.source_id, "kind": RecordKind.STAGE, "external_id": external_id}
    known = SourceRecord.objects.filter(**given).first()
    if known is not None:
        known.state = RecordState.LISTED
        return known
    imported = {"name": status}
    now = timezone.now()
    made = SourceRecord(workspace_id=connection.workspace_id, job_id=stage.job_id, imported=imported, **given)
    made.last_seen_at = now
    return made
