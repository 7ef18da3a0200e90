"""What members think of an application."""

from __future__ import annotations

from django.db import models

from candidates.enums import Answer, Score, Verdict
from candidates.models.application import Application
from candidates.models.job import Criterion
from candidates.querysets import ReviewQuerySet
from recruitment.models import Membership, WorkspaceModel


class Review(WorkspaceModel):
    """One member's answer: a verdict, or that they abstain or recuse themselves. One a member, held by the database."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews", db_index=False)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="reviews")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.VERDICT)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["application", "member"], name="review_once"),
            models.CheckConstraint(
                condition=(models.Q(answer=Answer.VERDICT) & models.Q(verdict__in=Verdict.values))
                | (models.Q(answer__in=[Answer.ABSTAIN, Answer.RECUSE]) & models.Q(verdict="")),
                name="review_verdict_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.get_verdict_display() or self.get_answer_display()


class ReviewScore(WorkspaceModel):
    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(choices=Score.choices)

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["review", "criterion"], name="review_score_once"),
            models.CheckConstraint(condition=models.Q(value__gte=1, value__lte=4), name="review_score_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.get_value_display()}"


class ReviewSkip(WorkspaceModel):
    """A member passed over an application for now; it comes back at the end of the queue."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="skips", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    skipped_at = models.DateTimeField()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["application", "member"], name="review_skip_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} skipped {self.application_id}"


class ReviewReveal(WorkspaceModel):
    """An admin lifted blindness for themselves on one application. Who and when stays in the activity as well."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="reveals", db_index=False)
    member = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["application", "member"], name="review_reveal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} lifted blindness on {self.application_id}"
