"""What a connection's imports did and set aside, its budget and its stage map: recruiters read, admins change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.api.shapes import (
    BudgetSerializer,
    ProblemSerializer,
    StageMapInputSerializer,
    StageMapSerializer,
    SyncRunFilterSerializer,
    SyncRunSerializer,
)
from integrations.connections import set_statuses
from integrations.importing.credits import credits_of
from integrations.models import Connection, SyncProblem, SyncRun
from integrations.paces import rate_of
from integrations.stage_map import STATUSES, has_statuses, set_stage_map, stage_map
from recruitment.access import require_admin, require_decider
from recruitment.api.views import MemberView
from recruitment.models import Membership


def found_connections(member: Membership) -> QuerySet[Connection]:
    """Without their credentials: nothing here needs them."""
    return Connection.objects.visible_to(member).defer("credentials")


def found_runs(member: Membership) -> QuerySet[SyncRun]:
    found = SyncRun.objects.visible_to(member).defer("connection__credentials")
    return found.select_related("connection", "requested_by__user").prefetch_related("streams")


class OneConnectionView(MemberView):
    def connection(self, pk: UUID) -> Connection:
        return get_object_or_404(found_connections(self.member), pk=pk)

    def for_change(self, pk: UUID) -> Connection:
        """404 for what isn't theirs, then 403 for those who only read."""
        connection = self.connection(pk)
        require_admin(self.member)
        return connection


class BudgetView(OneConnectionView):
    @extend_schema(responses=BudgetSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """How much may still be asked of the provider, as its answers last said."""
        connection = self.connection(pk)
        body = {"requests_per_minute": rate_of(connection), "waiting_until": connection.waiting_until}
        return self.shown({**body, "credits": credits_of(connection)}, BudgetSerializer)


class StageMapView(OneConnectionView):
    @extend_schema(responses=StageMapSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return Response(stage_map(self.connection(pk)))

    @extend_schema(request=StageMapInputSerializer, responses=StageMapSerializer)
    def put(self, request: Request, pk: UUID) -> Response:
        connection = self.for_change(pk)
        given = self.body(StageMapInputSerializer)
        said = {name: given[name] for name in STATUSES if name in given}
        for name, status in said.items():
            if status is not None and not has_statuses(connection):
                raise ValidationError({name: "This provider has stages, and no statuses."})
        set_stage_map(connection, given.get("stages", []), member=self.member)
        set_statuses(connection, said, member=self.member)
        return Response(stage_map(self.connection(pk)))


class SyncRunsView(MemberView):
    @extend_schema(parameters=[SyncRunFilterSerializer], responses=SyncRunSerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        filters: dict[str, Any] = self.filters(SyncRunFilterSerializer)
        return self.page(found_runs(self.member).filter(**filters), SyncRunSerializer)


class SyncRunView(MemberView):
    @extend_schema(responses=SyncRunSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_object_or_404(found_runs(self.member), pk=pk), SyncRunSerializer)


class ProblemsView(MemberView):
    @extend_schema(responses=ProblemSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """The rows that this import set aside, with what came and why it could not be taken."""
        run = get_object_or_404(found_runs(self.member), pk=pk)
        return self.page(SyncProblem.objects.filter(run=run, workspace=self.member.workspace_id), ProblemSerializer)
