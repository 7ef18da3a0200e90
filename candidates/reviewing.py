"""What the review screen reads: the person with everything said of them, the queue, the verdicts that one may see.

Each function here is one query, or two: the whole screen has to stay within twelve (design section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce
from django.http import Http404

from candidates.enums import Answer, JobStatus, Outcome, RecordKind, Score
from candidates.models import Application, Candidate, Criterion, Job, Note, Review, ReviewScore, SourceRecord
from recruitment.models import Membership

IN_ALL = Window(Count("*"))  # the rows without the limit
SHOWN = 30  # people in the list, more than a tall screen holds; the counts are of all
NAMED_BY = ("full_name", "first_name", "last_name", "provenance")
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


def with_note_count(found: QuerySet, member: Membership, person: str) -> QuerySet:
    """``note_count`` of the person, as far as the member may see them."""
    notes = Note.objects.visible_to(member).filter(candidate=OuterRef(person))
    return found.annotate(note_count=counted(notes, "candidate"))


def carry_over(application: Application) -> Application:
    """What was asked of the application but is about the person."""
    person: Any = application.candidate
    person.identity_hidden = application.hidden  # type: ignore[attr-defined]
    person.note_count = getattr(application, "note_count", 0)
    return application


def find_application(member: Membership, job_pk: UUID, pk: UUID) -> Application:
    """With person and job, to act on; 404 outside one's rights and for another job."""
    found: Any = Application.objects.visible_to(member).annotate(hidden=hidden_from(member))
    found = found.select_related("candidate", "job").filter(job=job_pk, pk=pk).first()
    if found is None:
        raise Http404
    return carry_over(found)


def load_application(member: Membership, job_pk: UUID, pk: UUID) -> Application:
    """The same with what the screen shows of it."""
    visible = with_note_count(Application.objects.visible_to(member), member, "candidate")
    found: Any = (
        visible.with_review_count()  # type: ignore[attr-defined]
        .with_shortlisted()
        .annotate(hidden=hidden_from(member), has_reviews=Exists(Review.objects.filter(application=OuterRef("pk"))))
        .select_related("candidate", "job", "stage", "rejection_reason")
        .defer("candidate__search_text", "candidate__file_words", "job__description_html", "job__upstream_team")
        .filter(job=job_pk, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return carry_over(found)


def my_jobs(member: Membership) -> list[Any]:
    """The open jobs whose team I am on, each with ``to_review_count``: those where most wait for me come first.

    Counted over all jobs at once: one job after the other takes several times as long.
    """
    waiting = Application.objects.waiting_for(member).filter(job__status=JobStatus.OPEN).order_by()
    counts = dict(waiting.values_list("job").annotate(number=Count("pk")))
    jobs: list[Any] = list(Job.objects.visible_to(member).filter(team__member=member).open().order_by("title", "id"))
    for job in jobs:
        job.to_review_count = counts.get(job.pk, 0)
    return sorted(jobs, key=lambda job: -job.to_review_count)


def waiting_in(job_pk: UUID, member: Membership) -> QuerySet:
    return Application.objects.waiting_for(member).filter(job=job_pk).in_review_order(member)


def waiting_list(job_pk: UUID, member: Membership) -> list[Application]:
    """The next of the queue, in its order; each knows how many wait ``in_all``. Of the person only what a row shows:
    the other columns are long."""
    records = SourceRecord.objects.filter(application=OuterRef("pk"), kind=RecordKind.APPLICATION).order_by("id")
    rows = (
        waiting_in(job_pk, member)
        .with_review_count()  # type: ignore[attr-defined]
        .annotate(hidden=hidden_from(member), via=Subquery(records.values("source__provider_label")[:1]), in_all=IN_ALL)
        .select_related("candidate")
        .only("job_id", "stage_entered_at", *(f"candidate__{name}" for name in NAMED_BY))
    )
    return [carry_over(one) for one in rows[:SHOWN]]


def answered_list(job_pk: UUID, member: Membership) -> list[Application]:
    """Those I answered last and could still look at again, the latest last, each with ``my_review``."""
    met = Application.objects.filter(job__team__member=member, job__anonymised=True)
    hidden = Exists(met.filter(candidate=OuterRef("application__candidate"))) if member.is_reviewer else Value(False)
    found = Review.objects.filter(
        member=member,
        application__job=job_pk,
        application__outcome=Outcome.ACTIVE,
        application__candidate__merged_into=None,
        application__candidate__erased_at=None,
    )
    found = found.annotate(hidden=hidden, in_all=IN_ALL).select_related("application__candidate")
    found = found.only(
        "verdict", "answer", "application__job_id", *(f"application__candidate__{one}" for one in NAMED_BY)
    )
    rows = []
    for review in found.order_by("-updated_at", "-id")[:ANSWERED]:
        row: Any = review.application
        row.my_review, row.hidden, row.in_all = review, review.hidden, review.in_all
        rows.append(carry_over(row))
    return rows[::-1]


def queue_of(current: Application, member: Membership, waiting: list[Application] | None = None) -> Queue:
    """``waiting``: the list where the caller has it already."""
    job_pk: Any = current.job_id
    waiting = waiting_list(job_pk, member) if waiting is None else waiting
    answered = answered_list(job_pk, member)
    left, done = (rows[0].in_all if rows else 0 for rows in (waiting, answered))  # type: ignore[attr-defined]
    return Queue(waiting, answered, left, left + done)


def opinions_of(current: Any, member: Membership) -> Opinions:
    """For an application that ``load_application`` loaded."""
    visible = Review.objects.visible_to(member).filter(application=current).select_related("member__user")
    found = list(visible.order_by("id")) if current.has_reviews else []
    mine = next((review for review in found if review.member_id == member.pk), None)
    others = [review for review in found if review.member_id != member.pk]
    own = 1 if mine and mine.answer == Answer.VERDICT else 0
    count = current.review_count - own
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
    person = with_note_count(found, member, "pk").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def applications_of(person: Candidate, member: Membership) -> list[Application]:
    """Active ones first (the word comes before all other outcomes), then the newest."""
    found = Application.objects.visible_to(member).filter(candidate=person)
    found = found.with_my_review(member).with_review_count().with_shortlisted()
    return list(found.select_related("job", "stage", "rejection_reason").order_by("outcome", "-id"))
