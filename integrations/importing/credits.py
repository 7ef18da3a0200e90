"""What an import costs, may cost, and has cost. Credits are the provider's own; most providers have none.

``options.credit_budget`` is what one run may spend: a hard stop, which leaves the walk to be gone on with. What is left
of it bounds each page before it is asked for, so that no page is charged above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

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
        fresh = Connection.objects.values_list("facts", flat=True).get(pk=connection.pk)
        facts = {**fresh, "credits_left": left, "credits_at": timezone.now().isoformat()}
        Connection.objects.filter(pk=connection.pk).update(facts=facts)


def forecast(connection: Connection) -> int | None:
    """Credits that the next complete import costs, by what is listed now; None where nobody has been read yet, and
    where nothing is charged."""
    provider = get_provider(connection.provider, Account(connection.base_url, {}, connection.options))
    try:
        if provider.forecast({}) is None:
            return None
        known = _listed(connection)
        return provider.forecast(known) if known["candidates"] else None
    finally:
        provider.close()


def is_charged(connection: Connection) -> bool:
    provider = get_provider(connection.provider, Account(connection.base_url, {}, connection.options))
    try:
        return provider.forecast({}) is not None
    finally:
        provider.close()


def _listed(connection: Connection) -> dict[str, int]:
    """How many applications are listed in all, as ``candidates``, and of each job, as ``candidates/<its id there>``."""
    records = SourceRecord.objects.filter(source=connection.source_id).order_by()
    listed = records.filter(kind=RecordKind.APPLICATION, state=RecordState.LISTED)
    counts = dict(listed.values_list("job").annotate(number=Count("pk")))
    names = dict(records.filter(kind=RecordKind.JOB, job__in=list(counts)).values_list("job", "external_id"))
    by_job = {f"candidates/{names[job]}": number for job, number in counts.items() if job in names}
    return {"candidates": sum(counts.values()), **by_job}


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
    def imports(self) -> int | None:
        """How many imports a complete walk takes, if it takes more than one."""
        if not self.budget or not self.forecast or self.forecast <= self.budget:
            return None
        return -(-self.forecast // self.budget)

    @property
    def is_short(self) -> bool:
        return self.left is not None and self.forecast is not None and self.left < self.forecast


def credits_of(connection: Connection) -> Credits | None:
    """For the connection's page and the API. None where the provider has no credits."""
    if not is_charged(connection):
        return None
    spent = SyncStream.objects.filter(run__connection=connection).order_by()
    latest = connection.runs.order_by("-pk").values("pk")[:1]
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    facts = connection.facts
    return Credits(
        left=facts.get("credits_left") if isinstance(facts.get("credits_left"), int) else None,
        as_of=facts.get("credits_at"),
        used=_total(spent.filter(run__in=latest)),
        used_lately=_total(spent.filter(run__created_at__gt=since)),
        budget=budget_of(connection),
        forecast=forecast(connection),
    )


def _total(streams: Any) -> int:
    return streams.aggregate(total=Sum("cost"))["total"] or 0
