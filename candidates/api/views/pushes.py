"""The ledger of pushes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api.shapes.pushes import PushDetailSerializer, PushFilterSerializer, PushSerializer
from candidates.models import OutboxEntry
from recruitment.access import require_decider
from recruitment.api.views import MemberView
from recruitment.models import Membership


def found_pushes(member: Membership) -> QuerySet[OutboxEntry]:
    return OutboxEntry.objects.visible_to(member).select_related("source", "requested_by__user", "settled_by__user")


class PushesView(MemberView):
    @extend_schema(parameters=[PushFilterSerializer], responses=PushSerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        return self.page(found_pushes(self.member).filter(**self._narrowing()), PushSerializer)

    def _narrowing(self) -> dict[str, object]:
        filters = self.filters(PushFilterSerializer)
        return {("source__in" if name == "source" else name): value for name, value in filters.items()}


class PushView(MemberView):
    @extend_schema(responses=PushDetailSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        found = found_pushes(self.member).prefetch_related("tries")
        return self.shown(get_object_or_404(found, pk=pk), PushDetailSerializer)
