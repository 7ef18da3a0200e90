"""Where a day starts: what waits for me, and what needs a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidates.enums import ConflictState
from candidates.models import Activity, Application, Candidate, FieldConflict, Job, OutboxEntry, Source
from candidates.reviewing import my_jobs
from recruitment.access import MemberRequest, member_required

FEW = 8


@require_safe
@member_required
def home(request: MemberRequest) -> HttpResponse:
    """Reviewers: their jobs with who waits. Recruiters and admins also: what needs them, jobs, what happened lately."""
    waiting = [job for job in my_jobs(request.member) if job.to_review_count]
    context: dict[str, Any] = {"nav": "home", "to_review": waiting[:FEW]}
    if request.member.decides:
        context |= _for_deciders(request)
    return render(request, "candidates/home.html", context)


def _for_deciders(request: MemberRequest) -> dict[str, Any]:
    applications = Application.objects.visible_to(request.member).active().filter(job__status="open")
    busiest = applications.values("job").annotate(active=Count("pk")).order_by("-active")[:FEW]
    active = {row["job"]: row["active"] for row in busiest}
    jobs = Job.objects.visible_to(request.member).in_bulk(active)
    entries = Activity.objects.visible_to(request.member).but_imports()
    entries = entries.select_related("application__job", "job", "candidate").order_by("-id")[:FEW]
    conflicts = FieldConflict.objects.filter(workspace=request.workspace, state=ConflictState.OPEN)
    return {
        "stuck": OutboxEntry.objects.visible_to(request.member).needs_a_person().count(),
        "conflicts": conflicts.filter(candidate__merged_into=None, candidate__erased_at=None).count(),
        "jobs": [(jobs[pk], active[pk]) for pk in active if pk in jobs],
        "entries": entries,
        "has_source": Source.objects.filter(workspace=request.workspace).exists(),
        "has_people": Candidate.objects.visible_to(request.member).exists(),
    }
