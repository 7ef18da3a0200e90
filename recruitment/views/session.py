"""Signing in and out, switching the workspace, the theme."""

from __future__ import annotations

from typing import Any, cast

from axes.helpers import get_cool_off
from axes.utils import reset as unlock
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from recruitment.access import MemberRequest, member_required
from recruitment.errors import DomainError
from recruitment.forms import JoinForm, ResetForm, SignInForm
from recruitment.middleware import CHOSEN
from recruitment.models import Invitation, Membership, User
from recruitment.models.user import Theme, normalise_email
from recruitment.team import accept, find_invitation, join_as_new

DEMO_LOGINS = (
    "admin@demo.test",
    "recruiter@demo.test",
    "reviewer@demo.test",
    "reviewer2@demo.test",
    "admin@other.test",
)
FORM_METHODS = ["get", "head", "options", "post"]  # Django's form views take PUT for POST as well


class SignIn(auth.LoginView):
    """Django's own view: rotates the session, follows ``next`` only on this site."""

    http_method_names = FORM_METHODS
    template_name = "recruitment/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, demo_logins=DEMO_LOGINS if settings.DEMO else ())


class Reset(auth.PasswordResetView):
    """The same answer for known and unknown addresses; the link is made from SITE_URL, never from the request."""

    http_method_names = FORM_METHODS
    form_class = ResetForm
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

    def form_valid(self, form: Any) -> HttpResponse:
        """Who holds the mailbox needn't wait for the end of a pause that somebody's guesses have caused."""
        answer = super().form_valid(form)
        unlock(username=cast(User, self.user).email)
        messages.success(self.request, "Your new password is set. Sign in with it.")
        return answer


def account(request: HttpRequest, credentials: Any = None) -> str | None:
    """Whose password is being tried: all spellings of an address count together, at every sign-in form."""
    typed = (credentials or {}).get("username") or request.POST.get("username")
    return normalise_email(str(typed)) if typed else None


def locked(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: how long the pause lasts, and the way round it."""
    minutes = int((get_cool_off() or 600).total_seconds() // 60)  # type: ignore[union-attr]
    return render(request, "recruitment/locked.html", {"minutes": minutes}, status=429)


@require_safe
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
    if invitation is None or invitation.accepted_at or invitation.revoked_at or invitation.is_over:
        return render(request, "recruitment/join_over.html", {"invitation": invitation}, status=404)
    known = User.objects.filter(email=invitation.email).first()
    form = JoinForm(request.POST or None, email=invitation.email) if known is None else None
    error = ""
    if request.method == "POST":
        try:
            member = _joined(request, invitation, known, form)
        except DomainError as refusal:
            error = refusal.message
        else:
            if member:
                request.session[CHOSEN] = str(member.pk)
                return redirect("home")
    context = {"invitation": invitation, "form": form, "known": known, "error": error}
    return render(request, "recruitment/join.html", context, status=422 if error or (form and form.errors) else 200)


def _joined(
    request: HttpRequest, invitation: Invitation, known: User | None, form: JoinForm | None
) -> Membership | None:
    """None when something is missing: a proper form, or being signed in as who is invited."""
    if known is not None:
        return accept(invitation, known) if request.user == known else None
    if form is None or not form.is_valid():
        return None
    member = join_as_new(invitation, **form.cleaned_data)
    login(request, member.user, backend="django.contrib.auth.backends.ModelBackend")
    return member
