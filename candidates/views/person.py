"""One person: everything known, where it comes from, what the team says. The review screen's middle as well."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from candidates.access import get_candidate
from candidates.differing import Sides, sides
from candidates.domain.fetching import being_asked
from candidates.domain.people import edit_candidate
from candidates.enums import ConflictState, PushKind, RecordKind, RecordState
from candidates.labels import labels_of
from candidates.lines import as_lines, from_lines
from candidates.models import (
    Activity,
    Application,
    Candidate,
    CandidateMerge,
    Decision,
    Duplicate,
    FieldConflict,
    Note,
    SourceRecord,
)
from candidates.origins import of_application, of_person, origins_of, rows_of
from candidates.personal import IDENTIFYING, Facts, pairs
from candidates.reviewing import applications_of, counted, load_candidate
from candidates.routes import MOVING, candidate_records, fields_in_words, in_words, lines, routes, told_of
from candidates.views.files import files_context
from recruitment.access import MemberRequest, member_required, require_decider, wants_fragment
from recruitment.errors import DomainError, EditConflict
from recruitment.models import Membership
from recruitment.toasts import flash_toast

TABS = (
    ("profile", "Profile", "p"),
    ("cv", "CV", "v"),
    ("answers", "Answers", "a"),
    ("discussion", "Discussion", "d"),
    ("activity", "Activity", "y"),
    ("origins", "Where from", "w"),
)
RECENT = 50


@require_safe
@member_required
def candidate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``?application=`` chooses whose stage is shown on top, ``?tab=`` what is shown below."""
    try:
        found = load_candidate(request.member, pk)
    except Http404:
        return redirect(get_candidate(request.member, pk))  # who was merged into somebody else
    applications = applications_of(found, request.member)
    chosen = request.GET.get("application")
    current = next((app for app in applications if str(app.pk) == chosen), applications[0] if applications else None)
    records = records_of(found)
    context = {
        **person_context(request, found, current, records, base=request.path, keep=chosen),
        "applications": applications,
        "told_by_application": told_of(applications, request.member),
        "nav": "candidates",
        "arriving": False,
    }
    if request.member.decides:
        context |= alike_context(found, request.member)
        context["merges"] = merges_of(found) if context["tab"] == "profile" else []
    if current is not None:
        context |= side_context(request, current, records, told=context["told_by_application"])
    template = "candidates/_person.html" if wants_fragment(request) else "candidates/candidate.html"
    return render(request, template, context)


def alike_context(person: Candidate, member: Membership) -> dict[str, Any]:
    """The likeliest duplicate that nobody has decided about."""
    alike = Duplicate.objects.visible_to(member).open().about(person).select_related("first", "second")
    likely = alike.order_by("-score", "-pk").first()
    twin = (likely.second if likely.first_id == person.pk else likely.first) if likely else None
    return {"likely": likely, "twin": twin}


def merges_of(person: Candidate) -> list[CandidateMerge]:
    """Whom the person was merged with, the latest first."""
    merges = CandidateMerge.objects.filter(survivor=person, undone_at=None).select_related("other", "member__user")
    return list(merges.order_by("-merged_at")[:10])


def records_of(person: Candidate) -> list[SourceRecord]:
    """The rows by which sources know the person and the applications; ``differs`` in how many fields both sides differ,
    ``differs_in`` names the first."""
    kinds = [RecordKind.CANDIDATE, RecordKind.APPLICATION]
    found = SourceRecord.objects.filter(candidate=person, kind__in=kinds).select_related("source")
    open_ones = FieldConflict.objects.filter(candidate=person, source=OuterRef("source"), state=ConflictState.OPEN)
    found = found.annotate(
        differs=counted(open_ones, "source"),
        differs_in=Subquery(open_ones.order_by("id").values("field")[:1]),
        is_asked=being_asked(),
    )
    return list(found.defer("imported").order_by("kind", "source__name", "id"))


def side_context(
    request: MemberRequest, current: Application, records: list[SourceRecord], told: dict[UUID, Any] | None = None
) -> dict[str, Any]:
    """What the decisions and the state of the application show."""
    if not request.member.decides:
        return {"told": [], "lines": [], "moving": False, "is_shortlisted": False}
    told = told_of([current], request.member) if told is None else told
    here = told.get(current.pk, [])
    return {
        "application": current,
        "candidate": current.candidate,
        "told": here,
        "is_shortlisted": getattr(current, "is_shortlisted", False),
        "lines": lines(records, current),
        "moving": any(one.state in MOVING for one in here),
    }


def person_context(
    request: MemberRequest,
    person: Candidate,
    application: Application | None,
    records: list[SourceRecord],
    *,
    base: str,
    keep: str | None = None,
) -> dict[str, Any]:
    """What ``candidates/_person.html`` shows. ``base`` is the address that its tabs change; the person comes with
    ``identity_hidden`` and ``note_count``."""
    tab = request.GET.get("tab", "profile")
    if tab not in {key for key, _label, _shortcut in TABS}:
        raise Http404
    hidden: bool = person.identity_hidden  # type: ignore[attr-defined]
    mine = of_application(records, application)
    return {
        "candidate": person,
        "application": application,
        "identity_hidden": hidden,
        "facts": Facts(person, origins_of(person, of_person(records)), hidden=hidden),
        "sources": [] if hidden else of_person(records),
        "known_by": [] if hidden else mine,
        "tab": tab,
        "tabs": _tabs(person, application, tab, f"{base}?tab=", f"&application={keep}" if keep else ""),
        "here": f"{base}?tab={tab}" + (f"&application={keep}" if keep else ""),
        "origins_url": f"{base}?tab=origins" + (f"&application={keep}" if keep else ""),
        **_tab_context(request, person, application, records, tab, hidden=hidden),
    }


def _tabs(person: Any, application: Application | None, tab: str, start: str, end: str) -> list[dict[str, Any]]:
    counts = {
        "answers": len(application.screening_answers) if application else 0,
        "discussion": person.note_count,
    }
    return [
        {
            "key": key,
            "label": label,
            "shortcut": shortcut,
            "count": counts.get(key) or "",
            "url": f"{start}{key}{end}",
            "current": key == tab,
        }
        for key, label, shortcut in TABS
    ]


def _tab_context(
    request: MemberRequest,
    person: Candidate,
    application: Application | None,
    records: list[SourceRecord],
    tab: str,
    *,
    hidden: bool,
) -> dict[str, Any]:
    """Only what the open tab shows is read."""
    if tab == "cv":
        return files_context(request, person, records)
    if tab == "discussion":
        notes = Note.objects.visible_to(request.member).filter(candidate=person)
        notes = notes.select_related("author__user", "application__job").order_by("-id")[:RECENT]
        return {"notes": notes, "goes": note_route(records, application)}
    if tab == "activity":
        entries = Activity.objects.visible_to(request.member).of_person(person)
        entries = entries.exclude(verb__in=IDENTIFYING) if hidden else entries
        return {"entries": entries.select_related("job").order_by("-id")[:RECENT]}
    if tab == "profile":
        return {
            **labels_of(person),
            "everything": [] if hidden else _everything(person, application),
        }
    if tab == "origins":
        return _origins(request.member, person, application, records, hidden=hidden)
    return {}


def _origins(
    member: Membership,
    person: Candidate,
    application: Application | None,
    records: list[SourceRecord],
    *,
    hidden: bool,
) -> dict[str, Any]:
    """Field by field: the value, where it came from, and who says something else."""
    said = dict(SourceRecord.objects.filter(pk__in=[one.pk for one in records]).values_list("pk", "imported"))
    for record in records:
        record.imported = said.get(record.pk, {})
    groups = [("This person", rows_of(person, of_person(records), anonymous=hidden))]
    if application is not None:
        known = of_application(records, application)
        groups.append(("This application", rows_of(application, known, anonymous=hidden)))
    differing = _differing(member, person, application)
    return {"origin_groups": [(words, rows) for words, rows in groups if rows], "differing": differing}


def _differing(member: Membership, person: Candidate, application: Application | None) -> list[Sides]:
    """What a source and we disagree about, of the person and of this application."""
    about = Q(application=None) | Q(application=application)
    found = FieldConflict.objects.open_to(member).filter(about, candidate=person).select_related("source")
    for conflict in found:
        conflict.candidate = person
        if conflict.application_id:
            conflict.application = application
    return [sides(conflict) for conflict in found]


def _everything(person: Candidate, application: Application | None) -> list[tuple[str, str]]:
    return pairs({**person.custom_fields, **(application.custom_fields if application else {})})


def note_route(records: list[SourceRecord], application: Application | None) -> str:
    """Where a note about the application goes; without one it is about the person, and stays."""
    about = application.pk if application else None
    known = [one for one in records if one.kind == RecordKind.APPLICATION and one.state != RecordState.DELETED]
    return in_words(routes([one for one in known if one.application_id == about], PushKind.NOTE))


LABELS = {
    "full_name": "Name",
    "headline": "Headline",
    "current_title": "Title",
    "current_company": "Company",
    "location": "Place",
    "emails": "E-mail addresses",
    "phones": "Phone numbers",
    "links": "Links",
    "skills": "Skills",
}
BY_LINE = ("emails", "phones", "links", "skills")


@require_http_methods(["GET", "POST"])
@member_required
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The fields a person may correct. The values that were on the screen travel along: where somebody else was
    faster, both texts are shown, and who saves chooses."""
    person = get_candidate(request.member, pk)
    require_decider(request.member)
    shown = as_lines(person)
    if request.method == "GET":
        return render(request, "candidates/edit.html", _edit_context(person, shown, shown))
    typed, base = _typed(request, shown), _typed(request, shown, "base-")
    kept = {name for name in shown if request.POST.get(f"keep-{name}") != "theirs"}
    touched = [name for name in shown if name in kept and typed[name] != base[name]]
    try:
        _person, decision = edit_candidate(
            person,
            from_lines(person, {name: typed[name] for name in touched}),
            member=request.member,
            base=from_lines(person, {name: base[name] for name in touched}),
        )
    except EditConflict as clash:
        fresh = as_lines(get_candidate(request.member, pk))
        theirs = {name: fresh[name] for name in clash.fields if name in fresh}
        context = _edit_context(person, typed, {**base, **theirs}, theirs=theirs)
        return render(request, "candidates/edit.html", context, status=409)
    except DomainError as refusal:
        context = _edit_context(person, typed, base, refusal=refusal)
        return render(request, "candidates/edit.html", context, status=422)
    flash_toast(request, "Saved.", detail=_told(decision))
    return redirect(reverse("candidates:candidate", args=[pk]))


def _told(decision: Decision | None) -> str:
    waiting = decision.entries.select_related("source") if decision else ()
    names = sorted({entry.source.provider_label or entry.source.name for entry in waiting})
    return f"tells {' and '.join(names)}" if names else ""


def _typed(request: MemberRequest, names: dict[str, str], prefix: str = "") -> dict[str, str]:
    return {name: request.POST.get(prefix + name, "").replace("\r\n", "\n").strip() for name in names}


def _edit_context(
    person: Candidate,
    typed: dict[str, str],
    base: dict[str, str],
    *,
    theirs: dict[str, str] | None = None,
    refusal: DomainError | None = None,
) -> dict[str, Any]:
    theirs = theirs or {}
    fields = [
        {
            "name": name,
            "label": label,
            "value": typed[name],
            "base": base[name],
            "by_line": name in BY_LINE,
            "clash": name in theirs,
            "theirs": theirs.get(name, ""),
            "error": refusal.message if refusal and (refusal.field or "").split(".")[0] == name else "",
        }
        for name, label in LABELS.items()
    ]
    loose = refusal.message if refusal and not any(field["error"] for field in fields) else ""
    context = {"candidate": person, "fields": fields, "has_clash": bool(theirs), "loose": loose}
    context["goes"] = fields_in_words(candidate_records(person))
    return context | {"nav": "candidates"}
