"""Imports as they happen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from integrations import connections as verbs
from integrations import examples, words
from integrations.access import get_run
from integrations.enums import Health, ProblemState, SyncState
from integrations.models import Connection, SyncProblem, SyncRun, SyncStream
from integrations.progress import progress_of
from integrations.views.problems import shown
from recruitment.access import member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast, send_toast

SHOWN = 50
AT_ONCE = 3  # imports and connections that home speaks of


@require_safe
@member_required
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    """While it runs the page asks every second; 204 when nothing has moved since the ``seen`` mark."""
    require_decider(request.member)
    found = get_run(request.member, pk)
    progress = progress_of(found, list(found.streams.all()))
    if wants_fragment(request) and request.GET.get("seen") == progress.mark:
        return HttpResponse(status=204)
    context = {"nav": "connections", "run": found, "progress": progress, **_problems(found)}
    context["examples"] = examples.shown([part.stream for part in progress.parts]) if found.dry_run else []
    context["advice"] = words.advice(found.error_code) if found.error_code else ""
    if not wants_fragment(request):
        return render(request, "integrations/run.html", context)
    answer = render(request, "integrations/_run.html", context)
    if progress.is_live:
        return answer
    return send_toast(answer, f"The import from {found.connection} is over.", detail=found.get_state_display())


def _problems(found: SyncRun) -> dict[str, Any]:
    """The first of them with what came, the open ones on top."""
    open_first = Case(When(state=ProblemState.OPEN, then=0), default=1)
    problems: list[Any] = list(found.problems.order_by(open_first, "pk")[: SHOWN + 1])
    return {"problems": [shown(problem) for problem in problems[:SHOWN]], "has_more_problems": len(problems) > SHOWN}


@require_safe
@member_required
def progress(request: MemberRequest) -> HttpResponse:
    """What home shows: imports that are running, asked again until none is, and what of them needs somebody."""
    runs = SyncRun.objects.visible_to(request.member).unfinished().prefetch_related("streams")
    running = list(runs.defer("connection__credentials").order_by("-pk")[:AT_ONCE])
    ill = Connection.objects.visible_to(request.member).filter(health__in=[Health.RECONNECT, Health.NEEDS_ATTENTION])
    context = {
        "shown": [progress_of(found, list(found.streams.all())) for found in running],
        "ill": ill.defer("credentials").order_by("name", "pk")[:AT_ONCE],
        "was_running": request.GET.get("was") == "running",
        "set_aside": _set_aside(request),
    }
    return render(request, "integrations/_progress.html", context)


def _set_aside(request: MemberRequest) -> dict[str, Any] | None:
    """How many rows nobody has seen to, and where they are."""
    connections = Connection.objects.visible_to(request.member).values("pk")
    problems = SyncProblem.objects.filter(connection__in=connections, state=ProblemState.OPEN)
    number = problems.count()
    return {"count": number, "url": reverse("integrations:problems")} if number else None


@require_safe
@member_required
def runs(request: MemberRequest) -> HttpResponse:
    """All imports, newest first, by connection and state."""
    require_decider(request.member)
    connections = list(Connection.objects.visible_to(request.member).defer("credentials").order_by("name", "pk"))
    listed = [(str(one.pk), one.name) for one in connections]
    asked = {name: request.GET.get(name, "") for name in ("connection", "state")}
    found = _with_totals(SyncRun.objects.visible_to(request.member))
    chosen = next((one for one in connections if str(one.pk) == asked["connection"]), None)
    if chosen is not None:
        found = found.filter(connection=chosen)
    if asked["state"] in SyncState.values:
        found = found.filter(state=asked["state"])
    context = {
        "nav": "connections",
        "page": keyset_page(request, found),
        "connections": listed,
        "states": SyncState.choices,
        "asked": asked,
        "is_narrowed": any(asked.values()),
    }
    return render(request, "integrations/runs.html", context)


def _with_totals(found: QuerySet[SyncRun]) -> QuerySet[SyncRun]:
    def total(column: str) -> Any:
        streams = SyncStream.objects.filter(run=OuterRef("pk")).order_by().values("run")
        return Coalesce(Subquery(streams.annotate(total=Sum(column)).values("total")), 0)

    sums = {name: total(name) for name in ("fetched", "created", "updated")}
    sums["aside"] = total("set_aside")
    return found.defer("connection__credentials").select_related("requested_by__user", "connection").annotate(**sums)


@require_POST
@member_required
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    require_decider(request.member)
    found = get_run(request.member, pk)
    try:
        verbs.cancel_sync(found, member=request.member)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect("integrations:run", found.pk)
