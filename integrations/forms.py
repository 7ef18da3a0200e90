"""What an admin types about a connection."""

from __future__ import annotations

from typing import Any

from django import forms

from integrations.credentials import CREDENTIALS
from integrations.registry import provider_class


class ConnectionForm(forms.Form):
    """Name, address and the credentials that this provider needs. Secrets are never shown again."""

    name = forms.CharField(label="Name", max_length=200, help_text="As your team calls it, for example “Greenhouse”.")
    base_url = forms.CharField(label="Address", max_length=300, required=False)

    def __init__(self, provider: str, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        default = provider_class(provider).default_base_url
        self.fields["base_url"].help_text = f"Leave empty for {default}."
        for credential in CREDENTIALS[provider]:
            kind: Any = forms.PasswordInput if credential.is_secret else forms.TextInput
            attrs = {"autocomplete": "off", "spellcheck": "false"}
            self.fields[credential.name] = forms.CharField(
                label=credential.label,
                help_text="Leave empty to keep the one we have." if changing else credential.help,
                required=credential.required and not changing,
                widget=kind(attrs=attrs),
            )

    def credentials(self) -> dict[str, str]:
        """What was typed; an empty field says nothing."""
        names = [credential.name for credential in CREDENTIALS[self.provider]]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    def refuse(self, field: str | None, message: str) -> None:
        """Put the words of a refusal where they help: beside the first credential for all of them."""
        where = CREDENTIALS[self.provider][0].name if field == "credentials" else field
        self.add_error(where if where in self.fields else None, message)


class ScheduleForm(forms.Form):
    sync_every_minutes = forms.IntegerField(label="Import every", min_value=5, max_value=10080, help_text="Minutes.")


class DisconnectForm(forms.Form):
    name = forms.CharField(label="Type the connection's name")

    def __init__(self, expected: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if typed.strip() != self.expected:
            raise forms.ValidationError("This isn't the name.")
        return typed
