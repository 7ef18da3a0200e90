"""Two copies and the delay between them, kept over a restart by a journal (kombo.md 7.5, 16.7)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.sandbox.clock import Clock, iso, today
from integrations.sandbox.journal import Journal
from integrations.sandbox.kombo.changes import Change, apply
from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.population import Population
from integrations.sandbox.ledger import Ledger


class Store:
    """``remote`` is the ATS, ``read`` what Kombo's lists serve. Hold ``lock`` while reading either."""

    def __init__(self, *, people: int, seed: int, read_delay: float, journal: Journal, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.people, self.seed, self.read_delay = people, seed, read_delay
        self.clock, self.journal = clock, journal
        self.on_change: Callable[[list[str], str, str], None] = lambda _models, _started, _ended: None
        self.settings: dict[str, Any] = {}
        self.ledger = Ledger()
        self.base = today()
        self._begin()
        self._replay()

    def _begin(self) -> None:
        population = Population(self.people, self.seed, self.base)
        self.remote, self.read = Copy(population), Copy(population)
        self.pending: list[tuple[str, list[Change]]] = []
        self._next = {"candidate": 10_000_000, "application": 10_000_000, "tag": 1100, "file": 20_000_000}

    def next_number(self, kind: str) -> int:
        """A fresh ATS number. A new candidate and its application may share theirs, as the old ones do."""
        self._next[kind] += 1
        return self._next[kind] - 1

    def change(self, changes: list[Change], received: dict[str, Any] | None = None) -> None:
        """Change the ATS now and the read copy later; with ``received``, enter the write into the ledger."""
        with self.lock:
            entry: dict[str, Any] = {"at": self.clock.iso(), "changes": changes}
            if received is not None:
                entry["received"] = {"at": entry["at"], **received}
            self.journal.append(entry)
            self._take(entry)

    def sync(self) -> None:
        """Let the read copy catch up at once."""
        with self.lock:
            at = self.clock.iso()
            if self.pending:
                self.journal.append({"at": at, "sync": True})
            self._catch_up(at, force=True)

    def settle(self) -> None:
        """Apply to the read copy what has become due. Called before every read."""
        with self.lock:
            if self.pending and self._due(self.pending[0][0]) <= self.clock.iso():
                self._catch_up(self.clock.iso(), force=False)

    def set(self, name: str, value: Any) -> None:
        with self.lock:
            self.journal.append({"at": self.clock.iso(), "set": {name: value}})
            self.settings[name] = value

    def reset(self) -> None:
        """Back to the beginning: no write, no change, no ledger. Settings stay."""
        with self.lock:
            self.journal.append({"at": self.clock.iso(), "reset": True})
            self.ledger.clear()
            self._begin()

    def seconds_to_next(self) -> float | None:
        """How long until something becomes due; None when nothing waits."""
        with self.lock:
            if not self.pending:
                return None
            due = datetime.fromisoformat(self._due(self.pending[0][0]))
            return max(0.0, (due - self.clock.now()).total_seconds())

    def _due(self, at: str) -> str:
        return iso(datetime.fromisoformat(at) + timedelta(seconds=self.read_delay))

    def _take(self, entry: dict[str, Any]) -> None:
        for change in entry["changes"]:
            apply(self.remote, change, entry["at"])
            for kind in self._next:
                self._next[kind] = max(self._next[kind], (change.get(kind) or -1) + 1)  # null: a file without one
        if entry["changes"]:
            self.pending.append((entry["at"], entry["changes"]))
        if "received" in entry:
            self.ledger.add(**entry["received"])

    def _catch_up(self, now: str, *, force: bool) -> None:
        models: list[str] = []
        started = self.pending[0][0] if self.pending else now
        while self.pending and (force or self._due(self.pending[0][0]) <= now):
            at, changes = self.pending.pop(0)
            seen = now if force else min(now, self._due(at))
            for change in changes:
                models += apply(self.read, change, seen)
        if models or force:
            self.on_change(list(dict.fromkeys(models)), started, now)

    def _replay(self) -> None:
        """Do again what the journal says; its first line holds the base date, so that no date moves overnight."""
        entries = self.journal.read()
        head = next((entry for entry in entries if "base" in entry), None)
        if head is None:
            self.journal.append({"base": self.base.isoformat(), "seed": self.seed, "people": self.people})
            return
        if (head["seed"], head["people"]) != (self.seed, self.people):
            raise ValueError(f"the state file belongs to --seed {head['seed']} --people {head['people']}")
        self.base = datetime.fromisoformat(head["base"]).astimezone(UTC)
        self._begin()
        for entry in entries:
            self._replay_entry(entry)
        self._catch_up(self.clock.iso(), force=False)

    def _replay_entry(self, entry: dict[str, Any]) -> None:
        if "changes" in entry:
            self._take(entry)
        elif "sync" in entry:
            self._catch_up(entry["at"], force=False)
            self._catch_up(entry["at"], force=True)
        elif "set" in entry:
            self.settings |= entry["set"]
        elif "reset" in entry:
            self.ledger.clear()
            self._begin()
