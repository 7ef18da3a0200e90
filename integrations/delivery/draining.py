"""Working through what is due, fairly over all connections. Harmless when several workers do it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain, zip_longest
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from candidates.enums import PushState
from candidates.models import OutboxEntry
from integrations.delivery.claims import IN_FLIGHT, due_entries
from integrations.delivery.desk import Desk
from integrations.delivery.sending import deliver, recheck
from integrations.models import Connection

BUDGET = 10.0  # seconds; then another task goes on, so that no worker is held for long
RECHECKS = 20  # unknown pushes that one run looks after


def deliver_due(call_help: Callable[[], None] = lambda: None, *, budget: float = BUDGET) -> int:
    """Send what is due until nothing is, or the time is over. Answers how many this worker sent.

    ``call_help`` has another worker do the same: called once when there is more than one entry to send, and once more
    when something is left.
    """
    over, sent, helped = time.monotonic() + budget, 0, False
    with Desk() as desk:
        while batch := next_batch():
            if len(batch) > 1 and not helped:
                call_help()
                helped = True
            done = 0
            for entry_id in batch:
                done += deliver(entry_id, desk)
                if time.monotonic() > over:
                    call_help()
                    return sent + done
            sent += done
            if not done:  # others are at all of them, and go on when they are done
                break
        _recheck_unknown(desk, over)
    return sent


def next_batch() -> list[UUID]:
    """The few that each connection may send next, one of each in turn."""
    due = due_entries(timezone.now()).order_by("due_at", "id")
    sources = due.order_by().values_list("source_id", flat=True).distinct()
    each = [list(due.filter(source=source).values_list("pk", flat=True)[:IN_FLIGHT]) for source in sources]
    return [entry_id for entry_id in chain(*zip_longest(*each)) if entry_id is not None]


def _recheck_unknown(desk: Desk, over: float) -> None:
    now = timezone.now()
    open_lines = Connection.objects.callable(now).filter(source=OuterRef("source"))
    unknown = OutboxEntry.objects.filter(Exists(open_lines), state=PushState.UNKNOWN, due_at__lte=now)
    for entry_id in unknown.order_by("due_at").values_list("pk", flat=True)[:RECHECKS]:
        if time.monotonic() > over:
            return
        recheck(entry_id, desk)
