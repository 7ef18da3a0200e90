"""Settings: oneself, the team, access for programs, the workspace."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from recruitment.access import MemberRequest, member_required, require_admin
from recruitment.errors import DomainError
from recruitment.forms import InviteForm, ProfileForm, TokenForm, WorkspaceForm
from recruitment.models import ApiToken, Invitation, Membership, Role, User
from recruitment.team import change_member, invite, rename_workspace, revoke_invitation, send_invitation
from recruitment.toasts import flash_toast
from recruitment.tokens import create_token, revoke_token

TABS = (
    ("recruitment:settings", "Profile", True),
    ("recruitment:members", "Members", False),
    ("recruitment:tokens", "API tokens", True),
    ("recruitment:workspace", "Workspace", False),
    ("candidates:tags", "Tags", False),
    ("candidates:pools", "Talent pools", False),
    ("candidates:reasons", "Rejection reasons", False),
)  # address, label, whether reviewers have it


def tabs(request: MemberRequest, current: str) -> dict[str, Any]:
    """The context that every settings page shares. ``current``: the address of the page."""
    shown = [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label, for_all in TABS
        if for_all or request.member.decides
    ]
    return {"nav": "settings", "tabs": shown}


@require_http_methods(["GET", "POST"])
@member_required
def profile(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("recruitment:settings")
    return _page(request, "profile", "settings", form=form)


@require_http_methods(["GET", "POST"])
@member_required
def password(request: MemberRequest) -> HttpResponse:
    """Changing it ends all other sessions."""
    form = PasswordChangeForm(cast(User, request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is changed. Other devices are signed out.")
        return redirect("recruitment:settings")
    return _page(request, "password", "settings", form=form)


@require_http_methods(["GET", "POST"])
@member_required
def members(request: MemberRequest) -> HttpResponse:
    """The team, and who is invited. Admins invite."""
    form = InviteForm(request.POST or None)
    if request.method == "POST":
        require_admin(request.member)
        if form.is_valid():
            try:
                _invite(request, **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                return redirect("recruitment:members")
    context = {
        "form": form,
        "team": Membership.objects.in_workspace(request.workspace),
        "invitations": Invitation.objects.unanswered().filter(workspace=request.workspace).order_by("email"),
        "roles": Role.choices,
    }
    return _page(request, "members", "members", **context)


def _invite(request: MemberRequest, email: str, role: str) -> None:
    """Invite and send the letter; says whether it left."""
    invitation, secret = invite(request.workspace, email, role, by=request.member)
    if send_invitation(invitation, secret):
        flash_toast(request, f"Invited {invitation.email}")
    else:
        words = f"{invitation.email} is invited, but the mail server didn't take the letter. Send it again later."
        flash_toast(request, words, level="error")


@require_POST
@member_required
def invite_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A fresh link for the same address and role. The old one stops working."""
    require_admin(request.member)
    found = get_object_or_404(Invitation.objects.unanswered(), workspace=request.workspace, pk=pk)
    try:
        _invite(request, found.email, found.role)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect("recruitment:members")


@require_POST
@member_required
def member(request: MemberRequest, pk: UUID) -> HttpResponse:
    require_admin(request.member)
    found = get_object_or_404(Membership.objects.in_workspace(request.workspace), pk=pk)
    active = {"on": True, "off": False}.get(request.POST.get("active", ""))
    try:
        change_member(found, by=request.member, role=request.POST.get("role") or None, active=active)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{found} is changed.")
    return redirect("recruitment:members")


@require_POST
@member_required
def withdraw_invitation(request: MemberRequest, pk: UUID) -> HttpResponse:
    require_admin(request.member)
    revoke_invitation(get_object_or_404(Invitation, workspace=request.workspace, pk=pk))
    messages.success(request, "The invitation is withdrawn.")
    return redirect("recruitment:members")


@require_http_methods(["GET", "POST"])
@member_required
def tokens(request: MemberRequest) -> HttpResponse:
    """My tokens. A new one's secret is on this answer and nowhere else; admins also see that others have some."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, secret = create_token(request.member, form.cleaned_data["name"])
        form = TokenForm()
    shown = ApiToken.objects.filter(workspace=request.workspace, revoked_at=None).select_related("member__user")
    if not request.member.is_admin:
        shown = shown.filter(member=request.member)
    return _page(request, "tokens", "tokens", form=form, secret=secret, tokens=shown.order_by("-id"))


@require_POST
@member_required
def revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    mine = ApiToken.objects.filter(workspace=request.workspace)
    if not request.member.is_admin:
        mine = mine.filter(member=request.member)
    revoke_token(get_object_or_404(mine, pk=pk))
    messages.success(request, "The token is revoked.")
    return redirect("recruitment:tokens")


@require_http_methods(["GET", "POST"])
@member_required
def workspace(request: MemberRequest) -> HttpResponse:
    require_admin(request.member) if request.method == "POST" else None
    form = WorkspaceForm(request.POST or None, initial={"name": request.workspace.name})
    if request.method == "POST" and form.is_valid():
        rename_workspace(request.workspace, form.cleaned_data["name"])
        messages.success(request, "Saved.")
        return redirect("recruitment:workspace")
    return _page(request, "workspace", "workspace", form=form)


def _page(request: MemberRequest, name: str, tab: str, **context: Any) -> HttpResponse:
    form = context.get("form")
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(
        request, f"recruitment/{name}.html", {**tabs(request, f"recruitment:{tab}"), **context}, status=status
    )
