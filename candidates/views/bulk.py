"""One action on the people chosen in the list: asked once with the number of them, then followed while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from candidates.domain.bulk import MOST, cancel_bulk, start_bulk
from candidates.enums import BulkState
from candidates.models import Application, BulkAction, Candidate, Job, RejectionReason, Stage, Tag
from candidates.narrowing import Facets, facets_of, narrowed_applications, narrowed_people
from recruitment.access import member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.models import Membership
from recruitment.paging import SIZE
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

TYPED_ABOVE = 30  # so many and fewer need no typed number
WORDS = {
    "move": "Move",
    "reject": "Reject",
    "tag": "Tag",
    "untag": "Take a tag off",
    "shortlist": "Put on the shortlist",
}
OF_A_JOB = ("move", "reject", "shortlist")


@dataclass
class Choice:
    """Whom an action is for. ``ids`` None: everybody who matches."""

    action: str
    asked: Facets
    ids: list[UUID] | None

    def people(self, member: Membership) -> QuerySet[Candidate]:
        if self.ids is None:
            return narrowed_people(member, self.asked)
        return Candidate.objects.visible_to(member).filter(pk__in=self.ids)

    def targets(self, member: Membership) -> QuerySet[Application]:
        """Applications of these people: of the job that the list shows, and the active ones where they have to be. For
        what is about a person, each person's latest."""
        people = Exists(self.people(member).filter(pk=OuterRef("candidate")))
        if self.action not in OF_A_JOB:
            newer = Application.objects.filter(candidate=OuterRef("candidate"), pk__gt=OuterRef("pk"))
            return Application.objects.visible_to(member).filter(people, ~Exists(newer))
        if self.asked.job is None:
            raise DomainError("Choose a job first: this is about an application for one job.", code="no_job")
        found: Any = narrowed_applications(member, self.asked).filter(people)
        return found.active() if self.action in ("move", "reject") else found


@require_POST
@member_required
def bulk(request: MemberRequest) -> HttpResponse:
    """Asks first, with the number of applications; acts when that is confirmed."""
    member = request.member
    require_decider(member)
    choice = _choice(request)
    back = f"{reverse('candidates:candidates')}?{request.GET.urlencode()}"
    context: dict[str, Any] = {"nav": "candidates", "choice": choice, "words": WORDS[choice.action], "back": back}
    try:
        targets = choice.targets(member)
        if request.POST.get("confirmed"):
            started = start_bulk(
                targets,
                member=member,
                action=choice.action,
                params=_params(request),
                expected_count=_number(request.POST.get("expected_count")),
                delay=settings.PUSH_UNDO_SECONDS,
            )
            return _go(request, reverse("candidates:bulk_progress", args=[started.pk]))
        context |= _count(choice, targets, member)
    except DomainError as refusal:
        context |= {"refusal": refusal.message, **_recount(choice, member)}
    context |= {"typed": request.POST, **_options(choice, member)}
    status = 422 if "refusal" in context else 200
    template = "candidates/bulk.html" + ("#bulk-form" if wants_fragment(request) else "")
    return render(request, template, context, status=status)


def _choice(request: MemberRequest) -> Choice:
    action = request.POST.get("action", "")
    ids = [_uuid(text) for text in request.POST.getlist("ids")[: SIZE * 2]]
    everybody = bool(request.POST.get("all"))
    chosen = None if everybody else [pk for pk in ids if pk is not None]
    return Choice(action if action in WORDS else "tag", facets_of(request.GET), chosen)


def _count(choice: Choice, targets: QuerySet[Application], member: Membership) -> dict[str, Any]:
    """How many it is for, and how many of the people have nothing it could be for."""
    number = targets.order_by()[: MOST + 1].count()
    if number > MOST:
        raise DomainError(f"These are more than {MOST:,} applications. Narrow the list down first.")
    people = choice.people(member).order_by()[: MOST + 1].count()
    return {"number": number, "left_out": max(0, people - number), "must_type": number > TYPED_ABOVE}


def _recount(choice: Choice, member: Membership) -> dict[str, Any]:
    try:
        return _count(choice, choice.targets(member), member)
    except DomainError:
        return {"number": 0, "left_out": 0, "must_type": False}


def _options(choice: Choice, member: Membership) -> dict[str, Any]:
    here = {"workspace": member.workspace_id}
    if choice.action == "move":
        return {"stages": Stage.objects.targets().filter(job=choice.asked.job, **here)}
    if choice.action == "reject":
        return {"reasons": RejectionReason.objects.filter(is_active=True, **here)}
    if choice.action in ("tag", "untag"):
        return {"tags": Tag.objects.filter(**here)[:500]}
    return {"job": Job.objects.filter(pk=choice.asked.job, **here).first() if choice.asked.job else None}


def _params(request: MemberRequest) -> dict[str, Any]:
    return {name: request.POST[name] for name in ("stage", "reason", "note", "name") if name in request.POST}


def _go(request: MemberRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)


@require_safe
@member_required
def progress(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How far it is, asked every two seconds; 204 while nothing has changed."""
    require_decider(request.member)
    action = _get(request, pk)
    mark = f"{action.state}-{action.done}"
    if wants_fragment(request) and request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    context = {
        "nav": "candidates",
        "bulk": action,
        "words": WORDS[action.action],
        "mark": mark,
        "runs": action.state in (BulkState.QUEUED, BulkState.RUNNING),
        "failures": _failures(action, request.member),
    }
    return render(request, "candidates/bulk_progress.html" + ("#progress" if wants_fragment(request) else ""), context)


def _failures(action: BulkAction, member: Membership) -> list[dict[str, Any]]:
    """Those for whom it could not be done, and why; the first hundred."""
    rows = action.failures[:100]
    found = Application.objects.visible_to(member).filter(pk__in=[row["application"] for row in rows])
    known = {str(one.pk): one for one in found.select_related("candidate")}
    return [{"application": known.get(row["application"]), "reason": row["reason"]} for row in rows]


@require_POST
@member_required
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What is done stays."""
    require_decider(request.member)
    try:
        cancel_bulk(_get(request, pk))
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect("candidates:bulk_progress", pk)


def _get(request: MemberRequest, pk: UUID) -> BulkAction:
    found = BulkAction.objects.filter(workspace=request.workspace).defer("targets").select_related("member__user")
    return get_object_or_404(found, pk=pk)


def _number(text: str | None) -> int:
    digits = "".join(char for char in text or "" if char.isdigit() and char.isascii())
    if not digits or len(digits) > 7:
        raise DomainError("Type the number of applications to go on.", field="expected_count", code="required")
    return int(digits)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
