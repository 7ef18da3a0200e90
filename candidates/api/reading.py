"""What the API's lists load along, in a constant number of queries, and how they are narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from candidates.api.shapes.common import PushReferenceSerializer
from candidates.enums import RecordKind
from candidates.models import (
    Application,
    Candidate,
    CandidateTag,
    Criterion,
    Decision,
    Job,
    JobMember,
    PoolMember,
    Review,
    ReviewScore,
    SourceRecord,
)
from recruitment.models import Membership

Filters = Mapping[str, Any]


def people(member: Membership) -> QuerySet[Candidate]:
    """With all that ``CandidateSerializer`` shows."""
    return (
        Candidate.objects.visible_to(member)
        .with_identity_hidden(member)
        .prefetch_related(
            Prefetch("candidate_tags", CandidateTag.objects.select_related("tag").order_by("tag__key")),
            Prefetch("pool_memberships", PoolMember.objects.select_related("pool").order_by("pool__name", "id")),
            Prefetch(
                "applications",
                Application.objects.visible_to(member).with_place().order_by("-id"),
            ),
            Prefetch("records", SourceRecord.objects.of_people()),
        )
    )


def narrowed_people(found: QuerySet[Candidate], filters: Filters, member: Membership) -> QuerySet[Candidate]:
    """``job``, ``stage``, ``shortlisted`` and ``verdict`` are about one and the same application."""
    if filters.get("search"):
        found = found.search(filters["search"], member)  # type: ignore[attr-defined]
        found = found.filter(Q(identity_hidden=False)) if member.is_reviewer else found
    if "tag" in filters:
        found = found.filter(Exists(CandidateTag.objects.filter(candidate=OuterRef("pk"), tag=filters["tag"])))
    if "pool" in filters:
        found = found.filter(Exists(PoolMember.objects.filter(candidate=OuterRef("pk"), pool=filters["pool"])))
    if "source" in filters:
        found = found.filter(_seen_in(filters["source"], RecordKind.CANDIDATE, candidate=OuterRef("pk")))
    if "updated_after" in filters:
        found = found.filter(updated_at__gt=filters["updated_after"])
    if "confidential" in filters:
        found = found.filter(confidential=filters["confidential"])
    return _with_application(found, filters, member)


def _with_application(found: QuerySet[Candidate], filters: Filters, member: Membership) -> QuerySet[Candidate]:
    mine = Application.objects.visible_to(member).filter(candidate=OuterRef("pk"))
    wanted = mine
    if "job" in filters:
        wanted = wanted.filter(job=filters["job"])
    if "stage" in filters:
        wanted = wanted.filter(stage=filters["stage"])
    if "verdict" in filters:
        reviews = Review.objects.visible_to(member).filter(application=OuterRef("pk"), verdict=filters["verdict"])
        wanted = wanted.filter(Exists(reviews))
    if {"job", "stage", "verdict"} & filters.keys():
        found = found.filter(Exists(wanted))
    if "shortlisted" in filters:
        listed = Exists(wanted.filter(shortlist_entry__isnull=False))
        found = found.filter(listed if filters["shortlisted"] else ~listed)
    return found


def _seen_in(sources: list[Any], kind: str, **thing: Any) -> Exists:
    return Exists(SourceRecord.objects.filter(source__in=sources, kind=kind, **thing))


def applications(member: Membership) -> QuerySet[Application]:
    """With all that ``ApplicationSerializer`` shows; others' reviews only where this member may see them."""
    return (
        Application.objects.visible_to(member)
        .with_my_review(member)
        .with_review_count()
        .with_push_state()
        .with_shortlisted()
        .select_related("job", "stage", "rejection_reason")
        .prefetch_related(
            Prefetch("candidate", Candidate.objects.with_identity_hidden(member).in_brief()),
            Prefetch("reviews", Review.objects.visible_to(member), to_attr="open_reviews"),
            Prefetch(
                "records",
                SourceRecord.objects.filter(kind=RecordKind.APPLICATION)
                .select_related("source")
                .annotate(stage_said=KeyTextTransform("stage_name", "imported"))
                .defer("imported", "source__pushes")
                .order_by("-last_seen_at", "-id"),
            ),
        )
    )


def narrowed_applications(found: QuerySet[Application], filters: Filters, member: Membership) -> QuerySet[Application]:
    for name in ("candidate", "job", "stage", "outcome"):
        if name in filters:
            found = found.filter(**{name: filters[name]})
    if "source" in filters:
        found = found.filter(_seen_in(filters["source"], RecordKind.APPLICATION, application=OuterRef("pk")))
    if "shortlisted" in filters:
        found = found.filter(shortlist_entry__isnull=not filters["shortlisted"])
    if "updated_after" in filters:
        found = found.filter(updated_at__gt=filters["updated_after"])
    if filters.get("waiting_for_me"):
        found = found.filter(pk__in=Application.objects.waiting_for(member).values("pk"))
    return found


def reviews_of(application: Application, member: Membership) -> QuerySet[Review]:
    visible = Review.objects.visible_to(member).filter(application=application)
    return visible.select_related("member__user").prefetch_related(Prefetch("scores", ReviewScore.objects.all()))


def jobs(member: Membership) -> QuerySet[Job]:
    """With all that ``JobSerializer`` shows."""
    return Job.objects.visible_to(member).prefetch_related(
        "stages",
        Prefetch("criteria", Criterion.objects.filter(is_active=True)),
        Prefetch("team", JobMember.objects.select_related("member__user").order_by("id")),
        Prefetch("records", SourceRecord.objects.filter(kind=RecordKind.JOB).select_related("source")),
    )


def pushes_of(*decisions: Decision | None) -> list[dict[str, Any]]:
    """What the decisions made sources hear, for the answer."""
    return [
        PushReferenceSerializer(entry).data
        for decision in decisions
        if decision is not None
        for entry in decision.entries.select_related("source").order_by("pk")
    ]
