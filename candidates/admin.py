"""Staff's repairs in the domain. Ledger, activity and source records are read-only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from candidates import models
from candidates.domain import pushes
from recruitment.admin_base import ReadOnlyAdmin, WorkspaceAdmin, each


@admin.register(models.Candidate)
class CandidateAdmin(WorkspaceAdmin):
    list_display = ("display_name", "workspace", "current_company", "confidential", "created_at")
    list_filter: ClassVar[Any] = ("confidential", "workspace")
    search_fields = ("search_text",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people are erased, which reaches everything, and never deleted


@admin.register(models.Application)
class ApplicationAdmin(WorkspaceAdmin):
    list_display = ("id", "candidate", "job", "stage", "outcome", "workspace")
    list_filter: ClassVar[Any] = ("outcome", "workspace")
    search_fields = ("candidate__search_text", "job__title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Job)
class JobAdmin(WorkspaceAdmin):
    list_display = ("title", "workspace", "status", "department", "blind", "anonymised")
    list_filter: ClassVar[Any] = ("status", "blind", "anonymised", "workspace")
    search_fields = ("title", "code", "department")


def simple(model: Any, shown: tuple[str, ...], found: tuple[str, ...] = (), *, read_only: bool = False) -> None:
    """Register a model whose admin needs nothing but a useful list."""
    base = ReadOnlyAdmin if read_only else WorkspaceAdmin
    admin.site.register(model, type(f"{model.__name__}Admin", (base,), {"list_display": shown, "search_fields": found}))


simple(models.Stage, ("name", "job", "category", "position", "is_active"), ("name", "job__title"))
simple(models.Criterion, ("name", "job", "position", "is_active"), ("name", "job__title"))
simple(models.JobMember, ("job", "member", "role", "from_source"), ("job__title", "member__user__email"))
simple(models.RejectionReason, ("name", "workspace", "position", "is_active"), ("name",))
simple(models.ShortlistEntry, ("job", "application", "position", "added_by"), ("job__title",))
simple(models.Tag, ("name", "workspace", "created_at"), ("key",))
simple(models.CandidateTag, ("candidate", "tag", "added_by"), ("tag__key", "candidate__search_text"))
simple(models.TalentPool, ("name", "workspace", "created_at"), ("name",))
simple(models.PoolMember, ("pool", "candidate", "added_by"), ("pool__name", "candidate__search_text"))
simple(models.Review, ("application", "member", "answer", "workspace", "updated_at"), ("member__user__email",))
simple(models.ReviewScore, ("review", "criterion", "value"), ("criterion__name",))
simple(models.ReviewSkip, ("application", "member", "skipped_at"))
simple(models.ReviewReveal, ("application", "member", "created_at"))
simple(models.Note, ("id", "candidate", "author", "visibility", "created_at"), ("candidate__search_text",))
simple(models.Attachment, ("file_name", "candidate", "kind", "state", "size"), ("file_name", "candidate__search_text"))
simple(models.CandidateIdentity, ("value", "kind", "candidate"), ("value",))
simple(models.Source, ("name", "provider", "workspace", "is_connected"), ("name",))
simple(models.FieldConflict, ("field", "candidate", "source", "state", "detected_at"), ("field",))
simple(models.BulkAction, ("action", "member", "state", "total", "done", "created_at"), read_only=True)
simple(models.Decision, ("kind", "member", "candidate", "created_at", "undone_at"), ("kind",), read_only=True)
simple(models.Activity, ("at", "actor_label", "verb", "candidate", "job"), ("actor_label", "verb"), read_only=True)
simple(models.PushAttempt, ("entry", "number", "method", "path", "status", "error_code"), ("path",), read_only=True)
simple(models.Erasure, ("id", "workspace", "created_at"), read_only=True)
simple(
    models.SourceRecord, ("kind", "external_id", "source", "state", "last_seen_at"), ("external_id",), read_only=True
)


@admin.register(models.OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "state", "source", "candidate", "attempts", "requested_by", "requested_at")
    list_filter: ClassVar[Any] = ("state", "kind", "workspace")
    search_fields = ("candidate__search_text", "last_error_code")
    actions: Any = ("retry",)

    @admin.action(description="Send again", permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[models.OutboxEntry]) -> None:
        each(request, queryset, pushes.retry, "Sent again")
