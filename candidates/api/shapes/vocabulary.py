"""Tags, talent pools and rejection reasons."""

from __future__ import annotations

from rest_framework import serializers

from candidates.api.shapes.common import NamedSerializer, PushReferenceSerializer
from candidates.api.shapes.people import CandidateReferenceSerializer
from candidates.models import Candidate, Source, Tag
from recruitment.api.fields import Reference, Text, of_workspace
from recruitment.api.serializers import MemberReferenceSerializer


class TagInputSerializer(serializers.Serializer):
    name = Text(max_length=500)


class TagMergeSerializer(serializers.Serializer):
    into = Reference(of_workspace(Tag))


class TaggedSerializer(NamedSerializer):
    pushes = PushReferenceSerializer(many=True)


class PoolSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    member_count = serializers.IntegerField()


class PoolInputSerializer(serializers.Serializer):
    name = Text(max_length=200)
    description = Text(max_length=500, allow_blank=True, required=False)


class PoolMemberInputSerializer(serializers.Serializer):
    candidate = Reference(Candidate.objects.visible_to)


class PoolMemberSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    candidate = CandidateReferenceSerializer()
    added_by = MemberReferenceSerializer(allow_null=True)
    created_at = serializers.DateTimeField()


class ReasonTieSerializer(serializers.Serializer):
    source = serializers.UUIDField(source="source_id")
    external_id = serializers.CharField()


class ReasonSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    position = serializers.IntegerField()
    is_active = serializers.BooleanField()
    upstream = ReasonTieSerializer(many=True, source="records.all")


class ReasonTieInputSerializer(serializers.Serializer):
    source = Reference(of_workspace(Source))
    external_id = Text(max_length=200)


class ReasonInputSerializer(serializers.Serializer):
    name = Text(max_length=300)
    position = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    is_active = serializers.BooleanField(required=False)
    upstream = ReasonTieInputSerializer(many=True, required=False, max_length=100)
