"""One person: everything known, where it comes from, what the team says. The review screen's middle as well."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.access import get_candidate
from candidates.domain.attachments import add_attachment, attachment_response
from candidates.domain.people import edit_candidate
from candidates.enums import AttachmentKind, RecordKind
from candidates.models import Activity, Application, Attachment, Candidate, CandidateTag, Note, SourceRecord
from candidates.personal import as_lines, from_lines, shown_facts
from recruitment.access import MemberRequest, member_required, require_decider, wants_fragment
from recruitment.errors import DomainError, EditConflict
from recruitment.models import Membership
from recruitment.toasts import flash_toast

TABS = (
    ("profile", "Profile"),
    ("cv", "CV"),
    ("answers", "Answers"),
    ("discussion", "Discussion"),
    ("activity", "Activity"),
)
RECENT = 50


def identity_hidden(member: Membership, person: Candidate) -> bool:
    """Somebody met in one anonymised job stays anonymous for that reviewer everywhere."""
    if not member.is_reviewer:
        return False
    return Application.objects.filter(candidate=person, job__team__member=member, job__anonymised=True).exists()


@require_safe
@member_required
def candidate(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``?application=`` chooses whose stage is shown on top, ``?tab=`` what is shown below."""
    found = get_candidate(request.member, pk)
    applications = list(applications_of(found, request))
    chosen = request.GET.get("application")
    current = next((app for app in applications if str(app.pk) == chosen), applications[0] if applications else None)
    context = person_context(request, found, current, base=request.path, keep=chosen)
    context |= {"applications": applications, "nav": "candidates"}
    template = "candidates/_person.html" if wants_fragment(request) else "candidates/candidate.html"
    return render(request, template, context)


def applications_of(person: Candidate, request: MemberRequest) -> Any:
    """Newest first, with what a line about one says."""
    found = Application.objects.visible_to(request.member).filter(candidate=person)
    return (
        found.with_my_review(request.member)
        .with_push_state()
        .with_shortlisted()
        .select_related("job", "stage", "rejection_reason")
        .order_by("-id")
    )


def person_context(
    request: MemberRequest, person: Candidate, application: Application | None, *, base: str, keep: str | None = None
) -> dict[str, Any]:
    """What ``candidates/_person.html`` shows. ``base`` is the address that its tabs change."""
    tab = request.GET.get("tab", "profile")
    if tab not in dict(TABS):
        raise Http404
    records = list(
        SourceRecord.objects.filter(candidate=person, kind__in=[RecordKind.CANDIDATE, RecordKind.APPLICATION])
        .select_related("source")
        .order_by("kind", "source__name", "id")
    )
    hidden = identity_hidden(request.member, person)
    more = f"&application={keep}" if keep else ""
    return {
        "candidate": person,
        "application": application,
        "identity_hidden": hidden,
        "facts": shown_facts(person, records, hidden=hidden),
        "sources": [record for record in records if record.kind == RecordKind.CANDIDATE],
        "upstream": next(
            (record for record in records if application and record.application_id == application.pk), None
        ),
        "person_tags": CandidateTag.objects.filter(candidate=person).select_related("tag").order_by("tag__key"),
        "tab": tab,
        "tabs": [{"label": label, "url": f"{base}?tab={key}{more}", "current": key == tab} for key, label in TABS],
        **_tab_context(request, person, tab),
    }


def _tab_context(request: MemberRequest, person: Candidate, tab: str) -> dict[str, Any]:
    """Only what the open tab shows is read."""
    if tab == "cv":
        files = Attachment.objects.visible_to(request.member).filter(candidate=person)
        return {"files": files.order_by("kind", "-id"), "kinds": AttachmentKind.choices}
    if tab == "discussion":
        notes = Note.objects.visible_to(request.member).filter(candidate=person)
        return {"notes": notes.select_related("author__user", "application__job").order_by("-id")[:RECENT]}
    if tab == "activity":
        entries = Activity.objects.visible_to(request.member).filter(candidate=person)
        return {"entries": entries.select_related("application__job", "job").order_by("-id")[:RECENT]}
    return {}


@require_POST
@member_required
def attach(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Upload a file; what is wrong with it is said, and nothing is kept of it."""
    person = get_candidate(request.member, pk)
    require_decider(request.member)
    back = f"{person.get_absolute_url()}?tab=cv"
    file = request.FILES.get("file")
    kind = request.POST.get("kind", AttachmentKind.OTHER)
    if not isinstance(file, UploadedFile) or kind not in AttachmentKind.values:
        flash_toast(request, "Choose a file first.", level="error")
        return redirect(back)
    try:
        add_attachment(person, file, member=request.member, kind=kind)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, "The file is kept.")
    return redirect(back)


@require_safe
@member_required
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Through the app only. ``?inline=1`` shows PDF and pictures."""
    found = get_object_or_404(Attachment.objects.visible_to(request.member), pk=pk)
    try:
        return attachment_response(found, inline=request.GET.get("inline") == "1")
    except DomainError as refusal:
        raise Http404(refusal.message) from None


@require_http_methods(["GET", "POST"])
@member_required
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The fields a person may correct. The values that were on the screen travel along: where somebody else was
    faster, both texts are shown and the next save decides."""
    person = get_candidate(request.member, pk)
    require_decider(request.member)
    shown = as_lines(person)
    if request.method == "GET":
        return render(request, "candidates/edit.html", _edit_context(person, shown, shown))
    typed = {name: request.POST.get(name, "").replace("\r\n", "\n").strip() for name in shown}
    base = {name: request.POST.get(f"base-{name}", "").replace("\r\n", "\n").strip() for name in shown}
    touched = [name for name in shown if typed[name] != base[name]]
    try:
        edit_candidate(
            person,
            from_lines(person, {name: typed[name] for name in touched}),
            member=request.member,
            base=from_lines(person, {name: base[name] for name in touched}),
        )
    except EditConflict as clash:
        fresh = as_lines(get_candidate(request.member, pk))
        context = _edit_context(person, typed, {**base, **{name: fresh[name] for name in clash.fields}})
        theirs = {name: fresh[name] for name in clash.fields if name in fresh}
        return render(request, "candidates/edit.html", {**context, "theirs": theirs}, status=409)
    except DomainError as refusal:
        context = _edit_context(person, typed, base)
        return render(request, "candidates/edit.html", {**context, "refusal": refusal}, status=422)
    flash_toast(request, "Saved.")
    return redirect(reverse("candidates:candidate", args=[pk]))


BY_LINE = ("emails", "phones", "links", "skills")
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


def _edit_context(person: Candidate, typed: dict[str, str], base: dict[str, str]) -> dict[str, Any]:
    fields = [
        {"name": name, "label": label, "value": typed[name], "base": base[name], "lines": name in BY_LINE}
        for name, label in LABELS.items()
    ]
    return {"candidate": person, "fields": fields, "nav": "candidates"}
