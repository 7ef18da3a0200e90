"""What came of an attempt, judged from the provider's answer and written down behind the fence of the lease."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from candidates.domain import activity
from candidates.enums import SETTLED, PushState
from candidates.models import OutboxEntry, PushAttempt
from integrations import circuit
from integrations.delivery.claims import Claim
from integrations.enums import Health
from integrations.errors import (
    Denied,
    Exchange,
    Garbled,
    NotOffered,
    NotReady,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.models import Connection

log = structlog.get_logger(__name__)

LONGEST_BACKOFF = 15 * 60.0  # seconds
SHORTEST_LIMIT = 1.0  # seconds of peace after "too many requests", whatever the provider says
OUTAGE = timedelta(seconds=5)  # how long a provider that can't be reached is left alone by all other entries
FIRST_RECHECK = timedelta(minutes=5)
OUT_OF_REACH = {"no_connection", "timeout"}
LEDGER_BYTES = 8 * 1024
# A person reads of these on the candidate; an attempt that is made again is no news.
NEWS = {
    PushState.CONFIRMED: "push_confirmed",
    PushState.REFUSED: "push_refused",
    PushState.NOT_OFFERED: "push_not_offered",
    PushState.UNKNOWN: "push_unknown",
    PushState.CONFLICT: "push_conflict",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an entry goes. ``again_in`` None: nothing happens by itself. ``rest``: no call of the connection meanwhile.

    ``denied``: the connection is no good until a person repairs it. ``outage``: nobody answered.
    """

    state: PushState
    code: str = ""
    message: str = ""
    exchange: Exchange | None = None
    again_in: timedelta | None = None
    rest: timedelta | None = None
    denied: bool = False
    outage: bool = False
    upstream_now: dict[str, Any] | None = None


def confirmed(exchange: Exchange | None = None, message: str = "") -> Outcome:
    return Outcome(PushState.CONFIRMED, message=message, exchange=exchange)


def unknown(message: str, *, code: str, exchange: Exchange | None = None) -> Outcome:
    """A person settles it; we look from time to time whether the source shows it meanwhile."""
    return Outcome(PushState.UNKNOWN, code, message, exchange, again_in=FIRST_RECHECK)


def again(error: ProviderError, attempts: int) -> Outcome:
    """The request had no effect, or may be repeated: later, and later each time."""
    wait = timedelta(seconds=backoff(attempts))
    outage = error.code in OUT_OF_REACH
    rest = OUTAGE if outage else None
    if isinstance(error, RateLimited):
        named = wait if error.retry_after is None else timedelta(seconds=max(error.retry_after, SHORTEST_LIMIT))
        wait = rest = named + timedelta(seconds=_jitter() / 4)
    elif isinstance(error, NotReady):
        rest = wait
    return Outcome(
        PushState.RETRYING, error.code, error.message, error.exchange, again_in=wait, rest=rest, outage=outage
    )


def judge(error: ProviderError, *, repeatable: bool, attempts: int) -> Outcome:
    """The outcome of a write that ended in this error."""
    named: dict[str, Any] = {"code": error.code, "message": error.message, "exchange": error.exchange}
    if isinstance(error, Denied):
        return Outcome(PushState.RETRYING, denied=True, **named)
    if isinstance(error, Refused):
        return Outcome(PushState.REFUSED, **named)
    if isinstance(error, NotOffered):
        return Outcome(PushState.NOT_OFFERED, **named)
    if may_have_arrived(error) and not repeatable:
        return unknown(error.message, code=error.code, exchange=error.exchange)
    return again(error, attempts)


def may_have_arrived(error: ProviderError) -> bool:
    if isinstance(error, Unavailable | Garbled):
        return error.arrived
    return not isinstance(error, RateLimited | NotReady | Denied | Refused | NotOffered)


def backoff(attempts: int) -> float:
    """Seconds: 2, 4, 8 ... up to a quarter of an hour, a quarter more or less so that entries don't come in waves."""
    return min(2.0 ** min(max(attempts, 1), 12), LONGEST_BACKOFF) * (0.75 + _jitter() / 2)


def _jitter() -> float:
    return random.random()  # noqa: S311  keeps callers apart, hides nothing


def write_down(claim: Claim, outcome: Outcome) -> bool:
    """Finish the attempt and move the entry on. False: the lease was taken over, and this outcome came too late."""
    now = timezone.now()
    with transaction.atomic():
        held = OutboxEntry.objects.filter(pk=claim.entry.pk, lease_token=claim.token, state=PushState.SENDING)
        in_time = held.update(**_columns(outcome, now)) == 1
        # An attempt that ended too late stays unfinished: whoever took over must not think that nothing was sent.
        _keep(claim.attempt, outcome, finished_at=now if in_time else None)
        if not in_time:
            log.warning("an outcome came too late", entry=str(claim.entry.pk), state=str(outcome.state))
            return False
        if outcome.denied or outcome.rest:
            _mark_connection(claim.entry, outcome, now)
        if not outcome.outage and outcome.exchange is not None and outcome.exchange.status is not None:
            circuit.note_answer(source=claim.entry.source_id)
        tell(claim.entry, outcome.state, outcome.message)
    return True


def _columns(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "state": outcome.state,
        "lease_token": None,
        "lease_until": None,
        "due_at": now + outcome.again_in if outcome.again_in is not None else None,
        "settled_at": now if outcome.state in SETTLED else None,
        "last_error_code": "" if outcome.state == PushState.CONFIRMED else outcome.code[:100],
        "last_error_message": "" if outcome.state == PushState.CONFIRMED else outcome.message,
        "upstream_now": outcome.upstream_now,
        "updated_at": now,
    }


def _keep(attempt: PushAttempt, outcome: Outcome, *, finished_at: datetime | None) -> None:
    shown = outcome.exchange or Exchange("", "")
    attempt.finished_at = finished_at
    attempt.method, attempt.path = shown.method[:10], shown.path[:500]
    attempt.request, attempt.status, attempt.response = bounded(shown.request), shown.status, bounded(shown.response)
    attempt.error_code, attempt.error_message = outcome.code[:100], outcome.message
    attempt.save()


def _mark_connection(entry: OutboxEntry, outcome: Outcome, now: datetime) -> None:
    connection = Connection.objects.filter(source=entry.source_id)
    if outcome.denied:
        words = f"{entry.source} no longer lets us in: {outcome.message}"[:500]
        connection.update(health=Health.RECONNECT, health_detail=words)
    elif outcome.rest:
        rest = outcome.rest
        if outcome.outage and (outages := circuit.note_outage(source=entry.source_id)) >= circuit.SEVERAL:
            rest = max(rest, circuit.alone_for(outages))
        until = now + rest
        connection.filter(Q(waiting_until=None) | Q(waiting_until__lt=until)).update(waiting_until=until)


def settle_shown(entry: OutboxEntry, due_at: datetime | None) -> bool:
    """An unknown push that the source shows is confirmed, unless a person was faster."""
    now, words = timezone.now(), "The source shows that it arrived."
    with transaction.atomic():
        waiting = OutboxEntry.objects.filter(pk=entry.pk, state=PushState.UNKNOWN, due_at=due_at)
        found = waiting.update(**_columns(confirmed(message=words), now))
        if found:
            tell(entry, PushState.CONFIRMED, words)
    return found == 1


def tell(entry: OutboxEntry, state: str, message: str = "") -> None:
    """A line on the candidate for what a person wants to know."""
    verb = NEWS.get(PushState(state))
    if verb is None:
        return
    activity.record(
        verb,
        actor=None,
        workspace_id=entry.workspace_id,
        actor_label=entry.source.name,
        candidate=entry.candidate,
        application=entry.application,
        kind=entry.kind,
        source=entry.source.name,
        entry=str(entry.pk),
        **({"message": message} if message else {}),
    )


def bounded(value: Any) -> Any:
    """The value itself, or the beginning of its text when it is longer than the ledger keeps."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    if len(text.encode()) <= LEDGER_BYTES:
        return value
    return text.encode()[: LEDGER_BYTES - 8].decode(errors="ignore") + " …"
