"""What a person does with a row that was set aside."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from candidates.domain import activity
from candidates.enums import RecordKind
from candidates.models import SourceRecord
from integrations.enums import UNFINISHED, ProblemState
from integrations.models import StreamMark, SyncProblem, SyncRun, SyncStream
from recruitment.errors import Conflict
from recruitment.models import Membership


@transaction.atomic
def close_problem(problem: SyncProblem, state: str, *, member: Membership | None = None, act: str = "") -> None:
    """``resolved``: seen to. ``discarded``: not wanted. The payload stays for who asks later. Without a member it is
    the staff that does it."""
    taken = SyncProblem.objects.filter(pk=problem.pk, state=ProblemState.OPEN).update(state=state)
    if not taken:
        raise Conflict("Somebody has seen to this already.", code="not_open")
    activity.record(
        "problem_settled",
        actor=member,
        workspace_id=problem.workspace_id,
        actor_label="" if member else "Staff",
        source=problem.connection.name,
        act=act or state,
        stream=problem.stream,
        external_id=problem.external_id[:100],
    )


@transaction.atomic
def read_again(problem: SyncProblem, *, member: Membership | None = None) -> None:
    """Have the next import read the row once more. If it can't be taken then either, it is set aside anew.

    Providers are asked by time, so the stream's mark goes back to where the run began that set it aside.
    """
    if SyncRun.objects.filter(connection=problem.connection_id, state__in=UNFINISHED).exists():
        raise Conflict("An import is at work. Try again when it is over.", code="already_running")
    close_problem(problem, ProblemState.RESOLVED, member=member, act="again")
    stream = SyncStream.objects.filter(run=problem.run_id, name=problem.stream).first()
    mark = (
        StreamMark.objects.select_for_update().filter(connection=problem.connection_id, stream=problem.stream).first()
    )
    if mark is None:  # never read to its end: the next import reads it anyway
        return
    if stream is None or stream.since is None:
        mark.full_at = None
    else:
        mark.read_until = min(mark.read_until, stream.since)
    mark.save(update_fields=["full_at", "read_until", "updated_at"])


KINDS = {
    "candidates": RecordKind.CANDIDATE,
    "details": RecordKind.CANDIDATE,
    "jobs": RecordKind.JOB,
    "tags": RecordKind.TAG,
    "rejection_reasons": RecordKind.REASON,
    "talent_pools": RecordKind.POOL,
}


def close_overtaken(run: SyncRun) -> None:
    """After a run that read everything: rows that have come in well since they were set aside need nobody any more, and
    those that this run has set aside anew are open once, not twice."""
    before = SyncProblem.objects.filter(connection=run.connection_id, state=ProblemState.OPEN)
    before = before.exclude(run=run).exclude(external_id="")
    same = {"external_id": OuterRef("external_id")}
    anew = SyncProblem.objects.filter(run=run, stream=OuterRef("stream"), **same)
    before.filter(Exists(anew)).update(state=ProblemState.RESOLVED)
    for stream, kind in KINDS.items():
        well = SourceRecord.objects.filter(source=run.connection.source_id, kind=kind, **same)
        mended = before.filter(stream=stream).filter(Exists(well.filter(last_seen_at__gt=OuterRef("seen_at"))))
        mended.update(state=ProblemState.RESOLVED)
