"""Every main screen and every list of the API, asked as a person and as a program would.

"ours" is the processor time of this process: what a busy machine and the database add is not in it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Application, Candidate, CandidateTag, OutboxEntry
from integrations.bench.people import TEAM_JOBS, World
from integrations.bench.report import Line, milliseconds, percentile
from integrations.models import SyncRun
from recruitment.models import Membership
from recruitment.tokens import create_token

SCREEN_MS = 100
MOST_QUERIES = 12
ASKED = 20  # requests a screen
WARM = 2


@dataclass(frozen=True, slots=True)
class Screen:
    name: str
    client: Client
    paths: Sequence[str]
    is_api: bool = False


@dataclass(slots=True)
class Slow:
    """The statement that took longest on a screen that is over its budget."""

    name: str
    sql: str
    seconds: float
    plan: list[str] = field(default_factory=list)


def browser(member: Membership) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def program(member: Membership) -> Client:
    return Client(
        raise_request_exception=False, headers={"authorization": f"Bearer {create_token(member, 'bench')[1]}"}
    )


def measure(world: World) -> tuple[list[Line], list[Slow]]:
    lines, slow = [], []
    for screen in [*screens_of(world), *lists_of(world)]:
        line, worst = _measured(screen)
        lines.append(line)
        if worst is not None:
            slow.append(worst)
    return lines, slow


def screens_of(world: World) -> Iterator[Screen]:
    for who, member in (("recruiter", world.recruiter), ("reviewer", world.reviewer)):
        client, some = browser(member), _Some(member)
        job = world.jobs[0].pk
        listed = reverse("candidates:candidates")
        paths: dict[str, Sequence[str]] = {
            "home": [reverse("home")],
            "review, my jobs": [reverse("candidates:review")],
            "review, one person": [reverse("candidates:review_application", args=pair) for pair in some.in_my_jobs()],
            "jobs": [reverse("candidates:jobs")],
            "board": [reverse("candidates:board", args=[one.pk]) for one in world.jobs[:TEAM_JOBS]],
            "candidates": [listed],
            "candidates of a job": [f"{listed}?job={job}"],
            "candidates, by stage": [f"{listed}?category=interview&outcome=active"],
            "candidate": [reverse("candidates:candidate", args=[pk]) for pk in some.people()],
        }
        if member.decides:
            paths |= _for_deciders(world, some, listed)
        for name, asked in paths.items():
            yield Screen(f"{name} ({who})", client, asked)


def _for_deciders(world: World, some: _Some, listed: str) -> dict[str, Sequence[str]]:
    run = SyncRun.objects.filter(connection=world.connection).latest("pk")
    return {
        "candidates, by name": [f"{listed}?sort=name"],
        "candidates, by tag": [f"{listed}?tag={pk}" for pk in some.tags()],
        "job settings": [reverse("candidates:job_settings", args=[world.jobs[0].pk])],
        "pushes": [reverse("candidates:pushes")],
        "push": [reverse("candidates:push", args=[pk]) for pk in some.pushes()],
        "conflicts": [reverse("candidates:conflicts")],
        "activity": [reverse("candidates:activity")],
        "connections": [reverse("integrations:connections")],
        "connection": [reverse("integrations:connection", args=[world.connection.pk])],
        "imports": [reverse("integrations:runs")],
        "import": [reverse("integrations:run", args=[run.pk])],
        "settings": [reverse("recruitment:settings")],
    }


def lists_of(world: World) -> Iterator[Screen]:
    client, some = program(world.recruiter), _Some(world.recruiter)
    run = SyncRun.objects.filter(connection=world.connection).latest("pk")
    lists: dict[str, Sequence[str]] = {
        name: [f"{name}/"]
        for name in (
            *("me", "candidates", "jobs", "applications", "tags", "talent-pools", "rejection-reasons"),
            *("connections", "sync-runs", "pushes", "conflicts", "activity"),
        )
    }
    lists |= {
        "candidates of a job": [f"candidates/?job={job.pk}" for job in world.jobs[:TEAM_JOBS]],
        "candidates by tag": [f"candidates/?tag={pk}" for pk in some.tags()],
        "candidates by name": ["candidates/?ordering=full_name"],
        "candidates/{id}": [f"candidates/{pk}/" for pk in some.people()],
        "candidates/{id}/activity": [f"candidates/{pk}/activity/" for pk in some.people()],
        "applications of a job": [f"applications/?job={job.pk}" for job in world.jobs[:TEAM_JOBS]],
        "applications/{id}": [f"applications/{pk}/" for _job, pk in some.in_my_jobs()],
        "sync-runs/{id}/problems": [f"sync-runs/{run.pk}/problems/"],
    }
    for name, paths in lists.items():
        yield Screen(f"API {name}", client, [f"/api/v1/{path}" for path in paths], is_api=True)
    theirs = program(world.reviewer)
    for name in ("candidates", "applications"):
        yield Screen(f"API {name} (reviewer)", theirs, [f"/api/v1/{name}/"], is_api=True)


class _Some:
    """Ids that the member may see, spread over the whole."""

    def __init__(self, member: Membership) -> None:
        self.member = member

    def people(self) -> list[Any]:
        return list(
            Candidate.objects.visible_to(self.member).order_by("pk").values_list("pk", flat=True)[: 50 * ASKED : 50]
        )

    def in_my_jobs(self) -> list[tuple[Any, Any]]:
        mine = Application.objects.visible_to(self.member).active().filter(job__team__member=self.member)
        return list(mine.order_by("-pk").values_list("job", "pk")[:ASKED])

    def tags(self) -> list[Any]:
        tags = CandidateTag.objects.filter(workspace=self.member.workspace_id)
        return list(tags.order_by("tag").values_list("tag", flat=True).distinct()[:TEAM_JOBS])

    def pushes(self) -> list[Any]:
        return list(OutboxEntry.objects.visible_to(self.member).order_by("-pk").values_list("pk", flat=True)[:ASKED])


def _measured(screen: Screen) -> tuple[Line, Slow | None]:
    budget = f"p95 under {SCREEN_MS} ms, {MOST_QUERIES} queries"
    seconds, ours = [], []
    for path in islice(cycle(screen.paths), WARM + ASKED):
        started, worked = time.perf_counter(), time.process_time()
        answer = screen.client.get(path)
        seconds.append(time.perf_counter() - started)
        ours.append(time.process_time() - worked)
        if answer.status_code != 200:
            return Line(screen.name, budget, f"answered {answer.status_code}", False), None
    del seconds[:WARM], ours[:WARM]
    with CaptureQueriesContext(connection) as queries:
        screen.client.get(screen.paths[0])
    fast = percentile(seconds, 0.95) * 1000 < SCREEN_MS
    few = len(queries) <= MOST_QUERIES
    line = Line(
        screen.name,
        budget,
        f"{milliseconds(seconds)} (ours {percentile(ours, 0.5) * 1000:.0f}), {len(queries)} queries",
        fast and few,
    )
    return line, None if fast else _slowest(screen.name, queries.captured_queries)


def _slowest(name: str, queries: list[dict[str, str]]) -> Slow:
    worst = max(queries, key=lambda query: float(query["time"]))
    return Slow(name, worst["sql"], float(worst["time"]), _plan(worst["sql"]))


def _plan(sql: str) -> list[str]:
    """How PostgreSQL goes about it; elsewhere nothing."""
    if connection.vendor != "postgresql" or not sql.startswith("SELECT"):
        return []
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + sql.replace("%", "%%"))
        return [row[0] for row in cursor.fetchall()]
