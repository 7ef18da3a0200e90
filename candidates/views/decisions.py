"""Move, reject, reopen, shortlist, tag, note, undo: small forms that every screen opens in its dialog.

For htmx a decision answers 204 with a toast and ``application-changed``; the screens reload what shows it. Without
JavaScript each form is a page, and the answer leads back to the person.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from candidates.access import get_application, get_candidate, get_decision, get_reason, get_stage, get_tag
from candidates.domain import decisions, notes, shortlists, tags
from candidates.enums import PushKind, PushState, RecordKind, Visibility
from candidates.models import Application, Candidate, Decision, RejectionReason, Stage, Tag
from candidates.routes import application_records, candidate_records, in_words, routes, untied
from recruitment.access import MemberRequest, member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.toasts import flash_toast, send_toast


@require_http_methods(["GET", "POST"])
@member_required
def move(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``stage``, and ``expected``: the stage that was on the screen."""
    application = get_application(request.member, pk)
    require_decider(request.member)
    if request.method == "POST":
        return _decided(request, application, lambda: _move(request, application), _move_form)
    return _form(request, application, _move_form(application))


def _move(request: MemberRequest, application: Application) -> tuple[str, Decision]:
    if application.job is None:
        raise DomainError("This application has no job, so there is no pipeline.", field="stage", code="no_job")
    stage = get_stage(request.member, application.job, _uuid(request.POST.get("stage"), "stage", "Choose a stage."))
    seen = request.POST.get("expected")
    expected = get_stage(request.member, application.job, _uuid(seen, "expected", "Reload the page.")) if seen else None
    decision = decisions.move(application, stage, member=request.member, expected=expected, delay=_delay())
    return f"Moved {application.candidate} to {stage}", decision


def _move_form(application: Application) -> dict[str, Any]:
    stages = list(application.job.stages.targets()) if application.job else []
    records = application_records(application)
    lacking = untied(records, RecordKind.STAGE, PushKind.MOVE, stages)
    return {
        "template": "candidates/forms/move.html",
        "stages": [(stage, lacking.get(stage.pk, [])) for stage in stages],
        "following": _following(stages, application.stage_id),
        "goes": in_words(routes(records, PushKind.MOVE)),
    }


def _following(stages: list[Stage], current: Any) -> Any:
    """The step after the current one, where the focus starts; the first without one."""
    places = [stage.pk for stage in stages]
    at = places.index(current) + 1 if current in places else 0
    return places[at] if at < len(places) else places[0] if places else None


@require_http_methods(["GET", "POST"])
@member_required
def reject(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``reason`` (required) and ``note``."""
    application = get_application(request.member, pk)
    require_decider(request.member)
    if request.method == "POST":
        return _decided(request, application, lambda: _reject(request, application), _reject_form)
    return _form(request, application, _reject_form(application))


def _reject(request: MemberRequest, application: Application) -> tuple[str, Decision]:
    reason = get_reason(request.member, _uuid(request.POST.get("reason"), "reason", "Choose a reason."))
    note = request.POST.get("note", "").strip()
    decision = decisions.reject(application, reason, member=request.member, note=note, delay=_delay())
    return f"Rejected {application.candidate}", decision


def _reject_form(application: Application) -> dict[str, Any]:
    reasons = list(RejectionReason.objects.filter(workspace=application.workspace_id, is_active=True))
    records = application_records(application)
    lacking = untied(records, RecordKind.REASON, PushKind.REJECT, reasons)
    return {
        "template": "candidates/forms/reject.html",
        "reasons": [(reason, lacking.get(reason.pk, [])) for reason in reasons],
        "goes": in_words(routes(records, PushKind.REJECT)),
    }


@require_POST
@member_required
def reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    application = get_application(request.member, pk)
    require_decider(request.member)

    def act() -> tuple[str, Decision]:
        return f"Reopened {application.candidate}", decisions.reopen(application, member=request.member, delay=_delay())

    return _decided(request, application, act, None)


@require_POST
@member_required
def shortlist(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Puts on the shortlist, or takes off with ``off``."""
    application = get_application(request.member, pk)
    require_decider(request.member)

    def act() -> tuple[str, Decision | None]:
        if request.POST.get("off"):
            shortlists.take_off_shortlist(application, member=request.member)
            return f"Took {application.candidate} off the shortlist", None
        entry, decision = shortlists.put_on_shortlist(application, member=request.member, delay=_delay())
        return f"{application.candidate} is number {entry.position} on the shortlist", decision

    return _decided(request, application, act, None)


@require_http_methods(["GET", "POST"])
@member_required
def tag(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add a tag by ``name``."""
    candidate = get_candidate(request.member, pk)
    require_decider(request.member)

    def act() -> tuple[str, Decision | None]:
        added, decision = tags.add_tag(candidate, request.POST.get("name", ""), member=request.member, delay=_delay())
        return f"Tagged {candidate} “{added}”", decision

    if request.method == "POST":
        return _decided(request, candidate, act, _tag_form)
    return _form(request, candidate, _tag_form(candidate))


def _tag_form(candidate: Candidate) -> dict[str, Any]:
    known = Tag.objects.filter(workspace=candidate.workspace_id)[:500]
    goes = in_words(routes(candidate_records(candidate), PushKind.TAG))
    return {"template": "candidates/forms/tag.html", "known": known, "goes": goes}


@require_POST
@member_required
def untag(request: MemberRequest, pk: UUID, tag_pk: UUID) -> HttpResponse:
    candidate = get_candidate(request.member, pk)
    require_decider(request.member)
    found = get_tag(request.member, tag_pk)

    def act() -> tuple[str, Decision]:
        return f"Took “{found}” off {candidate}", tags.remove_tag(
            candidate, found, member=request.member, delay=_delay()
        )

    return _decided(request, candidate, act, None)


@require_http_methods(["GET", "POST"])
@member_required
def note(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``text``, ``visibility``, ``application`` and, for those who decide, ``push``."""
    candidate = get_candidate(request.member, pk)
    about = request.POST.get("application") or request.GET.get("application")
    application = get_application(request.member, _uuid(about, "application", "Reload the page.")) if about else None

    def act() -> tuple[str, Decision | None]:
        if request.POST.get("push"):
            require_decider(request.member)
        _note, decision = notes.add_note(
            candidate,
            request.POST.get("text", ""),
            member=request.member,
            visibility=request.POST.get("visibility", Visibility.TEAM),
            application=application,
            push=bool(request.POST.get("push")),
            delay=_delay(),
        )
        return "Noted", decision

    if request.method == "GET":
        return _form(request, candidate, _note_form(candidate, application))
    inline = request.POST.get("inline") and wants_fragment(request)  # the composer keeps its text by itself
    return _decided(request, candidate, act, None if inline else lambda thing: _note_form(thing, application))


def _note_form(candidate: Candidate, application: Application | None) -> dict[str, Any]:
    goes = in_words(routes(application_records(application), PushKind.NOTE)) if application else "Stays in Quorum."
    return {"template": "candidates/forms/note.html", "goes": goes, "about": application}


@require_POST
@member_required
def undo(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Within the window, and only one's own."""
    decision = get_decision(request.member, pk)
    thing = decision.application or decision.candidate

    def act() -> tuple[str, None]:
        decisions.undo(decision, member=request.member)
        return "Undone. Nobody was told", None

    return _decided(request, thing, act, None)


def _from_review(request: MemberRequest) -> bool:
    return (request.POST.get("from") or request.GET.get("from")) == "review"


def _back_to(request: MemberRequest, thing: Application | Candidate) -> str:
    """The screen that the form was opened from: the review of this application, else the person's page."""
    if _from_review(request) and isinstance(thing, Application) and thing.job_id:
        return reverse("candidates:review_application", args=[thing.job_id, thing.pk])
    return thing.get_absolute_url()


def _delay() -> int:
    return int(settings.PUSH_UNDO_SECONDS)


def _uuid(value: str | None, field: str, message: str) -> UUID:
    try:
        return UUID(value or "")
    except ValueError:
        raise DomainError(message, field=field, code="required") from None


def _form(
    request: MemberRequest, thing: Application | Candidate, form: dict[str, Any], *, refusal: DomainError | None = None
) -> HttpResponse:
    """The form alone for the dialog, within a page otherwise. Keeps what was typed after a refusal."""
    application = thing if isinstance(thing, Application) else None
    candidate = thing.candidate if isinstance(thing, Application) else thing
    context = {
        **form,
        "nav": "candidates",
        "application": application,
        "candidate": candidate,
        "refusal": refusal,
        "typed": request.POST,
        "back": _back_to(request, thing),
        "from_review": _from_review(request),
    }
    template = form["template"] if wants_fragment(request) else "candidates/forms/page.html"
    return render(request, template, context, status=refusal_status(refusal) if refusal else 200)


def refusal_status(refusal: DomainError) -> int:
    return 409 if refusal.status == 409 else 422


def _decided(request: MemberRequest, thing: Application | Candidate, act: Any, form: Any) -> HttpResponse:
    """Carry it out, and answer in the way it was asked."""
    try:
        text, decision = act()
    except DomainError as refusal:
        if form is not None:
            return _form(request, thing, form(thing), refusal=refusal)
        if wants_fragment(request):
            return send_toast(HttpResponse(status=refusal_status(refusal)), refusal.message, level="error")
        flash_toast(request, refusal.message, level="error")
        return redirect(_back_to(request, thing))
    detail, undo_url = _told(decision)
    if not wants_fragment(request):
        flash_toast(request, text, detail=detail, undo=undo_url, seconds=_delay())
        return redirect(_back_to(request, thing))
    answer = send_toast(HttpResponse(status=204), text, detail=detail, undo=undo_url, seconds=_delay())
    trigger_client_event(answer, "closeDialog", {})
    return trigger_client_event(answer, "application-changed", {"id": str(thing.pk)})


def _told(decision: Decision | None) -> tuple[str, str]:
    """Who will be told and when, and where to take it back."""
    if decision is None:
        return "", ""
    waiting = decision.entries.filter(state=PushState.WAITING).select_related("source")
    names = sorted({entry.source.provider_label or entry.source.name for entry in waiting})
    detail = f"tells {' and '.join(names)} in {_delay()} s" if names else ""
    undoable = decision.kind in ("move", "reject", "reopen")
    return detail, reverse("candidates:undo", args=[decision.pk]) if undoable else ""
