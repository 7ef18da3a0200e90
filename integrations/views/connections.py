"""Connections: how they are, what they may be told, and changing them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.enums import PushKind, RecordKind
from candidates.models import OutboxEntry, SourceRecord
from integrations import connections as verbs
from integrations.access import get_connection
from integrations.enums import UNFINISHED, ProblemState, SyncMode
from integrations.forms import ConnectionForm, DisconnectForm, ScheduleForm
from integrations.models import Connection, SyncProblem, SyncRun, SyncStream
from integrations.registry import PROVIDERS, labels
from recruitment.access import MemberRequest, member_required, require_admin, require_decider
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

TOLD = (PushKind.MOVE, PushKind.REJECT, PushKind.REOPEN, PushKind.TAG, PushKind.UNTAG, PushKind.NOTE)


def with_counts(member: Membership) -> QuerySet[Any]:
    """People, problems and pushes that need somebody, and the running import."""

    def count(found: QuerySet[Any], by: str) -> Any:
        counted = found.order_by().values(by).annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(counted), 0)

    people = SourceRecord.objects.filter(source=OuterRef("source"), kind=RecordKind.CANDIDATE)
    problems = SyncProblem.objects.filter(connection=OuterRef("pk"), state=ProblemState.OPEN)
    stuck = OutboxEntry.objects.needs_a_person().filter(source=OuterRef("source"))
    running = SyncRun.objects.filter(connection=OuterRef("pk"), state__in=UNFINISHED)
    return (
        Connection.objects.visible_to(member)
        .defer("credentials")
        .annotate(
            people_count=count(people, "source"),
            problem_count=count(problems, "connection"),
            stuck_count=count(stuck, "source"),
            running_id=Subquery(running.values("pk")[:1]),
        )
        .order_by("name", "id")
    )


@require_safe
@member_required
def connections(request: MemberRequest) -> HttpResponse:
    require_decider(request.member)
    context = {"connections": with_counts(request.member), "nav": "connections", "providers": labels}
    return render(request, "integrations/connections.html", context)


@require_http_methods(["GET", "POST"])
@member_required
def connection_new(request: MemberRequest) -> HttpResponse:
    """Tries the credentials before it keeps them; the provider's own words stand beside the field."""
    require_admin(request.member)
    provider = request.GET.get("provider") or next(iter(PROVIDERS))
    if provider not in PROVIDERS:
        raise Http404
    form = ConnectionForm(provider, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.create_connection(
                member=request.member,
                provider=provider,
                name=form.cleaned_data["name"],
                base_url=form.cleaned_data["base_url"],
                credentials=form.credentials(),
            )
        except DomainError as refusal:
            form.refuse(refusal.field, refusal.message)
        else:
            messages.success(request, "Connected. The first import is on its way.")
            return redirect(made)
    context = {"form": form, "provider": provider, "providers": labels, "nav": "connections"}
    return render(request, "integrations/connection_new.html", context, status=422 if form.errors else 200)


@require_safe
@member_required
def connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    require_decider(request.member)
    return _page(request, get_connection(request.member, pk))


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
        messages.error(request, refusal.message)
        running = refusal.extra.get("run")
        return redirect("integrations:run", running) if running else redirect(found)
    return redirect("integrations:run", run.pk)


@require_POST
@member_required
def check(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_connection(request.member, pk)
    require_admin(request.member)
    result = verbs.check_connection(found)
    (messages.success if result.ok else messages.error)(request, result.detail or "The credentials work.")
    return redirect(found)


@require_POST
@member_required
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Name, address, credentials. What can't be kept comes back with what was typed, secrets excepted."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    form = ConnectionForm(found.provider, request.POST, changing=True)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    given: dict[str, Any] = {"name": form.cleaned_data["name"]}
    if form.credentials():
        given["credentials"] = form.credentials()
    if (form.cleaned_data["base_url"] or found.base_url) != found.base_url:
        given["base_url"] = form.cleaned_data["base_url"]
    try:
        verbs.edit_connection(found, given, member=request.member)
    except DomainError as refusal:
        form.refuse(refusal.field, refusal.message)
        return _page(request, found, form=form, status=422)
    messages.success(request, "Saved.")
    return redirect(found)


@require_POST
@member_required
def schedule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How often, and whether at all: ``paused`` on or off."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    if "paused" in request.POST:
        (verbs.pause if request.POST["paused"] == "on" else verbs.resume)(found, member=request.member)
        return redirect(found)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, schedule_form=form, status=422)
    verbs.edit_connection(found, form.cleaned_data, member=request.member)
    messages.success(request, "Saved.")
    return redirect(found)


@require_POST
@member_required
def disconnect(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_connection(request.member, pk)
    require_admin(request.member)
    form = DisconnectForm(found.name, request.POST)
    if not form.is_valid():
        return _page(request, found, disconnect_form=form, status=422)
    verbs.disconnect(found, member=request.member)
    messages.success(request, f"{found.name} is disconnected. People and history stay, the key is forgotten.")
    return redirect("integrations:connections")


def _page(request: MemberRequest, found: Connection, *, status: int = 200, **forms: Any) -> HttpResponse:
    runs = found.runs.order_by("-id").annotate(
        fetched=Coalesce(Subquery(_sum("fetched")), 0), set_aside=Coalesce(Subquery(_sum("set_aside")), 0)
    )[:10]
    initial = {"name": found.name, "base_url": found.base_url}
    context = {
        "connection": found,
        "told": [(PushKind(kind).label, found.source.why_not(kind)) for kind in TOLD],
        "runs": list(runs),
        "running": next((run for run in runs if run.state in UNFINISHED), None),
        "problems": SyncProblem.objects.filter(connection=found, state=ProblemState.OPEN).order_by("-id")[:20],
        "form": ConnectionForm(found.provider, changing=True, initial=initial),
        "schedule_form": ScheduleForm(initial={"sync_every_minutes": found.sync_every_minutes}),
        "disconnect_form": DisconnectForm(found.name),
        "nav": "connections",
        **forms,
    }
    return render(request, "integrations/connection.html", context, status=status)


def _sum(column: str) -> Any:
    streams = SyncStream.objects.filter(run=OuterRef("pk")).order_by().values("run")
    return streams.annotate(total=Sum(column)).values("total")
