"""Making and editing jobs: their pipeline, criteria and team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from candidates.domain import activity
from candidates.domain.cleaning import clean_text
from candidates.enums import JobStatus, StageCategory
from candidates.models import Criterion, Job, JobMember, Stage
from recruitment.access import require_admin
from recruitment.errors import DomainError
from recruitment.models import Membership

TEXTS = {"title": 300, "code": 100, "department": 300}
CHOICES = {"status": JobStatus.values}
FLAGS = ("blind", "anonymised", "confidential")
GUARDED = ("blind", "anonymised")  # what reviewers rely on isn't lifted by those whom it holds back
PIPELINE = (
    ("New", StageCategory.NEW),
    ("Screening", StageCategory.SCREENING),
    ("Interview", StageCategory.INTERVIEW),
    ("Offer", StageCategory.OFFER),
    ("Hired", StageCategory.HIRED),
)

Rows = Sequence[Mapping[str, Any]]


@transaction.atomic
def create_job(fields: Mapping[str, Any], *, member: Membership) -> Job:
    """A job with the usual pipeline unless ``stages`` are given. ``fields`` also takes ``criteria`` and ``team``; a
    reviewer's rights begin with being on a team."""
    plain = _cleaned(fields)
    if not plain.get("title"):
        raise DomainError("Give the job a title.", field="title", code="required")
    job = Job.objects.create(workspace_id=member.workspace_id, **plain)
    usual = [{"name": name, "category": category} for name, category in PIPELINE]
    set_stages(job, fields.get("stages") or usual)
    set_criteria(job, fields.get("criteria") or [])
    set_team(job, fields.get("team") or [])
    activity.record("job_made", actor=member, job=job, title=job.title)
    return job


@transaction.atomic
def edit_job(job: Job, fields: Mapping[str, Any], *, member: Membership) -> Job:
    """Change what is given. ``stages``, ``criteria`` and ``team`` replace what is there; nothing that history names is
    deleted. Whether reviews are blind or anonymous is an admin's decision."""
    plain = _cleaned(fields)
    job = Job.objects.select_for_update().get(pk=job.pk)
    changed = {name: [getattr(job, name), value] for name, value in plain.items() if getattr(job, name) != value}
    if changed.keys() & set(GUARDED):
        require_admin(member)
    if "title" in plain and not plain["title"]:
        raise DomainError("Give the job a title.", field="title", code="required")
    for name, (_old, new) in changed.items():
        setattr(job, name, new)
    job.save()
    for name, replace in (("stages", set_stages), ("criteria", set_criteria), ("team", set_team)):
        if fields.get(name) is not None:
            replace(job, fields[name])
            changed[name] = [None, len(fields[name])]
    if changed:
        activity.record("job_edited", actor=member, job=job, **changed)
    return job


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        name: clean_text(fields[name], limit, name) for name, limit in TEXTS.items() if name in fields
    }
    for name, known in CHOICES.items():
        if name in fields:
            if fields[name] not in known:
                raise DomainError(f"Choose one of: {', '.join(known)}.", field=name, code="invalid_choice")
            plain[name] = fields[name]
    for name in FLAGS:
        if name in fields:
            if not isinstance(fields[name], bool):
                raise DomainError("This is true or false.", field=name)
            plain[name] = fields[name]
    return plain


def set_stages(job: Job, rows: Rows) -> None:
    """The pipeline in this order: ``[{id?, name, category}]``. A stage that is left out and was ever used or came from
    a source becomes inactive. A source names its own stages; only their category is ours to set."""
    known = {stage.pk: stage for stage in job.stages.all()}
    if not rows:
        raise DomainError("A pipeline has at least one stage.", field="stages", code="required")
    upstream = set(job.stages.filter(records__isnull=False).values_list("pk", flat=True))
    for position, row in enumerate(rows):
        stage = _known(known, row, "stages") or Stage(workspace_id=job.workspace_id, job=job)
        name, category = _named(row, 300, "stages"), row.get("category") or StageCategory.SCREENING
        if category not in StageCategory.values:
            raise DomainError("There is no such category.", field="stages", code="invalid_choice")
        if stage.pk in upstream and name != stage.name:
            raise DomainError(f"“{stage.name}” is named by its source.", field="stages", code="named_upstream")
        stage.category_is_ours = stage.category_is_ours or category != stage.category
        stage.name, stage.category, stage.position, stage.is_active = name, category, position, True
        stage.save()
        known.pop(stage.pk, None)
    for stage in known.values():
        if stage.pk in upstream or stage.applications.exists():
            stage.is_active = False
            stage.save(update_fields=["is_active", "updated_at"])
        else:
            stage.delete()


def set_criteria(job: Job, rows: Rows) -> None:
    """What reviewers score: ``[{id?, name, description?}]``. One left out keeps its scores, out of sight."""
    known = {criterion.pk: criterion for criterion in job.criteria.all()}
    for position, row in enumerate(rows):
        criterion = _known(known, row, "criteria") or Criterion(workspace_id=job.workspace_id, job=job)
        criterion.name = _named(row, 200, "criteria")
        criterion.description = clean_text(row.get("description", criterion.description), 500, "criteria")
        criterion.position, criterion.is_active = position, True
        criterion.save()
        known.pop(criterion.pk, None)
    for criterion in known.values():
        if criterion.scores.exists():
            criterion.is_active = False
            criterion.save(update_fields=["is_active", "updated_at"])
        else:
            criterion.delete()


def set_team(job: Job, rows: Rows) -> None:
    """Who works on the job: ``[{member: Membership, role?}]``."""
    wanted = {row["member"].pk: (row["member"], clean_text(row.get("role"), 100, "team")) for row in rows}
    for person, _role in wanted.values():
        if person.workspace_id != job.workspace_id:
            raise DomainError("This isn't a member of the workspace.", field="team", code="does_not_exist")
    job.team.exclude(member__in=wanted).delete()
    for person, role in wanted.values():
        JobMember.objects.update_or_create(
            job=job, member=person, defaults={"role": role, "workspace_id": job.workspace_id}
        )


def _known(known: Mapping[UUID, Any], row: Mapping[str, Any], field: str) -> Any:
    """The row's own thing, None for a new one. Raises DomainError for an id that is no part of this job."""
    if not row.get("id"):
        return None
    found = known.get(row["id"])
    if found is None:
        raise DomainError("There is no such id in this job, or it is named twice.", field=field, code="does_not_exist")
    return found


def _named(row: Mapping[str, Any], limit: int, field: str) -> str:
    name = clean_text(row.get("name"), limit, field)
    if not name:
        raise DomainError("Everything here needs a name.", field=field, code="required")
    return name
