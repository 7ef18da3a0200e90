"""Loading a connection or a run with the right to it."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from integrations.models import Connection, SyncProblem, SyncRun
from recruitment.models import Membership


def get_connection(member: Membership, pk: UUID) -> Connection:
    """Without its credentials: no screen needs them."""
    return get_object_or_404(Connection.objects.visible_to(member).defer("credentials"), pk=pk)


def get_run(member: Membership, pk: UUID) -> SyncRun:
    found = SyncRun.objects.visible_to(member).select_related("requested_by__user").defer("connection__credentials")
    return get_object_or_404(found.prefetch_related("streams"), pk=pk)


def get_problem(member: Membership, pk: UUID) -> SyncProblem:
    runs = SyncRun.objects.visible_to(member)
    found = SyncProblem.objects.filter(run__in=runs).select_related("run", "connection")
    return get_object_or_404(found.defer("connection__credentials"), pk=pk)
