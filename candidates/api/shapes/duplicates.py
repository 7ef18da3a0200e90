"""People who may be one, and merges."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api.shapes.people import CandidateReferenceSerializer
from candidates.domain.combining import CHOICES, FIELDS
from candidates.domain.duplicates import REASONS, in_words
from candidates.enums import DuplicateState, RecordKind
from candidates.models import Candidate, Duplicate, SourceRecord
from recruitment.api.fields import Reference
from recruitment.api.serializers import MemberReferenceSerializer


@extend_schema_field({})
class AnyValueField(serializers.JSONField):
    pass


class LikenessSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=list(REASONS))
    words = serializers.CharField()


class DuplicateSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    first = CandidateReferenceSerializer()
    second = CandidateReferenceSerializer()
    score = serializers.IntegerField(help_text="1 to 100.")
    reasons = serializers.SerializerMethodField()
    words = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=DuplicateState.choices)
    decided_by = MemberReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    @extend_schema_field(LikenessSerializer(many=True))
    def get_reasons(self, duplicate: Duplicate) -> list[dict[str, Any]]:
        return [{"kind": kind, "words": REASONS.get(kind, kind)} for kind in duplicate.reasons]

    def get_words(self, duplicate: Duplicate) -> str:
        """All reasons in one line."""
        return in_words(duplicate.reasons)


class DuplicateFilterSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=DuplicateState.choices, required=False, default=DuplicateState.OPEN)
    candidate = Reference(Candidate.objects.visible_to, required=False)
    min_score = serializers.IntegerField(required=False, min_value=0, max_value=100)


class DifferenceSerializer(serializers.Serializer):
    field = serializers.SerializerMethodField()
    ours = AnyValueField(allow_null=True, help_text="Of the person in the address.")
    theirs = AnyValueField(allow_null=True, help_text="Of the other.")
    choices = serializers.ListField(child=serializers.ChoiceField(choices=CHOICES))
    choice = serializers.ChoiceField(choices=CHOICES, help_text="What is kept unless you choose.")
    result = AnyValueField(allow_null=True)

    def get_field(self, difference: Any) -> str:
        """A field of candidates."""
        return difference.field


class MergePreviewSerializer(serializers.Serializer):
    survivor = CandidateReferenceSerializer()
    other = CandidateReferenceSerializer()
    versions = serializers.DictField(child=serializers.IntegerField(), help_text="{id: version} of both, for `seen`.")
    differences = DifferenceSerializer(many=True)


class OtherSerializer(serializers.Serializer):
    other = Reference(Candidate.objects.visible_to)


@extend_schema_field(
    {
        "type": "object",
        "properties": {name: {"type": "string", "enum": [value for value, _label in CHOICES]} for name in FIELDS},
        "additionalProperties": False,
    }
)
class ChoicesField(serializers.DictField):
    child = serializers.CharField()


class MergeInputSerializer(OtherSerializer):
    fields = ChoicesField(required=False, help_text="What is kept, by field.")
    seen = serializers.DictField(
        child=serializers.IntegerField(), required=False, help_text="{id: version}. 409 if one has moved on since."
    )

    def validate_seen(self, value: dict[str, int]) -> dict[Any, int]:
        plain = serializers.UUIDField()
        return {plain.run_validation(pk): version for pk, version in value.items()}


class MergeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    survivor = CandidateReferenceSerializer()
    other = CandidateReferenceSerializer()
    member = MemberReferenceSerializer()
    merged_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = MemberReferenceSerializer(allow_null=True)


class UndoneMergeSerializer(MergeSerializer):
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="What came after the merge and stays with the survivor, in words."
    )


class SplitSerializer(serializers.Serializer):
    record = Reference(
        lambda member: SourceRecord.objects.visible_to(member).filter(kind=RecordKind.CANDIDATE),
        help_text="The id of one of the person's sources.",
    )
