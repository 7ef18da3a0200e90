"""Wake-up calls for the delivery. Tasks take ids, and the rows hold the truth."""

from __future__ import annotations

from uuid import UUID

import structlog
from celery import shared_task

from integrations import delivery

log = structlog.get_logger(__name__)


@shared_task(name="integrations.push.deliver_due")
def deliver_due() -> None:
    """Every few seconds, and after each decision. A missed one loses nothing, a repeated one sends nothing twice."""
    delivery.deliver_due(call_help=_call_help)


@shared_task(name="integrations.push.deliver")
def deliver(entry_id: str) -> None:
    """One entry, if it is due."""
    delivery.deliver(UUID(entry_id))


def _call_help() -> None:
    try:
        deliver_due.apply_async(expires=30, retry=False)
    except Exception as error:  # the broker's own errors differ by transport; the beat goes on without it
        log.warning("could not call another worker", code=type(error).__name__)
