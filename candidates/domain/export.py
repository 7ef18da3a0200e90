"""Everything that is held about one person, for the person (design section 6)."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from candidates.domain import activity
from candidates.models import (
    Activity,
    Application,
    Attachment,
    Candidate,
    CandidateTag,
    Note,
    PoolMember,
    Review,
    ReviewScore,
    SourceRecord,
)
from recruitment.models import Membership

OURS_ONLY = ("workspace", "search_text", "file_words", "merged_into", "erased_at")
ERRAND = ("due_at", "lease_token", "lease_until", "attempts")


@transaction.atomic
def export_candidate(candidate: Candidate, *, member: Membership) -> dict[str, Any]:
    """Plain values, as far as the member may see them: blindness holds here too. That it was exported is on record."""
    applications = Application.objects.visible_to(member).filter(candidate=candidate).order_by("pk")
    reviews = Review.objects.visible_to(member).filter(application__in=applications).order_by("pk")
    exported = {
        "candidate": _plain(candidate, OURS_ONLY),
        "tags": list(CandidateTag.objects.filter(candidate=candidate).values_list("tag__name", flat=True)),
        "pools": list(PoolMember.objects.filter(candidate=candidate).values_list("pool__name", flat=True)),
        "applications": [_application(row) for row in applications.select_related("job", "stage")],
        "notes": [
            {**_plain(note), "author": str(note.author or "")}
            for note in Note.objects.visible_to(member).filter(candidate=candidate).select_related("author__user")
        ],
        "reviews": [
            {**_plain(review), "member": str(review.member), "scores": _scores(review)}
            for review in reviews.select_related("member__user").prefetch_related("scores__criterion")
        ],
        "sources": [
            {**_plain(record), "source": record.source.name, "provider": record.source.provider}
            for record in SourceRecord.objects.filter(
                models.Q(candidate=candidate) | models.Q(application__in=applications), workspace=member.workspace_id
            ).select_related("source")
        ],
        "attachments": [
            _plain(row, ("file", *ERRAND)) for row in Attachment.objects.visible_to(member).filter(candidate=candidate)
        ],
        "activity": [
            {"at": row.at, "who": row.actor_label, "verb": row.verb, "data": row.data}
            for row in Activity.objects.visible_to(member).of_person(candidate).order_by("pk")
        ],
    }
    activity.record("exported", actor=member, candidate=candidate)
    return exported


def _application(application: Application) -> dict[str, Any]:
    names = {"job": str(application.job or ""), "stage": str(application.stage or "")}
    return {**_plain(application), **{f"{name}_name": text for name, text in names.items()}}


def _scores(review: Review) -> list[dict[str, Any]]:
    def shown(score: ReviewScore) -> dict[str, Any]:
        return {"criterion": score.criterion.name, "score": score.value}

    return [shown(score) for score in review.scores.all()]


def _plain(row: models.Model, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Columns by name; relations as ids."""
    left_out = {"workspace", *without}
    return {
        field.name: field.value_from_object(row) for field in row._meta.concrete_fields if field.name not in left_out
    }
