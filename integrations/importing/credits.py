"""What an import costs, may cost, and has cost. Credits are the provider's own; most providers have none.

``options.credit_budget`` is what one run may spend: a hard stop, which leaves the walk to be gone on with. What is left
of it bounds each page before it is asked for, so that no page is charged above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Subquery, Sum
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.enums import RecordKind, RecordState
from candidates.models import SourceRecord
from integrations.errors import ProviderError
from integrations.models import Connection, SyncStream
from integrations.provider import Account, Provider
from integrations.registry import get_provider

SPENT = "credit_budget"
# After these a walk is gone on with even if it is old: what was paid for isn't paid for again.
STOPS = (SPENT, "INSUFFICIENT_CREDITS")
WALK_LIVES = timedelta(days=30)
SHOWN_DAYS = 30


class BudgetSpent(ProviderError):
    """The run may spend nothing more. Its walk goes on with the next one."""

    permanent = True


def budget_of(connection: Connection) -> int | None:
    budget = connection.options.get("credit_budget")
    return budget if isinstance(budget, int) and not isinstance(budget, bool) and budget > 0 else None


@dataclass(slots=True)
class Purse:
    """What one run may still spend. ``streams`` carry what was spent on each."""

    budget: int | None
    streams: Sequence[SyncStream]

    @property
    def spent(self) -> int:
        return sum(stream.cost for stream in self.streams)

    def open(self, provider: Provider, *, coming: int = 0) -> bool:
        """Tell the provider what its next page may cost. False: nothing may be spent.

        ``coming``: the cost of a page that isn't counted yet.
        """
        if self.budget is None:
            return True
        left = self.budget - self.spent - coming
        if hasattr(provider, "allowance"):
            provider.allowance = max(left, 0)
        return left > 0

    def expect(self, provider: Provider) -> None:
        """Before a page. Raises BudgetSpent."""
        if not self.open(provider):
            raise BudgetSpent(
                f"The {self.budget:,} credits that one import may spend are spent. The next import goes on from there.",
                code=SPENT,
            )


def note_balance(connection: Connection, provider: Provider) -> None:
    """Write down what is left at the provider, where asking is free. Nothing depends on it."""
    ask = getattr(provider, "credits_left", None)
    left = ask() if ask else None
    if left is not None:
        _learn(connection, credits_left=left, credits_at=timezone.now().isoformat())


def note_listed(connection: Connection) -> None:
    """After a complete walk: how many applications are listed in all, as ``candidates``, and of each job, as
    ``candidates/<its id there>``. What the next walk costs follows from it."""
    records = SourceRecord.objects.filter(source=connection.source_id).order_by()
    listed = records.filter(kind=RecordKind.APPLICATION, state=RecordState.LISTED)
    counts = dict(listed.values_list("job").annotate(number=Count("pk")))
    names = dict(records.filter(kind=RecordKind.JOB, job__in=list(counts)).values_list("job", "external_id"))
    by_job = {f"candidates/{names[job]}": number for job, number in counts.items() if job in names}
    _learn(connection, listed={"candidates": sum(counts.values()), **by_job})


def _learn(connection: Connection, **learned: Any) -> None:
    known = Connection.objects.values_list("facts", flat=True).get(pk=connection.pk)
    Connection.objects.filter(pk=connection.pk).update(facts={**known, **learned})


def forecast(connection: Connection) -> tuple[bool, int | None]:
    """Whether the provider charges for its calls, and the credits that the next complete import costs by what the last
    one listed; None before there was one. No query."""
    provider = get_provider(connection.provider, Account(connection.base_url, {}, connection.options))
    try:
        listed = connection.facts.get("listed")
        known = listed if isinstance(listed, dict) else {}
        cost = provider.forecast(known)
        return cost is not None, cost if known else None
    finally:
        provider.close()


@dataclass(frozen=True, slots=True)
class Credits:
    """``left`` at the provider as of ``as_of`` (ISO), None where it doesn't say. ``used``: by the latest import."""

    left: int | None
    as_of: str | None
    used: int
    used_lately: int
    budget: int | None
    forecast: int | None

    @property
    def as_of_time(self) -> datetime | None:
        return parse_datetime(self.as_of or "")

    @property
    def imports(self) -> int | None:
        """How many imports a complete walk takes, if it takes more than one."""
        if not self.budget or not self.forecast or self.forecast <= self.budget:
            return None
        return -(-self.forecast // self.budget)

    @property
    def is_short(self) -> bool:
        return self.left is not None and self.forecast is not None and self.left < self.forecast


def credits_of(connection: Connection) -> Credits | None:
    """For the connection's page and the API, by one query. None where the provider has no credits."""
    is_charged, coming = forecast(connection)
    if not is_charged:
        return None
    latest = Subquery(connection.runs.order_by("-pk").values("pk")[:1])
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    spent = SyncStream.objects.filter(run__connection=connection).aggregate(
        used=Sum("cost", filter=Q(run=latest)), lately=Sum("cost", filter=Q(run__created_at__gt=since))
    )
    left = connection.facts.get("credits_left")
    return Credits(
        left=left if isinstance(left, int) else None,
        as_of=connection.facts.get("credits_at"),
        used=spent["used"] or 0,
        used_lately=spent["lately"] or 0,
        budget=budget_of(connection),
        forecast=coming,
    )
