"""Pushes and field conflicts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api.shapes.people import ObjectField, sources_named
from candidates.enums import ConflictState, PushKind, PushState
from candidates.models import Application, Candidate, FieldConflict, OutboxEntry
from recruitment.api.fields import Reference
from recruitment.api.serializers import MemberReferenceSerializer


class PushErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


@extend_schema_field({})
class AnyField(serializers.JSONField):
    """Whatever JSON it is."""


class PushSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=PushKind.choices)
    state = serializers.ChoiceField(choices=PushState.choices)
    source = serializers.UUIDField(source="source_id")
    source_name = serializers.CharField(source="source.name")
    application = serializers.UUIDField(source="application_id", allow_null=True)
    candidate = serializers.UUIDField(source="candidate_id")
    payload = ObjectField()
    attempts = serializers.IntegerField()
    last_error = serializers.SerializerMethodField()
    upstream_now = AnyField(allow_null=True, help_text="For a conflict: what the source says.")
    requested_by = MemberReferenceSerializer()
    requested_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    settled_by = MemberReferenceSerializer(allow_null=True)

    @extend_schema_field(PushErrorSerializer(allow_null=True))
    def get_last_error(self, entry: OutboxEntry) -> dict[str, str] | None:
        if not entry.last_error_code:
            return None
        return {"code": entry.last_error_code, "message": entry.last_error_message}


class PushAttemptSerializer(serializers.Serializer):
    """One request and its answer, without headers and secrets."""

    number = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    method = serializers.CharField()
    path = serializers.CharField()
    request = AnyField(allow_null=True)
    status = serializers.IntegerField(allow_null=True)
    response = AnyField(allow_null=True)
    error_code = serializers.CharField()
    error_message = serializers.CharField()


class PushDetailSerializer(PushSerializer):
    tries = PushAttemptSerializer(many=True, source="tries.all")


class PushFilterSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=PushState.choices, required=False)
    kind = serializers.ChoiceField(choices=PushKind.choices, required=False)
    source = serializers.CharField(required=False, help_text="A source's id or a provider's slug.")
    application = Reference(Application.objects.visible_to, required=False)
    candidate = Reference(Candidate.objects.visible_to, required=False)

    def validate_source(self, value: str) -> list[Any]:
        return sources_named(value, self.context["member"])


class KeepSerializer(serializers.Serializer):
    keep = serializers.ChoiceField(choices=["ours", "theirs"])


class SettleSerializer(serializers.Serializer):
    arrived = serializers.BooleanField()


def ours_of(conflict: FieldConflict) -> dict[str, Any]:
    facts = conflict.target.provenance.get(conflict.field)
    return facts if isinstance(facts, dict) and not facts.get("source") else {}


class ConflictSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    candidate = serializers.UUIDField(source="candidate_id")
    application = serializers.UUIDField(source="application_id", allow_null=True)
    field = serializers.SerializerMethodField()
    base = AnyField(allow_null=True)
    ours = AnyField(allow_null=True)
    theirs = AnyField(allow_null=True)
    ours_by = serializers.SerializerMethodField()
    ours_since = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()
    source_name = serializers.CharField(source="source.name")
    detected_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=ConflictState.choices)
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = MemberReferenceSerializer(allow_null=True)

    def get_source(self, conflict: FieldConflict) -> str:
        """The source's id"""
        return str(conflict.source_id)

    def get_ours_by(self, conflict: FieldConflict) -> str | None:
        """Who gave our value, where that is known"""
        return str(ours_of(conflict).get("by") or "") or None

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ours_since(self, conflict: FieldConflict) -> str | None:
        return str(ours_of(conflict).get("at") or "") or None

    def get_field(self, conflict: FieldConflict) -> str:
        return conflict.field


class ConflictFilterSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=ConflictState.choices, required=False)
    candidate = Reference(Candidate.objects.visible_to, required=False)
