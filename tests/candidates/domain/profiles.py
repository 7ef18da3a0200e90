"""Profiles as a mapping makes them, with as little said as possible."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from candidates.domain.profiles import (
    ApplicationProfile,
    CandidateProfile,
    JobProfile,
    StageProfile,
    TagProfile,
)

LAST_YEAR = datetime(2025, 3, 2, 9, 15, tzinfo=UTC)
STAGES = ("Applied", "Phone screen", "Interview", "Offer")


def a_job(external_id: str = "j1", stages: tuple[str, ...] = STAGES, **fields: Any) -> JobProfile:
    """Stages are called s0, s1, ... behind the job's id."""
    pipeline = [StageProfile(f"{external_id}-s{place}", name, place) for place, name in enumerate(stages)]
    given = {"title": "Data engineer", "status": "open", **fields}
    return JobProfile(external_id, given, stages=pipeline, changed_at=LAST_YEAR)


def an_application(external_id: str = "a1", stage: int | None = 0, job: str | None = "j1", **said: Any) -> Any:
    return ApplicationProfile(
        external_id,
        job_external_id=job,
        stage_external_id=f"{job}-s{stage}" if job and stage is not None else None,
        **{"outcome": "active", "changed_at": LAST_YEAR, **said},
    )


def a_person(external_id: str = "c1", *, tags: tuple[str, ...] | None = None, **said: Any) -> CandidateProfile:
    """``fields`` adds to a name; ``tags`` are names, their ids the same in lower case."""
    fields = {"first_name": "Ada", "last_name": "Lovelace", "full_name": "Ada Lovelace", **said.pop("fields", {})}
    carried = None if tags is None else [TagProfile(name.lower(), name) for name in tags]
    return CandidateProfile(external_id, fields, tags=carried, **{"changed_at": LAST_YEAR, **said})
