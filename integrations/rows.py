"""A provider's raw rows on their way to profiles: told apart by a hash first, mapped only where something changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from candidates.domain.profiles import Malformed, Row, Unread
from integrations.bodies import DEEPEST, storable
from integrations.tolerant import LONGEST_ID, Payload

# In JSON: a NUL, or half a surrogate pair (or a whole one). Such a row is looked at more closely.
SUSPICIOUS = re.compile(r"\\u0000|\\ud[89a-f]")


def unread(
    raw: Any,
    external_id: str,
    *,
    version: str,
    shape: type[Payload],
    to_row: Callable[[Any], Row],
    key: str = "id",
    steady: Callable[[Any], Any] | None = None,
    also_in: Sequence[str] = (),
) -> Unread:
    """Mapping a row costs several times as much as telling by its hash that it is the same as last time.

    ``external_id``: what the mapping will call it; empty when only that can tell. ``version`` goes into the hash:
    raise it when the mapping says something else of the same row, and all are read anew. ``steady`` answers the part of
    the row that is hashed, where some of it changes by itself.
    """
    try:
        text = json.dumps(raw, sort_keys=True)
        hashed = text if steady is None else json.dumps(steady(raw), sort_keys=True)
    except RecursionError:
        external_id, text, hashed = "", "", ""
    fingerprint = hashlib.sha256(f"{version}{hashed}".encode()).hexdigest()
    shallow = text.count("{") + text.count("[") <= DEEPEST
    clean = external_id != "" and shallow and not SUSPICIOUS.search(text)
    return Unread(
        external_id, fingerprint, partial(read_row, raw, shape, to_row, clean=clean, key=key), also_in=also_in
    )


def plain_id(value: Any) -> str:
    """The value if it is an id as it stands, else empty: 12, " 12" and "12" are one only after a closer look."""
    fine = isinstance(value, str) and len(value) <= LONGEST_ID and value.isalnum()
    return value if fine else ""


def read_row(
    raw: Any, shape: type[Payload], to_row: Callable[[Any], Row], *, clean: bool = False, key: str = "id"
) -> Row:
    """A profile, or the row set aside with the reason. ``clean``: it holds nothing that a database can't."""
    try:
        raw = raw if clean else storable(raw)
    except RecursionError:
        flat = raw.items() if isinstance(raw, dict) else ()
        payload = storable({name: value for name, value in flat if not isinstance(value, dict | list)})
        return Malformed(_shown_id(payload, key), "The row is nested too deeply.", payload)
    if not isinstance(raw, dict):
        return Malformed("", "The row isn't an object.", raw)
    try:
        return to_row(shape.model_validate(raw))
    except ValidationError:
        return Malformed(_shown_id(raw, key), "The row has no usable id.", raw)


def _shown_id(raw: dict[str, Any], key: str) -> str:
    """Whatever stands where the id should be, for a person to look at."""
    return "" if raw.get(key) is None else str(raw[key])[:200]
