"""Before a move or a rejection: has the source moved meanwhile?

Three-way, as in an import: what the source said when the decision was made, what it says now, what it shall be told.
What it says now may come from a copy that is hours old (kombo.md 7.5), so a state that we ourselves brought about
counts as expected, and a copy that is older than our last word says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.domain import outbox
from candidates.enums import Outcome as Candidacy
from candidates.enums import PushKind, PushState
from candidates.models import OutboxEntry
from integrations.delivery.outcomes import Outcome, confirmed

COMPARED = outbox.POSITIONS
LAG = timedelta(hours=24)  # the oldest that a copy can be (kombo.md 7.5)

# {"stage_id", "outcome"}; what a provider's ``current`` answers has "stage", "changed_at" and "fresh" too
Position = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What we told this row before and it took: positions, and when the last one was told."""

    positions: list[Position]
    last_at: datetime | None

    @property
    def recent(self) -> bool:
        return self.last_at is not None and self.last_at > timezone.now() - LAG


def own_words(entry: OutboxEntry) -> OwnWords:
    told = OutboxEntry.objects.filter(
        record=entry.record_id, kind__in=COMPARED, state=PushState.CONFIRMED, pk__lt=entry.pk
    ).order_by("-pk")[:20]
    times = [other.settled_at for other in told if other.settled_at]
    return OwnWords([target_of(other) for other in told], max(times, default=None))


def target_of(entry: OutboxEntry) -> Position:
    """Where this entry leads. ``stage_id`` None: whichever it is (a rejection leaves the stage alone)."""
    if entry.kind == PushKind.REJECT:
        return {"stage_id": None, "outcome": Candidacy.REJECTED}
    return {"stage_id": entry.payload.get("stage_id"), "outcome": Candidacy.ACTIVE}


def base_of(entry: OutboxEntry) -> Position | None:
    """What the source said when the decision was made; None when nobody knows."""
    known = entry.payload.get("base") or (entry.record.imported if entry.record else None)
    if not known or not {"stage_external_id", "outcome"} & set(known):
        return None
    return {"stage_id": known.get("stage_external_id"), "outcome": known.get("outcome")}


def compare(entry: OutboxEntry, now: Position) -> Outcome | None:
    """The outcome that needs no write: it is so already, or somebody else moved it. None: go on and tell it."""
    words, target, base = own_words(entry), target_of(entry), base_of(entry)
    lags = not now.get("fresh")
    if lags and words.recent and not _newer(now, words.last_at):
        return None
    if _same(now, target) or (_same({**now, "outcome": None}, target) and now.get("outcome") == Candidacy.HIRED):
        # After our own there and back, the copy may show the first "there".
        stale = lags and words.recent and entry.kind != PushKind.REJECT
        return None if stale else confirmed(message="It was so already.")
    # What is no copy can only be where it was, or where we said last.
    expected = [base, *(words.positions if lags else words.positions[:1])] if base else None
    if expected is None or any(_same(now, position) for position in expected if position):
        return None
    return _conflict(entry, now, base or {})


def _conflict(entry: OutboxEntry, now: Position, base: Position) -> Outcome:
    said = now.get("stage") or now.get("stage_id") or "no stage"
    words = f"{entry.source} says {now.get('outcome')}" if _ended(now) else f"{entry.source} moved to “{said}”"
    return Outcome(
        PushState.CONFLICT,
        code="changed_upstream",
        message=f"{words} meanwhile.",
        upstream_now={
            **{key: now.get(key) for key in ("stage", "stage_id", "outcome", "changed_at")},
            "expected": {"stage_id": base.get("stage_id"), "outcome": base.get("outcome")},
        },
    )


def _same(one: Position, other: Position) -> bool:
    if (one.get("outcome") or Candidacy.ACTIVE) != (other.get("outcome") or Candidacy.ACTIVE):
        return False
    return None in (one.get("stage_id"), other.get("stage_id")) or one["stage_id"] == other["stage_id"]


def _ended(position: Position) -> bool:
    return position.get("outcome") in (Candidacy.HIRED, Candidacy.REJECTED, Candidacy.WITHDRAWN)


def _newer(now: Position, last: datetime | None) -> bool:
    changed = parse_datetime(str(now.get("changed_at") or ""))
    return changed is not None and last is not None and changed > last
