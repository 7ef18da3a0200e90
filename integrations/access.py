"""Loading a connection or a run with the right to it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from integrations.models import Connection, SyncProblem, SyncRun
from recruitment.models import Membership


def get_connection(member: Membership, pk: UUID) -> Connection:
    """Without its credentials: no screen needs them."""
    return get_object_or_404(Connection.objects.visible_to(member).defer("credentials"), pk=pk)


def get_run(member: Membership, pk: UUID) -> SyncRun:
    found = SyncRun.objects.visible_to(member).select_related("requested_by__user").defer("connection__credentials")
    return get_object_or_404(found.prefetch_related("streams"), pk=pk)


def problems_of(member: Membership) -> QuerySet[SyncProblem]:
    """Rows that were set aside, over all connections; with theirs. For those who decide."""
    if member.is_reviewer:
        return SyncProblem.objects.none()
    found = SyncProblem.objects.filter(workspace=member.workspace_id)
    return found.select_related("run", "connection").defer("connection__credentials")


def get_problem(member: Membership, pk: UUID) -> SyncProblem:
    return get_object_or_404(problems_of(member), pk=pk)
