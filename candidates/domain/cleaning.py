"""One gate for what people type and programs send about a person: bounded, printable, in the right shape."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from recruitment.errors import DomainError

TEXTS = {
    "full_name": 300,
    "first_name": 300,
    "last_name": 300,
    "headline": 500,
    "current_company": 300,
    "current_title": 300,
    "source_label": 300,
}
PLACES = ("raw", "city", "state", "zip_code", "street_1", "street_2", "country")
LIST_LIMIT = 50


def clean_text(value: Any, limit: int, field: str) -> str:
    """NFC, one line, no control characters. Raises DomainError with the field when it isn't text or too long."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DomainError("This must be text.", field=field, code="invalid")
    text = unicodedata.normalize("NFC", value)
    text = " ".join("".join(char if char.isprintable() or char in "\u200c\u200d" else " " for char in text).split())
    if len(text) > limit:
        raise DomainError(f"This has {len(text):,} characters; {limit:,} fit.", field=field, code="max_length")
    return text


def clean_candidate_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields of ``fields``, cleaned. Raises DomainError for the first that doesn't fit."""
    cleaned: dict[str, Any] = {
        name: clean_text(fields[name], limit, name) for name, limit in TEXTS.items() if name in fields
    }
    for name, clean in SHAPES.items():
        if name in fields:
            cleaned[name] = clean(fields[name], name)
    return cleaned


def _location(value: Any, field: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise DomainError("A location is an object of texts.", field=field, code="invalid")
    return {part: text for part in PLACES if (text := clean_text(value.get(part), 300, f"{field}.{part}"))}


def _valued(check: Callable[[str, str], str]) -> Callable[[Any, str], list[dict[str, str]]]:
    def clean(value: Any, field: str) -> list[dict[str, str]]:
        if not isinstance(value, list) or len(value) > LIST_LIMIT:
            raise DomainError(f"This is a list of at most {LIST_LIMIT} items.", field=field, code="invalid")
        rows = [item if isinstance(item, Mapping) else {"value": item} for item in value]
        return [
            {
                "value": check(clean_text(row.get("value"), 2000, field), field),
                "kind": clean_text(row.get("kind"), 50, field),
            }
            for row in rows
            if row.get("value")
        ]

    return clean


def _email(value: str, field: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise DomainError("This isn't an e-mail address.", field=field, code="invalid") from None
    return value


def _link(value: str, field: str) -> str:
    """Only addresses that a browser may follow: no script, no hidden user part."""
    try:
        parts = urlsplit(value)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        fine = False
    if not fine:
        raise DomainError("A link starts with http:// or https://.", field=field, code="invalid")
    return value


def _phone(value: str, field: str) -> str:
    if not any(char.isdigit() for char in value) or len(value) > 100:
        raise DomainError("This isn't a phone number.", field=field, code="invalid")
    return value


def _skills(value: Any, field: str) -> list[str]:
    if not isinstance(value, list) or len(value) > 200:
        raise DomainError("Skills are a list of at most 200 texts.", field=field, code="invalid")
    return [text for item in value if (text := clean_text(item, 200, field))]


def _experiences(value: Any, field: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > 100:
        raise DomainError("Experiences are a list of at most 100 items.", field=field, code="invalid")
    return [_experience(item, field) for item in value]


def _experience(item: Any, field: str) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise DomainError("An experience is an object.", field=field, code="invalid")
    texts = {
        name: clean_text(item.get(name), 2000, field)
        for name in ("title", "company", "company_url", "start", "end", "raw")
    }
    description = item.get("description") or ""
    if not isinstance(description, str) or len(description) > 10_000:
        raise DomainError("A description is text of at most 10,000 characters.", field=field, code="max_length")
    return {**texts, "current": bool(item.get("current")), "description": description.replace("\x00", "")}


def _object(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise DomainError("This is an object.", field=field, code="invalid")
    return dict(value)


def _flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise DomainError("This is true or false.", field=field, code="invalid")
    return value


SHAPES: dict[str, Callable[[Any, str], Any]] = {
    "location": _location,
    "emails": _valued(_email),
    "phones": _valued(_phone),
    "links": _valued(_link),
    "skills": _skills,
    "experiences": _experiences,
    "compensation": _object,
    "availability": _object,
    "custom_fields": _object,
    "confidential": _flag,
}
