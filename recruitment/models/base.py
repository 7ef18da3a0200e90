"""What every row of a workspace has."""

from __future__ import annotations

from django.db import models

from recruitment.ids import uuid7


class WorkspaceModel(models.Model):
    """A row that belongs to one workspace.

    The pair (workspace, id) is unique so that rows pointing here can be held to the same workspace by the database:
    ``recruitment.tenancy`` makes a composite foreign key (PostgreSQL) or a trigger (SQLite) for each such relation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # No index of its own: the unique pair starts with it.
    workspace = models.ForeignKey("recruitment.Workspace", models.CASCADE, db_index=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["workspace", "id"], name="%(app_label)s_%(class)s_in_workspace")]
