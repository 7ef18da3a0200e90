"""One page into the database: its rows, what was set aside, the counts and the next cursor, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import intake
from candidates.domain.intake import Counts, listing
from candidates.domain.profiles import Unreads
from integrations import examples
from integrations.fetching.planning import plan_looks_of_page
from integrations.importing import drift
from integrations.importing.leases import Lease
from integrations.importing.planning import note_read
from integrations.models import SyncProblem, SyncRun, SyncStream
from integrations.problems import KINDS
from integrations.provider import Page

INTAKE: Mapping[str, Callable[..., Counts]] = {
    "jobs": intake.intake_jobs,
    "tags": intake.intake_tags,
    "rejection_reasons": intake.intake_reasons,
    "talent_pools": intake.intake_pools,
    "candidates": intake.intake_candidates,
    "applications": intake.intake_facts,
    "details": intake.intake_candidates,
}
COUNTED = ("created", "updated", "unchanged", "set_aside", "skipped", "vanished")
WALKED = ("total", "walk", "owed", "moved", "unrecorded", "short")
PROGRESS = [*COUNTED, *WALKED, "cursor", "complete", "pages", "fetched", "cost", "examples", "updated_at"]


class _Undo(Exception):
    """Ends the inner transaction of a dry run."""


def take_page(lease: Lease, stream: SyncStream, page: Page) -> Counts:
    """Raises LeaseLost, and then nothing of the page is there."""
    run = lease.run
    with transaction.atomic():
        lease.renew(progress=True)
        counts = _rehearse(run, stream, page) if run.dry_run else _take(run, stream, page)
        SyncProblem.objects.bulk_create([_problem(run, stream, found) for found in counts.problems])
        _count(run, stream, page, counts)
        if stream.complete and not stream.short:
            note_read(run, stream)
    return counts


def _take(run: SyncRun, stream: SyncStream, page: Page) -> Counts:
    rows = page.rows.unread if isinstance(page.rows, Unreads) else page.rows
    # Not before the walk began, whatever this machine's clock says: a row that was shown must not count as missing.
    now = max(timezone.now(), stream.started_at or timezone.now())
    source = run.connection.source
    counts = INTAKE[stream.name](source, rows, now=now)
    if stream.name == "candidates" and source.lists_files and counts.created + counts.updated:
        plan_looks_of_page(source, [row.external_id for row in rows], now)
    return counts


def _rehearse(run: SyncRun, stream: SyncStream, page: Page) -> Counts:
    """Do all of it, keep the counts, and take it back."""
    counts = Counts()
    try:
        with transaction.atomic():
            counts = _take(run, stream, page)
            examples.gather(run, stream, counts)
            raise _Undo
    except _Undo:
        return counts


def _problem(run: SyncRun, stream: SyncStream, found: Any) -> SyncProblem:
    return SyncProblem(
        workspace_id=run.workspace_id,
        run=run,
        connection_id=run.connection_id,
        stream=stream.name,
        external_id=found.external_id,
        reason=found.reason,
        payload=found.payload,
    )


def _count(run: SyncRun, stream: SyncStream, page: Page, counts: Counts) -> None:
    for name in COUNTED:
        setattr(stream, name, getattr(stream, name) + getattr(counts, name))
    stream.pages += 1
    stream.fetched += len(page.rows)
    stream.cost += page.cost
    drift.note_page(stream, page.total, counts.erased + _unrecorded(run, stream, counts))
    stream.cursor = page.next_cursor
    stream.complete = page.next_cursor is None and drift.end_walk(run, stream)
    stream.save(update_fields=PROGRESS)


def _unrecorded(run: SyncRun, stream: SyncStream, counts: Counts) -> int:
    """Rows that were set aside and that we have nothing of. Those that we have something of were shown all the same."""
    if run.dry_run or not counts.problems:
        return 0
    named = {problem.external_id for problem in counts.problems} - {""}
    nameless = sum(1 for problem in counts.problems if not problem.external_id)
    now = max(timezone.now(), stream.started_at or timezone.now())
    return nameless + len(named) - listing.note_shown(run.connection.source, KINDS[stream.name], named, now)
