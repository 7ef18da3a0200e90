"""Which credentials each provider needs: for forms and the API, and to refuse what can't be right before any call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recruitment.encryption import Secrets
from recruitment.errors import DomainError

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Credential:
    name: str
    label: str
    help: str = ""
    required: bool = True
    is_secret: bool = True


CREDENTIALS: Mapping[str, tuple[Credential, ...]] = {
    "kombo": (
        Credential(
            "api_key", "API key", "From the Secrets page of Kombo's dashboard; there is one for each environment."
        ),
        Credential(
            "integration_id",
            "Integration id",
            "From the integration's page in Kombo's dashboard, for example greenhouse:MASi45ub…",
            is_secret=False,
        ),
        Credential(
            "webhook_secret",
            "Webhook secret",
            "Shown in Kombo's dashboard with the first webhook. Only for those who use webhooks. While it is changed "
            "both count: the new one, a comma, the old one.",
            required=False,
        ),
    ),
    "linkup": (
        Credential("api_key", "API key", "From LinkUp's dashboard. Reading with it spends that account's credits."),
        Credential(
            "account_id",
            "Account id",
            "Of the LinkedIn account that was connected in LinkUp's dashboard, for example 69d0aa17c2b1e40094ab1203.",
            is_secret=False,
        ),
    ),
    "recruspace": (
        Credential("api_key", "API key", "From Recruspace: Settings, Career page, generate key. It is one company's."),
    ),
    "talynce": (
        Credential(
            "api_key", "API key", "From Talynce's dashboard: Administration, Developer. It opens one organization."
        ),
    ),
}


def clean_credentials(provider: str, given: Mapping[str, Any], *, kept: Mapping[str, str] | None = None) -> Secrets:
    """What is given over what is kept, complete and printable. An empty optional one is forgotten."""
    fields = {field.name: field for field in CREDENTIALS[provider]}
    for name in given:
        if name not in fields:
            raise DomainError(f"{name} is no credential of this provider.", field="credentials", code="unknown")
    merged = {**(kept or {}), **{name: _clean(fields[name], value) for name, value in given.items()}}
    for field in fields.values():
        if field.required and not merged.get(field.name):
            raise DomainError(f"{field.label} is missing.", field="credentials", code="required")
    return Secrets({name: value for name, value in merged.items() if value})


def _clean(field: Credential, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise DomainError(f"{field.label} must be text.", field="credentials", code="invalid")
    text = value.strip()
    if text and not (text.isascii() and text.isprintable() and " " not in text):
        raise DomainError(f"{field.label} has characters in it that none has.", field="credentials", code="invalid")
    return text
