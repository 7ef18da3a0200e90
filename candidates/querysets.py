"""Every read that is used twice. Adjectives narrow, ``with_…`` adds a column; nothing here writes.

Every read of a screen, the API, an export or a task starts with ``visible_to(member)``: it holds the workspace's border
and the member's rights in one place (design, rule 4). What a colleague thinks comes only through
``ReviewQuerySet.visible_to`` and the annotations made from it (rule 5).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from candidates.enums import (
    ON_ITS_WAY,
    SETTLED,
    Answer,
    ConflictState,
    DuplicateState,
    JobStatus,
    Outcome,
    PushState,
    RecordKind,
    Visibility,
)

if TYPE_CHECKING:
    from recruitment.models import Membership


def _model(name: str) -> Any:
    return apps.get_model("candidates", name)


LONG_OF_PEOPLE = (
    *("location", "emails", "phones", "links", "experiences", "skills", "compensation", "availability"),
    *("custom_fields", "search_text", "file_words"),
)
LONG_OF_JOBS = ("description_html", "location", "upstream_team", "custom_fields")
LONG_OF_APPLICATIONS = (
    *("scores", "upstream_note", "top_choice_message", "screening_answers", "interviews", "offers"),
    *("events", "custom_fields", "provenance"),
)


class CandidateQuerySet(models.QuerySet):
    def present(self) -> CandidateQuerySet:
        """Neither merged into somebody else nor erased."""
        return self.filter(merged_into=None, erased_at=None)

    def visible_to(self, member: Membership) -> CandidateQuerySet:
        """Recruiters and admins: the workspace. Reviewers: people with an application for one of their jobs."""
        found = self.present().filter(workspace=member.workspace_id).defer("file_words")
        if member.is_reviewer:
            mine = _model("Application").objects.filter(job__team__member=member, candidate=OuterRef("pk"))
            found = found.filter(Exists(mine))
        return found

    def with_identity_hidden(self, member: Membership) -> CandidateQuerySet:
        """``identity_hidden``: a reviewer meets this person in an anonymised job, so who it is stays out of reach."""
        if not member.is_reviewer:
            return self.annotate(identity_hidden=models.Value(False))
        met = _model("Application").objects.filter(job__team__member=member, job__anonymised=True)
        return self.annotate(identity_hidden=Exists(met.filter(candidate=OuterRef("pk"))))

    def in_brief(self) -> CandidateQuerySet:
        """For lists of many: the columns that no line shows stay in the database. They cost more than all others."""
        return self.defer(*LONG_OF_PEOPLE)

    def search(self, text: str, member: Membership) -> CandidateQuerySet:
        """All words, each as part of a name, e-mail, company, title or headline, or of a word in the person's files;
        accents and case don't matter.

        Not in files for reviewers, who may not see all of them. That ``file_words`` isn't empty is said for the index.
        """
        from candidates.domain.search import fold

        found = self
        for word in fold(text)[:200].split()[:8]:
            matches = Q(search_text__contains=word)
            if member.decides:
                matches |= ~Q(file_words="") & Q(file_words__contains=word)
            found = found.filter(matches)
        return found


class DuplicateQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> DuplicateQuerySet:
        """Pairs of people who are both there. They are for those who decide."""
        if member.is_reviewer:
            return self.none()
        present = {f"{one}__{name}": None for one in ("first", "second") for name in ("merged_into", "erased_at")}
        return self.filter(workspace=member.workspace_id, **present)

    def about(self, candidate: Any) -> DuplicateQuerySet:
        return self.filter(Q(first=candidate) | Q(second=candidate))

    def open(self) -> DuplicateQuerySet:
        return self.filter(state=DuplicateState.OPEN)


class JobQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> JobQuerySet:
        found = self.filter(workspace=member.workspace_id)
        return found.filter(Exists(_team(member, OuterRef("pk")))) if member.is_reviewer else found

    def open(self) -> JobQuerySet:
        return self.filter(status=JobStatus.OPEN)

    def with_counts(self) -> JobQuerySet:
        """``active_count`` and ``total_count`` of applications; subqueries, so that they don't multiply each other."""
        applications = _model("Application").objects.present().filter(job=OuterRef("pk")).order_by()
        return self.annotate(
            active_count=_count(applications.filter(outcome=Outcome.ACTIVE), "job"),
            total_count=_count(applications, "job"),
        )


def _count(queryset: models.QuerySet, by: str) -> Any:
    counted = queryset.values(by).annotate(number=Count("pk")).values("number")
    return models.functions.Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


def _team(member: Membership, job: Any) -> models.QuerySet:
    return _model("JobMember").objects.filter(job=job, member=member)


class StageQuerySet(models.QuerySet):
    def targets(self) -> StageQuerySet:
        """Stages that somebody may be moved to."""
        return self.filter(is_active=True).order_by("position", "id")


class ApplicationQuerySet(models.QuerySet):
    def present(self) -> ApplicationQuerySet:
        return self.filter(candidate__merged_into=None, candidate__erased_at=None)

    def visible_to(self, member: Membership) -> ApplicationQuerySet:
        found = self.present().filter(workspace=member.workspace_id)
        return found.filter(Exists(_team(member, OuterRef("job")))) if member.is_reviewer else found

    def with_place(self) -> ApplicationQuerySet:
        """For lists of many: with job and stage as far as a line names them, and without the long columns."""
        return self.select_related("job", "stage").defer(
            *LONG_OF_APPLICATIONS, *(f"job__{name}" for name in LONG_OF_JOBS)
        )

    def active(self) -> ApplicationQuerySet:
        return self.filter(outcome=Outcome.ACTIVE)

    def waiting_for(self, member: Membership) -> ApplicationQuerySet:
        """Active applications of the member's jobs that the member has not answered yet."""
        answered = _model("Review").objects.filter(application=OuterRef("pk"), member=member)
        return (
            self.present()
            .active()
            .filter(Exists(_team(member, OuterRef("job"))), ~Exists(answered), workspace=member.workspace_id)
        )

    def in_review_order(self, member: Membership) -> ApplicationQuerySet:
        """Who waits longest first; skipped ones after all others, the earliest skipped first."""
        skipped = _model("ReviewSkip").objects.filter(application=OuterRef("pk"), member=member)
        return self.annotate(skipped_at=Subquery(skipped.values("skipped_at")[:1])).order_by(
            F("skipped_at").asc(nulls_first=True), "stage_entered_at", "id"
        )

    def with_my_review(self, member: Membership) -> ApplicationQuerySet:
        """``my_answer`` and ``my_verdict``, null where the member has not answered."""
        mine = _model("Review").objects.filter(application=OuterRef("pk"), member=member)
        return self.annotate(
            my_answer=Subquery(mine.values("answer")[:1]), my_verdict=Subquery(mine.values("verdict")[:1])
        )

    def with_review_count(self) -> ApplicationQuerySet:
        """``review_count``: how many gave a verdict. A bare count is what blindness allows ("3 have reviewed")."""
        given = _model("Review").objects.filter(application=OuterRef("pk"), answer=Answer.VERDICT).order_by()
        return self.annotate(review_count=_count(given, "application"))

    def with_push_state(self) -> ApplicationQuerySet:
        """``push_state``: the state of the latest push about this application, null without one."""
        latest = _model("OutboxEntry").objects.filter(application=OuterRef("pk")).order_by("-id")
        return self.annotate(push_state=Subquery(latest.values("state")[:1]))

    def with_shortlisted(self) -> ApplicationQuerySet:
        return self.annotate(is_shortlisted=Exists(_model("ShortlistEntry").objects.filter(application=OuterRef("pk"))))


class ReviewQuerySet(models.QuerySet):
    def opinions(self) -> ReviewQuerySet:
        """Verdicts; abstentions and recusals aren't."""
        return self.filter(answer=Answer.VERDICT)

    def visible_to(self, member: Membership) -> ReviewQuerySet:
        """My own; others' where the job isn't blind, where I gave my verdict, or where I lifted blindness on record.

        Abstaining doesn't open the others: one could look and then change one's mind. Recusing closes them for good.
        """
        same = {"application": OuterRef("application"), "member": member}
        reviews = _model("Review").objects.filter(**same)
        opened = Exists(reviews.filter(answer=Answer.VERDICT)) | Exists(_model("ReviewReveal").objects.filter(**same))
        not_blind = Q(application__job__blind=False) | Q(application__job=None)
        readable = _model("Application").objects.visible_to(member).filter(pk=OuterRef("application"))
        return self.filter(Exists(readable)).filter(
            Q(member=member) | (~Exists(reviews.filter(answer=Answer.RECUSE)) & (not_blind | opened))
        )


class NoteQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> NoteQuerySet:
        """The team's and my own. Reviewers: of people they may see, and not about applications for other jobs."""
        found = self.filter(workspace=member.workspace_id).filter(Q(visibility=Visibility.TEAM) | Q(author=member))
        if member.is_reviewer:
            people = _model("Candidate").objects.visible_to(member).filter(pk=OuterRef("candidate"))
            found = found.filter(Exists(people)).filter(
                Q(application=None) | Exists(_team(member, OuterRef("application__job")))
            )
        return found


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> AttachmentQuerySet:
        """Reviewers: files of people they may see, unless those are anonymous to them, and of their own jobs."""
        people = _model("Candidate").objects.visible_to(member).with_identity_hidden(member)
        found = self.filter(workspace=member.workspace_id)
        found = found.filter(Exists(people.filter(pk=OuterRef("candidate"), identity_hidden=False)))
        if member.is_reviewer:
            found = found.filter(Q(application=None) | Exists(_team(member, OuterRef("application__job"))))
        return found


BEGINNINGS = ("imported", "linked")  # what a first import says of everybody


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> ActivityQuerySet:
        """Entries about what the member may see; what reveals a review only where reviews are visible to them."""
        found = self.filter(workspace=member.workspace_id).filter(Q(private_to=None) | Q(private_to=member))
        if member.is_reviewer:
            people = _model("Candidate").objects.visible_to(member)
            theirs = Q(pk=OuterRef("candidate")) | Q(pk=OuterRef("candidate__merged_into"))
            found = found.filter(Exists(people.filter(theirs))).filter(
                Q(application=None) | Exists(_team(member, OuterRef("application__job")))
            )
        open_reviews = _model("Review").objects.visible_to(member).filter(application=OuterRef("application"))
        others = open_reviews.exclude(member=member)
        return found.filter(Q(reveals_review=False) | Q(actor=member) | Exists(others))

    def of_person(self, candidate: Any) -> ActivityQuerySet:
        """With the history of those who were merged into this person: entries are never rewritten."""
        merged = _model("Candidate").objects.filter(Q(pk=candidate.pk) | Q(merged_into=candidate.pk))
        return self.filter(candidate__in=merged.values("pk"))

    def but_imports(self) -> ActivityQuerySet:
        """Without the entries that each imported person begins with. There is an index of all others."""
        return self.exclude(verb__in=BEGINNINGS)


class SourceRecordQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> SourceRecordQuerySet:
        found = self.filter(workspace=member.workspace_id)
        if member.is_reviewer:
            people = _model("Candidate").objects.visible_to(member).filter(pk=OuterRef("candidate"))
            found = found.filter(kind=RecordKind.CANDIDATE).filter(Exists(people))
        return found

    def of_people(self) -> SourceRecordQuerySet:
        """Without what was imported, which is as long as the person."""
        found = self.filter(kind=RecordKind.CANDIDATE).select_related("source").defer("imported", "source__pushes")
        return found.order_by("source__name", "id")


class SourceQuerySet(models.QuerySet):
    def of(self, member: Membership) -> SourceQuerySet:
        """The systems of the member's workspace, by name."""
        return self.filter(workspace=member.workspace_id).order_by("name", "id")


class ConflictQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> ConflictQuerySet:
        """For those who decide, about people they may see."""
        if member.is_reviewer:
            return self.none()
        people = _model("Candidate").objects.visible_to(member)
        return self.filter(workspace=member.workspace_id, candidate__in=people)

    def open_to(self, member: Membership) -> ConflictQuerySet:
        return self.visible_to(member).filter(state=ConflictState.OPEN)


class OutboxQuerySet(models.QuerySet):
    def visible_to(self, member: Membership) -> OutboxQuerySet:
        """The ledger is for those who decide."""
        return self.none() if member.is_reviewer else self.filter(workspace=member.workspace_id)

    def settled(self) -> OutboxQuerySet:
        return self.filter(state__in=SETTLED)

    def on_its_way(self) -> OutboxQuerySet:
        return self.filter(state__in=ON_ITS_WAY)

    def needs_a_person(self) -> OutboxQuerySet:
        return self.filter(state__in=[PushState.CONFLICT, PushState.UNKNOWN, PushState.REFUSED])

    def due(self, now: datetime | None = None) -> OutboxQuerySet:
        """Ready to be sent: its time has come, no worker is at it, nothing older of the same order is unsettled with
        the same source."""
        now = now or timezone.now()
        same = {"order_key": OuterRef("order_key"), "source": OuterRef("source")}
        older = _model("OutboxEntry").objects.filter(**same, pk__lt=OuterRef("pk"), settled_at=None)
        return (
            self.filter(due_at__lte=now, settled_at=None)
            .filter(Q(lease_until=None) | Q(lease_until__lt=now))
            .exclude(Exists(older))
        )
