"""What all parts of one page's intake share: whose rows, when, and what is written at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from candidates.domain import activity
from candidates.domain.intake.counts import Counts, Problem
from candidates.domain.intake.values import payload_of
from candidates.domain.writing import insert
from candidates.models import Activity, Source


@dataclass(slots=True)
class Intake:
    source: Source
    now: datetime
    counts: Counts = field(default_factory=Counts)
    history: list[Activity] = field(default_factory=list)
    stamp: dict[str, Any] = field(default_factory=dict)
    label: str = ""

    def __post_init__(self) -> None:
        self.stamp = {"source": str(self.source.pk), "at": self.now.isoformat()}
        self.label = f"Import from {self.source.name}"[:200]

    def tell(self, verb: str, **facts: Any) -> None:
        """Remember what an import did to a row, for the one insert at the end (see ``candidates.domain.activity``)."""
        row = activity.entry(verb, actor=None, workspace_id=self.source.workspace_id, actor_label=self.label, **facts)
        row.at = self.now
        self.history.append(row)

    def set_aside(self, profile: Any, reason: str) -> None:
        self.counts.set_aside += 1
        self.counts.problems.append(Problem(str(profile.external_id)[:200], reason, payload_of(profile)))

    def finish(self) -> Counts:
        insert(Activity, self.history)
        return self.counts
