"""What the fields of two people who are one become: chosen field by field, and sensible where nobody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from candidates.domain.cleaning import SHAPES, TEXTS
from candidates.domain.intake.values import is_blank
from candidates.models import Candidate
from recruitment.errors import DomainError

OURS, THEIRS, BOTH = "ours", "theirs", "both"
CHOICES = [(OURS, "Ours"), (THEIRS, "Theirs"), (BOTH, "Both together")]
FIELDS = (*TEXTS, *SHAPES)
LISTS = ("emails", "phones", "links", "skills")
TOGETHER = (*LISTS, "custom_fields")  # what two people's values can be put together


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which the two differ. ``choice`` is what is kept, ``result`` what that is."""

    field: str
    ours: Any
    theirs: Any
    choices: tuple[str, ...]
    choice: str
    result: Any


def differences(survivor: Candidate, other: Candidate, chosen: Mapping[str, str] | None = None) -> list[Difference]:
    """Fields that are the same on both, or blank on the other, aren't named. ``chosen``: ours, theirs or both by field;
    raises DomainError for a choice that isn't there."""
    chosen = chosen or {}
    for name, choice in chosen.items():
        if name not in FIELDS:
            raise DomainError(f"There is no field {name}.", field=f"fields.{name}", code="field_unknown")
        if choice not in _choices(name):
            words = " or ".join(_choices(name))
            raise DomainError(f"Choose {words}.", field=f"fields.{name}", code="invalid_choice")
    found = []
    for name in FIELDS:
        ours, theirs = getattr(survivor, name), getattr(other, name)
        if ours == theirs or (_is_empty(theirs) and chosen.get(name) != THEIRS):
            continue
        choice = chosen.get(name) or _default(name, ours)
        found.append(Difference(name, ours, theirs, _choices(name), choice, _result(name, ours, theirs, choice)))
    return found


def _is_empty(value: Any) -> bool:
    return value is False or is_blank(value)


def _choices(name: str) -> tuple[str, ...]:
    return (OURS, THEIRS, BOTH) if name in TOGETHER else (OURS, THEIRS)


def _default(name: str, ours: Any) -> str:
    """Nothing that only one of them has is lost: the survivor's value wins where both have one."""
    if name in TOGETHER:
        return BOTH
    return THEIRS if _is_empty(ours) else OURS


def _result(name: str, ours: Any, theirs: Any, choice: str) -> Any:
    if choice != BOTH:
        return ours if choice == OURS else theirs
    if name == "custom_fields":
        return {**theirs, **ours}
    known = {_same(row) for row in ours}
    return [*ours, *(row for row in theirs if _same(row) not in known)]


def _same(row: Any) -> str:
    """Two spellings of one address or skill are one."""
    value = row.get("value", "") if isinstance(row, dict) else row
    return str(value).strip().casefold()
