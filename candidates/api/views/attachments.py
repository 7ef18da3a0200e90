"""Files of a person, in and out through the app."""

from __future__ import annotations

from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_candidate
from candidates.api.shapes.history import AttachmentInputSerializer, AttachmentSerializer, FetchAskedSerializer
from candidates.domain.attachments import add_attachment, attachment_response
from candidates.domain.fetching import ask_for_attachment, ask_for_files
from candidates.models import Attachment
from recruitment.access import require_decider
from recruitment.api.views import MemberView
from recruitment.errors import DomainError
from recruitment.uploads import largest_body


class TooLarge(DomainError):
    status = 413


class BoundedMultiPartParser(MultiPartParser):
    """Refuses by the announced length, before anything is read."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        announced = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > largest_body():
            megabytes = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
            raise TooLarge(f"A file has at most {megabytes} MB.", field="file", code="file_too_large")
        return super().parse(stream, media_type, parser_context)


class AttachmentsView(MemberView):
    parser_classes = [BoundedMultiPartParser]

    @extend_schema(responses=AttachmentSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        return self.page(Attachment.objects.visible_to(self.member).filter(candidate=candidate), AttachmentSerializer)

    @extend_schema(request=AttachmentInputSerializer, responses={201: AttachmentSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        given = self.body(AttachmentInputSerializer)
        made = add_attachment(candidate, given["file"], member=self.member, kind=given["kind"])
        return self.shown(made, AttachmentSerializer, 201)


class AttachmentView(MemberView):
    @extend_schema(
        parameters=[OpenApiParameter("inline", OpenApiTypes.BOOL, description="Show PDF and pictures.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        found = get_object_or_404(Attachment.objects.visible_to(self.member), pk=pk)
        return attachment_response(found, inline=request.query_params.get("inline") in ("1", "true"))


class FetchAllView(MemberView):
    @extend_schema(request=None, responses={202: FetchAskedSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Asks the sources which files they have of the person, and has those fetched that wait."""
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        return Response({"asked": ask_for_files(candidate)}, status=202)


class FetchView(MemberView):
    @extend_schema(request=None, responses={202: AttachmentSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Fetches a waiting file now, also where each file costs. 409 for one that doesn't wait."""
        found = get_object_or_404(Attachment.objects.visible_to(self.member), pk=pk)
        require_decider(self.member)
        return self.shown(ask_for_attachment(found), AttachmentSerializer, 202)
