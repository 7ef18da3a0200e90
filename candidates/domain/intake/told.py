"""What we have told the source ourselves: an older read must not undo it (design, rule 2; kombo.md 7.5).

A write reaches the source at once and its read copy hours later. While a push is on its way the decision stays ours.
Once the source took it, that is what the source "said last"; a read that shows something else is taken for old until
it is newer than the push, or until no copy can be so old any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from candidates.domain.intake.run import Intake
from candidates.domain.search import fold
from candidates.enums import ON_ITS_WAY, Outcome, PushKind, PushState
from candidates.models import OutboxEntry

HOLD = timedelta(hours=24)  # the oldest that a copy can be (kombo.md 7.5)
LOOKED_AT = timedelta(days=14)  # how long a push makes its row worth looking at although nothing changed upstream
POSITION = (PushKind.MOVE, PushKind.REJECT, PushKind.REOPEN, PushKind.SHORTLIST)
# The stages that these lead to are our own word. That of a shortlist is news: it moves the person here.
SAID = (PushKind.MOVE, PushKind.REJECT, PushKind.REOPEN)
LABELS = (PushKind.TAG, PushKind.UNTAG)


@dataclass(slots=True)
class Told:
    """Pushes of one source about the people of a page, the latest last."""

    people: set[UUID] = field(default_factory=set)
    positions: dict[UUID, list[OutboxEntry]] = field(default_factory=lambda: defaultdict(list))
    labels: dict[tuple[UUID, str], list[OutboxEntry]] = field(default_factory=lambda: defaultdict(list))

    def stages(self) -> set[Any]:
        """The source's ids of the stages that somebody was moved to."""
        return {entry.payload.get("stage_id") for entries in self.positions.values() for entry in entries}


def told(intake: Intake, candidate_ids: Collection[UUID]) -> Told:
    found = Told()
    if not candidate_ids:
        return found
    recent = Q(state__in=ON_ITS_WAY) | Q(state=PushState.CONFIRMED, settled_at__gt=intake.now - LOOKED_AT)
    entries = OutboxEntry.objects.filter(
        recent, source=intake.source, candidate__in=list(candidate_ids), kind__in=[*POSITION, *LABELS]
    )
    for entry in entries.order_by("pk"):
        found.people.add(entry.candidate_id)
        if entry.kind in LABELS:
            found.labels[entry.candidate_id, fold(str(entry.payload.get("name", "")))].append(entry)
        elif entry.application_id:
            found.positions[entry.application_id].append(entry)
    return found


@dataclass(slots=True)
class Word:
    """Our last word on one field: ``value`` is None while it is on its way."""

    entry_id: str
    value: Any
    sent_at: datetime | None
    settled_at: datetime | None

    def outlives(self, changed_at: datetime | None, now: datetime) -> bool:
        """Whether a read that shows something else is to be taken for old."""
        if self.value is None:
            return True
        if changed_at is not None and self.sent_at is not None and changed_at > self.sent_at:
            return False
        return self.settled_at is None or now < self.settled_at + HOLD


def word_on(entries: list[OutboxEntry], field_name: str) -> Word | None:
    """``field_name``: stage or outcome. Anything on its way about the application holds both."""
    for entry in entries:
        if entry.state in ON_ITS_WAY:
            return Word(str(entry.pk), None, entry.sent_at, None)
    for entry in reversed(entries):
        value = _value(entry, field_name)
        if value:
            return Word(str(entry.pk), value, entry.sent_at, entry.settled_at)
    return None


def _value(entry: OutboxEntry, field_name: str) -> Any:
    if field_name == "stage":
        return entry.payload.get("stage_id") if entry.kind in SAID else None
    return {PushKind.REJECT: Outcome.REJECTED, PushKind.REOPEN: Outcome.ACTIVE}.get(PushKind(entry.kind))


def word_on_label(entries: list[OutboxEntry]) -> Word | None:
    if not entries:
        return None
    last = entries[-1]
    value = None if last.state in ON_ITS_WAY else last.kind
    return Word(str(last.pk), value, last.sent_at, last.settled_at)
