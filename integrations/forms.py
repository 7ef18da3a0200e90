"""What an admin types about a connection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from integrations import words
from integrations.credentials import CREDENTIALS, Credential
from integrations.job_forms import BudgetField, JobsField
from integrations.models import Connection
from integrations.registry import provider_class

OTHER = "other"
# Where the provider has more than one address of its own (kombo.md section 2), the usual one first.
REGIONS = {
    "kombo": (
        ("https://api.kombo.dev/v1", "Europe"),
        ("https://api.us.kombo.dev/v1", "United States"),
    )
}
# A refusal says which credential it is about by its code; without one it is about the first.
ABOUT = {
    "wrong_integration": "integration_id",
    **dict.fromkeys(("wrong_account", "linkup:reconnect"), "account_id"),
    "PLATFORM.INTEGRATION_NOT_FOUND": "integration_id",
    **dict.fromkeys(
        ("no_connection", "timeout", "broken_off", "redirected", "bad_envelope", "not_json", "web_page", "empty"),
        "address",
    ),
}


class ConnectionForm(forms.Form):
    """Name, address and the credentials that this provider needs. Secrets are never shown again.

    With ``changing`` a connection: its name and address stand there, and a credential left empty stays as it is.
    """

    name = forms.CharField(
        label="Name", max_length=200, help_text="As your team calls the system, for example “Greenhouse”."
    )

    def __init__(self, provider: str, *args: Any, changing: Connection | None = None, **kwargs: Any) -> None:
        if changing is not None:
            kwargs["initial"] = {"name": changing.name, **_address_of(provider, changing.base_url)}
        super().__init__(*args, **kwargs)
        self.provider, self.changing = provider, changing
        for credential in CREDENTIALS[provider]:
            self.fields[credential.name] = self._credential(credential)
        if provider == "linkup" and changing is None:
            self.fields["jobs"] = JobsField("Jobs whose applicants are read")
            self.fields["credit_budget"] = BudgetField()
        self._add_address()
        if provider == "linkup" and changing is None:
            self.fields["accepts"] = forms.BooleanField(
                label="LinkedIn restricts what others may do with an account by themselves. We accept that risk.",
                error_messages={"required": "Somebody has to accept this before the account is read."},
            )

    def options(self) -> dict[str, Any]:
        """What was chosen for a new connection."""
        given = {"job_ids": self.cleaned_data.get("jobs"), "credit_budget": self.cleaned_data.get("credit_budget")}
        return {name: value for name, value in given.items() if value}

    def _credential(self, credential: Credential) -> forms.CharField:
        keep = "Leave it empty to keep what is saved." if self.changing else ""
        kind: Any = forms.PasswordInput if credential.is_secret else forms.TextInput
        return forms.CharField(
            label=credential.label,
            help_text=" ".join(filter(None, [credential.help, keep])),
            required=credential.required and not self.changing,
            max_length=500,
            widget=kind(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def _add_address(self) -> None:
        regions = REGIONS.get(self.provider, ((provider_class(self.provider).default_base_url, "The provider's own"),))
        choices = [*((url, f"{label}: {url}") for url, label in regions), (OTHER, "Another address")]
        self.fields["region"] = forms.ChoiceField(
            label="Where it runs", choices=choices, initial=choices[0][0], widget=forms.RadioSelect, required=False
        )
        allowed = ", ".join(settings.UPSTREAM_ALLOWED_HOSTS)
        self.fields["address"] = forms.CharField(
            label="Another address",
            max_length=300,
            required=False,
            help_text=f"Hosts that the operator of Quorum has allowed: {allowed}."
            if allowed
            else "The operator of Quorum has allowed no other host.",
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("region") == OTHER and not given.get("address") and "address" not in self.errors:
            self.add_error("address", "Enter the address.")
        return given

    @property
    def base_url(self) -> str:
        """What was chosen or typed; empty for the provider's usual address."""
        region = self.cleaned_data.get("region") or ""
        return str(self.cleaned_data.get("address", "")).strip() if region == OTHER else region

    def credentials(self) -> dict[str, str]:
        """What was typed; an empty field says nothing."""
        names = [credential.name for credential in CREDENTIALS[self.provider]]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}

    def refuse(self, field: str | None, message: str, code: str = "") -> None:
        """Put the words of a refusal beside what they are about."""
        where = {"credentials": self._credential_named(message, code), "base_url": "address"}.get(str(field), field)
        self.add_error(where if where in self.fields else None, message)

    def _credential_named(self, message: str, code: str) -> str:
        known = CREDENTIALS[self.provider]
        named = (one.name for one in known if message.startswith(one.label))
        return ABOUT.get(f"{self.provider}:{code}") or ABOUT.get(code) or next(named, known[0].name)


def _address_of(provider: str, base_url: str) -> dict[str, str]:
    known = [url for url, _label in REGIONS.get(provider, ())] or [provider_class(provider).default_base_url]
    return {"region": base_url} if base_url in known else {"region": OTHER, "address": base_url}


class ScheduleForm(forms.Form):
    """How often, and at most how fast. The choices grow by what is set, should somebody have set it by the API."""

    sync_every_minutes = forms.TypedChoiceField(label="Import every", coerce=int)
    requests_per_minute = forms.IntegerField(
        label="At most this many requests a minute",
        min_value=1,
        max_value=100_000,
        required=False,
        help_text="Leave it empty to go by what the provider says.",
    )

    def __init__(self, connection: Connection, *args: Any, **kwargs: Any) -> None:
        set_now = connection.sync_every_minutes
        kwargs["initial"] = {
            "sync_every_minutes": set_now,
            "requests_per_minute": connection.options.get("requests_per_minute"),
        }
        super().__init__(*args, **kwargs)
        self.connection = connection
        known = sorted({*words.EVERY, set_now})
        contract = provider_class(connection.provider).requests_per_minute
        if contract is not None:
            at_most = self.fields["requests_per_minute"]
            at_most.help_text = f"Leave it empty for the provider's own limit of {contract:,}."
        choices = [(minutes, words.EVERY.get(minutes, f"{minutes:,} minutes")) for minutes in known]
        self.fields["sync_every_minutes"].choices = choices  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        options = {key: value for key, value in self.connection.options.items() if key != "requests_per_minute"}
        if (ceiling := self.cleaned_data["requests_per_minute"]) is not None:
            options["requests_per_minute"] = ceiling
        return {"sync_every_minutes": self.cleaned_data["sync_every_minutes"], "options": options}


class DisconnectForm(forms.Form):
    name = forms.CharField(label="Type the connection's name")

    def __init__(self, expected: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if typed.strip() != self.expected.strip():
            raise forms.ValidationError(f"This isn't the name. It is “{self.expected}”.")
        return typed
