"""The recruiting team: users, workspaces, memberships, invitations, API tokens."""

from recruitment.models.base import WorkspaceModel
from recruitment.models.invitation import Invitation
from recruitment.models.token import ApiToken, IdempotentRequest
from recruitment.models.user import User
from recruitment.models.workspace import Membership, Role, Workspace

__all__ = ["ApiToken", "IdempotentRequest", "Invitation", "Membership", "Role", "User", "Workspace", "WorkspaceModel"]
