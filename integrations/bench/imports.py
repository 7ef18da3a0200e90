"""Imports from the sandbox over real HTTP, and decisions on their way back."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from candidates.domain.decisions import move
from candidates.enums import PushState, StageCategory
from candidates.models import Application, Candidate, OutboxEntry, Stage
from integrations import importing
from integrations.bench.report import Line, percentile, timed
from integrations.bench.screens import program
from integrations.connections import create_connection
from integrations.enums import SyncMode, SyncState
from integrations.models import SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from recruitment.models import Membership, Role, User, Workspace

FIRST_RATE = 2000  # candidates a second
AGAIN_TIMES = 3
CONFIRM_MS = 2000
DECISIONS = 20
BULK = 10_000
WARM_UP = 2000  # people of the import that shows what memory a small one takes
GROWTH_MB = 64


@contextmanager
def sandbox(people: int) -> Iterator[None]:
    """The providers' stand-ins with their limits lifted, in a process of their own."""
    options = ("--people", str(people), "--lift-limits", "--read-delay", "0")
    with _process("manage.py", "sandbox", "--port", str(settings.SANDBOX_PORT), *options):
        _until(_answers, 60, "The sandbox did not start.")
        yield


@contextmanager
def worker() -> Iterator[None]:
    """Takes care of pushes, as in production: it is woken, and beat looks every few seconds."""
    options = ("-P", "threads", "-c", "2", "-B", "-Q", "default,push", "--loglevel", "ERROR")
    with _process("-m", "celery", "-A", "recruitment", "worker", *options):
        yield


@contextmanager
def _process(*command: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.SANDBOX_PORT}/", timeout=2):
            return True
    except OSError:
        return False


def _until(happened: Callable[[], bool], seconds: float, words: str) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise RuntimeError(words)
        time.sleep(0.02)


def measure(people: int, told: Callable[[str], None]) -> tuple[list[Line], Membership]:
    """First import, again with nothing changed, memory. Answers the member in whose workspace the people now are."""
    with sandbox(min(people, WARM_UP)):
        _first("import-small")
        small = _peak_mb()
    told("a small import is through")
    with sandbox(people):
        member, first = _first("import")
        told(f"imported at {first.rate:,.0f} candidates/s")
        large = _peak_mb()
        writes_from = timezone.now()
        again = _work(importing.request_sync(first.run.connection, mode=SyncMode.FULL))
        written = Candidate.objects.filter(workspace=member.workspace_id, updated_at__gte=writes_from).count()
    return _lines(first, again, written, small, large), member


@dataclass(frozen=True, slots=True)
class _Done:
    """A finished run; ``ours`` is the processor time of this process, in which a busy machine doesn't show."""

    run: SyncRun
    fetched: int
    ours: float

    @property
    def rate(self) -> float:
        """Candidates a second over the whole run, its other streams included."""
        if self.run.started_at is None or self.run.finished_at is None:
            raise RuntimeError("The import has no beginning or no end.")
        return self.fetched / (self.run.finished_at - self.run.started_at).total_seconds()

    def __str__(self) -> str:
        return f"{self.rate:,.0f}/s (ours {self.fetched / self.ours:,.0f}/s)"


def _first(slug: str) -> tuple[Membership, _Done]:
    workspace = Workspace.objects.create(name=slug.capitalize(), slug=slug)
    user = User.objects.create_user(f"admin@{slug}.test", full_name="Admin")
    member = Membership.objects.create(workspace=workspace, user=user, role=Role.ADMIN)
    made = create_connection(
        member=member,
        provider="kombo",
        name=slug,
        base_url=f"http://127.0.0.1:{settings.SANDBOX_PORT}/kombo",
        credentials={"api_key": API_KEY, "integration_id": INTEGRATION_ID},
    )
    return member, _work(made.runs.latest("pk"))


def _work(asked: SyncRun) -> _Done:
    started = time.process_time()
    importing.run(asked.pk, foreground=True)
    ours = time.process_time() - started
    asked.refresh_from_db()
    if asked.state not in (SyncState.SUCCEEDED, SyncState.PARTIAL):
        raise RuntimeError(f"The import ended as {asked.state}: {asked.error_message}")
    return _Done(asked, asked.streams.get(name="candidates").fetched, ours)


def _peak_mb() -> float:
    """The most memory this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _lines(first: _Done, again: _Done, written: int, small: float, large: float) -> list[Line]:
    grown = large - small
    return [
        Line(f"import {first.fetched:,} people, first time", f"{FIRST_RATE:,}/s", str(first), first.rate >= FIRST_RATE),
        Line(
            "import again, nothing changed",
            f"{AGAIN_TIMES} times that ({AGAIN_TIMES * FIRST_RATE:,}/s)",
            f"{again}, {again.rate / first.rate:.1f} times",
            again.rate >= AGAIN_TIMES * FIRST_RATE,
        ),
        Line("rows of people written by that", "0", f"{written:,}", written == 0),
        Line(
            "memory of the importing process",
            f"grows under {GROWTH_MB} MB from {WARM_UP:,} people on",
            f"{large:.0f} MB, {grown:.0f} MB more",
            grown < GROWTH_MB,
        ),
    ]


def decisions(member: Membership, people: int) -> list[Line]:
    with sandbox(people), worker():
        seconds = [_decided(application, member) for application in _undecided(member)]
    return [timed("decision to confirmed upstream, provider idle", seconds[1:], budget_ms=CONFIRM_MS)]


def _undecided(member: Membership) -> list[Application]:
    found = Application.objects.visible_to(member).active().filter(stage__category=StageCategory.NEW)
    return list(found.select_related("stage").order_by("pk")[: DECISIONS + 1])


def _decided(application: Application, member: Membership) -> float:
    """Seconds from the decision to the source's yes."""
    stages = Stage.objects.filter(job=application.job_id, is_active=True).exclude(applications=application)
    target = stages.order_by("position").first()
    if target is None:
        raise RuntimeError("The job has a single stage.")
    move(application, target, member=member)
    entry = OutboxEntry.objects.filter(application=application).latest("pk")
    _until(lambda: _settled(entry), 60, "A push was not settled within a minute.")
    if entry.state != PushState.CONFIRMED or entry.settled_at is None:
        raise RuntimeError(f"A push ended as {entry.state}: {entry.last_error_message}")
    return (entry.settled_at - entry.requested_at).total_seconds()


def _settled(entry: OutboxEntry) -> bool:
    entry.refresh_from_db()
    return entry.is_settled


def bulk(member: Membership) -> list[Line]:
    """Accepting is measured; working through it is for the workers, with progress on screen."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute of an import; before it, plans are guesses
    ids = list(Application.objects.visible_to(member).order_by("pk").values_list("pk", flat=True)[:BULK])
    body = {"ids": [str(pk) for pk in ids], "action": "tag", "params": {"name": "bench"}, "expected_count": len(ids)}
    client = program(member)
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        answer = client.post("/api/v1/applications/bulk/", body, content_type="application/json")
        seconds.append(time.perf_counter() - started)
        if answer.status_code != 202:
            raise RuntimeError(f"The bulk action answered {answer.status_code}: {answer.content[:300]!r}")
    worst = percentile(seconds, 1)
    return [Line(f"{len(ids):,} applications changed at once", "accepted in under 1 s", f"{worst:.2f} s", worst < 1)]
