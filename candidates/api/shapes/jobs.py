"""Jobs with their pipelines, criteria and teams."""

from __future__ import annotations

from rest_framework import serializers

from candidates.api.shapes.common import SourceLinkSerializer, StageSerializer
from candidates.api.shapes.people import LocationField
from candidates.enums import JobStatus, StageCategory
from recruitment.api.fields import Reference, Text
from recruitment.models import Membership


class CriterionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    position = serializers.IntegerField()


class JobMemberSerializer(serializers.Serializer):
    member = serializers.UUIDField(source="member_id")
    name = serializers.CharField(source="member.user.get_full_name")
    role = serializers.CharField()


class JobSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    status = serializers.ChoiceField(choices=JobStatus.choices)
    code = serializers.CharField()
    department = serializers.CharField()
    location = LocationField()
    employment_type = serializers.CharField()
    workplace = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    confidential = serializers.BooleanField()
    stages = StageSerializer(many=True, source="stages.all")
    criteria = CriterionSerializer(many=True, source="criteria.all")
    team = JobMemberSerializer(many=True, source="team.all")
    blind = serializers.BooleanField()
    anonymised = serializers.BooleanField()
    sources = SourceLinkSerializer(many=True, source="records.all")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class JobDetailSerializer(JobSerializer):
    """The counts are here only: for a page of large jobs they would cost more than the page."""

    active_count = serializers.IntegerField(help_text="Active applications.")
    total_count = serializers.IntegerField(help_text="All applications.")


class JobFilterSerializer(serializers.Serializer):
    status = serializers.ChoiceField(choices=JobStatus.choices, required=False)
    search = serializers.CharField(required=False, allow_blank=True, max_length=300)


class StageInputSerializer(serializers.Serializer):
    id = serializers.UUIDField(required=False, allow_null=True)
    name = Text(max_length=300)
    category = serializers.ChoiceField(choices=StageCategory.choices, required=False)


class CriterionInputSerializer(serializers.Serializer):
    id = serializers.UUIDField(required=False, allow_null=True)
    name = Text(max_length=200)
    description = Text(max_length=500, allow_blank=True, required=False)


class JobMemberInputSerializer(serializers.Serializer):
    member = Reference(lambda member: Membership.objects.filter(workspace=member.workspace_id, is_active=True))
    role = Text(max_length=100, allow_blank=True, required=False)


class JobInputSerializer(serializers.Serializer):
    """Lists replace what is there; items with an ``id`` stay, those without are made."""

    title = Text(max_length=300, required=False)
    status = serializers.ChoiceField(choices=JobStatus.choices, required=False)
    code = Text(max_length=100, allow_blank=True, required=False)
    department = Text(max_length=300, allow_blank=True, required=False)
    confidential = serializers.BooleanField(required=False)
    blind = serializers.BooleanField(required=False)
    anonymised = serializers.BooleanField(required=False)
    stages = StageInputSerializer(many=True, required=False, max_length=100)
    criteria = CriterionInputSerializer(many=True, required=False, max_length=50)
    team = JobMemberInputSerializer(many=True, required=False, max_length=500)
