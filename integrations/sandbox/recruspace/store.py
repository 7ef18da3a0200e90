"""What Recruspace holds: rows by id, kept over a restart by a journal of changed rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Any

from integrations.sandbox.clock import Clock, today
from integrations.sandbox.journal import Journal
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.recruspace import company, population
from integrations.sandbox.recruspace.population import Row

# Ids of kinds that have text ids; JSON makes text of every key.
TEXT_IDS = ("jobs",)


@dataclass(slots=True)
class Switches:
    """How Recruspace behaves where its documentation contradicts itself or is silent (recruspace.md 8)."""

    envelope: bool = False  # pools, their candidates and users: a page envelope in place of a bare array
    bare_jobs: bool = False  # job posts: a bare array in place of a page envelope
    nulls: bool = False  # an envelope has "next": null at its end, in place of no "next"
    wrap: bool = False  # what was created, and what was uploaded, comes in {success, content}
    wrap_lists: bool = False  # lists as well
    ignore_page: bool = False  # every page is the first one
    retry_after: bool = False  # a 429 carries the header
    no_jobs: bool = False  # there is no list of job posts
    per_minute: int = company.PER_MINUTE
    link_seconds: int = 300  # how long a presigned link opens its file


class Store:
    """Hold ``lock`` while reading or changing. The rows are made at the first look: a large sandbox starts at once."""

    def __init__(self, *, people: int, seed: int, journal: Journal, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.people, self.seed, self.journal, self.clock = people, seed, journal, clock
        self.switches = Switches()
        self.ledger = Ledger()
        self.base = today()
        self._orders: dict[int, list[int]] = {}
        self._entries = self._begin()

    @cached_property
    def rows(self) -> dict[str, dict[Any, Row]]:
        """``{kind: {id: row}}``; ``substages`` hold names that were changed, ``notes`` what was written."""
        found: dict[str, dict[Any, Row]] = {
            "candidates": {row["id"]: row for row in population.candidates(self.people, self.seed, self.base)},
            "tags": {number: {"id": number, "title": title} for number, title in company.TAGS},
            "pools": company.pools(self.base), "jobs": company.jobs(self.base), "substages": {}, "notes": {},
            "documents": {},
        }  # fmt: skip
        for entry in self._entries:
            _apply(found, entry)
        return found

    def get(self, kind: str, identifier: Any) -> Row:
        """Raises LookupError."""
        return self.rows[kind][identifier if kind in TEXT_IDS else _whole(identifier)]

    def in_pool(self, pool: int) -> list[int]:
        """Ids of a pool's candidates, the newest first (section 9)."""
        if pool not in self._orders:
            rows = [row for row in self.rows["candidates"].values() if pool in row["pools"]]
            rows.sort(key=lambda row: (row["created_at"] or "", row["id"]), reverse=True)
            self._orders[pool] = [row["id"] for row in rows]
        return self._orders[pool]

    def new_id(self, kind: str) -> int:
        return max(chain([FIRST.get(kind, 0)], self.rows[kind])) + 1

    def change(
        self,
        put: dict[str, list[Row]] | None = None,
        *,
        gone: dict[str, list[int]] | None = None,
        received: dict[str, Any] | None = None,
    ) -> None:
        """Put whole rows by kind, take others away, enter a write into the ledger: one line of the journal."""
        with self.lock:
            entry: dict[str, Any] = {"at": self.clock.iso(), "put": put or {}, "gone": gone or {}}
            if received is not None:
                entry["received"] = {"at": entry["at"], **received}
                self.ledger.add(**entry["received"])
            self.journal.append(entry)
            _apply(self.rows, entry)
            if entry["put"] or entry["gone"]:
                self._orders.clear()

    def reset(self) -> None:
        with self.lock:
            self.journal.append({"reset": True})
            self.ledger.clear()
            self._entries = []
            self._orders.clear()
            self.__dict__.pop("rows", None)

    def _begin(self) -> list[dict[str, Any]]:
        """The first line holds the base date, so that no date moves overnight."""
        entries = self.journal.read()
        head = next((entry for entry in entries if "base" in entry), None)
        if head is None:
            self.journal.append({"base": self.base.isoformat(), "seed": self.seed, "people": self.people})
            return []
        if (head["seed"], head["people"]) != (self.seed, self.people):
            raise ValueError(f"the state file belongs to --seed {head['seed']} and {head['people']} people")
        self.base = datetime.fromisoformat(head["base"]).astimezone(UTC)
        resets = [place for place, entry in enumerate(entries) if "reset" in entry]
        since = entries[resets[-1] + 1 if resets else 0 :]
        for entry in since:
            if "received" in entry:
                self.ledger.add(**entry["received"])
        return [entry for entry in since if "put" in entry]


FIRST = {"notes": 3300, "documents": 39_383, "tags": 87}


def _whole(identifier: Any) -> int:
    """Raises LookupError for what is no whole number."""
    try:
        return int(str(identifier))
    except ValueError:
        raise LookupError(identifier) from None


def _apply(rows: dict[str, dict[Any, Row]], entry: dict[str, Any]) -> None:
    for kind, changed in entry["put"].items():
        rows[kind] |= {row["hash" if kind in TEXT_IDS else "id"]: row for row in changed}
    for kind, gone in entry["gone"].items():
        for identifier in gone:
            rows[kind].pop(identifier, None)
            if kind == "pools":
                for row in rows["candidates"].values():
                    row["pools"] = [pool for pool in row["pools"] if pool != identifier]
