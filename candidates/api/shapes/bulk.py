"""Bulk actions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from candidates.api.shapes.applications import ApplicationFilterSerializer
from candidates.api.shapes.people import ObjectField
from candidates.domain.bulk import ACTIONS, MOST
from candidates.enums import BulkState


class BulkInputSerializer(serializers.Serializer):
    """``ids`` or ``filter`` (as of the list of applications), and how many that are."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, allow_empty=False, max_length=MOST)
    filter = ApplicationFilterSerializer(required=False)
    action = serializers.ChoiceField(choices=ACTIONS)
    params = ObjectField(required=False, default=dict)
    expected_count = serializers.IntegerField(min_value=1, max_value=MOST)

    def validate_params(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("This is an object.")
        return value

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("ids" in given) == ("filter" in given):
            raise serializers.ValidationError({"ids": "Give either ids or a filter."})
        return given


class BulkStartedSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=BulkState.choices)
    total = serializers.IntegerField()


class BulkFailureSerializer(serializers.Serializer):
    application = serializers.UUIDField()
    reason = serializers.CharField()


class BulkSerializer(BulkStartedSerializer):
    action = serializers.ChoiceField(choices=ACTIONS)
    done = serializers.IntegerField(help_text="Dealt with, failed ones included.")
    failed = serializers.IntegerField()
    failures = BulkFailureSerializer(many=True, help_text="The first 500.")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
