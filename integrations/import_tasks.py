"""Wake-up calls for imports. Tasks take ids, and the rows hold the truth."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from integrations import importing
from integrations.hooks import receiving


@shared_task(name="integrations.import.run")
def run(run_id: str) -> None:
    """Work on a run for about a minute; what is left is asked for again."""
    importing.run(UUID(run_id))


@shared_task(name="integrations.import.start_due")
def start_due() -> None:
    importing.start_due()


@shared_task(name="integrations.import.sweep")
def sweep() -> None:
    importing.sweep()


@shared_task(name="integrations.import.forget_hooks")
def forget_hooks() -> None:
    """Once a day."""
    receiving.forget_old()


@worker_ready.connect
def sweep_at_start(**_kwargs: Any) -> None:
    """A worker that starts looks for what its predecessor left."""
    importing.sweep()
