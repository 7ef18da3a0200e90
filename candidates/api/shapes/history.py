"""Notes, activity and files of a person."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request

from candidates.api.shapes.common import PushReferenceSerializer
from candidates.api.shapes.people import ObjectField
from candidates.enums import AttachmentKind, AttachmentState, TextState, Visibility
from candidates.models import Attachment
from recruitment.api.serializers import MemberReferenceSerializer


class NoteSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    candidate = serializers.UUIDField(source="candidate_id")
    application = serializers.UUIDField(source="application_id", allow_null=True)
    author = MemberReferenceSerializer(allow_null=True, help_text="Null: it came with an import.")
    text = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    created_at = serializers.DateTimeField()


class NoteWithPushesSerializer(NoteSerializer):
    pushes = PushReferenceSerializer(many=True)


class ActivitySerializer(serializers.Serializer):
    """Append-only. What ``data`` holds depends on the verb."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    actor = MemberReferenceSerializer(allow_null=True)
    actor_label = serializers.CharField()
    candidate = serializers.UUIDField(source="candidate_id", allow_null=True)
    application = serializers.UUIDField(source="application_id", allow_null=True)
    job = serializers.UUIDField(source="job_id", allow_null=True)
    data = ObjectField()


class AttachmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    candidate = serializers.UUIDField(source="candidate_id")
    application = serializers.UUIDField(source="application_id", allow_null=True)
    kind = serializers.ChoiceField(choices=AttachmentKind.choices)
    state = serializers.ChoiceField(choices=AttachmentState.choices)
    file_name = serializers.CharField()
    content_type = serializers.CharField(help_text="By content.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    failure = serializers.CharField(help_text="Why it was refused or could not be fetched, in words.")
    text_state = serializers.ChoiceField(choices=TextState.choices, help_text="Empty: there is no text to take out.")
    replaced_at = serializers.DateTimeField(allow_null=True, help_text="When the source sent a newer version.")
    url = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    def get_url(self, attachment: Attachment) -> str:
        """Where to download it, with the same rights."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(f"/api/v1/attachments/{attachment.pk}/")


class FetchAskedSerializer(serializers.Serializer):
    asked = serializers.IntegerField(help_text="Files that wait, and sources that are asked which files they have.")


class AttachmentInputSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    kind = serializers.ChoiceField(choices=AttachmentKind.choices, default=AttachmentKind.OTHER)
