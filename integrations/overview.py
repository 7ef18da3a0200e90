"""How each connection is and what it has brought: always the same few queries, however many connections there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, OuterRef, Q, Subquery

from candidates.enums import PushState, RecordKind
from candidates.models import OutboxEntry, SourceRecord
from integrations import words
from integrations.enums import UNFINISHED, Health, ProblemState
from integrations.models import Connection, SyncProblem, SyncRun
from integrations.progress import Progress, progress_of
from integrations.stage_map import untied
from recruitment.models import Membership

BROUGHT = (RecordKind.CANDIDATE, RecordKind.APPLICATION, RecordKind.JOB)
ON_THEIR_WAY = (PushState.WAITING, PushState.SENDING, PushState.RETRYING)
STUCK = (PushState.CONFLICT, PushState.UNKNOWN, PushState.REFUSED)
KEPT_SECONDS = 6 * 3600


@dataclass(slots=True)
class Overview:
    """``brought``: records by kind as of the last import; None before there was one."""

    connection: Connection
    progress: Progress | None = None
    brought: dict[str, int] | None = None
    problems: int = 0
    waiting: int = 0
    stuck: int = 0
    untied: int = 0
    system: str = ""
    advice: str = ""

    @property
    def needs_key(self) -> bool:
        """Whether other credentials would mend it: not where somebody has to do something at the provider."""
        run = self.last
        return self.connection.health == Health.RECONNECT and words.about_key(run.error_code if run else "")

    @property
    def last(self) -> SyncRun | None:
        return self.progress.run if self.progress else None

    @property
    def running(self) -> Progress | None:
        return self.progress if self.progress and self.progress.is_live else None

    @property
    def mark(self) -> str:
        """Changes with everything that is shown."""
        connection = self.connection
        shown = [connection.health, connection.updated_at, self.progress and self.progress.mark]
        return "-".join(str(part) for part in [*shown, self.problems, self.waiting, self.stuck, self.untied])


@dataclass(slots=True)
class _Found:
    """What the queries answer, by connection or source."""

    runs: dict[Any, SyncRun] = field(default_factory=dict)
    brought: dict[UUID, dict[str, int]] = field(default_factory=dict)
    problems: dict[UUID, int] = field(default_factory=dict)
    pushes: dict[UUID, dict[str, int]] = field(default_factory=dict)
    untied: dict[UUID, int] = field(default_factory=dict)


def overviews(connections: Iterable[Connection], member: Membership) -> list[Overview]:
    """For connections as ``with_last_runs`` gives them."""
    listed = list(connections)
    stages = untied(connection.source for connection in listed)
    found = _Found(_runs(listed), _brought(listed), _problems(listed), _pushes(listed, member), stages)
    return [_overview(connection, found, member) for connection in listed]


def with_last_runs(member: Membership) -> Any:
    """The member's connections with ``last_run_id`` and ``last_ended_id``. Their credentials stay where they are."""
    runs = SyncRun.objects.filter(connection=OuterRef("pk")).order_by("-pk").values("pk")
    return (
        Connection.objects.visible_to(member)
        .select_related("source")
        .defer("credentials")
        .annotate(
            last_run_id=Subquery(runs[:1]),
            last_ended_id=Subquery(runs.exclude(state__in=UNFINISHED).filter(dry_run=False)[:1]),
        )
        .order_by("name", "pk")
    )


def _overview(connection: Connection, found: _Found, member: Membership) -> Overview:
    run = found.runs.get(connection.last_run_id)  # type: ignore[attr-defined]
    pushes = found.pushes.get(connection.source_id, {})
    return Overview(
        connection,
        progress_of(run, list(run.streams.all())) if run else None,
        found.brought.get(connection.source_id),
        found.problems.get(connection.pk, 0),
        sum(pushes.get(state, 0) for state in ON_THEIR_WAY),
        sum(pushes.get(state, 0) for state in STUCK),
        found.untied.get(connection.source_id, 0),
        words.system_of(connection),
        words.health_advice(
            connection,
            is_admin=member.is_admin,
            code=run.error_code if run else "",
            problems=found.problems.get(connection.pk, 0),
        ),
    )


def _runs(connections: Sequence[Any]) -> dict[Any, SyncRun]:
    wanted = [connection.last_run_id for connection in connections if connection.last_run_id]
    return SyncRun.objects.prefetch_related("streams").in_bulk(wanted) if wanted else {}


def _brought(connections: Sequence[Any]) -> dict[UUID, dict[str, int]]:
    """Counting a million rows takes longer than a page may, and only an import changes the number: kept until the next
    one has ended."""
    keys = {f"brought:{one.source_id}:{one.last_ended_id}": one.source_id for one in connections if one.last_ended_id}
    kept = cache.get_many(keys)
    missing = {key: source for key, source in keys.items() if key not in kept}
    if missing:
        counted = _counted(missing.values())
        fresh = {key: counted.get(source, {}) for key, source in missing.items()}
        cache.set_many(fresh, KEPT_SECONDS)
        kept |= fresh
    return {source: kept[key] for key, source in keys.items()}


def _counted(sources: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    rows = SourceRecord.objects.filter(source__in=list(sources), kind__in=BROUGHT).order_by()
    counted: dict[UUID, dict[str, int]] = {}
    for source, kind, number in rows.values_list("source", "kind").annotate(number=Count("pk")):
        counted.setdefault(source, {})[kind] = number
    return counted


def _problems(connections: Sequence[Connection]) -> dict[UUID, int]:
    found = SyncProblem.objects.filter(connection__in=connections, state=ProblemState.OPEN).order_by()
    return dict(found.values_list("connection").annotate(number=Count("pk")))


def _pushes(connections: Sequence[Connection], member: Membership) -> dict[UUID, dict[str, int]]:
    sources = [connection.source_id for connection in connections]
    unfinished = Q(state__in=[*ON_THEIR_WAY, *STUCK], source__in=sources)
    found = OutboxEntry.objects.visible_to(member).filter(unfinished).order_by()
    counted: dict[UUID, dict[str, int]] = {}
    for source, state, number in found.values_list("source", "state").annotate(number=Count("pk")):
        counted.setdefault(source, {})[state] = number
    return counted
