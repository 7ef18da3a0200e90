"""What became of a page of rows: every row is in exactly one of the counts, vanished ones aside."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Problem:
    """A row that was set aside: what came, and why it could not be taken."""

    external_id: str
    reason: str
    payload: Any


@dataclass(slots=True)
class Counts:
    """``skipped``: repeats within a page and people who were erased; ``erased``: the latter alone.

    ``vanished``: rows of ours that the source has deleted or no longer lists.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    set_aside: int = 0
    skipped: int = 0
    vanished: int = 0
    erased: int = 0
    problems: list[Problem] = field(default_factory=list)
    told: list[Any] = field(default_factory=list, compare=False)  # the activity of it, as it was written

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(Counts)})

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.set_aside + self.skipped
