"""What all parts of one page's intake share: whose rows, when, and what is written at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from candidates.domain.intake.counts import Counts, Problem
from candidates.domain.intake.values import payload_of, storable
from candidates.domain.profiles import Malformed
from candidates.domain.writing import fresh, insert
from candidates.models import Activity, Application, Candidate, Job, Source


@dataclass(slots=True)
class Intake:
    source: Source
    now: datetime
    counts: Counts = field(default_factory=Counts)
    history: list[Activity] = field(default_factory=list)
    stamp: dict[str, Any] = field(default_factory=dict)
    label: str = ""
    prints: dict[str, str] = field(default_factory=dict)  # hashes that came with the rows

    def __post_init__(self) -> None:
        self.stamp = {"source": str(self.source.pk), "at": self.now.isoformat()}
        self.label = f"Import from {self.source.name}"[:200]

    def tell(
        self,
        verb: str,
        *,
        candidate: Candidate | None = None,
        application: Application | None = None,
        job: Job | None = None,
        **data: Any,
    ) -> None:
        """Remember what an import did to a row, for the one insert at the end (see ``candidates.domain.activity``)."""
        row = fresh(
            Activity,
            workspace_id=self.source.workspace_id,
            at=self.now,
            actor_label=self.label,
            verb=verb,
            candidate_id=candidate.pk if candidate else (application.candidate_id if application else None),
            application_id=application.pk if application else None,
            job_id=job.pk if job else (application.job_id if application else None),
            data=data,
        )
        self.history.append(row)

    def malformed(self, row: Malformed) -> None:
        self.counts.set_aside += 1
        self.counts.problems.append(Problem(row.external_id[:200], row.reason, storable(row.payload)))

    def set_aside(self, profile: Any, reason: str) -> None:
        self.counts.set_aside += 1
        self.counts.problems.append(Problem(str(profile.external_id)[:200], reason, payload_of(profile)))

    def finish(self) -> Counts:
        insert(Activity, self.history)
        self.counts.told = self.history
        return self.counts
