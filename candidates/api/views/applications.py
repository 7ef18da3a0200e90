"""Applications and what is decided about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_application
from candidates.api import reading
from candidates.api.shapes.applications import (
    ApplicationDetailSerializer,
    ApplicationFilterSerializer,
    ApplicationSerializer,
    DecidedSerializer,
    MoveSerializer,
    RejectSerializer,
    ShortlistedSerializer,
    ShortlistInputSerializer,
    ShortlistSerializer,
)
from candidates.api.shapes.people import NewApplicationSerializer
from candidates.domain.decisions import move, reject, reopen
from candidates.domain.people import create_application
from candidates.domain.shortlists import put_on_shortlist, take_off_shortlist
from candidates.models import Application, Decision
from recruitment.access import require_decider
from recruitment.api.views import MemberView


class ApplicationsView(MemberView):
    orderings = {"created_at": "pk"}

    @extend_schema(parameters=[ApplicationFilterSerializer], responses=ApplicationSerializer(many=True))
    def get(self, request: Request) -> Response:
        filters = self.filters(ApplicationFilterSerializer)
        applications = reading.applications(self.member).with_place()  # type: ignore[attr-defined]
        found = reading.narrowed_applications(applications, filters, self.member)
        return self.page(found, ApplicationSerializer)

    @extend_schema(request=NewApplicationSerializer, responses={201: ApplicationDetailSerializer})
    def post(self, request: Request) -> Response:
        require_decider(self.member)
        made = create_application(member=self.member, **self.body(NewApplicationSerializer))
        return self.shown(reading.applications(self.member).get(pk=made.pk), ApplicationDetailSerializer, 201)


class ApplicationView(MemberView):
    @extend_schema(responses=ApplicationDetailSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_object_or_404(reading.applications(self.member), pk=pk), ApplicationDetailSerializer)


class _DecisionView(MemberView):
    """404 for what isn't theirs before 403 for what they may not do; then the body, then the verb."""

    def subject(self, pk: UUID) -> Application:
        application = get_application(self.member, pk)
        require_decider(self.member)
        return application

    def decided(self, decision: Decision) -> Response:
        application = get_object_or_404(reading.applications(self.member), pk=decision.application_id)
        return self.shown(application, ApplicationSerializer, pushes=reading.pushes_of(decision))


class MoveView(_DecisionView):
    @extend_schema(request=MoveSerializer, responses=DecidedSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        application = self.subject(pk)
        given = self.body(MoveSerializer)
        expected: Any = given.get("expected_stage")
        return self.decided(move(application, given["stage"], member=self.member, expected=expected))


class RejectView(_DecisionView):
    @extend_schema(request=RejectSerializer, responses=DecidedSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        application = self.subject(pk)
        given = self.body(RejectSerializer)
        return self.decided(reject(application, given["reason"], note=given["note"], member=self.member))


class ReopenView(_DecisionView):
    @extend_schema(request=None, responses=DecidedSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        return self.decided(reopen(self.subject(pk), member=self.member))


class ShortlistView(_DecisionView):
    @extend_schema(request=ShortlistInputSerializer, responses=ShortlistedSerializer)
    def put(self, request: Request, pk: UUID) -> Response:
        application = self.subject(pk)
        position = self.body(ShortlistInputSerializer).get("position")
        entry, decision = put_on_shortlist(application, member=self.member, position=position)
        return self.shown(entry, ShortlistSerializer, pushes=reading.pushes_of(decision))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        take_off_shortlist(self.subject(pk), member=self.member)
        return Response(status=204)
