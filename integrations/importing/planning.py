"""What a run reads: which streams, since when, and from which page on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from integrations.enums import SyncMode, SyncState
from integrations.importing import credits
from integrations.importing.missing import note_walk
from integrations.models import StreamMark, SyncRun, SyncStream
from integrations.provider import Provider

FULL_EVERY = timedelta(days=7)  # kombo.md 7.4: drift is repaired weekly
CURSOR_LIVES = timedelta(hours=24)  # how old a walk may be that is gone on with
CARRIED_ON = ("cursor", "started_at", "total", "walk", "owed", "moved", "unrecorded")  # of a walk that goes on
ENDED_EARLY = (SyncState.PARTIAL, SyncState.FAILED, SyncState.CANCELLED)


def plan(run: SyncRun, provider: type[Provider]) -> list[SyncStream]:
    """The run's streams in reading order, made at its first pickup. A walk that an earlier run had to leave goes on."""
    planned = list(run.streams.order_by("position"))
    if planned:
        return planned
    marks = {mark.stream: mark for mark in StreamMark.objects.filter(connection=run.connection)}
    left = {} if run.dry_run else _left_behind(run)
    streams = []
    for position, name in enumerate(provider.streams):
        stream = SyncStream(workspace_id=run.workspace_id, run=run, name=name, position=position)
        stream.since = None if name in provider.always_whole else _since(run, marks.get(name))
        before = left.get(name)
        if before is not None and before.since == stream.since:
            for name in CARRIED_ON:
                setattr(stream, name, getattr(before, name))
        streams.append(stream)
    return SyncStream.objects.bulk_create(streams)


def _since(run: SyncRun, mark: StreamMark | None) -> datetime | None:
    """None: everything. The provider subtracts its own overlap."""
    if run.mode == SyncMode.FULL or mark is None or mark.full_at is None:
        return None
    return mark.read_until if mark.full_at > timezone.now() - FULL_EVERY else None


def _left_behind(run: SyncRun) -> dict[str, SyncStream]:
    last = run.connection.runs.filter(dry_run=False).exclude(pk=run.pk).order_by("-pk").first()
    if last is None or last.state not in ENDED_EARLY or last.error_code in RESTART:
        return {}
    oldest = timezone.now() - (credits.WALK_LIVES if last.error_code in credits.STOPS else CURSOR_LIVES)
    unread = last.streams.filter(complete=False, started_at__gt=oldest).exclude(cursor=None)
    return {stream.name: stream for stream in unread}


# After these the cursor is of no use.
RESTART = ("cursor_expired", "cursor_repeats", "poisoned", "job_refused")


def note_read(run: SyncRun, stream: SyncStream) -> None:
    """The stream is complete: next time only what changes from its beginning on (kombo.md 7.4, points 1 and 4)."""
    if run.dry_run or stream.started_at is None:
        return
    mark, made = StreamMark.objects.get_or_create(
        connection=run.connection,
        stream=stream.name,
        defaults={
            "workspace_id": run.workspace_id,
            "read_until": stream.started_at,
            "full_at": None if stream.since else stream.started_at,
        },
    )
    if not made:
        mark.read_until = max(mark.read_until, stream.started_at)
        mark.full_at = mark.full_at if stream.since else stream.started_at
    if stream.since is None:
        note_walk(mark, stream.started_at)
    mark.save(update_fields=["read_until", "full_at", "walks", "missing", "updated_at"])
