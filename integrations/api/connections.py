"""Connections: recruiters read, check and start imports; admins make, change and disconnect."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from integrations import connections as verbs
from integrations.api.runs import OneConnectionView, found_connections, found_runs
from integrations.api.shapes import (
    CheckSerializer,
    ConnectionEditSerializer,
    ConnectionInputSerializer,
    ConnectionSerializer,
    PostingSerializer,
    SyncInputSerializer,
    SyncRunSerializer,
)
from integrations.postings import look_up
from recruitment.access import require_admin, require_decider
from recruitment.api.views import MemberView


class ConnectionsView(MemberView):
    @extend_schema(responses=ConnectionSerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        return self.page(found_connections(self.member), ConnectionSerializer)

    @extend_schema(request=ConnectionInputSerializer, responses={201: ConnectionSerializer})
    def post(self, request: Request) -> Response:
        require_admin(self.member)
        made = verbs.create_connection(member=self.member, **self.body(ConnectionInputSerializer))
        return self.shown(found_connections(self.member).get(pk=made.pk), ConnectionSerializer, 201)


class ConnectionView(OneConnectionView):
    @extend_schema(responses=ConnectionSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(self.connection(pk), ConnectionSerializer)

    @extend_schema(request=ConnectionEditSerializer, responses=ConnectionSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        connection = self.for_change(pk)
        verbs.edit_connection(connection, self.body(ConnectionEditSerializer), member=self.member)
        return self.shown(self.connection(pk), ConnectionSerializer)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Disconnects: forgets the credentials, keeps people and history."""
        verbs.disconnect(self.for_change(pk), member=self.member)
        return Response(status=204)


class CheckView(OneConnectionView):
    @extend_schema(request=None, responses=CheckSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Try the credentials at the provider. That they are wrong is an answer, not an error."""
        return self.shown(verbs.check_connection(self.connection(pk)), CheckSerializer)


class SyncView(OneConnectionView):
    @extend_schema(request=SyncInputSerializer, responses={202: SyncRunSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Starts an import. While one is at work: 409 with it as ``run``."""
        connection = self.connection(pk)
        run = verbs.request_sync(connection, member=self.member, **self.body(SyncInputSerializer))
        return self.shown(found_runs(self.member).get(pk=run.pk), SyncRunSerializer, 202)


class PostingsView(OneConnectionView):
    @extend_schema(request=None, responses=PostingSerializer(many=True))
    def post(self, request: Request, pk: UUID) -> Response:
        """LinkedIn jobs of a LinkUp account, for the option ``job_ids``. Each call spends a credit there. 409 where the
        provider has none, or doesn't tell."""
        found = look_up(self.for_change(pk))
        return Response([{"id": job_id, "title": title} for job_id, title in found])


class AcceptMissingView(OneConnectionView):
    @extend_schema(request=None, responses={202: SyncRunSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Says that the rows that the source no longer shows are gone (error ``many_missing``), and starts the import
        that notes it. Nothing is deleted. 409 when nothing is held back."""
        run = verbs.accept_missing(self.for_change(pk), member=self.member)
        return self.shown(found_runs(self.member).get(pk=run.pk), SyncRunSerializer, 202)


class SyncRunCancelView(MemberView):
    @extend_schema(request=None, responses=SyncRunSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Stops after the page in hand; what is imported stays."""
        run = get_object_or_404(found_runs(self.member), pk=pk)
        verbs.cancel_sync(run, member=self.member)
        return self.shown(found_runs(self.member).get(pk=pk), SyncRunSerializer)
