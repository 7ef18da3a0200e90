"""What people type about themselves and their team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.core.cache import cache

from recruitment.models import Role, User
from recruitment.models.user import normalise_email
from recruitment.tokens import digest

LETTERS_AN_HOUR = 5


class SignInForm(AuthenticationForm):
    """The e-mail address in any case."""

    username = forms.EmailField(
        label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    error_messages = {
        "invalid_login": "No account has this e-mail address and password.",
        "inactive": "No account has this e-mail address and password.",
    }

    def clean_username(self) -> str:
        return normalise_email(self.cleaned_data["username"])


class ResetForm(PasswordResetForm):
    """Also for who has no password yet: that is how the first admin gets one after the printed link has run out."""

    email = forms.EmailField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )

    def get_users(self, email: str) -> Iterable[User]:
        """Nobody's mailbox is filled by others: after a few letters an hour there are no more, with the same answer."""
        address = normalise_email(email)
        key = f"reset:{digest(address)}"
        cache.add(key, 0, 3600)
        if cache.incr(key) > LETTERS_AN_HOUR:
            return []
        return User.objects.filter(email=address, is_active=True)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name", "theme")
        labels = {"full_name": "Your name", "theme": "Theme"}


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.REVIEWER)


class JoinForm(forms.Form):
    """A new user's name and password."""

    full_name = forms.CharField(
        label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least ten characters.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, User(email=self.email))
        return password


class TokenForm(forms.Form):
    name = forms.CharField(label="What is it for", max_length=100)


class WorkspaceForm(forms.Form):
    name = forms.CharField(label="Name of the workspace", max_length=200)
