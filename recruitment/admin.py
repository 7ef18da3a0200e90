"""Staff's view of the team. Token and invitation hashes are shown nowhere."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest

from recruitment.admin_base import ReadOnlyAdmin, WorkspaceAdmin
from recruitment.models import ApiToken, IdempotentRequest, Invitation, Membership, User, Workspace
from recruitment.models.user import normalise_email
from recruitment.tokens import revoke_token


class LowerCase:
    """Addresses are kept in lower case."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class NewUserForm(LowerCase, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class UserForm(LowerCase, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    add_form = NewUserForm
    list_display = ("email", "full_name", "is_active", "is_staff", "date_joined")
    list_filter: ClassVar[Any] = ("is_active", "is_staff")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    readonly_fields: ClassVar[Any] = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "full_name", "theme")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Times", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)


@admin.register(Workspace)
class WorkspacesAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    readonly_fields: ClassVar[Any] = ("id", "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its history is append-only


@admin.register(Membership)
class MembershipAdmin(WorkspaceAdmin):
    list_display = ("user", "workspace", "role", "is_active", "created_at")
    list_filter: ClassVar[Any] = ("role", "is_active", "workspace")
    search_fields = ("user__email", "user__full_name")
    readonly_fields: ClassVar[Any] = ("id", "created_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # history names members: they are made inactive


@admin.register(Invitation)
class InvitationAdmin(WorkspaceAdmin):
    list_display = ("email", "workspace", "role", "invited_by", "expires_at", "accepted_at", "revoked_at")
    list_filter: ClassVar[Any] = ("role", "workspace")
    search_fields = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an invitation without its e-mail leads nowhere


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ("name", "prefix", "member", "workspace", "last_used_at", "revoked_at")
    search_fields = ("name", "prefix", "member__user__email")
    exclude = ("token_hash",)
    actions: Any = ("revoke",)

    @admin.action(description="Revoke the chosen tokens", permissions=["act"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        usable = list(queryset.filter(revoked_at=None))
        for token in usable:
            revoke_token(token)
            self.log_change(request, token, "Revoked.")
        messages.success(request, f"Revoked: {len(usable)}.")


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(ReadOnlyAdmin):
    list_display = ("key", "member", "workspace", "status", "created_at")
    search_fields = ("key",)
    exclude = ("body",)
