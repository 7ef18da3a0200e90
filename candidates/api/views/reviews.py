"""One's own review, and those of others that one may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_application
from candidates.api import reading
from candidates.api.shapes.applications import ReviewInputSerializer, ReviewSerializer
from candidates.domain.reviews import lift_blindness, record_review, withdraw_review
from candidates.enums import Answer
from candidates.models import Application
from recruitment.access import require_admin
from recruitment.api.pagination import KeysetPagination
from recruitment.api.views import MemberView


class MyReviewView(MemberView):
    @extend_schema(responses=ReviewSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self._mine(get_application(self.member, pk))

    @extend_schema(request=ReviewInputSerializer, responses=ReviewSerializer)
    def put(self, request: Request, pk: UUID) -> Response:
        application = get_application(self.member, pk)
        given = self.body(ReviewInputSerializer)
        record_review(
            application,
            member=self.member,
            answer=given["answer"],
            verdict=given.get("verdict", ""),
            comment=given["comment"],
            scores=given.get("scores"),
            expected_version=given.get("version"),
        )
        return self._mine(application)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        withdraw_review(get_application(self.member, pk), member=self.member)
        return Response(status=204)

    def _mine(self, application: Application) -> Response:
        mine = reading.reviews_of(application, self.member).filter(member=self.member)
        return self.shown(get_object_or_404(mine), ReviewSerializer)


class ReviewPagination(KeysetPagination):
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        page = super().get_paginated_response_schema(schema)
        counts = {"reviewed": {"type": "integer"}, "hidden_count": {"type": "integer"}}
        return {
            **page,
            "required": [*page["required"], *counts],
            "properties": {**page["properties"], **counts},
        }


class ReviewsView(MemberView):
    """Blind means blind: what isn't visible is only counted."""

    pagination_class = ReviewPagination

    @extend_schema(responses=ReviewSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        application = get_application(self.member, pk)
        visible = reading.reviews_of(application, self.member)
        reviewed = application.reviews.opinions().count()
        hidden = reviewed - visible.filter(answer=Answer.VERDICT).count()
        return self.page(visible, ReviewSerializer, reviewed=reviewed, hidden_count=hidden)


class RevealView(MemberView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: UUID) -> Response:
        """An admin lifts blindness for themselves on one application; everybody can read that they did."""
        application = get_application(self.member, pk)
        require_admin(self.member)
        lift_blindness(application, member=self.member)
        return Response(status=204)
