"""What the beat does: start what is due, and find runs that nobody is at. Two beats are harmless."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from integrations.enums import Trigger
from integrations.importing.requests import request_sync, wake
from integrations.models import Connection, SyncRun
from recruitment.errors import Conflict


def start_due() -> int:
    """Whoever moves ``next_sync_at`` on starts the import."""
    now, started = timezone.now(), 0
    for connection in Connection.objects.due(now).defer("credentials"):
        following = now + timedelta(minutes=connection.sync_every_minutes)
        mine = Connection.objects.filter(pk=connection.pk, next_sync_at=connection.next_sync_at)
        if mine.update(next_sync_at=following) != 1:
            continue
        try:
            request_sync(connection, trigger=Trigger.WEBHOOK if _was_told(connection) else Trigger.SCHEDULE)
        except Conflict:
            continue
        started += 1
    return started


def _was_told(connection: Connection) -> bool:
    """A webhook has come since the last import that read everything began."""
    told, read = connection.told_at, connection.last_synced_at
    return told is not None and (read is None or told > read)


def sweep() -> int:
    """Runs whose worker died, whose message was lost, or whose wait is over. Waking one twice does nothing."""
    found = list(SyncRun.objects.abandoned(timezone.now()).values_list("pk", flat=True)[:500])
    for run_id in found:
        wake(run_id)
    return len(found)
