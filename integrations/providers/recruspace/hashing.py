"""Rows on their way to profiles: what is left out of them, and what is left out of their hash.

Signed links are others in each answer, so that a row which is hashed or kept with them would change with each walk.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from candidates.domain.profiles import Row, Unread
from integrations.rows import plain_id, unread
from integrations.tolerant import Payload

# Goes into each row's hash. Raise it when the mapping says something else of the same row: all are read anew then.
MAPPING = "1"
# Whether somebody has looked at it, and counts of others: kept as they were at the last real change (section 1).
UNSTEADY = frozenset({"is_seen", "candidate_count", "applicant_count"})
# Links that live for minutes, and copies of people that come with their own rows: nothing here ever sees them.
LEFT_OUT = frozenset({"presigned_url", "example_candidates"})


def unread_row(
    raw: Any, shape: type[Payload], to_row: Callable[[Any], Row], *, key: str = "id", also_in: tuple[str, ...] = ()
) -> Unread:
    with suppress(RecursionError):  # a row without a bottom is set aside when it is read
        raw = _without(raw, LEFT_OUT)
    known = plain_id(id_of(raw, key))
    return unread(raw, known, version=MAPPING, shape=shape, to_row=to_row, key=key, steady=steady, also_in=also_in)


def steady(raw: Any) -> Any:
    """The same for the same person, whoever looked at the profile and in whichever order the tags come."""
    if not isinstance(raw, dict):
        return raw
    kept = {name: value for name, value in raw.items() if name not in UNSTEADY}
    if isinstance(tags := kept.get("tags"), list):
        kept["tags"] = sorted(tags, key=lambda tag: (id_of(tag).rjust(20), str(tag)))
    return kept


def id_of(row: Any, key: str = "id") -> str:
    """An id as text; empty where there is none."""
    value = row.get(key) if isinstance(row, dict) else None
    return str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""


def _without(value: Any, names: frozenset[str]) -> Any:
    """The same without these names, at any depth. Raises RecursionError for what is nested without end."""
    if isinstance(value, dict):
        return {name: _without(inner, names) for name, inner in value.items() if name not in names}
    return [_without(inner, names) for inner in value] if isinstance(value, list) else value
