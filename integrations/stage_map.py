"""Which stage here is which stage there. Imports tie what they make; a person may tie otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from candidates.enums import RecordKind, RecordState
from candidates.models import SourceRecord
from integrations.models import Connection
from recruitment.errors import DomainError

Ties = Sequence[Mapping[str, Any]]  # [{stage: Stage | None, upstream_id}]


def stage_ties(connection: Connection) -> QuerySet[SourceRecord]:
    """The source's stages by job and position, each with the stage here that it is tied to."""
    return (
        SourceRecord.objects.filter(source=connection.source_id, kind=RecordKind.STAGE)
        .exclude(state=RecordState.DELETED)
        .select_related("stage")
        .order_by("job_id", "stage__position", "external_id")
    )


def stage_map(connection: Connection) -> dict[str, Any]:
    """As the API and the screen show it."""
    ties = [
        {
            "stage": record.stage_id,
            "stage_name": record.stage.name if record.stage else "",
            "job": record.job_id or (record.stage.job_id if record.stage else None),
            "upstream_id": record.external_id,
            "upstream_name": str(record.imported.get("name") or (record.stage.name if record.stage else "")),
        }
        for record in stage_ties(connection)
    ]
    options = connection.options
    return {
        "stages": ties,
        "reject_status": options.get("reject_status"),
        "shortlist_status": options.get("shortlist_status"),
    }


@transaction.atomic
def set_stage_map(connection: Connection, ties: Ties) -> None:
    """Tie the named upstream stages anew; others stay. A stage of another job than the upstream one's is refused."""
    records = {record.external_id: record for record in stage_ties(connection)}
    for tie in ties:
        record, stage = records.get(tie["upstream_id"]), tie["stage"]
        if record is None:
            raise DomainError("The source has no such stage.", field="stages", code="does_not_exist")
        job_id = record.job_id or (record.stage.job_id if record.stage else None)
        if stage is not None and job_id is not None and stage.job_id != job_id:
            raise DomainError(f"“{stage.name}” belongs to another job.", field="stages", code="stage_of_another_job")
        record.stage = stage
        record.save(update_fields=["stage", "updated_at"])
