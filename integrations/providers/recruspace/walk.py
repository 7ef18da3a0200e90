"""Where a walk through lists stands (section 1, "Walk algorithm"), as the small JSON text that is the cursor.

Nothing is remembered between two pages but this text, so that any worker can go on with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b
from typing import Any

from integrations.errors import CursorExpired
from integrations.providers.recruspace.client import ListPage
from integrations.providers.recruspace.hashing import id_of


@dataclass(frozen=True, slots=True)
class Place:
    """The next page of one list. ``first`` and ``before`` are marks of its first page and of the one before."""

    page: int = 1
    first: str = ""
    before: str = ""

    def following(self, listed: ListPage, key: str = "id") -> Place | None:
        """Where the list goes on, or None at its end, which a page that brings nothing new is in any shape."""
        mark = _mark_of(listed, key)
        if not listed.has_next or not mark or self.repeats(listed, key):
            return None
        return Place(self.page + 1, self.first or mark, mark)

    def repeats(self, listed: ListPage, key: str = "id") -> bool:
        """Whether the page brings what another one brought already: the list ignores ``page``."""
        return self.page > 1 and _mark_of(listed, key) in (self.first, self.before)


@dataclass(frozen=True, slots=True)
class Walk:
    """Pool by pool. ``left`` are (id, candidates it should have), the present pool first; ``total`` is the sum of all
    pools, those behind us included, or None when it isn't known. ``choice`` marks which pools were chosen at its start.
    """

    left: tuple[tuple[str, int | None], ...]
    total: int | None
    choice: str = ""
    place: Place = field(default_factory=Place)

    @property
    def pool_id(self) -> str:
        return self.left[0][0]

    def corrected(self, count: int | None) -> Walk:
        """A page that counts its list knows better than the list of pools, which may be a moment older."""
        known = self.left[0][1]
        if count is None or count == known:
            return self
        total = None if self.total is None or known is None else self.total + count - known
        return replace(self, left=((self.pool_id, count), *self.left[1:]), total=total)

    def next_pool(self) -> Walk | None:
        return Walk(self.left[1:], self.total, self.choice) if len(self.left) > 1 else None


def _mark_of(listed: ListPage, key: str) -> str:
    return mark_of(identifier for row in listed.rows if (identifier := id_of(row, key)))


def mark_of(ids: Iterable[str]) -> str:
    """The same for the same ids in any order; empty for none."""
    found = sorted(set(ids))
    return blake2b("\n".join(found).encode("utf-8", "replace"), digest_size=12).hexdigest() if found else ""


def written(place: Place | Walk) -> str:
    return json.dumps(asdict(place), separators=(",", ":"))


def place_of(cursor: str | None) -> Place:
    return Place() if cursor is None else _place(_read(cursor))


def walk_of(cursor: str, choice: str) -> Walk:
    """Raises CursorExpired as well when other pools were chosen meanwhile: the walk would be whole for nobody."""
    data = _read(cursor)
    try:
        left = tuple((str(pool), None if count is None else int(count)) for pool, count in data["left"])
        total = data["total"]
        walk = Walk(left, None if total is None else int(total), str(data["choice"]), _place(data["place"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if not left or walk.choice != choice:
        raise _unreadable()
    return walk


def _read(cursor: str) -> dict[str, Any]:
    try:
        data = json.loads(cursor)
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(data, dict):
        raise _unreadable()
    return data


def _place(data: Any) -> Place:
    try:
        return Place(max(int(data["page"]), 1), str(data["first"]), str(data["before"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error


def _unreadable() -> CursorExpired:
    return CursorExpired("The place of the walk can't be read any more.", code="cursor_unreadable")
