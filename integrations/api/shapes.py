"""Connections and imports, going out and coming in."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from candidates.api.shapes.people import ObjectField
from candidates.api.shapes.pushes import AnyField
from candidates.models import Stage
from integrations.enums import Health, ProblemState, SyncMode, SyncState, Trigger
from integrations.models import Connection, SyncRun
from integrations.registry import PROVIDERS
from recruitment.api.fields import Reference, Text, of_workspace
from recruitment.api.serializers import MemberReferenceSerializer

SETTLED_AS = (ProblemState.RESOLVED.value, ProblemState.DISCARDED.value)


class ConnectionSerializer(serializers.Serializer):
    """Credentials are never in it."""

    id = serializers.UUIDField()
    source = serializers.SerializerMethodField()
    provider = serializers.CharField()
    name = serializers.CharField()
    base_url = serializers.CharField()
    options = ObjectField()
    facts = ObjectField(help_text="What the last check learned.")
    pushes = ObjectField(source="source.pushes", help_text='{kind: "" if it can be told, else why not}')
    field_owners = ObjectField(
        source="source.field_owners",
        help_text='{field or group: "source", "quorum"}: whose value wins. Others: whoever changes it.',
    )
    health = serializers.ChoiceField(choices=Health.choices)
    health_detail = serializers.CharField()
    paused = serializers.BooleanField()
    waiting_until = serializers.DateTimeField(allow_null=True)
    sync_every_minutes = serializers.IntegerField()
    next_sync_at = serializers.DateTimeField(allow_null=True)
    last_synced_at = serializers.DateTimeField(allow_null=True)
    told_at = serializers.DateTimeField(allow_null=True, help_text="When a webhook last said that something changed.")
    hooks_refused = serializers.IntegerField(help_text="Webhooks whose signature didn't hold.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_source(self, connection: Connection) -> str:
        """The source's id"""
        return str(connection.source_id)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}, "writeOnly": True})
class CredentialsField(serializers.DictField):
    """Which names there are depends on the provider; what belongs to none is refused there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=Text(max_length=2000, allow_blank=True, allow_null=True), write_only=True, **options)


class ConnectionInputSerializer(serializers.Serializer):
    provider = serializers.ChoiceField(choices=sorted(PROVIDERS))
    name = Text(max_length=200)
    base_url = Text(max_length=300, required=False, allow_blank=True)
    credentials = CredentialsField()
    options = ObjectField(required=False)

    def validate_options(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("This is an object.")
        rate = value.get("requests_per_minute")
        if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int) or not 1 <= rate <= 100_000):
            raise serializers.ValidationError("requests_per_minute is a number from 1 to 100,000.")
        return value


class ConnectionEditSerializer(serializers.Serializer):
    """Credentials that are left out stay as they are."""

    name = Text(max_length=200, required=False)
    base_url = Text(max_length=300, required=False, allow_blank=True)
    credentials = CredentialsField(required=False)
    options = ObjectField(required=False)
    field_owners = ObjectField(
        required=False,
        help_text="Replaces what was set. Groups: name contact work place pay other. Owners: source quorum both.",
    )
    paused = serializers.BooleanField(required=False)
    sync_every_minutes = serializers.IntegerField(min_value=5, max_value=10_080, required=False)

    validate_options = ConnectionInputSerializer.validate_options

    def validate_field_owners(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("This is an object of fields or groups and their owners.")
        return value


class CheckSerializer(serializers.Serializer):
    ok = serializers.BooleanField()
    code = serializers.CharField()
    detail = serializers.CharField()


class PostingSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()


class SyncInputSerializer(serializers.Serializer):
    mode = serializers.ChoiceField(choices=SyncMode.choices, default=SyncMode.INCREMENTAL)
    dry_run = serializers.BooleanField(default=False)


class SyncExampleSerializer(serializers.Serializer):
    change = serializers.CharField(help_text="new or changed")
    name = serializers.CharField()
    external_id = serializers.CharField()
    fields = ObjectField(help_text="{field: [before, after]}")


class SyncStreamSerializer(serializers.Serializer):
    name = serializers.CharField()
    pages = serializers.IntegerField()
    fetched = serializers.IntegerField()
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    set_aside = serializers.IntegerField()
    skipped = serializers.IntegerField()
    vanished = serializers.IntegerField()
    cost = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True, help_text="The provider's hint.")
    complete = serializers.BooleanField()
    examples = SyncExampleSerializer(many=True, help_text="Of what a dry run would do; empty otherwise.")


class SyncErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class SyncRunSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    connection = serializers.UUIDField(source="connection_id")
    mode = serializers.ChoiceField(choices=SyncMode.choices)
    trigger = serializers.ChoiceField(choices=Trigger.choices)
    dry_run = serializers.BooleanField()
    state = serializers.ChoiceField(choices=SyncState.choices)
    cancel_requested = serializers.BooleanField()
    requested_by = MemberReferenceSerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    resume_at = serializers.DateTimeField(allow_null=True, help_text="Waiting for a rate limit until then.")
    streams = SyncStreamSerializer(many=True, source="streams.all")
    error = serializers.SerializerMethodField()

    @extend_schema_field(SyncErrorSerializer(allow_null=True))
    def get_error(self, run: SyncRun) -> dict[str, str] | None:
        return {"code": run.error_code, "message": run.error_message} if run.error_code else None


class SyncRunFilterSerializer(serializers.Serializer):
    connection = Reference(Connection.objects.visible_to, required=False)
    state = serializers.ChoiceField(choices=SyncState.choices, required=False)


class ProblemSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    stream = serializers.CharField()
    external_id = serializers.CharField()
    reason = serializers.CharField()
    payload = AnyField(allow_null=True)
    state = serializers.ChoiceField(choices=ProblemState.choices)
    seen_at = serializers.DateTimeField()


class ProblemWithRunSerializer(ProblemSerializer):
    connection = serializers.UUIDField(source="connection_id")
    run = serializers.UUIDField(source="run_id")


class ProblemFilterSerializer(serializers.Serializer):
    connection = Reference(Connection.objects.visible_to, required=False)
    stream = serializers.CharField(required=False, max_length=40)
    state = serializers.ChoiceField(choices=ProblemState.choices, required=False)


class SettleProblemSerializer(serializers.Serializer):
    act = serializers.ChoiceField(
        choices=["again", *SETTLED_AS], help_text="again: the next import reads the row once more."
    )


class RateSerializer(serializers.Serializer):
    limit = serializers.IntegerField(allow_null=True)
    remaining = serializers.IntegerField(allow_null=True)
    resets_at = serializers.CharField(allow_null=True)


class CreditsSerializer(serializers.Serializer):
    left = serializers.IntegerField(allow_null=True, help_text="At the provider, as it last said.")
    as_of = serializers.CharField(allow_null=True)
    used = serializers.IntegerField(help_text="By the latest import.")
    used_lately = serializers.IntegerField(help_text="By all imports of 30 days.")
    budget = serializers.IntegerField(allow_null=True, help_text="What one import may spend; null: any number.")
    forecast = serializers.IntegerField(allow_null=True, help_text="What a whole import costs, once that is known.")


class BudgetSerializer(serializers.Serializer):
    requests_per_minute = RateSerializer()
    credits = CreditsSerializer(allow_null=True, help_text="Null where the provider has no credits.")
    waiting_until = serializers.DateTimeField(allow_null=True, help_text="No call before that.")


class StageTieSerializer(serializers.Serializer):
    stage = serializers.UUIDField(allow_null=True)
    stage_name = serializers.CharField()
    job = serializers.UUIDField(allow_null=True)
    upstream_id = serializers.CharField()
    upstream_name = serializers.CharField()


class StageMapSerializer(serializers.Serializer):
    stages = StageTieSerializer(many=True)
    reject_status = serializers.CharField(allow_null=True)
    shortlist_status = serializers.CharField(allow_null=True)


class StageTieInputSerializer(serializers.Serializer):
    stage = Reference(of_workspace(Stage), allow_null=True)
    upstream_id = Text(max_length=200, required=False)
    upstream_status = Text(
        max_length=300, required=False, trim_whitespace=False, help_text="Where statuses are free text. Byte for byte."
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("upstream_id" in given) == ("upstream_status" in given):
            raise serializers.ValidationError("Give the upstream id, or the upstream status.")
        return given


class StageMapInputSerializer(serializers.Serializer):
    """Ties that aren't named stay."""

    stages = StageTieInputSerializer(many=True, required=False, max_length=5000)
    reject_status = Text(max_length=300, allow_null=True, required=False, trim_whitespace=False)
    shortlist_status = Text(max_length=300, allow_null=True, required=False, trim_whitespace=False)
