"""How a run ends, and what that says of its connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from candidates.enums import RecordKind
from candidates.models import SourceRecord
from integrations.enums import Health, SyncState
from integrations.errors import Denied, NotReady, ProviderError, RateLimited, Unavailable
from integrations.importing import drift, missing
from integrations.importing.credits import BudgetSpent
from integrations.importing.leases import Lease, LeaseLost
from integrations.models import Connection, SyncRun, SyncStream
from integrations.problems import close_overtaken

AGAIN_SOON = timedelta(minutes=15)  # after a failure that may pass by itself
AFTER_HOOK = timedelta(seconds=30)  # as long as Kombo collects changes before it tells of them (kombo.md 12)
NOBODY = (
    "Jobs came, and no candidates. Kombo may be set to sync only applications that were created through it: turn off "
    "“sync only created candidates” in Kombo's settings of this integration."
)  # kombo.md 7.6


@dataclass(frozen=True, slots=True)
class Ending:
    """``health`` None leaves the connection's as it is; ``again`` None leaves the next import to its schedule."""

    state: str
    code: str = ""
    message: str = ""
    health: str | None = None
    detail: str = ""
    again: timedelta | None = None
    stop: bool = False  # nothing starts by itself until a person has repaired it


def failure(error: ProviderError, streams: list[SyncStream]) -> Ending:
    """What a provider's answer makes of the run. What was read stays, and the next run goes on from there."""
    state = SyncState.PARTIAL if any(stream.pages for stream in streams) else SyncState.FAILED
    if isinstance(error, Denied):
        return Ending(SyncState.FAILED, error.code, error.message, Health.RECONNECT, error.message, stop=True)
    if isinstance(error, BudgetSpent):
        return Ending(SyncState.PARTIAL, error.code, error.message, Health.PARTLY_SYNCED, error.message)
    if isinstance(error, NotReady):
        return Ending(state, error.code, error.message, Health.WAITING, error.message, again=2 * AGAIN_SOON)
    if isinstance(error, Unavailable | RateLimited):
        detail = f"{error.message} The import goes on by itself later."
        return Ending(state, error.code, error.message, Health.WAITING, detail, again=AGAIN_SOON)
    soon = None if error.permanent else AGAIN_SOON  # a no stays a no, and asking may cost something
    return Ending(state, error.code, error.message, Health.NEEDS_ATTENTION, error.message, again=soon)


def complete(run: SyncRun, streams: list[SyncStream], not_offered: list[str]) -> Ending:
    """Everything was read that can be read."""
    aside = sum(stream.set_aside for stream in streams)
    words = []
    if aside:
        words.append(f"{aside:,} {'row was' if aside == 1 else 'rows were'} set aside.")
    if not_offered:
        words.append(f"Not offered by this connection: {', '.join(not_offered).replace('_', ' ')}.")
    if short := drift.short_words(streams, run.connection.name):
        words.append(short)
        return Ending(SyncState.PARTIAL, "list_moved", short, Health.PARTLY_SYNCED, " ".join(words))
    if held := missing.held_words(run):
        words.append(held)
        return Ending(SyncState.PARTIAL, "many_missing", held, Health.NEEDS_ATTENTION, " ".join(words))
    state = SyncState.PARTIAL if words else SyncState.SUCCEEDED
    if _is_empty(run):
        words.append(NOBODY)
    health = Health.PARTLY_SYNCED if words else Health.HEALTHY
    again = AGAIN_SOON if missing.is_left(run) else None
    return Ending(state, health=health, detail=" ".join(words), again=again)


def _is_empty(run: SyncRun) -> bool:
    """Jobs, and nobody: a likely setting at the provider, neither an error nor everybody deleted (kombo.md 7.6)."""
    known = SourceRecord.objects.filter(source=run.connection.source_id)
    return (
        not run.dry_run
        and run.connection.provider == "kombo"
        and known.filter(kind=RecordKind.JOB).exists()
        and not known.filter(kind=RecordKind.CANDIDATE).exists()
    )


def finish(lease: Lease, ending: Ending, *, read_everything: bool = False) -> None:
    """Raises LeaseLost when the run is somebody else's by now."""
    now, run = timezone.now(), lease.run
    with transaction.atomic():
        done = lease.held().update(
            state=ending.state,
            error_code=ending.code[:100],
            error_message=ending.message,
            finished_at=now,
            lease_token=None,
            lease_until=None,
            resume_at=None,
            updated_at=now,
        )
        if done != 1:
            raise LeaseLost
        if not run.dry_run or ending.health == Health.RECONNECT:
            _tell_connection(run, ending, now, read_everything=read_everything)
        if read_everything and not run.dry_run:
            close_overtaken(run)
    run.refresh_from_db()


def _tell_connection(run: SyncRun, ending: Ending, now: datetime, *, read_everything: bool) -> None:
    """By UPDATE of these columns alone: somebody may be editing the connection."""
    every = timedelta(minutes=run.connection.sync_every_minutes)
    fields: dict[str, object] = {"updated_at": now, "waiting_until": None}
    fields["next_sync_at"] = None if ending.stop else now + min(every, ending.again or every)
    if not ending.stop and _told_meanwhile(run):
        fields["next_sync_at"] = now + AFTER_HOOK
    if ending.health is not None:
        fields |= {"health": ending.health, "health_detail": ending.detail[:500]}
    if read_everything:
        fields["last_synced_at"] = run.started_at
    Connection.objects.filter(pk=run.connection_id, disconnected_at=None).update(**fields)


def _told_meanwhile(run: SyncRun) -> bool:
    """A webhook came while the run was at work, perhaps about what it had read already."""
    return Connection.objects.filter(pk=run.connection_id, told_at__gt=run.started_at).exists()


def park(lease: Lease, until: datetime, why: str = "Asked to wait by the provider.") -> None:
    """Wait without a worker: nothing is asked over this connection before ``until``."""
    with transaction.atomic():
        lease.release(resume_at=until)
        Connection.objects.filter(pk=lease.run.connection_id).update(
            waiting_until=until,
            health=Health.WAITING,
            health_detail=f"{why[:400]} The import goes on at {until:%H:%M} UTC.",
            updated_at=timezone.now(),
        )
