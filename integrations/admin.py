"""Staff's view of connections and imports. Credentials are shown nowhere, not even encrypted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrations.connections import request_sync
from integrations.enums import ProblemState, SyncMode
from integrations.models import Connection, HookDelivery, StreamMark, SyncProblem, SyncRun, SyncStream
from integrations.problems import close_problem, read_again
from recruitment.admin_base import ReadOnlyAdmin, each
from recruitment.models import Membership


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    list_display = ("name", "provider", "workspace", "health", "paused", "last_synced_at", "next_sync_at")
    list_filter: ClassVar[Any] = ("provider", "health", "paused", "workspace")
    search_fields = ("name", "base_url")
    exclude = ("credentials",)
    hidden = ("credentials",)
    actions: Any = ("sync",)

    @admin.action(description="Import what changed", permissions=["act"])
    def sync(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        def act(connection: Connection, member: Membership) -> object:
            return request_sync(connection, mode=SyncMode.INCREMENTAL, member=member)

        each(request, queryset, act, "Imports requested")


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    list_display = ("id", "connection", "mode", "state", "dry_run", "started_at", "finished_at", "error_code")
    list_filter: ClassVar[Any] = ("state", "mode", "workspace")
    search_fields = ("connection__name", "error_code")
    hidden = ("connection__credentials",)


@admin.register(SyncStream)
class SyncStreamAdmin(ReadOnlyAdmin):
    list_display = ("name", "run", "complete", "pages", "fetched", "created", "updated", "unchanged", "set_aside")
    list_filter: ClassVar[Any] = ("complete", "workspace")
    search_fields = ("name", "run__connection__name")
    also = ("run__connection",)
    hidden = ("run__connection__credentials",)


@admin.register(HookDelivery)
class HookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("delivery_id", "kind", "connection", "received_at")
    search_fields = ("delivery_id", "connection__name")
    hidden = ("connection__credentials",)


@admin.register(StreamMark)
class StreamMarkAdmin(ReadOnlyAdmin):
    list_display = ("stream", "connection", "read_until", "full_at")
    search_fields = ("stream", "connection__name")
    hidden = ("connection__credentials",)


@admin.register(SyncProblem)
class SyncProblemAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "stream", "connection", "reason", "state", "seen_at")
    list_filter: ClassVar[Any] = ("state", "workspace")
    search_fields = ("external_id", "reason", "connection__name")
    also = ("run__connection",)
    hidden = ("connection__credentials", "run__connection__credentials")
    actions: Any = ("resolve", "discard", "replay")

    @admin.action(description="Mark as seen to", permissions=["act"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[SyncProblem]) -> None:
        each(request, queryset, lambda problem, _: close_problem(problem, ProblemState.RESOLVED), "Seen to")

    @admin.action(description="Mark as not wanted", permissions=["act"])
    def discard(self, request: HttpRequest, queryset: QuerySet[SyncProblem]) -> None:
        each(request, queryset, lambda problem, _: close_problem(problem, ProblemState.DISCARDED), "Not wanted")

    @admin.action(description="Read again with the next import", permissions=["act"])
    def replay(self, request: HttpRequest, queryset: QuerySet[SyncProblem]) -> None:
        each(request, queryset, lambda problem, _: read_again(problem), "Read again with the next import")
