"""A team's whole world, and who is in it."""

from __future__ import annotations

from django.db import models

from recruitment.ids import uuid7
from recruitment.models.user import User


class Role(models.TextChoices):
    ADMIN = "admin", "Admin"
    RECRUITER = "recruiter", "Recruiter"
    REVIEWER = "reviewer", "Reviewer"


class Workspace(models.Model):
    """Nothing crosses its border."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(is_active=True, user__is_active=True)

    def of(self, user: User) -> MembershipQuerySet:
        """The user's workspaces, by name."""
        return self.active().filter(user=user).select_related("workspace", "user").order_by("workspace__name", "id")

    def in_workspace(self, workspace: Workspace) -> MembershipQuerySet:
        return self.filter(workspace=workspace).select_related("user").order_by("user__full_name", "user__email")


class Membership(models.Model):
    """A member: one user in one workspace, with a role. Never deleted, because history names it; made inactive."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["workspace", "id"], name="membership_in_workspace"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def decides(self) -> bool:
        """May move, reject, tag, edit and push: recruiters and admins."""
        return self.role in (Role.ADMIN, Role.RECRUITER)

    @property
    def is_reviewer(self) -> bool:
        return self.role == Role.REVIEWER
