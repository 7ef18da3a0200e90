"""Giving, changing and withdrawing one's own review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.enums import Answer, Score, Verdict
from candidates.models import Application, Review, ReviewReveal, ReviewScore, ReviewSkip
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

COMMENT_LIMIT = 10_000


@transaction.atomic
def record_review(
    application: Application,
    *,
    member: Membership,
    answer: str = Answer.VERDICT,
    verdict: str = "",
    comment: str = "",
    scores: Mapping[str, int] | None = None,
    expected_version: int | None = None,
) -> Review:
    """Save the member's one review of this application, new or changed.

    ``scores``: {criterion id: 1 to 4}; None leaves earlier scores alone. ``expected_version`` is the version that was
    on the screen: another one now (a second tab) is a Conflict, and nothing is lost.
    """
    _check(answer, verdict, comment)
    wanted = _checked_scores(application, scores) if answer == Answer.VERDICT else {}
    # Two first answers of one member at once: the second waits here and finds the first.
    Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    existing = Review.objects.select_for_update().filter(application=application, member=member).first()
    if expected_version is not None and existing and existing.version != expected_version:
        raise Conflict("You changed this review in another window.", code="changed_meanwhile", field="verdict")
    review = existing or Review(
        workspace_id=application.workspace_id, application=application, member=member, version=0
    )
    review.answer, review.verdict, review.comment = answer, verdict, comment
    review.version += 1
    review.save()
    if scores is not None or answer != Answer.VERDICT:
        review.scores.all().delete()
        ReviewScore.objects.bulk_create(
            ReviewScore(workspace_id=review.workspace_id, review=review, criterion_id=criterion, value=value)
            for criterion, value in wanted.items()
        )
    ReviewSkip.objects.filter(application=application, member=member).delete()
    activity.record(
        "reviewed",
        actor=member,
        application=application,
        reveals_review=True,
        answer=answer,
        verdict=verdict,
        changed=bool(existing),
    )
    return review


def _check(answer: str, verdict: str, comment: str) -> None:
    if answer not in Answer.values:
        raise DomainError("Answer with a verdict, abstain or recuse.", field="answer", code="invalid_choice")
    if answer == Answer.VERDICT and verdict not in Verdict.values:
        raise DomainError("Choose a verdict.", field="verdict", code="required" if not verdict else "invalid_choice")
    if answer != Answer.VERDICT and verdict:
        raise DomainError("Abstaining and recusing carry no verdict.", field="verdict", code="invalid")
    if len(comment) > COMMENT_LIMIT:
        raise DomainError(f"A comment has at most {COMMENT_LIMIT:,} characters.", field="comment", code="max_length")


def _checked_scores(application: Application, scores: Mapping[str, int] | None) -> dict[Any, int]:
    if not scores:
        return {}
    known = {str(pk): pk for pk in application.job.criteria.values_list("pk", flat=True)} if application.job else {}
    checked = {}
    for criterion, value in scores.items():
        if str(criterion) not in known:
            raise DomainError("This criterion isn't one of the job's.", field="scores", code="criterion_unknown")
        if isinstance(value, bool) or value not in Score.values:
            raise DomainError("A score is a number from 1 to 4.", field="scores", code="score_out_of_range")
        checked[known[str(criterion)]] = value
    return checked


@transaction.atomic
def withdraw_review(application: Application, *, member: Membership) -> None:
    """Take one's own review back. Others' become hidden again where the job is blind."""
    review = Review.objects.select_for_update().filter(application=application, member=member).first()
    if review is None:
        raise Conflict("You have no review here.", code="no_review")
    review.delete()
    activity.record("review_withdrawn", actor=member, application=application, reveals_review=True)


def skip(application: Application, *, member: Membership) -> None:
    """Not now: it comes back after everybody else in the member's queue."""
    ReviewSkip.objects.update_or_create(
        application=application,
        member=member,
        defaults={"skipped_at": timezone.now(), "workspace_id": application.workspace_id},
    )


@transaction.atomic
def lift_blindness(application: Application, *, member: Membership) -> None:
    """An admin looks at others' reviews before giving one: allowed, and on record for everybody (design section 10)."""
    if not member.is_admin:
        raise DomainError("Only an admin can lift blindness.", code="not_allowed")
    _reveal, made = ReviewReveal.objects.get_or_create(
        application=application, member=member, defaults={"workspace_id": application.workspace_id}
    )
    if made:
        activity.record("blindness_lifted", actor=member, application=application)
