"""What the review screen reads: the person with everything said of them, the queue, the verdicts that one may see.

Each function here is one query, or two: the whole screen has to stay within twelve (design section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from candidates.enums import Answer, RecordKind, Score
from candidates.models import Application, Attachment, Candidate, Criterion, Note, Review, ReviewScore, SourceRecord
from recruitment.models import Membership

SHOWN = 50  # people in the list; the counts are of all
ANSWERED = 5  # of those I answered last, on top of it


@dataclass
class Queue:
    waiting: list[Application]
    answered: list[Application]  # the latest last
    left: int
    total: int

    @property
    def done(self) -> int:
        return self.total - self.left

    def beside(self, current: Application) -> tuple[Application | None, Application | None]:
        """Before and after in the list; without one after, whoever waits first."""
        order = [*self.answered, *self.waiting]
        at = next((index for index, other in enumerate(order) if other.pk == current.pk), None)
        before = order[at - 1] if at else None
        return before, self.after(current)

    def after(self, current: Application) -> Application | None:
        """Who comes when this one is done: the next who waits, from the start again after the last."""
        places = [other.pk for other in self.waiting]
        at = places.index(current.pk) if current.pk in places else -1
        following = [*self.waiting[at + 1 :], *self.waiting[: max(at, 0)]]
        return following[0] if following else None


@dataclass
class Opinions:
    """Reviews of one application as far as the member may see them. ``count`` is of verdicts by others, seen or not."""

    mine: Review | None
    others: list[Review]
    count: int
    criteria: list[Criterion]
    scores: dict[UUID, dict[UUID, int]] = field(default_factory=dict)  # review → criterion → 1 to 4

    @property
    def is_closed(self) -> bool:
        return bool(self.count and not self.others)

    @property
    def is_recused(self) -> bool:
        return self.mine is not None and self.mine.answer == Answer.RECUSE

    def rows(self) -> list[tuple[Review, list[tuple[str, int, str]]]]:
        """Others' reviews, each with its scores as (criterion, 1 to 4, word)."""
        names = [(criterion.pk, criterion.name) for criterion in self.criteria]
        return [
            (
                review,
                [
                    (name, given[pk], Score(given[pk]).label)
                    for given in [self.scores.get(review.pk, {})]
                    for pk, name in names
                    if pk in given
                ],
            )
            for review in self.others
        ]


def hidden_from(member: Membership) -> Any:
    """``with_identity_hidden``, seen from an application."""
    if not member.is_reviewer:
        return Value(False)
    met = Application.objects.filter(job__team__member=member, job__anonymised=True)
    return Exists(met.filter(candidate=OuterRef("candidate")))


def counted(queryset: QuerySet, by: str) -> Any:
    number = queryset.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def with_person_counts(found: QuerySet, member: Membership, person: str) -> QuerySet:
    """``note_count`` and ``file_count`` of the person, as far as the member may see them."""
    return found.annotate(
        note_count=counted(Note.objects.visible_to(member).filter(candidate=OuterRef(person)), "candidate"),
        file_count=counted(Attachment.objects.visible_to(member).filter(candidate=OuterRef(person)), "candidate"),
    )


def carry_over(application: Application) -> Application:
    """What was asked of the application but is about the person."""
    person: Any = application.candidate
    person.identity_hidden = application.hidden  # type: ignore[attr-defined]
    person.note_count = getattr(application, "note_count", 0)
    person.file_count = getattr(application, "file_count", 0)
    return application


def load_application(member: Membership, job_pk: UUID, pk: UUID) -> Application:
    """With person, job, stage and what the screen counts of them; 404 outside one's rights and for another job."""
    waiting = Application.objects.waiting_for(member).filter(job=job_pk)
    answered = Application.objects.present().active().filter(job=job_pk, reviews__member=member)
    found = (
        with_person_counts(Application.objects.visible_to(member), member, "candidate")
        .with_review_count()  # type: ignore[attr-defined]
        .with_shortlisted()
        .annotate(hidden=hidden_from(member), left=counted(waiting, "job"), answered=counted(answered, "job"))
        .select_related("candidate", "job", "stage", "rejection_reason")
        .filter(job=job_pk, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return carry_over(found)


def waiting_in(job_pk: UUID, member: Membership) -> QuerySet:
    return Application.objects.waiting_for(member).filter(job=job_pk).in_review_order(member)


def _for_list(found: QuerySet, member: Membership, most: int) -> list[Application]:
    records = SourceRecord.objects.filter(application=OuterRef("pk"), kind=RecordKind.APPLICATION).order_by("id")
    found = found.annotate(hidden=hidden_from(member), via=Subquery(records.values("source__provider_label")[:1]))
    return [carry_over(one) for one in found.select_related("candidate")[:most]]


def waiting_list(job_pk: UUID, member: Membership) -> list[Application]:
    return _for_list(waiting_in(job_pk, member).with_review_count(), member, SHOWN)  # type: ignore[attr-defined]


def answered_list(job_pk: UUID, member: Membership) -> list[Application]:
    """Those I answered last and could still look at again, the latest last."""
    mine = Review.objects.filter(application=OuterRef("pk"), member=member)
    found = Application.objects.visible_to(member).active().filter(Exists(mine), job=job_pk)
    found = found.with_my_review(member).annotate(answered_at=Subquery(mine.values("updated_at")[:1]))
    return _for_list(found.order_by("-answered_at", "-id"), member, ANSWERED)[::-1]


def queue_of(current: Application, member: Membership, waiting: list[Application] | None = None) -> Queue:
    """``waiting``: the list where the caller has it already."""
    job_pk: Any = current.job_id
    waiting = waiting_list(job_pk, member) if waiting is None else waiting
    left, answered = current.left, current.answered  # type: ignore[attr-defined]
    return Queue(waiting, answered_list(job_pk, member), left, left + answered)


def opinions_of(current: Application, member: Membership) -> Opinions:
    visible = Review.objects.visible_to(member).filter(application=current)
    found = list(visible.select_related("member__user").order_by("id"))
    mine = next((review for review in found if review.member_id == member.pk), None)
    others = [review for review in found if review.member_id != member.pk]
    own = 1 if mine and mine.answer == Answer.VERDICT else 0
    count = current.review_count - own  # type: ignore[attr-defined]
    criteria = list(Criterion.objects.filter(job=current.job_id)) if current.job_id else []
    scores: dict[UUID, dict[UUID, int]] = {}
    if found and criteria:
        given = ReviewScore.objects.filter(review__in=found)
        for review, criterion, value in given.values_list("review_id", "criterion_id", "value"):
            scores.setdefault(review, {})[criterion] = value
    return Opinions(mine, others, count, criteria, scores)


def load_candidate(member: Membership, pk: UUID) -> Candidate:
    """For the page of a person; 404 outside one's rights."""
    found = Candidate.objects.visible_to(member).with_identity_hidden(member)
    person = with_person_counts(found, member, "pk").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def applications_of(person: Candidate, member: Membership) -> list[Application]:
    """Active ones first (the word comes before all other outcomes), then the newest."""
    found = Application.objects.visible_to(member).filter(candidate=person)
    found = found.with_my_review(member).with_review_count().with_shortlisted()
    return list(found.select_related("job", "stage", "rejection_reason").order_by("outcome", "-id"))
