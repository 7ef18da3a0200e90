"""A person's editable fields as text and back: lists one a line, the place as one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from candidates.models import Candidate
from candidates.personal import place, values

TEXTS = ("full_name", "headline", "current_title", "current_company")
LISTS = ("emails", "phones", "links")


def as_lines(candidate: Candidate) -> dict[str, str]:
    texts = {name: getattr(candidate, name) for name in TEXTS}
    lists = {name: "\n".join(values(getattr(candidate, name))) for name in LISTS}
    return {**texts, "location": place(candidate.location), **lists, "skills": "\n".join(map(str, candidate.skills))}


def from_lines(candidate: Candidate, typed: Mapping[str, str]) -> dict[str, Any]:
    """Back into the fields' own shapes; kinds of addresses that stay are kept."""
    fields: dict[str, Any] = dict(typed)
    for name in set(LISTS) & typed.keys():
        kinds = {row.get("value"): row.get("kind", "") for row in getattr(candidate, name) if isinstance(row, dict)}
        fields[name] = [{"value": line, "kind": kinds.get(line, "")} for line in _lines(typed[name])]
    if "skills" in typed:
        fields["skills"] = _lines(typed["skills"])
    if "location" in typed:
        same = typed["location"] == place(candidate.location)
        fields["location"] = candidate.location if same else {"raw": typed["location"]} if typed["location"] else {}
    return fields


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
