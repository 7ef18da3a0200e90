"""The team as the API shows it."""

from __future__ import annotations

from rest_framework import serializers

from recruitment.models import Role


class WorkspaceSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.SlugField()


class MemberSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField(source="user.get_full_name")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)


class MeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    member = MemberSerializer(source="*")
    workspace = WorkspaceSerializer()
    role = serializers.ChoiceField(choices=Role.choices)


class MemberReferenceSerializer(serializers.Serializer):
    """A colleague named in passing."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="user.get_full_name")


class ErrorItemSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True, help_text="The field it is about.")


class ErrorSerializer(serializers.Serializer):
    """Every error. Some conflicts carry more facts beside ``errors``."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    errors = ErrorItemSerializer(many=True)
