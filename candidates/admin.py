"""Staff's repairs in the domain. Ledger, activity and source records are read-only."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from candidates import models
from candidates.domain import attachments, pushes
from candidates.domain.files import inspect_file
from candidates.domain.identities import write_identities
from candidates.domain.search import fold, search_text
from recruitment.admin_base import ReadOnlyAdmin, WorkspaceAdmin, each
from recruitment.errors import DomainError

STORED_FACTS = (
    *("id", "workspace", "candidate", "application", "state", "failure", "file_name", "content_type", "size"),
    *("sha256", "text_state", "added_by", "created_at", "updated_at"),
)


@admin.register(models.Candidate)
class CandidateAdmin(WorkspaceAdmin):
    list_display = ("display_name", "workspace", "current_company", "confidential", "created_at")
    list_filter: ClassVar[Any] = ("confidential", "workspace")
    search_fields = ("search_text__contains",)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request: HttpRequest, obj: models.Candidate, form: Any, change: bool) -> None:
        """By whatever was repaired, the person can be found afterwards; other people's edits notice it."""
        obj.search_text = search_text(obj)
        obj.version += change
        super().save_model(request, obj, form, change)
        write_identities([obj])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people are erased, which reaches everything, and never deleted


@admin.register(models.Application)
class ApplicationAdmin(WorkspaceAdmin):
    list_display = ("id", "candidate", "job", "stage", "outcome", "workspace")
    list_filter: ClassVar[Any] = ("outcome", "workspace")
    search_fields = ("candidate__search_text", "job__title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Tag)
class TagAdmin(WorkspaceAdmin):
    list_display = ("name", "workspace", "created_at")
    search_fields = ("key",)

    def save_model(self, request: HttpRequest, obj: models.Tag, form: Any, change: bool) -> None:
        obj.key = fold(obj.name)
        super().save_model(request, obj, form, change)


@admin.register(models.Job)
class JobAdmin(WorkspaceAdmin):
    list_display = ("title", "workspace", "status", "department", "blind", "anonymised")
    list_filter: ClassVar[Any] = ("status", "blind", "anonymised", "workspace")
    search_fields = ("title", "code", "department")


class AttachmentForm(forms.ModelForm):
    """A file comes in through the same door as everywhere else; what is in the store can't be changed."""

    upload = forms.FileField(required=True, max_length=1000)

    class Meta:
        model = models.Attachment
        fields = ("workspace", "candidate", "application", "kind")

    def clean_upload(self) -> Any:
        file = self.cleaned_data["upload"]
        try:
            inspect_file(file, str(file.name or ""), limit=settings.ATTACHMENT_MAX_BYTES)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from None
        return file


@admin.register(models.Attachment)
class AttachmentAdmin(WorkspaceAdmin):
    list_display = ("file_name", "candidate", "kind", "state", "size")
    list_filter: ClassVar[Any] = ("state", "kind", "workspace")
    search_fields = ("file_name", "candidate__search_text")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": AttachmentForm}), **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("kind", *STORED_FACTS) if obj else ("workspace", "candidate", "application", "kind", "upload")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return STORED_FACTS if obj else ()

    def save_model(self, request: HttpRequest, obj: models.Attachment, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            file = form.cleaned_data["upload"]
            attachments.store_file(obj, file, str(file.name or ""))

    def delete_model(self, request: HttpRequest, obj: models.Attachment) -> None:
        attachments.discard(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[models.Attachment]) -> None:
        for attachment in queryset:
            attachments.discard(attachment)


def simple(
    model: Any, shown: tuple[str, ...], found: tuple[str, ...] = (), *, by: tuple[str, ...] = (), **more: Any
) -> None:
    """Register a model whose admin needs nothing but a useful list. ``by``: what it can be narrowed by."""
    base = more.pop("base", WorkspaceAdmin)
    options = {"list_display": shown, "search_fields": found, "list_filter": (*by, "workspace"), **more}
    admin.site.register(model, type(f"{model.__name__}Admin", (base,), options))


def history(model: Any, shown: tuple[str, ...], found: tuple[str, ...] = (), **more: Any) -> None:
    """The same, read-only."""
    simple(model, shown, found, base=ReadOnlyAdmin, **more)


simple(models.Stage, ("name", "job", "category", "position", "is_active"), ("name", "job__title"), by=("category",))
simple(models.Criterion, ("name", "job", "position", "is_active"), ("name", "job__title"))
simple(models.JobMember, ("job", "member", "role", "from_source"), ("job__title", "member__user__email"))
simple(models.RejectionReason, ("name", "workspace", "position", "is_active"), ("name",))
simple(models.ShortlistEntry, ("job", "application", "position", "added_by"), ("job__title",))
simple(models.CandidateTag, ("candidate", "tag", "added_by"), ("tag__key", "candidate__search_text"))
simple(models.TalentPool, ("name", "workspace", "created_at"), ("name",))
simple(models.PoolMember, ("pool", "candidate", "added_by"), ("pool__name", "candidate__search_text"))
simple(models.Review, ("application", "member", "answer", "updated_at"), ("member__user__email",), by=("answer",))
simple(models.ReviewScore, ("review", "criterion", "value"), ("criterion__name",))
simple(models.ReviewSkip, ("application", "member", "skipped_at"), ("member__user__email",))
simple(models.ReviewReveal, ("application", "member", "created_at"), ("member__user__email",))
simple(
    models.Note,
    ("id", "candidate", "author", "visibility", "created_at"),
    ("candidate__search_text",),
    by=("visibility",),
)
history(models.FileLook, ("record", "due_at", "looked_at", "attempts", "failure"))
history(models.AttachmentText, ("attachment", "workspace", "created_at"), exclude=("content",))
simple(models.CandidateIdentity, ("value", "kind", "candidate"), ("value",))
simple(models.Source, ("name", "provider", "workspace", "is_connected"), ("name",), by=("is_connected",))
simple(models.FieldConflict, ("field", "candidate", "source", "state", "detected_at"), ("field",), by=("state",))
history(models.BulkAction, ("action", "member", "state", "total", "done", "created_at"), by=("state",))
history(models.Decision, ("kind", "member", "candidate", "created_at", "undone_at"), by=("kind",))
history(models.Activity, ("at", "actor_label", "verb", "candidate", "job"), ("actor_label", "verb"))
history(
    models.PushAttempt,
    ("entry", "number", "method", "path", "status", "error_code"),
    ("path",),
    also=("entry__source",),
)
history(models.Duplicate, ("first", "second", "score", "state", "decided_by"), by=("state",))
history(models.DuplicateSearch, ("workspace", "mark_at", "is_going_through_all"))
history(models.MatchKey, ("key", "candidate"), ("key",))
history(
    models.CandidateMerge,
    ("survivor", "other", "member", "merged_at", "undone_at"),
    exclude=("moved", "before", "after"),
)
history(models.Erasure, ("id", "workspace", "erased_at"), exclude=("key_hash",))
history(
    models.SourceRecord,
    ("kind", "external_id", "source", "state", "last_seen_at"),
    ("external_id",),
    by=("kind", "state"),
)


@admin.register(models.OutboxEntry)
class OutboxEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "state", "source", "candidate", "attempts", "requested_by", "requested_at")
    list_filter: ClassVar[Any] = ("state", "kind", "workspace")
    search_fields = ("candidate__search_text", "last_error_code")
    actions: Any = ("retry",)

    @admin.action(description="Send again", permissions=["act"])
    def retry(self, request: HttpRequest, queryset: QuerySet[models.OutboxEntry]) -> None:
        each(request, queryset, pushes.retry, "Sent again")
