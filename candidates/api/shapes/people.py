"""Candidates, going out and coming in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api.shapes.common import (
    CandidacySerializer,
    NamedSerializer,
    PushReferenceSerializer,
    SourceLinkSerializer,
)
from candidates.api.shapes.origins import OriginSerializer, shown_origins
from candidates.domain.cleaning import clean_candidate_fields
from candidates.enums import Verdict, Visibility
from candidates.models import Application, Candidate, Job, Source, Stage, Tag, TalentPool
from candidates.personal import pseudonym
from recruitment.api.fields import Reference, Text, of_workspace
from recruitment.errors import DomainError

IDENTIFYING = ("first_name", "last_name", "headline", "source_label")
IDENTIFYING_LISTS = ("emails", "phones", "links", "sources")
IDENTIFYING_OBJECTS = ("location", "compensation", "availability", "custom_fields", "provenance", "origins")


class ValueSerializer(serializers.Serializer):
    value = serializers.CharField()
    kind = serializers.CharField(allow_blank=True, required=False)


class LocationSerializer(serializers.Serializer):
    raw = serializers.CharField(required=False)
    city = serializers.CharField(required=False)
    state = serializers.CharField(required=False)
    zip_code = serializers.CharField(required=False)
    street_1 = serializers.CharField(required=False)
    street_2 = serializers.CharField(required=False)
    country = serializers.CharField(required=False)


class ExperienceSerializer(serializers.Serializer):
    title = serializers.CharField(required=False)
    company = serializers.CharField(required=False)
    company_url = serializers.CharField(required=False)
    start = serializers.CharField(required=False, allow_null=True)
    end = serializers.CharField(required=False, allow_null=True)
    current = serializers.BooleanField(required=False)
    description = serializers.CharField(required=False)
    raw = serializers.CharField(required=False)


@extend_schema_field(LocationSerializer)
class LocationField(serializers.JSONField):
    pass


@extend_schema_field(ValueSerializer(many=True))
class ValuesField(serializers.JSONField):
    pass


@extend_schema_field(ExperienceSerializer(many=True))
class ExperiencesField(serializers.JSONField):
    pass


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class TextsField(serializers.JSONField):
    pass


@extend_schema_field({"type": "object", "additionalProperties": {}})
class ObjectField(serializers.JSONField):
    pass


class CandidateFieldsSerializer(serializers.Serializer):
    """What a person here may write."""

    full_name = serializers.CharField(required=False, allow_blank=True)
    first_name = serializers.CharField(required=False, allow_blank=True)
    last_name = serializers.CharField(required=False, allow_blank=True)
    headline = serializers.CharField(required=False, allow_blank=True)
    current_company = serializers.CharField(required=False, allow_blank=True)
    current_title = serializers.CharField(required=False, allow_blank=True)
    location = LocationField(required=False)
    emails = ValuesField(required=False)
    phones = ValuesField(required=False)
    links = ValuesField(required=False)
    experiences = ExperiencesField(required=False)
    skills = TextsField(required=False)
    compensation = ObjectField(required=False)
    availability = ObjectField(required=False)
    source_label = serializers.CharField(required=False, allow_blank=True)
    confidential = serializers.BooleanField(required=False)
    custom_fields = ObjectField(required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """The domain's own gate; its refusals name the field."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)  # refuses, in DRF's words
        return clean_candidate_fields(data)


class CandidateEditSerializer(CandidateFieldsSerializer):
    base = ObjectField(
        required=False, help_text="{field: value as it was read}. If the field has moved on, 409 with both texts."
    )

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        cleaned = super().to_internal_value(data)
        base = data.get("base") or {}
        if not isinstance(base, Mapping):
            raise DomainError("This is an object of fields and their values as they were read.", field="base")
        return {"fields": cleaned, "base": dict(base)}


class CandidateSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    full_name = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    headline = serializers.CharField()
    current_company = serializers.CharField()
    current_title = serializers.CharField()
    location = LocationField()
    emails = ValuesField()
    phones = ValuesField()
    links = ValuesField()
    experiences = ExperiencesField()
    skills = TextsField()
    compensation = ObjectField()
    availability = ObjectField()
    source_label = serializers.CharField()
    confidential = serializers.BooleanField()
    custom_fields = ObjectField()
    tags = serializers.SerializerMethodField()
    pools = serializers.SerializerMethodField()
    applications = CandidacySerializer(many=True)
    sources = SourceLinkSerializer(many=True, source="records.all")
    provenance = serializers.SerializerMethodField()
    origins = serializers.SerializerMethodField()
    hidden_fields = serializers.SerializerMethodField()
    identity_hidden = serializers.BooleanField(help_text="You review this person anonymously.")
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    @extend_schema_field(NamedSerializer(many=True))
    def get_tags(self, candidate: Candidate) -> list[dict[str, Any]]:
        return [{"id": str(link.tag_id), "name": link.tag.name} for link in candidate.candidate_tags.all()]

    @extend_schema_field(NamedSerializer(many=True))
    def get_pools(self, candidate: Candidate) -> list[dict[str, Any]]:
        return [{"id": str(link.pool_id), "name": link.pool.name} for link in candidate.pool_memberships.all()]

    def get_provenance(self, candidate: Candidate) -> dict[str, str | None]:
        """{field: id of the source, or null for a person here}"""
        return {name: facts.get("source") or None for name, facts in candidate.provenance.items()}

    @extend_schema_field(serializers.DictField(child=OriginSerializer()))
    def get_origins(self, candidate: Candidate) -> dict[str, Any]:
        """{field: where it came from, since when, and when that was last confirmed}"""
        return shown_origins(candidate, candidate.records.all())

    def get_hidden_fields(self, candidate: Candidate) -> list[str]:
        """Fields that the provider masks."""
        return sorted(name for name, facts in candidate.provenance.items() if facts.get("hidden"))

    def to_representation(self, candidate: Candidate) -> dict[str, Any]:
        shown = super().to_representation(candidate)
        return anonymised(candidate, shown) if candidate.identity_hidden else shown


def anonymised(candidate: Candidate, shown: dict[str, Any]) -> dict[str, Any]:
    """Without who it is: what the person did and can stays."""
    return {
        **shown,
        **dict.fromkeys(IDENTIFYING, ""),
        **{name: [] for name in IDENTIFYING_LISTS},
        **{name: {} for name in IDENTIFYING_OBJECTS},
        "full_name": pseudonym(candidate),
    }


class CandidateReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    full_name = serializers.SerializerMethodField()

    def get_full_name(self, candidate: Candidate) -> str:
        hidden = getattr(candidate, "identity_hidden", False)
        return pseudonym(candidate) if hidden else candidate.display_name


class CandidateFilterSerializer(serializers.Serializer):
    search = serializers.CharField(required=False, allow_blank=True, max_length=500, trim_whitespace=False)
    job = Reference(Job.objects.visible_to, required=False)
    stage = Reference(lambda member: Stage.objects.filter(job__in=Job.objects.visible_to(member)), required=False)
    tag = Reference(of_workspace(Tag), required=False)
    pool = Reference(of_workspace(TalentPool), required=False)
    source = serializers.CharField(required=False, help_text="A source's id or a provider's slug.")
    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False, help_text="Only ones visible to you.")
    shortlisted = serializers.BooleanField(required=False)
    updated_after = serializers.DateTimeField(required=False)
    confidential = serializers.BooleanField(required=False)

    def validate_source(self, value: str) -> list[Any]:
        return sources_named(value, self.context["member"])


def sources_named(value: str, member: Any) -> list[Any]:
    """Ids of the source with this id, or of all of a provider."""
    mine = Source.objects.filter(workspace=member.workspace_id).values_list("pk", "provider")
    found = [pk for pk, provider in mine if value in (str(pk), provider)]
    if not found:
        raise serializers.ValidationError("There is no such source or provider here.", code="does_not_exist")
    return found


class NewApplicationSerializer(serializers.Serializer):
    candidate = Reference(Candidate.objects.visible_to)
    job = Reference(Job.objects.visible_to)
    stage = Reference(of_workspace(Stage), required=False, allow_null=True)


class EditedCandidateSerializer(CandidateSerializer):
    pushes = PushReferenceSerializer(many=True)


class NoteInputSerializer(serializers.Serializer):
    text = Text(max_length=10_000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, default=Visibility.TEAM)
    application = Reference(Application.objects.visible_to, required=False, allow_null=True)
    push = serializers.BooleanField(default=False)
