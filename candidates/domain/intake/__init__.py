"""From profiles to rows: what a source says becomes people, candidacies, jobs and labels (design, rules 2 and 3).

Each ``intake_…`` takes one page and answers ``Counts``. A page costs a constant number of statements; a row that says
what it said last time costs none of its own. Rows that can't be taken are set aside, and the rest goes on. Call them
inside the transaction that also moves the cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from candidates.domain.intake import catalog, facts, people, pipelines
from candidates.domain.intake.counts import Counts, Problem
from candidates.domain.intake.run import Intake
from candidates.domain.intake.values import payload_of, storable
from candidates.domain.profiles import Malformed, Row, Unread
from candidates.models import Source

__all__ = [
    "Counts",
    "Problem",
    "intake_candidates",
    "intake_facts",
    "intake_jobs",
    "intake_pools",
    "intake_reasons",
    "intake_tags",
]

Rows = Sequence[Row | Unread]
Take = Callable[[Intake, Sequence[Any]], None]
# What one bad value among a page's rows can raise. A database that is away is none of it.
BROKEN = (DataError, IntegrityError, ValueError, TypeError, ArithmeticError, RecursionError)


def intake_jobs(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(pipelines.take_jobs, source, rows, now)


def intake_tags(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(catalog.take_tags, source, rows, now)


def intake_reasons(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(catalog.take_reasons, source, rows, now)


def intake_pools(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(catalog.take_pools, source, rows, now)


def intake_candidates(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(people.take_candidates, source, rows, now)


def intake_facts(source: Source, rows: Rows, *, now: datetime) -> Counts:
    return _intake(facts.take_facts, source, rows, now)


def _intake(take: Take, source: Source, rows: Rows, now: datetime) -> Counts:
    """Set malformed rows aside, take the last of each repeated one, and the rest together."""
    # What has no id of its own yet is read now: it can't be told from its neighbours.
    whole = [row.read() if isinstance(row, Unread) and not row.external_id else row for row in rows]
    malformed = [row for row in whole if isinstance(row, Malformed)]
    good = [row for row in whole if not isinstance(row, Malformed)]
    unique = {row.external_id: row for row in good}
    counts = Counts(skipped=len(good) - len(unique), set_aside=len(malformed))
    counts.problems = [Problem(row.external_id[:200], row.reason, storable(row.payload)) for row in malformed]
    return counts + _together(take, source, list(unique.values()), now) if unique else counts


def _together(take: Take, source: Source, rows: list[Any], now: datetime) -> Counts:
    """All in one go; if that fails, by halves, until the rows that can't be taken are alone."""
    intake = Intake(source, now)
    try:
        with transaction.atomic():
            take(intake, rows)
            return intake.finish()
    except BROKEN as error:
        if len(rows) == 1:
            row = rows[0].read() if isinstance(rows[0], Unread) else rows[0]
            reason = f"It could not be saved: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
            return Counts(set_aside=1, problems=[Problem(row.external_id[:200], reason[:500], payload_of(row))])
    half = len(rows) // 2
    return _together(take, source, rows[:half], now) + _together(take, source, rows[half:], now)
