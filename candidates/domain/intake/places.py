"""The jobs and stages that applications name, made from what the row says where no list has shown them yet."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from candidates.domain.intake import records
from candidates.domain.intake.categories import guess_category
from candidates.domain.intake.merging import merge
from candidates.domain.intake.pipelines import STAGE_COLUMNS, UNNAMED, UNTITLED, make_stage
from candidates.domain.intake.run import Intake
from candidates.domain.profiles import MISSING, ApplicationProfile
from candidates.domain.writing import overwrite
from candidates.enums import RecordKind
from candidates.models import Job, SourceRecord, Stage

# Behind every listed stage: where a stage stands that is only known by name.
UNKNOWN_POSITION = 999


class Places:
    def __init__(self, intake: Intake, profiles: list[ApplicationProfile], bases: Iterable[str]) -> None:
        self.intake = intake
        job_ids = {profile.job_external_id for profile in profiles if profile.job_external_id}
        stage_ids = {profile.stage_external_id for profile in profiles if profile.stage_external_id}
        jobs = records.load(intake, RecordKind.JOB, job_ids, "job")
        stages = records.load(intake, RecordKind.STAGE, stage_ids | set(bases), "stage")
        self._jobs = {key: record.job for key, record in jobs.items() if record.job}
        self._stages = {key: record.stage for key, record in stages.items() if record.stage}
        self.has_new_shared = False
        self._make_jobs(profiles)
        self._make_stages(profiles, stages)
        self._learn(profiles, stages)
        self._first = self._firsts(profiles)

    def job(self, profile: ApplicationProfile) -> Job | None:
        return self._jobs.get(profile.job_external_id or "")

    def stage(self, profile: ApplicationProfile, job_id: UUID | None) -> Stage | None:
        """A stage counts only in its own job's pipeline."""
        stage = self._stages.get(profile.stage_external_id or "")
        return stage if stage is not None and stage.job_id == job_id else None

    def first(self, profile: ApplicationProfile, job_id: UUID | None) -> Stage | None:
        """Where somebody begins of whom the source says neither stage nor outcome, in a pipeline that is the team's."""
        return self._first.get(job_id) if job_id and _says_nothing(profile) else None

    def _firsts(self, profiles: list[ApplicationProfile]) -> dict[UUID, Stage]:
        """One query, and none for sources that name stages."""
        jobs = {job.pk for profile in profiles if _says_nothing(profile) and (job := self.job(profile))}
        if not jobs:
            return {}
        theirs = SourceRecord.objects.filter(kind=RecordKind.STAGE, job__in=jobs).values("job")
        ours = Stage.objects.filter(job__in=jobs, is_active=True).exclude(job__in=theirs)
        return {stage.job_id: stage for stage in ours.order_by("-position", "-pk")}

    def stage_by_id(self, external_id: str) -> Stage | None:
        return self._stages.get(external_id)

    def _make_jobs(self, profiles: list[ApplicationProfile]) -> None:
        """Without a base: whatever the list of jobs says later is taken."""
        made, ties = [], []
        for profile in profiles:
            key = profile.job_external_id
            if key and key not in self._jobs:
                title = profile.job_title[:300]
                job = self._jobs[key] = Job(workspace_id=self.intake.source.workspace_id, title=title or UNTITLED)
                record = records.new_record(self.intake, RecordKind.JOB, key, job=job)
                record.imported = {"title": job.title, "status": job.status}
                made.append(job)
                ties.append(record)
        if made:
            Job.objects.bulk_create(made)
            SourceRecord.objects.bulk_create(ties)

    def _make_stages(self, profiles: list[ApplicationProfile], known: dict[str, SourceRecord]) -> None:
        made, ties = [], []
        for profile in profiles:
            key, job = profile.stage_external_id, self.job(profile)
            if key and job is not None and key not in known and key not in self._stages:
                position = UNKNOWN_POSITION if profile.stage_position is None else profile.stage_position
                stage = self._stages[key] = make_stage(job, profile.stage_name[:300], position)
                record = records.new_record(self.intake, RecordKind.STAGE, key, stage=stage, job=job)
                if learned := profile.stage_learned:
                    stage.category, stage.is_active = learned.category or stage.category, learned.is_active
                    record.remote_id = str(learned.remote_id or "")[:300]
                record.imported = {"name": stage.name, "position": stage.position, "is_active": stage.is_active}
                if profile.stage_shared:
                    record.imported["shared"] = self.has_new_shared = True
                made.append(stage)
                ties.append(record)
        if made:
            Stage.objects.bulk_create(made)
            SourceRecord.objects.bulk_create(ties)

    def _learn(self, profiles: list[ApplicationProfile], known: dict[str, SourceRecord]) -> None:
        """What changed about stages that only rows of people tell of. What a person arranged here stays."""
        told = {learned.external_id: learned for profile in profiles if (learned := profile.stage_learned)}
        changed, noted = [], []
        for key, learned in told.items():
            record = known.get(key)
            stage = record.stage if record is not None else None
            if record is None or stage is None:
                continue
            fields = {"name": learned.name or UNNAMED, "position": learned.position, "is_active": learned.is_active}
            merged = merge(stage, fields, record.imported, stamp={})
            if merged.changes:
                if "name" in merged.changes and not stage.category_is_ours:
                    stage.category = learned.category or guess_category(stage.name, stage.position)
                changed.append(stage)
                noted.append(record)
        overwrite(Stage, changed, STAGE_COLUMNS)
        overwrite(SourceRecord, noted, ["imported", "updated_at"])


def _says_nothing(profile: ApplicationProfile) -> bool:
    return profile.stage_external_id is None and not profile.stage_name and profile.outcome is MISSING
