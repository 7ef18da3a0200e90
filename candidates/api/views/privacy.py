"""A person's own rights: a copy of everything, and being forgotten."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_candidate
from candidates.api.shapes.people import ObjectField
from candidates.domain.erasure import erase_candidate
from candidates.domain.export import export_candidate
from recruitment.access import require_admin, require_decider
from recruitment.api.fields import Text
from recruitment.api.views import MemberView


class ExportSerializer(serializers.Serializer):
    candidate = ObjectField()
    tags = serializers.ListField(child=serializers.CharField())
    pools = serializers.ListField(child=serializers.CharField())
    applications = serializers.ListField(child=ObjectField())
    notes = serializers.ListField(child=ObjectField())
    reviews = serializers.ListField(child=ObjectField())
    sources = serializers.ListField(child=ObjectField())
    attachments = serializers.ListField(child=ObjectField())
    activity = serializers.ListField(child=ObjectField())


class EraseSerializer(serializers.Serializer):
    confirm = Text(max_length=700, help_text="The person's full name.")


class ExportView(MemberView):
    @extend_schema(responses=ExportSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Everything held about one person. Files are downloaded one by one."""
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        name = f'attachment; filename="candidate-{candidate.pk}.json"'
        return Response(export_candidate(candidate, member=self.member), headers={"Content-Disposition": name})


class EraseView(MemberView):
    @extend_schema(request=EraseSerializer, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        """For good, wherever it is held here; later imports don't bring the person back."""
        candidate = get_candidate(self.member, pk)
        require_admin(self.member)
        erase_candidate(candidate, member=self.member, **self.body(EraseSerializer))
        return Response(status=204)
