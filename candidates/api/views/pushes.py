"""The ledger of pushes, and conflicts: read and settled by those who decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_entry
from candidates.api.shapes.pushes import (
    ConflictFilterSerializer,
    ConflictSerializer,
    KeepSerializer,
    PushDetailSerializer,
    PushFilterSerializer,
    PushSerializer,
    SettleSerializer,
)
from candidates.domain import pushes
from candidates.domain.conflicts import resolve_conflict
from candidates.models import FieldConflict, OutboxEntry
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


class _PushActionView(MemberView):
    def act(self, pk: UUID, verb: Callable[..., OutboxEntry], **given: Any) -> Response:
        """The push after the verb; 404 for reviewers, for whom there is no ledger."""
        verb(get_entry(self.member, pk), self.member, **given)
        return self.shown(found_pushes(self.member).get(pk=pk), PushSerializer)


class RetryView(_PushActionView):
    @extend_schema(request=None, responses=PushSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        return self.act(pk, pushes.retry)


class CancelView(_PushActionView):
    @extend_schema(request=None, responses=PushSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Don't send it; the decision here stands."""
        return self.act(pk, pushes.cancel)


class ResolveView(_PushActionView):
    @extend_schema(request=KeepSerializer, responses=PushSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """For a push in conflict."""
        get_entry(self.member, pk)
        return self.act(pk, pushes.resolve, **self.body(KeepSerializer))


class SettleView(_PushActionView):
    @extend_schema(request=SettleSerializer, responses=PushSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """For an unknown push: whether it arrived. If not it is sent again."""
        get_entry(self.member, pk)
        return self.act(pk, pushes.settle, **self.body(SettleSerializer))


def _conflicts(member: Membership) -> QuerySet[FieldConflict]:
    found = FieldConflict.objects.visible_to(member)
    return found.select_related("source", "candidate", "application__stage", "resolved_by__user")


class ConflictsView(MemberView):
    @extend_schema(parameters=[ConflictFilterSerializer], responses=ConflictSerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        return self.page(_conflicts(self.member).filter(**self.filters(ConflictFilterSerializer)), ConflictSerializer)


class ConflictResolveView(MemberView):
    @extend_schema(request=KeepSerializer, responses=ConflictSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        conflict = get_object_or_404(_conflicts(self.member), pk=pk)
        resolve_conflict(conflict, member=self.member, **self.body(KeepSerializer))
        return self.shown(_conflicts(self.member).get(pk=pk), ConflictSerializer)
