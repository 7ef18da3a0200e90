"""Jobs: the list, a new one by hand, and one job's settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.access import get_job
from candidates.domain.jobs import create_job, edit_job
from candidates.enums import JobStatus, Outcome, RecordKind, StageCategory
from candidates.forms.jobs import JobForm, NewJobForm, Row, as_fields, team_rows, typed_rows, typed_team
from candidates.models import Activity, Application, Job, Source, SourceRecord
from candidates.personal import place
from recruitment.access import member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.models import Membership
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

PAGE = 30
ORDER = (JobStatus.OPEN, JobStatus.DRAFT, JobStatus.CLOSED, JobStatus.ARCHIVED)


@require_safe
@member_required
def jobs(request: MemberRequest) -> HttpResponse:
    """All jobs of a status, by title. Reviewers: those whose team they are on."""
    member = request.member
    status = request.GET.get("status", JobStatus.OPEN)
    found = _narrowed(Job.objects.visible_to(member), status, request.GET.get("q", ""))
    page = keyset_page(request, _with_details(found), column="title", descending=False, size=PAGE)
    _count(page.rows, member)
    context = {"page": page, "nav": "jobs", "status": status, "q": request.GET.get("q", "")}
    context["tabs"] = _tabs(request, status)
    if not page.rows:
        context["has_sources"] = Source.objects.filter(workspace=request.workspace, is_connected=True).exists()
    return render(request, "candidates/jobs.html" + ("#results" if wants_fragment(request) else ""), context)


def _narrowed(found: QuerySet[Job], status: str, text: str) -> QuerySet[Job]:
    if status in JobStatus.values:
        found = found.filter(status=status)
    for word in text.split()[:8]:
        named = Q(title__icontains=word) | Q(department__icontains=word) | Q(code__icontains=word)
        found = found.filter(named)
    return found


def _with_details(found: QuerySet[Job]) -> QuerySet[Job]:
    latest = Activity.objects.filter(job=OuterRef("pk"), private_to=None).order_by("-id").values("at")[:1]
    records = SourceRecord.objects.filter(kind=RecordKind.JOB).select_related("source").order_by("source__name", "id")
    return found.annotate(active_at=Subquery(latest)).prefetch_related(Prefetch("records", records))


def _count(rows: Iterable[Any], member: Membership) -> None:
    """``place``, ``active``, ``total`` and ``to_review`` for these jobs, in two queries for all of them."""
    known = {job.pk: job for job in rows}
    here = Application.objects.present().filter(job__in=known)
    totals = here.order_by().values("job").annotate(total=Count("pk"), active=Count("pk", Q(outcome=Outcome.ACTIVE)))
    counted = {row["job"]: row for row in totals}
    waiting = Application.objects.waiting_for(member).filter(job__in=known).order_by()
    to_review = dict(waiting.values("job").annotate(number=Count("pk")).values_list("job", "number"))
    for pk, job in known.items():
        job.place = place(job.location)
        job.active = counted.get(pk, {}).get("active", 0)
        job.total = counted.get(pk, {}).get("total", 0)
        job.to_review = to_review.get(pk, 0)


def _tabs(request: MemberRequest, status: str) -> list[dict[str, Any]]:
    visible = Job.objects.visible_to(request.member).order_by()
    counts = dict(visible.values("status").annotate(number=Count("pk")).values_list("status", "number"))
    shown: list[tuple[str, str, int]] = [(value, JobStatus(value).label, counts.get(value, 0)) for value in ORDER]
    shown = [row for row in shown if row[2] or row[0] in (JobStatus.OPEN, status)]
    shown.append(("all", "All", sum(counts.values())))
    url = reverse("candidates:jobs")
    return [
        {"label": label, "url": f"{url}?status={value}", "count": number, "current": value == status}
        for value, label, number in shown
    ]


@require_http_methods(["GET", "POST"])
@member_required
def job_new(request: MemberRequest) -> HttpResponse:
    require_decider(request.member)
    form = NewJobForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            job = create_job(form.cleaned_data, member=request.member)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            flash_toast(request, f"Made the job {job.title}")
            return redirect("candidates:job_settings", job.pk)
    return render(request, "candidates/job_new.html", {"form": form, "nav": "jobs"})


@require_http_methods(["GET", "POST"])
@member_required
def job_settings(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Details, pipeline, criteria and team: four forms, each of which is saved alone."""
    job = get_job(request.member, pk)
    require_decider(request.member)
    context = _settings_context(request, job)
    if request.method == "POST":
        section = request.POST.get("section", "")
        try:
            if _save(request, job, section, context):
                flash_toast(request, "Saved")
                return redirect(f"{reverse('candidates:job_settings', args=[job.pk])}#{section}")
        except DomainError as refusal:
            context |= {"error": refusal.message, "section": section}
    return render(request, "candidates/job_settings.html", context)


def _save(request: MemberRequest, job: Job, section: str, context: dict[str, Any]) -> bool:
    """Whether it was saved. What was typed stays in the context for the next try."""
    if section == "details":
        form = context["form"] = JobForm(request.POST, instance=Job.objects.get(pk=job.pk), member=request.member)
        if form.is_valid():
            edit_job(job, form.cleaned_data, member=request.member)
        return bool(form.is_valid())
    fields: dict[str, Any] = {}
    if section == "pipeline":
        rows = context["stages"] = typed_rows(request.POST, context["stages"])
        again = [row for row in context["unused"] if row.pk in request.POST.getlist("again")]
        fields["stages"] = as_fields([*rows, *again], "category")
    elif section == "criteria":
        rows = context["criteria"] = typed_rows(request.POST, context["criteria"])
        fields["criteria"] = as_fields(rows, "description")
    elif section == "team":
        fields["team"] = typed_team(request.POST, job, context["members"])
    else:
        raise DomainError("Choose what to save.")
    edit_job(job, fields, member=request.member)
    return True


def _settings_context(request: MemberRequest, job: Job) -> dict[str, Any]:
    stages = list(job.stages.prefetch_related(Prefetch("records", SourceRecord.objects.select_related("source"))))
    rows = [Row(str(s.pk), s.name, s.category, bool(s.records.all()), s.is_active) for s in stages]
    criteria = job.criteria.filter(is_active=True)
    team = list(job.team.select_related("member__user").order_by("id"))
    members = list(Membership.objects.active().in_workspace(request.workspace))
    on_team = {row.member_id for row in team}
    return {
        "nav": "jobs",
        "job": job,
        "form": JobForm(instance=job, member=request.member),
        "stages": [row for row in rows if row.used],
        "unused": [row for row in rows if not row.used],
        "criteria": [Row(str(row.pk), row.name, row.description) for row in criteria],
        "team": team_rows(team),
        "members": members,
        "addable": [member for member in members if member.pk not in on_team],
        "categories": StageCategory.choices,
        "sources": Source.objects.filter(records__job=job, records__kind=RecordKind.JOB).distinct(),
    }
