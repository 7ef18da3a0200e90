"""Open conflicts of the people of a page: opened, kept up to date, closed when both sides agree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from candidates.domain.intake.merging import Clash, Merged
from candidates.domain.intake.run import Intake
from candidates.enums import ConflictState
from candidates.models import Application, Candidate, FieldConflict

Key = tuple[UUID, UUID | None, str]  # candidate, application, field


@dataclass(slots=True)
class Clashes:
    intake: Intake
    open: dict[Key, FieldConflict] = field(default_factory=dict)
    opened: list[FieldConflict] = field(default_factory=list)
    moved: list[FieldConflict] = field(default_factory=list)
    closed: list[UUID] = field(default_factory=list)

    def load(self, candidate_ids: Collection[UUID]) -> None:
        if candidate_ids:
            found = FieldConflict.objects.filter(
                source=self.intake.source, candidate__in=list(candidate_ids), state=ConflictState.OPEN
            )
            self.open = {(row.candidate_id, row.application_id, row.field): row for row in found}

    def note(self, candidate: Candidate, application: Application | None, merged: Merged) -> None:
        for name, clash in merged.clashes.items():
            self.add(candidate, application, name, clash)
        for name in merged.agreed:
            self.settle(candidate, application, name)

    def add(self, candidate: Candidate, application: Application | None, name: str, clash: Clash) -> None:
        """The base of a conflict stays what it was when the two sides parted."""
        conflict = self.open.get((candidate.pk, application.pk if application else None, name))
        if conflict is None:
            conflict = FieldConflict(
                workspace_id=candidate.workspace_id,
                source=self.intake.source,
                candidate=candidate,
                application=application,
                field=name,
                base=clash.base,
            )
            self.opened.append(conflict)
            self.open[candidate.pk, conflict.application_id, name] = conflict  # for another row of this person
        elif conflict.base == clash.theirs:
            self.closed.append(conflict.pk)  # upstream went back: only we have changed it
            return
        else:
            self.moved.append(conflict)
        conflict.ours, conflict.theirs = clash.ours, clash.theirs

    def settle(self, candidate: Candidate, application: Application | None, name: str) -> None:
        conflict = self.open.get((candidate.pk, application.pk if application else None, name))
        if conflict is not None:
            self.closed.append(conflict.pk)

    def write(self) -> None:
        if self.opened:
            FieldConflict.objects.bulk_create(self.opened)
        if self.moved:
            FieldConflict.objects.bulk_update(self.moved, ["ours", "theirs"])
        if self.closed:
            FieldConflict.objects.filter(pk__in=self.closed).update(
                state=ConflictState.OURS, resolved_at=self.intake.now, updated_at=self.intake.now
            )
