"""Applications, reviews and decisions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api.shapes.common import (
    JobReferenceSerializer,
    NamedSerializer,
    PushReferenceSerializer,
    StageSerializer,
)
from candidates.api.shapes.origins import OriginSerializer, shown_origins
from candidates.api.shapes.people import CandidateReferenceSerializer, ObjectField, sources_named
from candidates.enums import Answer, Outcome, PushState, RecordState, Verdict
from candidates.models import Application, Candidate, Job, RejectionReason, Review, Stage
from recruitment.api.fields import Reference, Text, of_workspace
from recruitment.api.serializers import MemberReferenceSerializer


class ReviewSummarySerializer(serializers.Serializer):
    reviewed = serializers.IntegerField(help_text="How many gave a verdict.")
    mine = serializers.ChoiceField(choices=Verdict.choices, allow_null=True)
    my_answer = serializers.ChoiceField(choices=Answer.choices, allow_null=True)
    hidden = serializers.BooleanField(help_text="Others' verdicts are hidden from you.")
    verdicts = serializers.DictField(child=serializers.IntegerField(), allow_null=True)


class UpstreamSerializer(serializers.Serializer):
    """Signals of the source; never opinions of the team."""

    source = serializers.UUIDField()
    source_name = serializers.CharField()
    provider = serializers.CharField()
    external_id = serializers.CharField()
    state = serializers.ChoiceField(choices=RecordState.choices)
    rating = serializers.CharField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    stage = serializers.CharField(allow_null=True)
    top_choice = serializers.BooleanField()
    as_of = serializers.DateTimeField()
    push_state = serializers.ChoiceField(choices=PushState.choices, allow_null=True)


class ApplicationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    candidate = CandidateReferenceSerializer()
    job = JobReferenceSerializer(allow_null=True)
    stage = StageSerializer(allow_null=True)
    stage_entered_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    rejection_reason = NamedSerializer(allow_null=True)
    rejection_reason_text = serializers.CharField(help_text="As the source names it, where it isn't one of ours.")
    rejected_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    shortlisted = serializers.BooleanField(source="is_shortlisted")
    review_summary = serializers.SerializerMethodField()
    upstream = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(ReviewSummarySerializer)
    def get_review_summary(self, application: Application) -> dict[str, Any]:
        return review_summary(application)

    @extend_schema_field(UpstreamSerializer(allow_null=True))
    def get_upstream(self, application: Application) -> dict[str, Any] | None:
        records = application.records.all()
        return upstream(application, records[0]) if records else None


class ApplicationDetailSerializer(ApplicationSerializer):
    scores = ObjectField()
    screening_answers = serializers.ListField(child=ObjectField())
    interviews = serializers.ListField(
        child=ObjectField(), help_text="As the source has them: title, starts_at, ends_at, place, cancelled."
    )
    offers = serializers.ListField(child=ObjectField(), help_text="As the source has them: status, starts_on.")
    events = ObjectField()
    custom_fields = ObjectField()
    upstream_note = serializers.CharField()
    top_choice_message = serializers.CharField()
    origins = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=OriginSerializer()))
    def get_origins(self, application: Application) -> dict[str, Any]:
        """{field: where it came from, since when, and when that was last confirmed}"""
        return shown_origins(application, application.records.all())


class DecidedSerializer(ApplicationSerializer):
    pushes = PushReferenceSerializer(many=True)


def review_summary(application: Application) -> dict[str, Any]:
    """Needs ``review_count``, ``my_answer``, ``my_verdict`` and the visible reviews as ``open_reviews``."""
    verdicts = [review.verdict for review in application.open_reviews if review.answer == Answer.VERDICT]
    hidden = len(verdicts) < application.review_count
    counts = Counter(verdicts)
    return {
        "reviewed": application.review_count,
        "mine": application.my_verdict or None,
        "my_answer": application.my_answer,
        "hidden": hidden,
        "verdicts": None if hidden else {verdict: counts[verdict] for verdict in Verdict.values},
    }


def upstream(application: Application, record: Any) -> dict[str, Any]:
    """Needs the stage that the record names as ``stage_said``."""
    score = application.upstream_score
    status = application.upstream_status or record.stage_said
    return {
        "source": record.source_id,
        "source_name": record.source.name,
        "provider": record.source.provider,
        "external_id": record.external_id,
        "state": record.state,
        "rating": application.upstream_rating or None,
        "score": float(score) if score is not None else None,
        "stage": status or None,
        "top_choice": application.top_choice,
        "as_of": record.last_seen_at.isoformat().replace("+00:00", "Z"),
        "push_state": application.push_state,
    }


class ApplicationFilterSerializer(serializers.Serializer):
    candidate = Reference(Candidate.objects.visible_to, required=False)
    job = Reference(Job.objects.visible_to, required=False)
    stage = Reference(lambda member: Stage.objects.filter(job__in=Job.objects.visible_to(member)), required=False)
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False)
    source = serializers.CharField(required=False, help_text="A source's id or a provider's slug.")
    shortlisted = serializers.BooleanField(required=False)
    updated_after = serializers.DateTimeField(required=False)
    waiting_for_me = serializers.BooleanField(required=False, help_text="Active ones of my jobs without my answer.")

    def validate_source(self, value: str) -> list[Any]:
        return sources_named(value, self.context["member"])


class MoveSerializer(serializers.Serializer):
    stage = Reference(lambda member: Stage.objects.filter(job__in=Job.objects.visible_to(member)))
    expected_stage = Reference(
        of_workspace(Stage), required=False, allow_null=True, help_text="Refuse (409) unless it is still there."
    )


class RejectSerializer(serializers.Serializer):
    reason = Reference(of_workspace(RejectionReason))
    note = Text(required=False, allow_blank=True, max_length=10_000, default="")


class ShortlistInputSerializer(serializers.Serializer):
    position = serializers.IntegerField(required=False, min_value=1, max_value=100_000, allow_null=True)


class ShortlistSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    application = serializers.UUIDField(source="application_id")
    job = serializers.UUIDField(source="job_id")
    position = serializers.IntegerField()


class ShortlistedSerializer(ShortlistSerializer):
    pushes = PushReferenceSerializer(many=True)


class ReviewInputSerializer(serializers.Serializer):
    """A verdict, or ``abstain``, or ``recuse``: exactly one."""

    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False)
    abstain = serializers.BooleanField(required=False, default=False)
    recuse = serializers.BooleanField(required=False, default=False)
    comment = Text(required=False, allow_blank=True, max_length=10_000, trim_whitespace=False, default="")
    scores = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=4), required=False, help_text="{criterion id: 1 to 4}"
    )
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=1_000_000_000, help_text="As read before; another now answers 409."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        answers = [name for name in ("verdict", "abstain", "recuse") if given.get(name)]
        if not answers:
            raise serializers.ValidationError({"verdict": "Give a verdict, or abstain, or recuse."}, code="required")
        if len(answers) > 1:
            raise serializers.ValidationError({answers[1]: f"Not together with {answers[0]}."})
        return {**given, "answer": answers[0]}


class ReviewSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    application = serializers.UUIDField(source="application_id")
    member = MemberReferenceSerializer()
    answer = serializers.ChoiceField(choices=Answer.choices)
    verdict = serializers.SerializerMethodField()
    abstain = serializers.SerializerMethodField()
    recuse = serializers.SerializerMethodField()
    comment = serializers.CharField()
    scores = serializers.SerializerMethodField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField(choices=Verdict.choices, allow_null=True))
    def get_verdict(self, review: Review) -> str | None:
        return review.verdict or None

    def get_abstain(self, review: Review) -> bool:
        return review.answer == Answer.ABSTAIN

    def get_recuse(self, review: Review) -> bool:
        return review.answer == Answer.RECUSE

    def get_scores(self, review: Review) -> dict[str, int]:
        """{criterion id: 1 to 4}"""
        return {str(score.criterion_id): score.value for score in review.scores.all()}
