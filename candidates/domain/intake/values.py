"""Values of profiles as a database can hold and compare them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from candidates.domain.profiles import FileProfile, Mark

# NUL has no place in PostgreSQL's text, and half of a surrogate pair none in UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ESCAPED_NUL = b"\\u0000"


def is_blank(value: Any) -> bool:
    """Says nothing. No and nought say something."""
    return value is None or (not value and value is not False and not isinstance(value, int | float | Decimal))


def plain(value: Any) -> Any:
    """As JSON gives it back: what is kept as the base of the next comparison, and compared."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    return value


def canonical(profile: Any) -> bytes:
    """The profile as one text, the same for the same content. Raises ValueError for what UTF-8 can't hold."""
    text = json.dumps(profile, default=_parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def fingerprint(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def is_storable(text: bytes) -> bool:
    return ESCAPED_NUL not in text


def payload_of(profile: Any) -> Any:
    """A profile as JSON, for a person who wants to see why it was set aside."""
    return json.loads(json.dumps(storable(profile), default=_named, ensure_ascii=False))


def storable(value: Any) -> Any:
    """The same with a replacement sign for characters that can't be stored."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [part.name for part in dataclasses.fields(value)]
        return type(value)(**{name: storable(getattr(value, name)) for name in names})
    return value


def _parts(value: Any) -> Any:
    if isinstance(value, FileProfile):  # a link that is signed anew at each reading changes nothing
        return [value.external_id, value.name, value.kind, value.version, value.application_external_id]
    names = getattr(type(value), "__slots__", None)
    return [getattr(value, name) for name in names] if names and dataclasses.is_dataclass(value) else _scalar(value)


def _named(value: Any) -> Any:
    names = getattr(type(value), "__slots__", None)
    if not names or not dataclasses.is_dataclass(value):
        return _scalar(value)
    return {name: part for name in names if not isinstance(part := getattr(value, name), Mark)}


def _scalar(value: Any) -> str:
    if isinstance(value, Mark):
        return f"<{value.value}>"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)
