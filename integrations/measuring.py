"""What Prometheus is told of imports and pushes: counts read from the database when it asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import Error
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from candidates.enums import PushState
from candidates.models import OutboxEntry
from integrations.enums import Health, ProblemState, SyncState
from integrations.models import Connection, SyncProblem, SyncRun

UNSETTLED = (PushState.WAITING, PushState.SENDING, PushState.RETRYING, PushState.CONFLICT, PushState.UNKNOWN)


class QuorumCollector(Collector):
    """Over all workspaces, and without a name of any. Of pushes only those that aren't settled: the ledger grows for
    ever, and what is settled needs nobody."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Without the database there is nothing to say of these; the process's own metrics are told all the same."""
        try:
            return [*_counts(), _lateness()]
        except Error:  # InterfaceError, too: a connection that was cut
            return []

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []  # registering asks for names; this keeps it from asking the database


def _counts() -> Iterable[GaugeMetricFamily]:
    """Every state is there, with a 0 where nothing is in it: alerts then needn't guess."""
    pushes = OutboxEntry.objects.filter(settled_at=None)
    yield _gauge("quorum_pushes", "Pushes that aren't settled, by state", "state", pushes, UNSETTLED)
    yield _gauge("quorum_sync_runs", "Imports by state", "state", SyncRun.objects.all(), SyncState.values)
    there = Connection.objects.filter(disconnected_at=None)
    yield _gauge("quorum_connections", "Connections by health", "health", there, Health.values)
    problems = SyncProblem.objects.filter(state=ProblemState.OPEN).count()
    yield GaugeMetricFamily("quorum_problems_open", "Rows set aside that nobody has seen to", value=problems)


def _gauge(name: str, words: str, column: str, found: QuerySet[Any], known: Iterable[str]) -> GaugeMetricFamily:
    counted = dict(found.order_by().values_list(column).annotate(number=Count("pk")))
    gauge = GaugeMetricFamily(name, words, labels=[column])
    for value in known:
        gauge.add_metric([value], counted.get(value, 0))
    return gauge


def _lateness() -> GaugeMetricFamily:
    """How long ago the push that has waited longest should have been sent; 0 when none is late."""
    now = timezone.now()
    due = OutboxEntry.objects.filter(due_at__lte=now).aggregate(first=Min("due_at"))["first"]
    late = (now - due).total_seconds() if due else 0
    return GaugeMetricFamily("quorum_oldest_due_push_seconds", "Age of the oldest push that is due", value=late)
