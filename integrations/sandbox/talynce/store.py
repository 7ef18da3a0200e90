"""What Talynce holds: rows by id, kept over a restart by a journal of changed rows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from integrations.sandbox.clock import Clock, iso, today
from integrations.sandbox.journal import Journal
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.talynce import organization, population
from integrations.sandbox.talynce.population import Row

KINDS = ("candidates", "applications", "jobs", "clients")


@dataclass(slots=True)
class Switches:
    """How Talynce behaves where its documentation is silent, and how the organization stands (talynce.md 8)."""

    trial: bool = False  # reads are fine, every write is forbidden
    per_minute: int = organization.PER_MINUTE
    candidate_limit: int = 1_000_000  # for POSTs that create
    overwrite: bool = False  # a POST that matches writes the profile too
    lock_applications: bool = False  # a masked profile takes no application-only PUT either
    shuffle: bool = False  # the list has another order at every request
    touch_candidate: bool = False  # a change of status moves the candidate's updated_at too


class Store:
    """Hold ``lock`` while reading or changing. The rows are made at the first look: a large sandbox starts at once."""

    def __init__(self, *, people: int, seed: int, journal: Journal, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.people, self.seed, self.journal, self.clock = people, seed, journal, clock
        self.switches = Switches()
        self.ledger = Ledger()
        self.base = today()
        self._entries = self._begin()

    @cached_property
    def rows(self) -> dict[str, dict[str, Row]]:
        """``{kind: {id: row}}``."""
        candidates, applications = population.people(self.people, self.seed, self.base)
        at = iso(self.base)
        found = {
            "candidates": candidates, "applications": applications,
            "jobs": organization.jobs(at), "clients": organization.clients(at),
        }  # fmt: skip
        for entry in self._entries:
            _apply(found, entry)
        return found

    def get(self, kind: str, identifier: str) -> Row:
        """Raises LookupError."""
        return self.rows[kind][identifier]

    def applications_of(self, candidate_id: str) -> list[Row]:
        return [row for row in self.rows["applications"].values() if row["candidate_id"] == candidate_id]

    def change(
        self,
        put: dict[str, list[Row]] | None = None,
        *,
        gone: list[str] | None = None,
        received: dict[str, Any] | None = None,
    ) -> None:
        """Put whole rows by kind, take candidates away, enter a write into the ledger: one line of the journal."""
        with self.lock:
            entry: dict[str, Any] = {"at": self.clock.iso(), "put": put or {}, "gone": gone or []}
            if received is not None:
                entry["received"] = {"at": entry["at"], **received}
                self.ledger.add(**entry["received"])
            self.journal.append(entry)
            _apply(self.rows, entry)

    def reset(self) -> None:
        with self.lock:
            self.journal.append({"reset": True})
            self.ledger.clear()
            self._entries = []
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


def _apply(rows: dict[str, dict[str, Row]], entry: dict[str, Any]) -> None:
    for kind, changed in entry["put"].items():
        rows[kind] |= {row["id"]: row for row in changed}
    for identifier in entry["gone"]:
        rows["candidates"].pop(identifier, None)
        links = [key for key, row in rows["applications"].items() if row["candidate_id"] == identifier]
        for key in links:
            del rows["applications"][key]
