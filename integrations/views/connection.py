"""One connection: how it is, what it may be told, and what an admin changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from integrations import connections as verbs
from integrations import words
from integrations.access import get_connection
from integrations.enums import Health, ProblemState, SyncMode
from integrations.forms import ConnectionForm, DisconnectForm, ScheduleForm
from integrations.importing.credits import budget_of, credits_of
from integrations.models import Connection, SyncProblem, SyncStream
from integrations.options import named_jobs
from integrations.overview import Overview, overviews, with_last_runs
from integrations.paces import ceiling_of, rate_of
from integrations.pool_choice import HAVE_POOLS
from integrations.postings import has_postings
from recruitment.access import member_required, require_admin, require_decider, wants_fragment
from recruitment.errors import Conflict, DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

RUNS = 8
PROBLEMS = 8


@require_safe
@member_required
def connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """While an import runs its line asks every two seconds; when the import is over, the page loads anew."""
    require_decider(request.member)
    found = get_object_or_404(with_last_runs(request.member), pk=pk)
    overview = overviews([found], request.member)[0]
    if wants_fragment(request):
        return _live(request, overview)
    context = {
        "nav": "connections",
        "overview": overview,
        "connection": found,
        "has_pools": found.provider in HAVE_POOLS,
        "running": overview.running,
        "held": found.health == Health.NEEDS_ATTENTION and found.marks.exclude(held_of=None).exists(),
        "told": [(label, found.source.why_not(kind)) for kind, label in words.TOLD.items()],
        "rate": _rate(found),
        "credits": credits_of(found),
        "budget": budget_of(found),
        "jobs": named_jobs(found.options) if has_postings(found) else None,
        "hook_url": f"{settings.SITE_URL}{reverse('integrations:kombo_hook', args=[pk])}" if _hears(found) else "",
        "every": words.every(found.sync_every_minutes),
        "runs": _runs(found),
        "problems": _problems(found) if overview.problems else [],
    }
    return render(request, "integrations/connection.html", context)


def _hears(found: Connection) -> bool:
    return found.provider == "kombo" and found.disconnected_at is None


def _problems(found: Connection) -> Any:
    return SyncProblem.objects.filter(connection=found, state=ProblemState.OPEN).order_by("-pk")[:PROBLEMS]


def _live(request: MemberRequest, overview: Overview) -> HttpResponse:
    if overview.running is None:
        return HttpResponseClientRefresh()
    if request.GET.get("seen") == overview.running.mark:
        return HttpResponse(status=204)
    context = {"running": overview.running, "connection": overview.connection}
    context["budget"] = budget_of(overview.connection)
    return render(request, "integrations/connection.html#live", context)


def _runs(found: Connection) -> Any:
    def total(column: str) -> Any:
        streams = SyncStream.objects.filter(run=OuterRef("pk")).order_by().values("run")
        return Coalesce(Subquery(streams.annotate(total=Sum(column)).values("total")), 0)

    runs = found.runs.select_related("requested_by__user").order_by("-pk")
    return runs.annotate(fetched=total("fetched"), aside=total("set_aside"))[:RUNS]


def _rate(found: Connection) -> dict[str, Any]:
    rate = rate_of(found)
    resets_at = parse_datetime(rate["resets_at"]) if rate["resets_at"] else None
    remaining = rate["remaining"] if resets_at else None
    return {**rate, "remaining": remaining, "resets_at": resets_at, "ceiling": ceiling_of(found)}


@require_POST
@member_required
def sync(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``mode`` incremental or full, ``dry_run``. While one is running, that one is shown instead."""
    found = get_connection(request.member, pk)
    require_decider(request.member)
    mode = request.POST.get("mode", SyncMode.INCREMENTAL)
    if mode not in SyncMode.values:
        raise Http404
    try:
        run = verbs.request_sync(found, mode=mode, member=request.member, dry_run=bool(request.POST.get("dry_run")))
    except Conflict as refusal:
        running = refusal.extra.get("run")
        detail = "This is the one." if running else ""
        flash_toast(request, refusal.message, detail=detail, level="error")
        return redirect("integrations:run", running) if running else redirect(found)
    return redirect("integrations:run", run.pk)


@require_POST
@member_required
def check(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_connection(request.member, pk)
    require_admin(request.member)
    result = verbs.check_connection(found)
    words_ = result.detail or "The credentials work."
    flash_toast(request, words_, level="" if result.ok else "error")
    return redirect(found)


@require_POST
@member_required
def accept_missing(request: MemberRequest, pk: UUID) -> HttpResponse:
    """An admin says that the many who are missing are gone: the import that notes it is shown."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    try:
        run = verbs.accept_missing(found, member=request.member)
    except Conflict as refusal:
        flash_toast(request, refusal.message, level="error")
        return redirect(found)
    flash_toast(request, "They will be shown as no longer listed.", detail="Nothing is deleted.")
    return redirect("integrations:run", run.pk)


@require_POST
@member_required
def pause(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``paused`` on or off."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    if request.POST.get("paused") == "on":
        verbs.pause(found, member=request.member)
        flash_toast(request, f"{found.name} is paused.", detail="Nothing is read, and nothing is told.")
    else:
        verbs.resume(found, member=request.member)
        flash_toast(request, f"{found.name} goes on.", detail="The next import starts within a minute.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
@member_required
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Name, address, credentials. What can't be kept comes back with what was typed, secrets excepted."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    form = ConnectionForm(found.provider, request.POST or None, changing=found)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit_connection(found, _changes(form, found), member=request.member)
        except DomainError as refusal:
            form.refuse(refusal.field, refusal.message, refusal.code)
        else:
            flash_toast(request, "Saved.")
            return redirect(found)
    context = {"nav": "connections", "connection": found, "form": form}
    return render(request, "integrations/connection_change.html", context, status=422 if form.errors else 200)


def _changes(form: ConnectionForm, found: Connection) -> dict[str, Any]:
    """Only what differs: anything else about access would be tried at the provider."""
    changes: dict[str, Any] = {}
    if form.cleaned_data["name"] != found.name:
        changes["name"] = form.cleaned_data["name"]
    if form.base_url and form.base_url != found.base_url:
        changes["base_url"] = form.base_url
    if typed := form.credentials():
        changes["credentials"] = typed
    return changes


@require_http_methods(["GET", "POST"])
@member_required
def schedule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How often an import starts by itself, and at most how fast it asks."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    form = ScheduleForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.edit_connection(found, form.changes(), member=request.member)
        flash_toast(request, "Saved.")
        return redirect(found)
    context = {"nav": "connections", "connection": found, "form": form}
    return render(request, "integrations/connection_schedule.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member_required
def disconnect(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The name has to be typed; the page says what stays and what is lost."""
    found = get_object_or_404(with_last_runs(request.member), pk=pk)
    require_admin(request.member)
    form = DisconnectForm(found.name, request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.disconnect(found, member=request.member)
        flash_toast(request, f"{found.name} is disconnected.", detail="People and history stay. The key is forgotten.")
        return redirect("integrations:connections")
    context = {"nav": "connections", "connection": found, "form": form}
    context["overview"] = overviews([found], request.member)[0]
    return render(request, "integrations/connection_disconnect.html", context, status=422 if form.errors else 200)
