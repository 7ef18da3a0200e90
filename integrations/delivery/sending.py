"""Telling one entry, once. What comes next is written on the row, not kept in the worker."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.enums import PushState
from candidates.models import OutboxEntry, PushAttempt
from integrations.delivery import comparing
from integrations.delivery.claims import Claim, claim, renew
from integrations.delivery.desk import Desk, order_of
from integrations.delivery.outcomes import (
    FIRST_RECHECK,
    Outcome,
    again,
    confirmed,
    judge,
    may_have_arrived,
    settle_shown,
    unknown,
    write_down,
)
from integrations.errors import Denied, NotOffered, ProviderError, Refused
from integrations.provider import Order, Provider

log = structlog.get_logger(__name__)

OLDEST = timedelta(days=7)  # older decisions aren't sent without asking again (F91)
UNANSWERED = "The answer to an earlier attempt was lost, so nobody knows whether it arrived."


class LeaseLost(Exception):
    """Somebody took the entry over: this worker has nothing more to say about it."""


def deliver(entry_id: uuid.UUID, desk: Desk | None = None) -> bool:
    """Tell it if it may be told now. False: it isn't due, or somebody else is at it."""
    taken = claim(entry_id)
    if taken is None:
        return False
    if desk is not None:
        carry_out(taken, desk)
        return True
    with Desk() as own_desk:
        carry_out(taken, own_desk)
    return True


def carry_out(taken: Claim, desk: Desk) -> None:
    """Send what was claimed, and write down what came of it."""
    try:
        outcome = _attempt(taken, desk)
    except LeaseLost:
        log.warning("a lease was lost before sending", entry=str(taken.entry.pk))
        return
    write_down(taken, outcome)


def _attempt(taken: Claim, desk: Desk) -> Outcome:
    entry = taken.entry
    if _too_old(entry):
        return Outcome(
            PushState.UNKNOWN, "too_old", "This decision is a week old. Say whether it still has to be sent."
        )
    try:
        provider, order = desk.provider(entry), order_of(entry)
    except ProviderError as error:  # nothing has been sent
        return judge(error, repeatable=True, attempts=entry.attempts)
    repeatable = entry.kind in provider.repeatable
    try:
        looked = _look_first(taken, provider, order, repeatable)
    except ProviderError as error:
        return _stale_or(error, judge(error, repeatable=True, attempts=entry.attempts), desk, entry)
    if looked is not None:
        return looked
    if not renew(taken):
        raise LeaseLost
    return _send(taken, desk, provider, order, repeatable)


def _send(taken: Claim, desk: Desk, provider: Provider, order: Order, repeatable: bool) -> Outcome:
    entry = taken.entry
    try:
        return confirmed(provider.push(order))
    except ProviderError as error:
        failure = error
    except Exception as error:
        # A fault of ours, or an answer that nobody expected. The request may have left.
        log.exception("a push failed unexpectedly", entry=str(entry.pk))
        failure = ProviderError(f"Something went wrong here ({type(error).__name__}).", code="internal_error")
    if may_have_arrived(failure) and not repeatable and _arrived(provider, order):
        return confirmed(failure.exchange, "The answer was lost; the source shows that it arrived.")
    outcome = judge(failure, repeatable=repeatable, attempts=entry.attempts)
    return _stale_or(failure, outcome, desk, entry)


def _look_first(taken: Claim, provider: Provider, order: Order, repeatable: bool) -> Outcome | None:
    """What can be known without a write. None: go on and tell it. Raises what a read raises, which changes nothing."""
    entry = taken.entry
    if not repeatable and _died(taken):
        if provider.read_back(order):
            return confirmed(message="The source shows that an earlier attempt arrived.")
        return unknown(UNANSWERED, code="no_answer")
    if entry.kind in comparing.COMPARED:
        if entry.payload.get("force"):
            return None
        try:
            now = provider.current(order)
        except (NotOffered, Refused):  # this customer's set-up doesn't let us look
            return None
        return comparing.compare(entry, now) if now else None
    if repeatable and _was_unclear(taken) and not _told_otherwise(entry) and _arrived(provider, order):
        return confirmed(message="The source shows that an earlier attempt arrived.")
    return None


def _arrived(provider: Provider, order: Order) -> bool:
    try:
        return provider.read_back(order) is True
    except ProviderError:
        return False


def _died(taken: Claim) -> bool:
    """An earlier attempt never came to an end, and no person has said since that it didn't arrive.

    For what may not be repeated this is the whole question: its lost answers never lead back here by themselves.
    """
    earlier = PushAttempt.objects.filter(entry=taken.entry, number__lt=taken.entry.attempts, finished_at=None)
    since = _moment(taken.entry, "lost_before")
    return (earlier.filter(started_at__gt=since) if since else earlier).exists()


def _was_unclear(taken: Claim) -> bool:
    """An earlier attempt may have arrived, or not: worth a look before a harmless repeat."""
    earlier = PushAttempt.objects.filter(entry=taken.entry, number__lt=taken.entry.attempts)
    return earlier.filter(Q(finished_at=None) | Q(status=None) | Q(status__lt=400) | Q(status__gte=500)).exists()


def _told_otherwise(entry: OutboxEntry) -> bool:
    """Whether we told this row anything about the same tag lately: then a copy that lags may show older news."""
    others = OutboxEntry.objects.filter(record=entry.record_id, payload__name=entry.payload.get("name"))
    return others.filter(sent_at__gt=timezone.now() - comparing.LAG).exclude(pk=entry.pk).exists()


def _stale_or(error: ProviderError, outcome: Outcome, desk: Desk, entry: OutboxEntry) -> Outcome:
    """A denial that was said to credentials which a person has replaced meanwhile counts for nothing."""
    if isinstance(error, Denied) and desk.is_stale(entry):
        return again(error, attempts=1)
    return outcome


def _too_old(entry: OutboxEntry) -> bool:
    return (_moment(entry, "said_at") or entry.requested_at) < timezone.now() - OLDEST


def _moment(entry: OutboxEntry, note: str) -> datetime | None:
    """A time that a person's word left in the payload (candidates.domain.pushes)."""
    return parse_datetime(str(entry.payload.get(note) or ""))


def recheck(entry_id: uuid.UUID, desk: Desk) -> bool:
    """Whether the source shows by now that an unknown push arrived. Asked seldomer each time, and never a write."""
    now = timezone.now()
    entry = OutboxEntry.objects.select_related("source", "record", "candidate", "application").get(pk=entry_id)
    since = entry.sent_at or entry.requested_at
    wait = max(now - since, FIRST_RECHECK)
    following = now + wait if now - since < OLDEST else None
    mine = OutboxEntry.objects.filter(pk=entry_id, state=PushState.UNKNOWN, due_at=entry.due_at)
    if entry.due_at is None or mine.update(due_at=following) != 1:
        return False
    try:
        shown = _arrived(desk.provider(entry), order_of(entry))
    except ProviderError:
        return False
    return shown and settle_shown(entry, following)
