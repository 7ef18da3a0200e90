"""The queue: one person after the other, a verdict by key, the next one at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from candidates.access import get_application, get_job
from candidates.domain.reviews import lift_blindness, record_review, skip, withdraw_review
from candidates.enums import Answer, PushKind, RecordKind, Verdict
from candidates.models import Application, Criterion, Job, Review, ReviewScore
from candidates.personal import pseudonym
from candidates.routes import in_words, routes
from candidates.views.person import identity_hidden, person_context
from recruitment.access import MemberRequest, member_required, wants_fragment
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership
from recruitment.toasts import flash_toast, send_toast

SHOWN = 50  # in the list; the counts are of all
UNDO_SECONDS = 60
VERDICTS = tuple(zip(Verdict.values, Verdict.labels, range(5, 0, -1), strict=True))  # strongest first, with its key


@require_safe
@member_required
def overview(request: MemberRequest) -> HttpResponse:
    """My jobs, and how many people wait for me in each."""
    jobs = Job.objects.visible_to(request.member).filter(team__member=request.member).open()
    jobs = jobs.with_to_review_count(request.member).with_counts().order_by("-to_review_count", "title")
    return render(request, "candidates/review_overview.html", {"jobs": jobs, "nav": "review"})


@require_safe
@member_required
def start(request: MemberRequest, job_pk: UUID) -> HttpResponse:
    """To whoever waits first; to the end of the queue when nobody does."""
    job = get_job(request.member, job_pk)
    first = _waiting(job, request.member).first()
    if first is None:
        return render(
            request, "candidates/review_done.html", _queue(job, request.member) | {"job": job, "nav": "review"}
        )
    return redirect("candidates:review_application", job.pk, first.pk)


@require_safe
@member_required
def application(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    job = get_job(request.member, job_pk)
    return _show(request, job, _load(request.member, job, pk))


@require_POST
@member_required
def save(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """Keep my answer and show the next person. What can't be kept comes back with what was typed."""
    job = get_job(request.member, job_pk)
    current = _load(request.member, job, pk)
    before = _state(current, request.member)
    try:
        record_review(current, member=request.member, **_typed(request))
    except DomainError as refusal:
        return _show(request, job, _load(request.member, job, pk), refusal=refusal)
    label = {"abstain": "Abstained", "recuse": "Recused"}.get(request.POST.get("answer", ""), "")
    verdict = label or Verdict(request.POST["verdict"]).label
    undo = reverse("candidates:review_undo", args=[job.pk, current.pk]) + "?was=" + signing.dumps(before, salt="review")
    return _next(request, job, current, f"{verdict} for {_name(current, request.member)}", undo=undo)


@require_POST
@member_required
def skip_application(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    job = get_job(request.member, job_pk)
    current = _load(request.member, job, pk)
    skip(current, member=request.member)
    return _next(request, job, current, f"Skipped {_name(current, request.member)}")


@require_POST
@member_required
def undo(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """My review as it was before the last save, and back to that person."""
    job = get_job(request.member, job_pk)
    current = _load(request.member, job, pk)
    try:
        was = signing.loads(request.GET.get("was", ""), salt="review", max_age=UNDO_SECONDS)
        if was is None:
            withdraw_review(current, member=request.member)
        else:
            record_review(current, member=request.member, **was)
    except signing.BadSignature:
        return _back(request, job, current, "It's too late to undo. Change your verdict here instead.", level="error")
    except DomainError as refusal:
        return _back(request, job, current, refusal.message, level="error")
    return _back(request, job, current, "Undone")


@require_POST
@member_required
def look_anyway(request: MemberRequest, job_pk: UUID, pk: UUID) -> HttpResponse:
    """An admin lifts blindness for themselves, on record."""
    job = get_job(request.member, job_pk)
    current = _load(request.member, job, pk)
    try:
        lift_blindness(current, member=request.member)
    except DomainError as refusal:
        return _back(request, job, current, refusal.message, level="error")
    return _back(request, job, current, "You see all verdicts now. This is on record.")


@require_safe
@member_required
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The panel with the decisions, anew after one was made."""
    current = get_application(request.member, pk)
    return render(request, "candidates/_decide.html", _decisions(request.member, current) | {"application": current})


def _typed(request: MemberRequest) -> dict[str, Any]:
    post = request.POST
    scores = {name[6:]: int(value) for name, value in post.items() if name.startswith("score-") and value.isdecimal()}
    version = post.get("version", "")
    answer = post.get("answer") or Answer.VERDICT
    return {
        "answer": answer,
        "verdict": post.get("verdict", "") if answer == Answer.VERDICT else "",
        "comment": post.get("comment", "").strip(),
        "scores": scores,
        "expected_version": int(version) if version.isdecimal() else None,
    }


def _state(current: Application, member: Membership) -> dict[str, Any] | None:
    """My review as arguments of ``record_review``; None without one."""
    mine = Review.objects.filter(application=current, member=member).prefetch_related("scores").first()
    if mine is None:
        return None
    scores = {str(score.criterion_id): score.value for score in mine.scores.all()}
    return {"answer": mine.answer, "verdict": mine.verdict, "comment": mine.comment, "scores": scores}


def _load(member: Membership, job: Job, pk: UUID) -> Application:
    """The application of this job, with all that the screen says of it; 404 for any other."""
    mine = Review.objects.filter(application=OuterRef("pk"), member=member)
    found = (
        Application.objects.visible_to(member)
        .with_my_review(member)
        .with_review_count()
        .with_push_state()
        .with_shortlisted()
        .annotate(my_comment=Subquery(mine.values("comment")[:1]), my_version=Subquery(mine.values("version")[:1]))
        .select_related("candidate", "stage", "rejection_reason")
        .filter(job=job, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    found.job = job
    return found


def _waiting(job: Job, member: Membership) -> Any:
    return Application.objects.waiting_for(member).filter(job=job).in_review_order(member)


def _queue(job: Job, member: Membership) -> dict[str, Any]:
    """Those who wait, those I answered last, and right counts of both."""
    active = Application.objects.present().active().filter(job=job)
    answered = Q(reviews__member=member)
    counts = active.aggregate(total=Count("pk", distinct=True), done=Count("pk", filter=answered, distinct=True))
    waiting = list(_waiting(job, member).select_related("candidate").with_review_count()[:SHOWN])
    done = active.filter(answered).with_my_review(member).select_related("candidate")
    done = list(done.annotate(answered_at=F("reviews__updated_at")).order_by("-answered_at")[:5])
    left = counts["total"] - counts["done"]
    return {"waiting": waiting, "done": done[::-1], "total": counts["total"], "left": left, "answered": counts["done"]}


def _show(
    request: MemberRequest, job: Job, current: Application, *, refusal: DomainError | None = None
) -> HttpResponse:
    base = reverse("candidates:review_application", args=[job.pk, current.pk])
    queue = _queue(job, request.member)
    following = [other for other in queue["waiting"] if other.pk != current.pk]
    context = {
        **person_context(request, current.candidate, current, base=base),
        **queue,
        **_mine(request, current, refusal),
        **_others(request.member, current),
        **_decisions(request.member, current),
        "job": job,
        "following": following[0] if following else None,
        "nav": "review",
    }
    template = "candidates/review.html"
    if wants_fragment(request):  # a tab asks for the person alone
        template = "candidates/_person.html" if request.htmx.target == "person" else "candidates/_review.html"
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render(request, template, context, status=status)


def _mine(request: MemberRequest, current: Application, refusal: DomainError | None) -> dict[str, Any]:
    """My verdict, comment and scores: what is kept, or what was just typed and refused."""
    typed = _typed(request) if refusal else None
    given = ReviewScore.objects.filter(
        criterion=OuterRef("pk"), review__application=current, review__member=request.member
    )
    criteria = list(
        Criterion.objects.filter(job_id=current.job_id, is_active=True).annotate(
            mine=Subquery(given.values("value")[:1])
        )
    )
    for criterion in criteria if typed else ():
        criterion.mine = typed["scores"].get(str(criterion.pk))
    return {
        "criteria": criteria,
        "scale": (1, 2, 3, 4),
        "verdicts": VERDICTS,
        "verdict": typed["verdict"] if typed else current.my_verdict,
        "comment": typed["comment"] if typed else current.my_comment or "",
        "version": current.my_version if current.my_version is not None else "",
        "refusal": refusal,
    }


def _others(member: Membership, current: Application) -> dict[str, Any]:
    """Reviews of others as far as I may see them, and how many there are."""
    mine = 1 if current.my_answer == Answer.VERDICT else 0
    count = current.review_count - mine
    if not count:
        return {"others": [], "others_count": 0}
    visible = Review.objects.visible_to(member).filter(application=current).exclude(member=member)
    visible = visible.select_related("member__user").prefetch_related("scores__criterion").order_by("id")
    return {"others": list(visible), "others_count": count}


def _decisions(member: Membership, current: Application) -> dict[str, Any]:
    """One line that says before the click where decisions go."""
    if member.is_reviewer:
        return {"goes": ""}
    records = current.records.filter(kind=RecordKind.APPLICATION).select_related("source")
    return {"goes": in_words(routes(records, PushKind.MOVE))}


def _name(current: Application, member: Membership) -> str:
    return pseudonym(current.candidate) if identity_hidden(member, current.candidate) else str(current.candidate)


def _next(request: MemberRequest, job: Job, current: Application, text: str, *, undo: str = "") -> HttpResponse:
    """The next person who waits, or the end of the queue."""
    following = _waiting(job, request.member).exclude(pk=current.pk).first() or _waiting(job, request.member).first()
    if following is None:
        url = reverse("candidates:review_job", args=[job.pk])
        flash_toast(request, text, undo=undo)
        return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)
    url = reverse("candidates:review_application", args=[job.pk, following.pk])
    if not wants_fragment(request):
        flash_toast(request, text, undo=undo)
        return redirect(url)
    answer = _show(request, job, _load(request.member, job, following.pk))
    return push_url(send_toast(answer, text, undo=undo), url)


def _back(request: MemberRequest, job: Job, current: Application, text: str, level: str = "") -> HttpResponse:
    url = reverse("candidates:review_application", args=[job.pk, current.pk])
    flash_toast(request, text, level=level)
    return HttpResponseClientRedirect(url) if wants_fragment(request) else redirect(url)
