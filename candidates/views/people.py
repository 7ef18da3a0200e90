"""People: the list with its facets, and a new one by hand."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.domain.people import create_application, create_candidate
from candidates.enums import Outcome, StageCategory, Verdict
from candidates.forms.people import NewCandidateForm
from candidates.models import Application, Candidate, CandidateTag, Job, SourceRecord
from candidates.narrowing import Facets, facets_of, narrowed_people, options
from recruitment.access import member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.models import Membership
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

# name: (column, descending, words)
SORTS = {
    "updated": ("updated_at", True, "Last changed"),
    "added": ("pk", True, "Newest"),
    "name": ("full_name", False, "Name"),
}
LISTED = 3  # applications of one person in a row of the list


@require_safe
@member_required
def candidates(request: MemberRequest) -> HttpResponse:
    member, asked = request.member, facets_of(request.GET)
    sort, column, descending = _sort(request)
    found = _with_details(narrowed_people(member, asked), member)
    page = keyset_page(request, found, column=column, descending=descending)
    for person in page.rows:
        _summarise(person, asked)
    context: dict[str, Any] = {"nav": "candidates", "page": page, "asked": asked, "sort": sort}
    template = "candidates/candidates.html"
    if wants_fragment(request):
        return render(request, f"{template}#results", context)
    return render(request, template, context | _facets(request, asked, sort))


def _sort(request: MemberRequest) -> tuple[str, str, bool]:
    """Where names may be hidden, their order is as well."""
    asked = request.GET.get("sort", "")
    known = asked in SORTS and not (asked == "name" and request.member.is_reviewer)
    name = asked if known else "updated"
    return name, SORTS[name][0], SORTS[name][1]


def _with_details(found: QuerySet[Candidate], member: Membership) -> QuerySet[Candidate]:
    applications = Application.objects.visible_to(member).with_my_review(member).with_shortlisted()
    return found.in_brief().prefetch_related(  # type: ignore[attr-defined]
        Prefetch("applications", applications.with_place().order_by("-id"), to_attr="candidacies"),
        Prefetch("candidate_tags", CandidateTag.objects.select_related("tag").order_by("tag__key")),
        Prefetch("records", SourceRecord.objects.of_people()),
    )


def _summarise(person: Any, asked: Facets) -> None:
    """The candidacies that the filter is about come first; ``my_verdict`` is that of the first with an answer."""
    person.candidacies.sort(key=lambda one: (one.job_id != asked.job, one.outcome != Outcome.ACTIVE))
    answered = [one for one in person.candidacies if one.my_answer]
    person.my_verdict = (answered[0].my_verdict or answered[0].my_answer) if answered else ""
    person.more = len(person.candidacies) - LISTED
    person.candidacies = person.candidacies[:LISTED]
    person.sources = {record.source_id: record for record in person.records.all()}.values()


def _facets(request: MemberRequest, asked: Facets, sort: str) -> dict[str, Any]:
    member = request.member
    chosen = options(member, asked)
    orders = [(value, words) for value, (_c, _d, words) in SORTS.items() if value != "name" or not member.is_reviewer]
    return {
        "options": chosen,
        "categories": StageCategory.choices,
        "outcomes": Outcome.choices,
        "verdicts": Verdict.choices,
        "sorts": orders,
        "chosen": _chosen(request, asked, chosen),
        "is_more_open": any([asked.pool, asked.source, asked.verdict, asked.shortlisted, asked.confidential]),
    }


def _chosen(request: MemberRequest, asked: Facets, known: dict[str, list[dict[str, Any]]]) -> list[dict[str, str]]:
    """The facets in use, in words, each with the address of the list without it."""
    words = {kind: next((row["label"] for row in rows if row["current"]), "") for kind, rows in known.items()}
    words["category"] = StageCategory(asked.category).label if asked.category else ""
    words["outcome"] = Outcome(asked.outcome).label if asked.outcome else ""
    words["verdict"] = f"Verdict: {Verdict(asked.verdict).label}" if asked.verdict else ""
    words["shortlisted"] = "Shortlisted" if asked.shortlisted else ""
    words["confidential"] = "Confidential" if asked.confidential else ""
    return [{"label": label, "url": _without(request, name)} for name, label in words.items() if label]


def _without(request: MemberRequest, name: str) -> str:
    """A stage goes with its job."""
    query = request.GET.copy()
    for gone in (name, "page", *(["stage"] if name == "job" else [])):
        query.pop(gone, None)
    return f"{reverse('candidates:candidates')}?{query.urlencode()}"


@require_http_methods(["GET", "POST"])
@member_required
def candidate_new(request: MemberRequest) -> HttpResponse:
    require_decider(request.member)
    initial = {"job": request.GET.get("job")}
    form = NewCandidateForm(request.POST or None, member=request.member, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            person = _create(form, request.member)
        except DomainError as refusal:
            field = {"emails": "email", "links": "link"}.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, refusal.message)
        else:
            flash_toast(request, f"Added {person}")
            return redirect(person)
    return render(request, "candidates/candidate_new.html", {"form": form, "nav": "candidates"})


@transaction.atomic
def _create(form: NewCandidateForm, member: Membership) -> Candidate:
    person = create_candidate(form.as_candidate(), member=member)
    job: Job | None = form.cleaned_data["job"]
    if job is not None:
        create_application(person, job, member=member)
    return person
