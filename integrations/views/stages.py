"""Which stage here is which stage there: job by job, with suggestions for what nobody has tied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.enums import PushKind, RecordKind, RecordState
from candidates.models import Job, SourceRecord, Stage
from integrations.access import get_connection
from integrations.connections import set_statuses
from integrations.models import Connection
from integrations.stage_map import STATUSES, has_statuses, name_of, set_stage_map, stage_ties, suggestion, untied_stages
from recruitment.access import member_required, require_admin, require_decider
from recruitment.errors import DomainError
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

JOBS = 10
SEEN = 100  # statuses that are offered


@dataclass(slots=True)
class Tie:
    """One stage there. ``chosen``: the stage here, or what it most likely is (``is_guess``)."""

    record: SourceRecord
    name: str
    chosen: Any
    is_guess: bool


@dataclass(slots=True)
class Pipeline:
    job: Job
    stages: list[Stage]
    ties: list[Tie] = field(default_factory=list)
    loose: list[Stage] = field(default_factory=list)  # stages here that nothing there is tied to


@require_http_methods(["GET", "POST"])
@member_required
def stages(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``?untied=1``: only jobs in which something isn't tied; ``?job=``: only this one. POST saves one job."""
    found = get_connection(request.member, pk)
    require_decider(request.member)
    if request.method == "POST":
        require_admin(request.member)
        return _save(request, found)
    jobs = _jobs(request, found)
    page = keyset_page(request, jobs, size=JOBS)
    context: dict[str, Any] = {
        "nav": "connections",
        "connection": found,
        "page": page,
        "pipelines": _pipelines(found, page.rows),
        "why_not": found.source.why_not(PushKind.MOVE),
        "only_untied": bool(request.GET.get("untied")),
        "has_statuses": has_statuses(found),
        "statuses": _seen(found) if has_statuses(found) else [],
        "said": [(name, found.options.get(name) or "") for name in STATUSES],
    }
    return render(request, "integrations/stages.html", context)


def _jobs(request: MemberRequest, found: Connection) -> QuerySet[Job]:
    records = SourceRecord.objects.filter(source=found.source_id, kind=RecordKind.JOB, job=OuterRef("pk"))
    jobs = Job.objects.visible_to(request.member).filter(Exists(records.exclude(state=RecordState.DELETED)))
    if request.GET.get("untied"):
        jobs = jobs.filter(Exists(untied_stages([found.source_id]).filter(job=OuterRef("pk"))))
    if wanted := _uuid(request.GET.get("job")):
        jobs = jobs.filter(pk=wanted)
    return jobs


def _pipelines(found: Connection, jobs: list[Job]) -> list[Pipeline]:
    made = {job.pk: Pipeline(job, []) for job in jobs}
    for stage in Stage.objects.filter(job__in=jobs, is_active=True).order_by("position", "pk"):
        made[stage.job_id].stages.append(stage)
    for record in stage_ties(found).filter(job__in=jobs):
        pipeline = made[record.job_id]  # type: ignore[index]
        place = len(pipeline.ties)
        guess = None if record.stage else suggestion(record, pipeline.stages, place)
        pipeline.ties.append(Tie(record, name_of(record), record.stage or guess, guess is not None))
    for pipeline in made.values():
        tied = {tie.record.stage_id for tie in pipeline.ties}
        pipeline.loose = [stage for stage in pipeline.stages if stage.pk not in tied]
    return list(made.values())


def _seen(found: Connection) -> list[str]:
    """Statuses as they were seen upstream, or typed, byte for byte."""
    names = stage_ties(found).order_by().values_list("imported__name", flat=True).distinct()[:SEEN]
    return sorted(name for name in names if isinstance(name, str) and name)


def _save(request: MemberRequest, found: Connection) -> HttpResponse:
    """``tie-<record>``: a stage here, or nothing; ``status-<stage>``: a word that the source has for it."""
    job = get_object_or_404(Job.objects.visible_to(request.member), pk=_uuid(request.POST.get("job")))
    here = {str(stage.pk): stage for stage in Stage.objects.filter(job=job)}
    ties: list[dict[str, Any]] = [
        {"upstream_id": record.external_id, "stage": here.get(request.POST[f"tie-{record.pk}"])}
        for record in stage_ties(found).filter(job=job)
        if f"tie-{record.pk}" in request.POST
    ]
    typed = [(stage, request.POST.get(f"status-{pk}", "")) for pk, stage in here.items()]
    ties += [{"upstream_status": status, "stage": stage} for stage, status in typed if status.strip()]
    try:
        set_stage_map(found, ties, member=request.member)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, f"Saved the stages of {job.title}.")
    query = request.GET.urlencode()
    return redirect(f"{reverse('integrations:stages', args=[found.pk])}{'?' if query else ''}{query}#job-{job.pk}")


@require_POST
@member_required
def statuses(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The source's words for a rejection and for the shortlist."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    if has_statuses(found):
        set_statuses(found, {name: request.POST.get(name, "")[:300] for name in STATUSES}, member=request.member)
        flash_toast(request, "Saved.")
    return redirect("integrations:stages", pk)


@require_safe
@member_required
def of_source(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The map of the connection that a source has: the ledger knows sources only."""
    require_decider(request.member)
    found = get_object_or_404(Connection.objects.visible_to(request.member).defer("credentials"), source=pk)
    query = request.GET.urlencode()
    return redirect(f"{reverse('integrations:stages', args=[found.pk])}{'?' if query else ''}{query}")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
