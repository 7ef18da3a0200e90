"""People who may be one: the list, both side by side, merged and taken apart, and a source that is somebody else's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from candidates.access import get_candidate, get_duplicate, get_merge, get_record
from candidates.domain.combining import BOTH, FIELDS, OURS, THEIRS, Difference, differences
from candidates.domain.duplicates import dismiss as call_off
from candidates.domain.duplicates import in_words
from candidates.domain.merges import merge_candidates
from candidates.domain.sentences import field_label
from candidates.domain.splitting import split_off
from candidates.domain.unmerging import undo_merge
from candidates.enums import RecordKind
from candidates.models import Application, Attachment, Candidate, Duplicate, Note, SourceRecord
from candidates.readable import lines_of
from recruitment.access import MemberRequest, member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.models import Membership
from recruitment.paging import keyset_page
from recruitment.toasts import flash_toast

UNDO_SECONDS = 20  # that the toast stays; the person's page offers it for good


@require_safe
@member_required
def duplicates(request: MemberRequest) -> HttpResponse:
    """The likeliest first."""
    require_decider(request.member)
    found = Duplicate.objects.visible_to(request.member).open().select_related("first", "second")
    page = keyset_page(request, found, column="score")
    sources = _sources([pk for row in page.rows for pk in (row.first_id, row.second_id)])
    for row in page.rows:
        row.words = in_words(row.reasons)
        row.people = [(person, ", ".join(sources[person.pk])) for person in (row.first, row.second)]
    return render(request, "candidates/duplicates.html", {"nav": "duplicates", "page": page})


def _sources(people: Collection[UUID]) -> dict[UUID, list[str]]:
    """The names of the sources that know each person."""
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = SourceRecord.objects.filter(kind=RecordKind.CANDIDATE, candidate__in=people)
    for pk, name in rows.order_by("source__name", "pk").values_list("candidate_id", "source__name"):
        if name not in found[pk]:
            found[pk].append(name)
    return found


@require_POST
@member_required
def dismiss(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_duplicate(request.member, pk)
    require_decider(request.member)
    try:
        call_off(found, member=request.member)
        flash_toast(request, "Remembered: different people.")
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect(_next(request) or reverse("candidates:duplicates"))


def _next(request: MemberRequest) -> str:
    """Where the form was, if that is one of our own pages."""
    wanted = request.POST.get("next", "")
    fine = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if fine else ""


@dataclass(slots=True)
class Side:
    """One of the two, with how much hangs on them. Verdicts are no part of it."""

    person: Candidate
    sources: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    notes: int = 0
    files: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One field on which the two differ, as the form shows it: (value, words, lines) of each side."""

    name: str
    label: str
    options: list[tuple[str, str, list[str]]]
    choice: str


@require_http_methods(["GET", "POST"])
@member_required
def merge(request: MemberRequest, pk: UUID, other_pk: UUID) -> HttpResponse:
    """Both side by side; what is kept is chosen field by field. The versions that were on the screen travel along."""
    survivor, other = get_candidate(request.member, pk), get_candidate(request.member, other_pk)
    require_decider(request.member)
    if survivor.pk == other.pk:
        return redirect(survivor)
    if request.method == "GET":
        return _preview(request, survivor, other, {})
    chosen = {name: word for name in FIELDS if (word := request.POST.get(f"keep-{name}"))}
    try:
        merged = merge_candidates(survivor, other, member=request.member, fields=chosen, seen=_seen(request))
    except DomainError as refusal:
        known = chosen if refusal.status == 409 else {}
        return _preview(request, *_again(request.member, survivor, other), known, refusal=refusal)
    undo = reverse("candidates:unmerge", args=[merged.pk])
    flash_toast(request, f"{other} and {merged.survivor} are one now.", undo=undo, seconds=UNDO_SECONDS)
    return redirect(merged.survivor)


def _seen(request: MemberRequest) -> dict[UUID, int]:
    found = {}
    for pair in request.POST.getlist("seen"):
        pk, _, version = pair.partition(":")
        try:
            found[UUID(pk)] = int(version)
        except ValueError:
            raise Http404 from None
    return found


def _again(member: Membership, survivor: Candidate, other: Candidate) -> tuple[Candidate, Candidate]:
    return get_candidate(member, survivor.pk), get_candidate(member, other.pk)


def _preview(
    request: MemberRequest,
    survivor: Candidate,
    other: Candidate,
    chosen: dict[str, str],
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    if survivor.pk == other.pk:  # somebody else has merged them meanwhile
        flash_toast(request, "They have been merged already.")
        return redirect(survivor)
    found = differences(survivor, other)
    sides = _sides(request.member, survivor, other)
    context = {
        "nav": "duplicates",
        "sides": sides,
        "survivor": survivor,
        "other": other,
        "choices": [_choice(one, chosen.get(one.field, one.choice)) for one in found],
        "twice": sorted(set(sides[0].jobs) & set(sides[1].jobs)),
        "suggested": Duplicate.objects.visible_to(request.member).open().about(survivor).about(other).first(),
        "refusal": refusal,
    }
    status = 200 if refusal is None else 409 if refusal.status == 409 else 422
    return render(request, "candidates/merge.html", context, status=status)


def _choice(one: Difference, chosen: str) -> Choice:
    values = {OURS: one.ours, THEIRS: one.theirs, BOTH: _together(one)}
    words = {OURS: "Keep this", THEIRS: "Take this", BOTH: "Both together"}
    options = [(option, words[option], lines_of(one.field, values[option])) for option in one.choices]
    return Choice(one.field, field_label(one.field).capitalize(), options, chosen)


def _together(one: Difference) -> Any:
    return one.result if one.choice == BOTH else None


def _sides(member: Membership, *people: Candidate) -> list[Side]:
    """In four queries."""
    found = {person.pk: Side(person) for person in people}
    for pk, names in _sources(found.keys()).items():
        found[pk].sources = names
    mine = Application.objects.visible_to(member).filter(candidate__in=people).order_by("pk")
    for pk, title in mine.values_list("candidate_id", "job__title"):
        found[pk].jobs.append(title or "No job named")
    for model, name in ((Note, "notes"), (Attachment, "files")):
        rows = model.objects.visible_to(member).filter(candidate__in=people).order_by()
        for pk, number in rows.values("candidate").annotate(number=Count("pk")).values_list("candidate", "number"):
            setattr(found[pk], name, number)
    return list(found.values())


@require_POST
@member_required
def unmerge(request: MemberRequest, pk: UUID) -> HttpResponse:
    merged = get_merge(request.member, pk)
    back = merged.survivor.get_absolute_url()
    try:
        undone = undo_merge(merged, member=request.member)
        kept = f"Kept on {merged.survivor}: {', '.join(undone.kept)}." if undone.kept else ""
        flash_toast(request, f"{merged.survivor} and {merged.other} are two again.", detail=kept, seconds=10)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return HttpResponseClientRedirect(back) if wants_fragment(request) else redirect(back)


@require_http_methods(["GET", "POST"])
@member_required
def split(request: MemberRequest, pk: UUID, record_pk: UUID) -> HttpResponse:
    """Not the same person: asked once more, because the row takes its applications along."""
    person, record = get_candidate(request.member, pk), get_record(request.member, record_pk)
    require_decider(request.member)
    if record.candidate_id != person.pk:
        raise Http404
    if request.method == "GET":
        named = record.imported.get("applications") or []
        context = {"nav": "candidates", "candidate": person, "record": record, "applications": len(named)}
        return render(request, "candidates/split.html", context)
    try:
        made = split_off(record, member=request.member)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
        return redirect(person)
    flash_toast(request, f"The row of {record.source} is a person of its own now.")
    return redirect(made)
