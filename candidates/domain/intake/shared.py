"""One pipeline for all jobs: a source that has statuses of the whole organization shows each only where somebody is.

Every job gets every stage that any job has shown, so that people can be moved to where nobody has been yet.
"""

from __future__ import annotations

from candidates.domain.intake import records
from candidates.domain.intake.run import Intake
from candidates.enums import RecordKind
from candidates.models import SourceRecord, Stage

LONGEST_ID = 200


def spread(intake: Intake) -> None:
    """Stages of such a source are called ``<the job's id>:<rest>``; the rest is the same for all jobs."""
    found = SourceRecord.objects.filter(source=intake.source, job__isnull=False)
    jobs = dict(found.filter(kind=RecordKind.JOB).values_list("job_id", "external_id"))
    there = found.filter(kind=RecordKind.STAGE, stage__isnull=False).select_related("stage").order_by("pk")
    known: set[str] = set()
    samples: dict[str, SourceRecord] = {}
    for record in there:
        known.add(record.external_id)
        if record.imported.get("shared") and record.job_id in jobs:
            samples.setdefault(record.external_id.removeprefix(f"{jobs[record.job_id]}:"), record)
    stages, ties = [], []
    for job_id, job_key in jobs.items():
        for rest, sample in samples.items():
            key = f"{job_key}:{rest}"
            if key in known or len(key) > LONGEST_ID or sample.stage is None:
                continue
            stage = Stage(
                workspace_id=intake.source.workspace_id,
                job_id=job_id,
                name=sample.stage.name,
                position=sample.stage.position,
                category=sample.stage.category,
            )
            record = records.new_record(intake, RecordKind.STAGE, key, stage=stage)
            record.job_id, record.imported = job_id, dict(sample.imported)
            stages.append(stage)
            ties.append(record)
    Stage.objects.bulk_create(stages)
    SourceRecord.objects.bulk_create(ties)
