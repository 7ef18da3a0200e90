"""Imports as they happen, and what they set aside."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from integrations import connections as verbs
from integrations.access import get_problem, get_run
from integrations.enums import UNFINISHED, ProblemState, SyncState
from integrations.models import SyncProblem, SyncRun, SyncStream
from integrations.problems import close_problem
from recruitment.access import MemberRequest, member_required, require_decider, wants_fragment
from recruitment.errors import DomainError

SHOWN = 50


@require_safe
@member_required
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """While it runs the page asks every second; 204 when nothing has moved since the ``seen`` mark."""
    require_decider(request.member)
    found = get_run(request.member, pk)
    context = progress_of(found) | {"nav": "connections"}
    if wants_fragment(request):
        if request.GET.get("seen") == context["mark"]:
            return HttpResponse(status=204)
        return render(request, "integrations/_run.html", context)
    problems = list(found.problems.order_by("-id")[:SHOWN])
    for problem in problems:
        problem.pretty = json.dumps(problem.payload, indent=2, ensure_ascii=False)  # type: ignore[attr-defined]
    return render(request, "integrations/run.html", context | {"problems": problems})


@require_safe
@member_required
def progress(request: MemberRequest) -> HttpResponse:
    """What home shows of imports that are running; it asks again until none is."""
    runs = SyncRun.objects.visible_to(request.member).unfinished().prefetch_related("streams")
    shown = [progress_of(found) for found in runs.defer("connection__credentials").order_by("-id")[:3]]
    return render(request, "integrations/_progress.html", {"shown": shown, "was": request.GET.get("was", "")})


@require_safe
@member_required
def runs(request: MemberRequest) -> HttpResponse:
    require_decider(request.member)
    found = SyncRun.objects.visible_to(request.member).defer("connection__credentials")
    return render(request, "integrations/runs.html", {"runs": found.order_by("-id")[:SHOWN], "nav": "connections"})


@require_POST
@member_required
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    require_decider(request.member)
    found = get_run(request.member, pk)
    try:
        verbs.cancel_sync(found, member=request.member)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("integrations:run", found.pk)


@require_POST
@member_required
def problem(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``state``: resolved or discarded."""
    require_decider(request.member)
    found = get_problem(request.member, pk)
    state = ProblemState.DISCARDED if request.POST.get("state") == "discarded" else ProblemState.RESOLVED
    try:
        close_problem(found, state)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect("integrations:run", found.run_id)


def progress_of(found: SyncRun) -> dict[str, Any]:
    """The run with its streams, speed and a mark that changes whenever something on the screen does."""
    streams = list(found.streams.all())
    fetched = sum(stream.fetched for stream in streams)
    end = found.finished_at or timezone.now()
    seconds = (end - found.started_at).total_seconds() if found.started_at else 0
    done = sum(stream.complete for stream in streams)
    mark = f"{found.state}-{found.cancel_requested}-{found.resume_at}-{done}-{fetched}"
    return {
        "run": found,
        "streams": [_line(stream) for stream in streams],
        "totals": {name: sum(getattr(stream, name) for stream in streams) for name in COUNTED},
        "done": done,
        "rate": round(fetched / seconds) if seconds >= 1 else None,
        "seconds": round(seconds, 1),
        "live": found.state in UNFINISHED,
        "waits": found.resume_at and found.resume_at > timezone.now(),
        "empty": found.state in (SyncState.SUCCEEDED, SyncState.PARTIAL) and _is_empty(streams),
        "open_problems": SyncProblem.objects.filter(run=found, state=ProblemState.OPEN).count(),
        "mark": mark,
    }


COUNTED = ("fetched", "created", "updated", "unchanged", "set_aside", "skipped", "vanished")


def _line(stream: SyncStream) -> dict[str, Any]:
    state = "done" if stream.complete else "reading" if stream.started_at else "waiting"
    return {"stream": stream, "label": stream.name.replace("_", " ").capitalize(), "state": state}


def _is_empty(streams: list[SyncStream]) -> bool:
    """Jobs but no people: a setting at Kombo, most likely (kombo.md 7.6). Only a full walk can tell."""
    counts = {stream.name: stream for stream in streams}
    people, jobs = counts.get("candidates"), counts.get("jobs")
    return bool(people and jobs and jobs.fetched and not people.fetched and people.since is None)
