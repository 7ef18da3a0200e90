"""What the admin of all three apps shares. Admin is for the installation's staff: it shows every workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect

from recruitment.errors import DomainError
from recruitment.models import Membership

AT_ONCE = 500  # rows that one action takes: each is a transaction of its own


class WorkspaceAdmin(admin.ModelAdmin):
    """Rows of all workspaces, newest first; no count of a whole table, no list of a million choices."""

    show_full_result_count = False
    list_per_page = 50
    list_filter: ClassVar[Any] = ("workspace",)
    ordering: ClassVar[Any] = ("-pk",)
    readonly_fields: ClassVar[Any] = ("id", "created_at", "updated_at")
    also: ClassVar[tuple[str, ...]] = ()  # relations that the words for a shown row need
    hidden: ClassVar[tuple[str, ...]] = ()  # columns of other rows that nobody reads here

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list shows of other rows; a member is shown by the name of its user."""
        relations = {field.name: field.related_model for field in self.model._meta.fields if field.is_relation}
        shown = [name for name in self.list_display if isinstance(name, str) and name in relations]
        users = [f"{name}__user" for name in shown if relations[name] is Membership]
        found = super().get_queryset(request).defer(*self.hidden)
        return found.select_related(*shown, *users, *self.also) if shown or self.also else found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is there stays in its workspace."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "workspace"] if obj else fields

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What the database refuses (another workspace's row, something that is there already) is said in words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            messages.error(
                request, "The database refuses this: it names a row of another workspace, or exists already."
            )
            return redirect(request.get_full_path())

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Actions of rows that are read-only here still need the right to change them."""
        opts = self.opts
        return request.user.has_perm(f"{opts.app_label}.change_{opts.model_name}")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An id with a look-up: no list of a million choices."""
        kwargs["widget"] = ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyAdmin(WorkspaceAdmin):
    """History and ledgers: looked at, never changed here."""

    actions: Any = None
    readonly_fields: ClassVar[Any] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def each(request: HttpRequest, queryset: QuerySet[Any], act: Callable[[Any, Membership], object], done: str) -> None:
    """Carry out a domain verb for each row as the staff user's member of its workspace, and say what came of it."""
    members = {
        member.workspace_id: member
        for member in Membership.objects.active().filter(user=request.user).select_related("user")  # type: ignore[misc]
    }
    count = 0
    if queryset.count() > AT_ONCE:
        messages.warning(request, f"Only the first {AT_ONCE} were taken. Choose the rest again.")
    for row in queryset[:AT_ONCE]:
        member = members.get(row.workspace_id)
        try:
            if member is None or not member.decides:
                raise DomainError("You are no recruiter or admin of its workspace.")
            act(row, member)
            count += 1
        except DomainError as refusal:
            messages.error(request, f"{row}: {refusal.message}")
    if count:
        messages.success(request, f"{done}: {count}.")
