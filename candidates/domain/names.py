"""How much two names are alike, whatever their accents, order and spelling."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from candidates.domain.search import fold
from candidates.models import Candidate

ALIKE = 60  # of 100: below it, two names without a word in common are two people's
TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "ing", "dipl", "herr", "frau", "mme", "jr", "sr"])
BETWEEN = re.compile(r"[\s.,;()/\"']+")


def words(name: str) -> list[str]:
    """Folded, without titles and initials."""
    found = [word for word in BETWEEN.split(fold(name)) if word]
    return [word for word in found if len(word) > 1 and word not in TITLES] or found


def likeness(first: str, second: str) -> float:
    """0 to 100. The order of the words doesn't matter; 0 where a name says nothing."""
    ours, theirs = words(first), words(second)
    return fuzz.token_sort_ratio(" ".join(ours), " ".join(theirs)) if ours and theirs else 0.0


def differ_clearly(first: str, second: str) -> bool:
    """Whether these can't be one person's. A name that is missing differs from none, and a word in common is enough to
    be one: surnames change, first names are shortened."""
    ours, theirs = words(first), words(second)
    if not ours or not theirs or set(ours) & set(theirs):
        return False
    return likeness(first, second) < ALIKE


def name_in(fields: dict[str, object]) -> str:
    """The name in columns of a candidate; empty for none."""
    full = fields.get("full_name")
    parts = [full] if full else [fields.get("first_name"), fields.get("last_name")]
    return " ".join(part for part in parts if isinstance(part, str) and part)


def name_of(candidate: Candidate) -> str:
    return name_in({name: getattr(candidate, name) for name in ("full_name", "first_name", "last_name")})
