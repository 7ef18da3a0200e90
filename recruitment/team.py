"""Who is in a workspace: founding it, inviting, joining, roles. Each verb is one transaction."""

from __future__ import annotations

import secrets
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from recruitment.errors import Conflict, DomainError
from recruitment.models import ApiToken, Invitation, Membership, Role, User, Workspace
from recruitment.models.invitation import in_a_week
from recruitment.models.user import normalise_email
from recruitment.tokens import digest

log = structlog.get_logger(__name__)

INVITED = """{inviter} invites you to review candidates with {workspace} in Quorum.

Join here (the link works for seven days):

{link}

If you don't expect this, ignore it.
"""


@transaction.atomic
def create_workspace(name: str, slug: str, *, admin_email: str) -> tuple[Workspace, Membership]:
    """A new workspace with its first admin, who may be new to Quorum and then has no password yet."""
    if Workspace.objects.filter(slug=slug).exists():
        raise Conflict("A workspace with this slug exists already.", field="slug", code="unique")
    workspace = Workspace(name=_plain(name), slug=slug)
    address = normalise_email(admin_email)
    user = User.objects.filter(email=address).first() or User(email=address)
    _refuse_invalid(workspace, [])
    if user._state.adding:
        _refuse_invalid(user, ["password"])
        user = User.objects.create_user(address)
    workspace.save()
    return workspace, Membership.objects.create(workspace=workspace, user=user, role=Role.ADMIN)


def _refuse_invalid(row: Workspace | User, without: list[str]) -> None:
    """A command types these: too long, no slug, no address is said in words, on every database."""
    try:
        row.clean_fields(exclude=without)
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise DomainError(f"{field}: {' '.join(words)}", field=field, code="invalid") from error


def password_link(user: User) -> str:
    """Where this user can set a password, once, within an hour."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("recruitment:password_reset_confirm", args=[uid, default_token_generator.make_token(user)])
    return f"{settings.SITE_URL}{path}"


@transaction.atomic
def invite(workspace: Workspace, email: str, role: str, *, by: Membership) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, which the database doesn't keep: ``send_invitation`` comes next.

    An open invitation of the same address is replaced, so that inviting again gives a fresh link.
    """
    address = normalise_email(email)
    if role not in Role.values:
        raise DomainError("Choose a role.", field="role", code="invalid_choice")
    Workspace.objects.select_for_update().get(pk=workspace.pk)  # two who invite one address get one invitation
    if Membership.objects.active().filter(workspace=workspace, user__email=address).exists():
        raise Conflict("This person is a member already.", field="email", code="already_member")
    Invitation.objects.filter(workspace=workspace, email=address, accepted_at=None, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace, email=address, role=role, token_hash=digest(secret), invited_by=by, expires_at=in_a_week()
    )
    return invitation, secret


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Whether the mail server took it. Called after the commit, so that no letter leads nowhere; who invites sees at
    once when it didn't leave, and can send it again."""
    workspace = _plain(invitation.workspace)
    link = f"{settings.SITE_URL}{reverse('recruitment:join', args=[secret])}"
    words = INVITED.format(inviter=_plain(invitation.invited_by), workspace=workspace, link=link)
    try:
        send_mail(f"Join {workspace} in Quorum", words, None, [invitation.email])
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("invitation_not_sent", code=type(error).__name__)
        return False
    return True


def _plain(thing: Any) -> str:
    """One line: what somebody typed can't add a header or a paragraph."""
    return " ".join(str(thing).split())


def find_invitation(secret: str) -> Invitation | None:
    """The invitation of this link, usable or not."""
    return Invitation.objects.filter(token_hash=digest(secret)).select_related("workspace", "invited_by__user").first()


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership:
    """Join with the invited role. Somebody who was a member before comes back; whoever is one keeps their role."""
    open_one = Invitation.objects.open().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if open_one is None:
        raise Conflict("This invitation has been used, withdrawn, or is older than seven days.", code="invitation_over")
    if user.email != open_one.email:
        raise DomainError(f"This invitation is for {open_one.email}.", code="not_yours")
    open_one.accepted_at = timezone.now()
    open_one.save(update_fields=["accepted_at", "updated_at"])
    member, made = Membership.objects.get_or_create(
        workspace_id=open_one.workspace_id, user=user, defaults={"role": open_one.role}
    )
    if not made and not member.is_active:
        member.role, member.is_active = open_one.role, True
        member.save(update_fields=["role", "is_active"])
    return member


@transaction.atomic
def join_as_new(invitation: Invitation, *, full_name: str, password: str) -> Membership:
    """Make the account that the invitation is for, and join with it; neither without the other."""
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, full_name=full_name)
    except IntegrityError as error:
        words = "This address has an account by now. Open the link again."
        raise Conflict(words, field="email", code="account_exists") from error
    return accept(invitation, user)


def revoke_invitation(invitation: Invitation) -> None:
    Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=timezone.now())


@transaction.atomic
def change_member(member: Membership, *, by: Membership, role: str | None = None, active: bool | None = None) -> None:
    """Change a role, or let somebody go or come back. Nobody changes themselves, and one admin always remains."""
    Workspace.objects.select_for_update().get(pk=member.workspace_id)  # two admins can't remove each other at once
    if not Membership.objects.active().filter(pk=by.pk, role=Role.ADMIN).exists():
        raise Conflict("You are no longer an admin.", code="not_admin")
    if member.pk == by.pk:
        raise DomainError("Ask another admin to change your own membership.", code="own_membership")
    if role is not None:
        if role not in Role.values:
            raise DomainError("Choose a role.", field="role", code="invalid_choice")
        member.role = role
    if active is not None:
        member.is_active = active
    member.save(update_fields=["role", "is_active"])
    if active is False:  # letting somebody in again must not bring old keys back to life
        ApiToken.objects.filter(member=member, revoked_at=None).update(revoked_at=timezone.now())
    if not Membership.objects.active().filter(workspace=member.workspace_id, role=Role.ADMIN).exists():
        raise Conflict("A workspace needs an admin.", code="last_admin")


def rename_workspace(workspace: Workspace, name: str) -> None:
    name = _plain(name)
    if not name or len(name) > 200:
        raise DomainError("Give the workspace a name of at most 200 characters.", field="name", code="required")
    Workspace.objects.filter(pk=workspace.pk).update(name=name)
