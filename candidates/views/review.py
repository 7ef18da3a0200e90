"""The queue: one person after the other, a verdict by key, the next one at once."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url, reswap, retarget

from candidates.access import get_application, get_job
from candidates.domain.reviews import lift_blindness, record_review, skip, withdraw_review
from candidates.enums import Answer, Score, Verdict
from candidates.models import Application, Review
from candidates.reviewing import (
    Opinions,
    Queue,
    find_application,
    load_application,
    my_jobs,
    opinions_of,
    queue_of,
    waiting_in,
    waiting_list,
)
from candidates.templatetags.candidates import shown_name
from candidates.views.person import person_context, records_of, side_context
from recruitment.access import MemberRequest, member_required, wants_fragment
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership
from recruitment.toasts import flash_toast, send_toast

UNDO_SECONDS = 60  # longer than the toast shows it: a slow connection counts too
VERDICTS = tuple(zip(Verdict.values, Verdict.labels, range(5, 0, -1), strict=True))  # strongest first, with its key
ANSWERS = {"abstain": "Abstained", "recuse": "Recused"}


@require_safe
@member_required
def overview(request: MemberRequest) -> HttpResponse:
    """My jobs, and how many people wait for me in each."""
    jobs = my_jobs(request.member)
    waiting = sum(job.to_review_count for job in jobs)
    return render(request, "candidates/review_overview.html", {"jobs": jobs, "waiting": waiting, "nav": "review"})


@require_safe
@member_required
def start(request: MemberRequest, job_pk: UUID) -> HttpResponse:
    """To whoever waits first; to the end of the queue when nobody does."""
    job = get_job(request.member, job_pk)
    first = waiting_in(job.pk, request.member).first()
    if first is not None:
        return redirect("candidates:review_application", job.pk, first.pk)
    others = [one for one in my_jobs(request.member) if one.pk != job.pk and one.to_review_count]
    mine = Review.objects.filter(member=request.member, application__job=job)
    last = mine.order_by("-updated_at").values_list("application", flat=True).first()
    context = {"job": job, "others": others, "last": last, "answered": mine.count(), "nav": "review"}
    return render(request, "candidates/review_done.html", context)


@require_safe
@member_required
def application(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    return _show(request, load_application(request.member, job_pk, pk))


@require_POST
@member_required
def save(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """Keep my answer and show the next person. What can't be kept comes back with what was typed."""
    current = find_application(request.member, job_pk, pk)
    before = _state(current, request.member)
    typed = _typed(request)
    words = ANSWERS.get(typed["answer"]) or dict(Verdict.choices).get(typed["verdict"], "")
    if before == {name: value for name, value in typed.items() if name != "expected_version"}:
        return _next(request, current, f"{words} for {shown_name(current.candidate)}")  # sent twice
    try:
        review = record_review(current, member=request.member, **typed)
    except DomainError as refusal:
        return _show(request, load_application(request.member, job_pk, pk), refusal=refusal)
    token = secrets.token_urlsafe(16)
    cache.set(_undo_key(request.member, current, token), {"before": before, "version": review.version}, UNDO_SECONDS)
    undo_url = reverse("candidates:review_undo", args=[job_pk, pk]) + f"?token={token}"
    return _next(request, current, f"{words} for {shown_name(current.candidate)}", undo=undo_url)


@require_POST
@member_required
def skip_application(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    current = find_application(request.member, job_pk, pk)
    skip(current, member=request.member)
    return _next(request, current)


@require_POST
@member_required
def undo(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """My review as it was before the last save, and back to that person. Once only, and only if nothing came since."""
    current = find_application(request.member, job_pk, pk)
    key = _undo_key(request.member, current, request.GET.get("token", ""))
    was = cache.get(key)
    if was is None:
        return _back(request, current, "It's too late to undo. Change your verdict here instead.", level="error")
    cache.delete(key)
    try:
        _restore(current, request.member, was)
    except DomainError as refusal:
        return _back(request, current, refusal.message, level="error")
    return _back(request, current, "Undone")


@require_POST
@member_required
def look_anyway(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """An admin lifts blindness for themselves, on record."""
    current = find_application(request.member, job_pk, pk)
    try:
        lift_blindness(current, member=request.member)
    except DomainError as refusal:
        return _back(request, current, refusal.message, level="error")
    return _back(request, current, "You see all verdicts now. This is on record.")


@require_safe
@member_required
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The panel with the decisions, anew after one was made; for ``stage-chip`` the state of the application alone."""
    current = get_application(request.member, pk)
    if not request.member.decides:
        raise Http404
    context = side_context(request, current, records_of(current.candidate))
    context["is_shortlisted"] = hasattr(current, "shortlist_entry")
    context["query"] = "?from=review" if request.GET.get("from") == "review" else ""
    chip = request.htmx.target == "stage-chip"
    return render(request, "candidates/_stage_chip.html" if chip else "candidates/_decide.html", context)


def _undo_key(member: Membership, current: Application, token: str) -> str:
    return f"review-undo:{member.pk}:{current.pk}:{token[:40]}"


def _typed(request: MemberRequest) -> dict[str, Any]:
    post = request.POST
    given = {name[6:]: post[name] for name in post if name.startswith("score-")}
    scores = {name: int(value) for name, value in given.items() if value.isdecimal()}
    version = post.get("version", "")
    answer = post.get("answer") or Answer.VERDICT
    return {
        "answer": answer,
        "verdict": post.get("verdict", "") if answer == Answer.VERDICT else "",
        "comment": post.get("comment", "").replace("\r\n", "\n").strip(),
        "scores": scores,
        "expected_version": int(version) if version.isdecimal() else 0 if "version" in post else None,
    }


def _state(current: Application, member: Membership) -> dict[str, Any] | None:
    """My review as arguments of ``record_review``; None without one."""
    mine = Review.objects.filter(application=current, member=member).prefetch_related("scores").first()
    if mine is None:
        return None
    scores = {str(score.criterion_id): score.value for score in mine.scores.all()}
    return {"answer": mine.answer, "verdict": mine.verdict, "comment": mine.comment, "scores": scores}


def _restore(current: Application, member: Membership, was: dict[str, Any]) -> None:
    if was["before"] is not None:
        record_review(current, member=member, expected_version=was["version"], **was["before"])
        return
    version = Review.objects.filter(application=current, member=member).values_list("version", flat=True).first()
    if version != was["version"]:
        raise Conflict("You changed this review in another window.", code="changed_meanwhile")
    withdraw_review(current, member=member)


def _show(
    request: MemberRequest,
    current: Application,
    *,
    refusal: DomainError | None = None,
    waiting: list[Application] | None = None,
    arriving: bool = False,
) -> HttpResponse:
    """``arriving``: the person has just come on the screen, so the focus goes to the name."""
    base = reverse("candidates:review_application", args=[current.job_id, current.pk])
    records = records_of(current.candidate)
    context = {
        **person_context(request, current.candidate, current, records, base=base),
        **side_context(request, current, records),
        "job": current.job,
        "nav": "review",
        "query": "?from=review",
        "arriving": arriving or request.htmx.target == "review",
    }
    template = "candidates/review.html"
    if wants_fragment(request):  # a tab asks for the person alone
        template = "candidates/_person.html" if request.htmx.target == "person" else "candidates/_review.html"
    if template != "candidates/_person.html":
        opinions = opinions_of(current, request.member)
        queue = queue_of(current, request.member, waiting)
        context |= _queue_context(queue, current) | _mine(request, opinions, refusal)
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render(request, template, context, status=status)


def _queue_context(queue: Queue, current: Application) -> dict[str, Any]:
    before, after = queue.beside(current)
    return {"queue": queue, "before": before, "after": after}


def _mine(request: MemberRequest, opinions: Opinions, refusal: DomainError | None) -> dict[str, Any]:
    """My verdict, comment and scores: what is kept, or what was just typed and refused."""
    mine = opinions.mine
    given = {str(pk): value for pk, value in opinions.scores.get(mine.pk, {}).items()} if mine else {}
    typed = _typed(request) if refusal else {}
    scores = typed.get("scores", given)
    return {
        "opinions": opinions,
        "mine": mine,
        "criteria": [(one, scores.get(str(one.pk))) for one in opinions.criteria if one.is_active],
        "verdicts": VERDICTS,
        "score_words": Score.choices,
        "verdict": typed.get("verdict", mine.verdict if mine else ""),
        "comment": typed.get("comment", mine.comment if mine else ""),
        "version": mine.version if mine else "",
        "refusal": refusal,
    }


def _next(request: MemberRequest, current: Application, text: str = "", *, undo: str = "") -> HttpResponse:
    """The next person who waits, or the end of the queue."""
    job_pk: Any = current.job_id
    waiting = waiting_list(job_pk, request.member)
    following = next((one for one in waiting if one.pk != current.pk), waiting[0] if waiting else None)
    name = "review_application" if following else "review_job"
    url = reverse(f"candidates:{name}", args=[job_pk, following.pk] if following else [job_pk])
    if following is None or not wants_fragment(request):
        if text:
            flash_toast(request, text, undo=undo)
        return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)
    loaded = load_application(request.member, job_pk, following.pk)
    answer = push_url(_show(request, loaded, waiting=waiting, arriving=True), url)
    return send_toast(answer, text, undo=undo) if text else answer


def _back(request: MemberRequest, current: Application, text: str, level: str = "") -> HttpResponse:
    """To the person, in place where the review screen is open already."""
    url = reverse("candidates:review_application", args=[current.job_id, current.pk])
    if wants_fragment(request) and "/review/" in (request.htmx.current_url_abs_path or ""):
        answer = _show(request, load_application(request.member, current.job_id, current.pk), arriving=True)  # type: ignore[arg-type]
        return send_toast(push_url(reswap(retarget(answer, "#review"), "outerHTML"), url), text, level=level)
    flash_toast(request, text, level=level)
    return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)
