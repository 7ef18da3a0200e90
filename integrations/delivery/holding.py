"""What becomes of the pushes of a connection that is repaired, or taken away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from candidates.domain import outbox
from candidates.enums import PushState
from candidates.models import OutboxEntry
from integrations.delivery.outcomes import tell
from integrations.models import Connection


@transaction.atomic
def release_held(connection: Connection) -> int:
    """Call when the credentials work again: what was held is due now. Answers how many entries that are."""
    now = timezone.now()
    held = OutboxEntry.objects.filter(source=connection.source_id, state=PushState.RETRYING, due_at=None)
    released = held.update(due_at=now, updated_at=now)
    outbox.wake()
    return released


@transaction.atomic
def close_held(connection: Connection) -> int:
    """Call when a connection is taken away: what has not been sent can't be told any more, and says so."""
    now = timezone.now()
    unsent = OutboxEntry.objects.select_for_update(of=("self",)).filter(
        source=connection.source_id, state__in=[PushState.WAITING, PushState.RETRYING, PushState.CONFLICT]
    )
    words = f"{connection.name} was disconnected before this was sent."
    closed = list(unsent.select_related("source", "candidate", "application"))
    OutboxEntry.objects.filter(pk__in=[entry.pk for entry in closed]).update(
        state=PushState.NOT_OFFERED,
        settled_at=now,
        due_at=None,
        last_error_code="disconnected",
        last_error_message=words,
        updated_at=now,
    )
    for entry in closed:
        tell(entry, PushState.NOT_OFFERED, words)
    return len(closed)
