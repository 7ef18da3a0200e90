"""Staff's view of connections and imports. Credentials are shown nowhere, not even encrypted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from integrations.connections import request_sync
from integrations.enums import ProblemState, SyncMode
from integrations.models import Connection, StreamMark, SyncProblem, SyncRun, SyncStream
from recruitment.admin_base import ReadOnlyAdmin, each
from recruitment.models import Membership


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    list_display = ("name", "provider", "workspace", "health", "paused", "last_synced_at", "next_sync_at")
    list_filter: ClassVar[Any] = ("provider", "health", "paused", "workspace")
    search_fields = ("name", "base_url")
    exclude = ("credentials",)
    actions: Any = ("sync",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Connection]:
        return super().get_queryset(request).defer("credentials")

    @admin.action(description="Import what changed", permissions=["view"])
    def sync(self, request: HttpRequest, queryset: QuerySet[Connection]) -> None:
        def act(connection: Connection, member: Membership) -> object:
            return request_sync(connection, mode=SyncMode.INCREMENTAL, member=member)

        each(request, queryset, act, "Imports requested")


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    list_display = ("id", "connection", "mode", "state", "dry_run", "started_at", "finished_at", "error_code")
    list_filter: ClassVar[Any] = ("state", "mode", "workspace")
    search_fields = ("connection__name", "error_code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncRun]:
        return super().get_queryset(request).defer("connection__credentials")


@admin.register(SyncStream)
class SyncStreamAdmin(ReadOnlyAdmin):
    list_display = ("name", "run_id", "complete", "pages", "fetched", "created", "updated", "unchanged", "set_aside")
    list_filter: ClassVar[Any] = ("name", "complete", "workspace")


@admin.register(StreamMark)
class StreamMarkAdmin(ReadOnlyAdmin):
    list_display = ("stream", "connection_id", "read_until", "full_at")
    list_filter: ClassVar[Any] = ("stream", "workspace")


@admin.register(SyncProblem)
class SyncProblemAdmin(ReadOnlyAdmin):
    list_display = ("external_id", "stream", "reason", "state", "seen_at")
    list_filter: ClassVar[Any] = ("state", "stream", "workspace")
    search_fields = ("external_id", "reason")
    actions: Any = ("seen_to", "replay")

    @admin.action(description="Seen to", permissions=["view"])
    def seen_to(self, request: HttpRequest, queryset: QuerySet[SyncProblem]) -> None:
        count = queryset.filter(state=ProblemState.OPEN).update(state=ProblemState.RESOLVED)
        self.message_user(request, f"Seen to: {count}.")

    @admin.action(description="Read everything again from their sources", permissions=["view"])
    def replay(self, request: HttpRequest, queryset: QuerySet[SyncProblem]) -> None:
        def act(connection: Connection, member: Membership) -> object:
            return request_sync(connection, mode=SyncMode.FULL, member=member)

        sources = Connection.objects.filter(problems__in=queryset).distinct().defer("credentials")
        each(request, sources, act, "Imports requested")
