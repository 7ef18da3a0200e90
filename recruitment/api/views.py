"""What API views are made of, and the routes of the team."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from recruitment.api.idempotency import IdempotentMixin
from recruitment.api.permissions import member_of
from recruitment.api.serializers import MemberSerializer, MeSerializer
from recruitment.models import Membership


class MemberView(IdempotentMixin, GenericAPIView):
    """Base of every route: knows the member, reads bodies and filters through serializers, answers with serializers."""

    queryset: QuerySet[Any] | None = None

    @property
    def member(self) -> Membership:
        return member_of(self.request)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "member": self.member}

    def body(self, shape: type[BaseSerializer], *, partial: bool = False) -> dict[str, Any]:
        """The request's body, validated. Raises ValidationError with the fields' names."""
        return self._validated(shape, self.request.data, partial=partial)

    def filters(self, shape: type[BaseSerializer]) -> dict[str, Any]:
        """The query's known parameters, validated; unknown ones are ignored."""
        return self._validated(shape, self.request.query_params.dict())

    def shown(self, thing: Any, shape: type[BaseSerializer], status: int = 200, **extra: Any) -> Response:
        return Response({**shape(thing, context=self.get_serializer_context()).data, **extra}, status=status)

    def page(self, queryset: QuerySet[Any], shape: type[BaseSerializer], **extra: Any) -> Response:
        """One page of a list; ``extra`` stands beside ``results``."""
        rows = self.paginate_queryset(queryset)
        response = self.get_paginated_response(shape(rows, many=True, context=self.get_serializer_context()).data)
        response.data.update(extra)
        return response

    def _validated(self, shape: type[BaseSerializer], data: Any, *, partial: bool = False) -> dict[str, Any]:
        serializer = shape(data=data, partial=partial, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class MeView(MemberView):
    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who this token is."""
        return self.shown(self.member, MeSerializer)


class MembersView(MemberView):
    """Who is in the workspace, for job teams."""

    @extend_schema(responses=MemberSerializer(many=True))
    def get(self, request: Request) -> Response:
        members = Membership.objects.filter(workspace=self.member.workspace_id, is_active=True).select_related("user")
        return self.page(members, MemberSerializer)


class SchemaView(SpectacularAPIView):
    """Open: it describes the product and holds nobody's data."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class DocsView(SpectacularSwaggerSplitView):
    """The split view keeps its script apart from the page, which the content policy asks for."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    url_name = "schema"


class UnknownRouteView(APIView):
    """Programs get JSON, also for an address that isn't there."""

    schema = None
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound
