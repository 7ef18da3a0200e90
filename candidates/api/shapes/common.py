"""Small shapes that appear inside others."""

from __future__ import annotations

from rest_framework import serializers

from candidates.enums import Outcome, PushState, RecordState, StageCategory


class NamedSerializer(serializers.Serializer):
    """Something mentioned by its name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class JobReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()


class StageSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    category = serializers.ChoiceField(choices=StageCategory.choices)
    position = serializers.IntegerField()
    is_active = serializers.BooleanField(help_text="Inactive stages are never a target.")


class SourceLinkSerializer(serializers.Serializer):
    """One upstream row of a thing here."""

    id = serializers.UUIDField(help_text="For candidates/{id}/split/.")
    source = serializers.UUIDField(source="source_id")
    source_name = serializers.CharField(source="source.name")
    provider = serializers.CharField(source="source.provider")
    external_id = serializers.CharField()
    url = serializers.CharField()
    state = serializers.ChoiceField(choices=RecordState.choices)
    last_seen_at = serializers.DateTimeField()


class PushReferenceSerializer(serializers.Serializer):
    """What a decision made a source hear: see ``pushes/``."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=PushState.choices)
    source = serializers.UUIDField(source="source_id")
    source_name = serializers.CharField(source="source.name")
    kind = serializers.CharField()
    detail = serializers.CharField(source="last_error_message", help_text="Why it isn't offered, if it isn't.")


class PushesSerializer(serializers.Serializer):
    pushes = PushReferenceSerializer(many=True)


class CandidacySerializer(serializers.Serializer):
    """An application as its person's page shows it."""

    id = serializers.UUIDField()
    job = JobReferenceSerializer(allow_null=True)
    stage = StageSerializer(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    applied_at = serializers.DateTimeField(allow_null=True)
