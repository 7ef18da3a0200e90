"""Signing in and out, switching the workspace, the theme."""

from __future__ import annotations

from typing import Any, cast

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from recruitment.access import MemberRequest, member_required
from recruitment.errors import DomainError
from recruitment.forms import JoinForm, SignInForm
from recruitment.middleware import CHOSEN
from recruitment.models import Membership, User
from recruitment.models.user import Theme
from recruitment.team import accept, find_invitation

DEMO_LOGINS = (
    "admin@demo.test",
    "recruiter@demo.test",
    "reviewer@demo.test",
    "reviewer2@demo.test",
    "admin@other.test",
)


class SignIn(auth.LoginView):
    """Django's own view: rotates the session, follows ``next`` only on this site."""

    template_name = "recruitment/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, demo_logins=DEMO_LOGINS if settings.DEMO else ())


class Reset(auth.PasswordResetView):
    """The same answer for known and unknown addresses; the link is made from SITE_URL, never from the request."""

    template_name = "recruitment/password_reset.html"
    email_template_name = "recruitment/password_reset_email.txt"
    subject_template_name = "recruitment/password_reset_subject.txt"
    success_url = reverse_lazy("recruitment:password_reset_done")

    def form_valid(self, form: Any) -> HttpResponse:
        self.extra_email_context = {"site_url": settings.SITE_URL}
        return super().form_valid(form)


class ResetConfirm(auth.PasswordResetConfirmView):
    template_name = "recruitment/password_reset_confirm.html"
    success_url = reverse_lazy("recruitment:login")


def locked(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: how long the pause lasts, and the way round it."""
    minutes = int((get_cool_off() or 600).total_seconds() // 60)  # type: ignore[union-attr]
    return render(request, "recruitment/locked.html", {"minutes": minutes}, status=429)


def no_workspace(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.member:  # type: ignore[attr-defined]
        return redirect("home")
    return render(request, "recruitment/no_workspace.html")


@require_POST
@member_required
def switch_workspace(request: MemberRequest) -> HttpResponse:
    mine = Membership.objects.of(cast(User, request.user))
    wanted = get_object_or_404(mine, workspace__slug=request.POST.get("workspace", ""))
    request.session[CHOSEN] = str(wanted.pk)
    return redirect("home")


@require_POST
@member_required
def theme(request: MemberRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen in Theme.values:
        User.objects.filter(email=cast(User, request.user).email).update(theme=chosen)
    back = request.META.get("HTTP_REFERER", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: as who is signed in, by signing in, or with a new account."""
    invitation = find_invitation(secret)
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        return render(request, "recruitment/join.html", {"invitation": None}, status=404)
    known = User.objects.filter(email=invitation.email).first()
    form = JoinForm(request.POST or None, email=invitation.email) if known is None else None
    error = ""
    if request.method == "POST":
        try:
            if known is None and form is not None and form.is_valid():
                return _join_as_new(request, invitation, form)
            if known is not None and request.user == known:
                member = accept(invitation, known)
                request.session[CHOSEN] = str(member.pk)
                return redirect("home")
        except DomainError as refusal:
            error = refusal.message
    context = {"invitation": invitation, "form": form, "known": known, "error": error}
    return render(request, "recruitment/join.html", context, status=422 if form and form.errors else 200)


def _join_as_new(request: HttpRequest, invitation: Any, form: JoinForm) -> HttpResponse:
    user = User.objects.create_user(
        invitation.email, form.cleaned_data["password"], full_name=form.cleaned_data["full_name"]
    )
    member = accept(invitation, user)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[CHOSEN] = str(member.pk)
    return redirect("home")
