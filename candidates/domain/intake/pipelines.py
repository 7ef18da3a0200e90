"""Jobs, their pipelines and their teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import nh3
from django.db.models import Q

from candidates.domain.intake import records, shared
from candidates.domain.intake.categories import guess_category
from candidates.domain.intake.checking import obstacle
from candidates.domain.intake.merging import merge
from candidates.domain.intake.records import Sighting
from candidates.domain.intake.run import Intake
from candidates.domain.jobs import PIPELINE
from candidates.domain.profiles import StageProfile
from candidates.domain.writing import overwrite
from candidates.enums import JobStatus, RecordKind, RecordState
from candidates.models import Job, JobMember, SourceRecord, Stage
from recruitment.models import Membership

UNTITLED = "Untitled job"
UNNAMED = "Unnamed stage"
JOB_COLUMNS = [
    *("title", "status", "code", "department", "description_html", "location", "employment_type", "workplace"),
    *("opened_at", "closed_at", "confidential", "upstream_team", "custom_fields", "updated_at"),
]
STAGE_COLUMNS = ["name", "category", "position", "is_active", "parent", "updated_at"]


@dataclass(slots=True)
class Changed:
    sighting: Sighting
    job: Job
    record: SourceRecord


def take_jobs(intake: Intake, rows: Sequence[Any]) -> None:
    seen = [row for row in records.sightings(intake, records.read_all(intake, rows)) if _fits(intake, row)]
    there = records.known(intake, RecordKind.JOB, [row.external_id for row in seen])
    same = records.unchanged(seen, there)
    records.touch(intake, [there[row.external_id] for row in same])
    intake.counts.unchanged += len(same)
    skip = {row.external_id for row in same}
    changed = _merged(intake, [row for row in seen if row.external_id not in skip], there)
    if changed:
        _Pipelines(intake, changed).take()
        _give_usual_stages([row.job for row in changed if row.sighting.profile.staged_here])
        _teams(intake, changed)
        if any(row.sighting.profile.stages is None for row in changed):
            shared.spread(intake)


def _fits(intake: Intake, row: Sighting) -> bool:
    fields = _fields(row)
    reason = obstacle(Job, fields)
    if not reason:
        stages = row.profile.stages or []
        reason = next(filter(None, (obstacle(Stage, _stage_fields(stage)) for stage in stages)), "")
    if reason:
        intake.set_aside(row.profile, reason)
    return not reason


def _fields(row: Sighting) -> dict[str, Any]:
    """What they say, fit for our columns: a deleted job is one that is archived."""
    profile = row.profile
    fields = {**profile.fields, "custom_fields": profile.custom_fields}
    if isinstance(fields.get("description_html"), str):
        fields["description_html"] = nh3.clean(fields["description_html"])
    if profile.deleted_at:
        fields["status"] = JobStatus.ARCHIVED
    return fields


def _merged(intake: Intake, rows: list[Sighting], there: Mapping[str, records.Known]) -> list[Changed]:
    known = records.load(intake, RecordKind.JOB, [row.external_id for row in rows if row.external_id in there])
    jobs = Job.objects.select_for_update().order_by("pk").in_bulk([row.job_id for row in known.values() if row.job_id])
    changed, created, new_jobs = [], [], []
    for row in rows:
        record = known.get(row.external_id)
        job = jobs.get(record.job_id) if record and record.job_id else None
        is_new = job is None
        job = job or Job(workspace_id=intake.source.workspace_id, title=row.profile.fields.get("title") or UNTITLED)
        if is_new:
            new_jobs.append(job)
        if record is None:
            record = records.new_record(intake, RecordKind.JOB, row.external_id)
            created.append(record)
        record.job = job
        intake.counts.created += is_new
        intake.counts.updated += not is_new
        merged = merge(job, _fields(row), record.imported, stamp={})
        if merged.changes and not is_new:
            told: dict[str, Any] = {name: _short(pair) for name, pair in merged.changes.items()}
            intake.tell("job_edited", job=job, **told)
        job.upstream_team = row.profile.hiring_team
        records.remember(intake, record, row)
        changed.append(Changed(row, job, record))
    Job.objects.bulk_create(new_jobs)
    overwrite(Job, list(jobs.values()), JOB_COLUMNS)
    records.save_records(created, list(known.values()), ties=["job"])
    return changed


def _short(pair: list[Any]) -> list[Any]:
    return [value[:300] if isinstance(value, str) else value for value in pair]


def _stage_fields(profile: StageProfile) -> dict[str, Any]:
    return {"name": profile.name, "position": profile.position, "is_active": profile.is_active}


@dataclass(slots=True)
class _Pipelines:
    intake: Intake
    jobs: list[Changed]
    new: list[Stage] = field(default_factory=list)
    new_records: list[SourceRecord] = field(default_factory=list)
    changed: dict[UUID, Stage] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    records: dict[str, SourceRecord] = field(default_factory=dict)

    def take(self) -> None:
        told = [row for row in self.jobs if row.sighting.profile.stages is not None]
        names = [stage.external_id for row in told for stage in row.sighting.profile.stages]
        found = SourceRecord.objects.filter(source=self.intake.source, kind=RecordKind.STAGE).filter(
            Q(external_id__in=names) | Q(job__in=[row.job.pk for row in told])
        )
        self.records = {record.external_id: record for record in found.select_related("stage")}
        for row in told:
            for stage in row.sighting.profile.stages:
                self._take_one(row.job, stage)
        self._parents(told)
        # Parents first: SQLite looks for them at once.
        Stage.objects.bulk_create(sorted(self.new, key=lambda stage: stage.parent_id is not None))
        overwrite(Stage, list(self.changed.values()), STAGE_COLUMNS)
        known = [record for record in self.records.values() if not record._state.adding]
        SourceRecord.objects.bulk_create(self.new_records)
        overwrite(SourceRecord, known, [*records.REMEMBERED, "stage", "job"])

    def _take_one(self, job: Job, profile: StageProfile) -> None:
        if profile.external_id in self.seen:
            return
        self.seen.add(profile.external_id)
        record = self.records.get(profile.external_id)
        if record is None:
            record = self._make(job, profile)
        stage = record.stage
        if stage is not None and record.job_id == job.pk:
            fields = {**_stage_fields(profile), "name": profile.name or UNNAMED}
            merged = merge(stage, fields, record.imported, stamp={})
            if {"name", "position"} & merged.changes.keys() and not stage.category_is_ours:
                stage.category = profile.category or guess_category(stage.name, stage.position)
            if merged.changes and not stage._state.adding:
                self.changed[stage.pk] = stage
        record.state, record.last_seen_at = RecordState.LISTED, self.intake.now
        record.remote_id = str(profile.remote_id or "")[:300]

    def _make(self, job: Job, profile: StageProfile) -> SourceRecord:
        stage = make_stage(job, profile.name, profile.position)
        stage.is_active = profile.is_active
        stage.category = profile.category or stage.category
        self.new.append(stage)
        record = records.new_record(self.intake, RecordKind.STAGE, profile.external_id, stage=stage, job=job)
        self.records[profile.external_id] = record
        self.new_records.append(record)
        return record

    def _parents(self, told: list[Changed]) -> None:
        """Tie substages, and put away stages that a pipeline no longer lists: people may still be in them."""
        listed = {row.job.pk: {stage.external_id for stage in row.sighting.profile.stages} for row in told}
        for row in told:
            for profile in row.sighting.profile.stages:
                parent = self.records.get(profile.parent_external_id or "")
                stage = self.records[profile.external_id].stage
                if parent and parent.stage and stage and stage.parent_id != parent.stage.pk:
                    stage.parent = parent.stage
                    if not stage._state.adding:
                        self.changed[stage.pk] = stage
        for record in self.records.values():
            if record.job_id in listed and record.external_id not in listed[record.job_id]:
                record.state = RecordState.NOT_LISTED
                if record.stage and record.stage.is_active:
                    record.stage.is_active = False
                    record.imported["is_active"] = False
                    self.changed[record.stage.pk] = record.stage


def _give_usual_stages(jobs: Sequence[Job]) -> None:
    """For jobs of a source that knows no stages, unless the team has made some already."""
    bare = Job.objects.filter(pk__in=[job.pk for job in jobs], stages=None) if jobs else ()
    Stage.objects.bulk_create(
        Stage(workspace_id=job.workspace_id, job=job, name=name, category=category, position=position)
        for job in bare
        for position, (name, category) in enumerate(PIPELINE)
    )


def make_stage(job: Job, name: str, position: int) -> Stage:
    name = name or UNNAMED
    category = guess_category(name, position)
    return Stage(workspace_id=job.workspace_id, job=job, name=name, position=position, category=category)


def _teams(intake: Intake, jobs: list[Changed]) -> None:
    """Members whose address is in a hiring team get to see the job. What a person arranged here is left alone."""
    emails = {entry.get("email", "").strip().lower() for row in jobs for entry in row.job.upstream_team} - {""}
    workspace = intake.source.workspace_id
    members = {
        member.user.email: member
        for member in Membership.objects.active()
        .filter(workspace=workspace, user__email__in=emails)
        .select_related("user")
    }
    current: dict[UUID, dict[UUID, JobMember]] = defaultdict(dict)
    for place in JobMember.objects.filter(job__in=[row.job.pk for row in jobs]):
        current[place.job_id][place.member_id] = place
    add, keep = [], set()
    for row in jobs:
        for entry in row.job.upstream_team:
            member = members.get(entry.get("email", "").strip().lower())
            if member is None or (row.job.pk, member.pk) in keep:
                continue
            keep.add((row.job.pk, member.pk))
            if member.pk not in current[row.job.pk]:
                role = ", ".join(entry.get("roles") or [])[:100]
                place = JobMember(workspace_id=workspace, job=row.job, member=member, role=role, from_source=True)
                add.append(place)
    places = [place for of_job in current.values() for place in of_job.values()]
    gone = [place.pk for place in places if place.from_source and (place.job_id, place.member_id) not in keep]
    if gone:
        JobMember.objects.filter(pk__in=gone).delete()
    JobMember.objects.bulk_create(add, ignore_conflicts=True)
