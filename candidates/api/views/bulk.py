"""One action on many applications."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.api import reading
from candidates.api.shapes.bulk import BulkInputSerializer, BulkSerializer, BulkStartedSerializer
from candidates.domain.bulk import cancel_bulk, start_bulk
from candidates.models import Application, BulkAction
from recruitment.access import require_decider
from recruitment.api.views import MemberView


class BulkView(MemberView):
    @extend_schema(request=BulkInputSerializer, responses={202: BulkStartedSerializer})
    def post(self, request: Request) -> Response:
        """Accepted at once, worked off in the background. 409 ``count_differs`` unless there are exactly
        ``expected_count``."""
        require_decider(self.member)
        given = self.body(BulkInputSerializer)
        targets: QuerySet[Application] = Application.objects.visible_to(self.member)
        if "ids" in given:
            targets = targets.filter(pk__in=given["ids"])
        else:
            targets = reading.narrowed_applications(targets, given["filter"], self.member)
        bulk = start_bulk(
            targets,
            member=self.member,
            action=given["action"],
            params=given["params"],
            expected_count=given["expected_count"],
        )
        return self.shown(bulk, BulkStartedSerializer, 202)


class BulkProgressView(MemberView):
    @extend_schema(responses=BulkSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_object_or_404(self._mine(), pk=pk), BulkSerializer)

    @extend_schema(responses=BulkSerializer)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Stop it; what is done stays."""
        cancel_bulk(get_object_or_404(self._mine(), pk=pk))
        return self.shown(self._mine().get(pk=pk), BulkSerializer)

    def _mine(self) -> QuerySet[BulkAction]:
        found = BulkAction.objects.filter(workspace=self.member.workspace_id).defer("targets")
        return found.none() if self.member.is_reviewer else found
