"""Asking for an import, and asking for its end."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.enums import SyncMode, SyncState, Trigger
from integrations.models import Connection, SyncRun
from recruitment.errors import Conflict
from recruitment.models import Membership

log = structlog.get_logger(__name__)

MESSAGE_LIVES = 120  # seconds; the sweep sends another one


def request_sync(
    connection: Connection,
    *,
    mode: str = SyncMode.INCREMENTAL,
    trigger: str = Trigger.MANUAL,
    member: Membership | None = None,
    dry_run: bool = False,
) -> SyncRun:
    """Queue a run. While one is unfinished: Conflict with it as ``run``, held by a constraint of the database."""
    if connection.disconnected_at is not None:
        raise Conflict("This connection was taken away.", code="disconnected")
    if connection.paused:
        raise Conflict("This connection is paused. Resume it first.", code="paused")
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(
                workspace_id=connection.workspace_id,
                connection=connection,
                mode=mode,
                trigger=trigger,
                requested_by=member,
                dry_run=dry_run,
            )
    except IntegrityError:
        running = connection.runs.unfinished().values_list("pk", flat=True).first()
        raise Conflict("An import is at work already.", code="already_running", run=str(running)) from None
    wake(run.pk)
    return run


def cancel_sync(run: SyncRun, *, member: Membership | None = None) -> SyncRun:
    """Stop after the page in hand; what is imported stays. A run that nobody has begun ends at once."""
    now = timezone.now()
    mine = SyncRun.objects.filter(pk=run.pk)
    mine.unfinished().update(cancel_requested=True, updated_at=now)
    idle = mine.unfinished().filter(lease_token=None)
    idle.update(state=SyncState.CANCELLED, finished_at=now, lease_until=None, resume_at=None, updated_at=now)
    run.refresh_from_db()
    if run.state not in (SyncState.CANCELLED, SyncState.QUEUED, SyncState.RUNNING):
        raise Conflict("This import is over already.", code="not_running")
    return run


def wake(run_id: UUID, *, after: float = 0) -> None:
    """Have a worker take the run up. If the broker can't be reached nothing is lost: the sweep finds the run."""

    def send() -> None:
        try:
            current_app.send_task(
                "integrations.import.run",
                [str(run_id)],
                queue="import",
                countdown=after or None,
                expires=after + MESSAGE_LIVES,
                retry=False,
            )
        except Exception as error:  # the broker's own errors differ by transport
            log.warning("could not wake an import", code=type(error).__name__)

    transaction.on_commit(send)
