"""What LinkUp holds: who applied, in which order, what changed since, and what has been spent.

A change is data, ``{"do": name, ...}``, kept over a restart by a journal.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.clock import Clock, today
from integrations.sandbox.journal import Journal
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.linkup.account import CREDITS, JOBS
from integrations.sandbox.linkup.population import FIRST_APPLICATION, SPECIAL, Applicant, Population

LOGGED = 500  # calls


@dataclass(slots=True)
class Switches:
    """How LinkUp speaks: things on which its own pages differ (sections 6 and 10)."""

    rating_words: str = "GOOD"  # or GOOD_FIT
    extras: bool = True  # application_date and education
    arrivals: int = 0  # how many people apply before each further page of a walk
    slow_seconds: float = 10.0  # that one CV takes
    per_minute: int = 300


class Store:
    """Hold ``lock`` while reading or changing."""

    def __init__(self, *, people: int, seed: int, journal: Journal, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.people, self.seed, self.journal, self.clock = people, seed, journal, clock
        self.switches = Switches()
        self.ledger = Ledger()
        self.log: list[dict[str, Any]] = []
        self.base = today()
        self._begin()
        self._replay()

    def _begin(self) -> None:
        self.population = Population(self.people, self.seed, self.base)
        self.order = self.population.numbers()
        self.changed: dict[int, dict[str, Any]] = {}
        self.credits, self.spent, self.calls = CREDITS, 0, 0
        self.runs = 0
        self._next = 2 * self.people

    # reading

    def applicants(self, job_id: str, start: int, count: int) -> list[Applicant]:
        return [self.applicant(number) for number in self.order[job_id][start : start + count]]

    def applicant(self, number: int) -> Applicant:
        found = self.population.applicant(number)
        changes = self.changed.get(number)
        return replace(found, **changes) if changes else found

    def number_of(self, application_id: str) -> int:
        """Raises LookupError for an application that isn't listed."""
        number = (
            int(application_id) - FIRST_APPLICATION if application_id.isascii() and application_id.isdigit() else -1
        )
        if not any(number in numbers for numbers in self.order.values()):
            raise LookupError(application_id)
        return number

    def special(self, case: str) -> str:
        """The application id of a hand-made case."""
        return self.population.applicant(2 * SPECIAL.index(case)).application_id

    # changing

    def change(self, **change: Any) -> Any:
        with self.lock:
            self.journal.append(change)
            return self._apply(change)

    def _apply(self, change: dict[str, Any]) -> Any:
        return getattr(self, f"_{change['do']}")(**{key: value for key, value in change.items() if key != "do"})

    def _edit(self, number: int, **fields: Any) -> None:
        self.changed[number] = {**self.changed.get(number, {}), **fields}

    def _withdraw(self, number: int) -> None:
        for numbers in self.order.values():
            if number in numbers:
                numbers.remove(number)

    def _return(self, number: int) -> None:
        job_id = self.applicant(number).job_id
        if number not in self.order[job_id]:
            self.order[job_id].append(number)

    def _apply_for(self, job_id: str) -> int:
        """Somebody new, at the front."""
        number = self._next
        self._next += 2
        if job_id not in JOBS:
            raise LookupError(job_id)
        self.order[job_id].insert(0, number)
        self._edit(number, job_id=job_id, minutes=0)
        return number

    def _next_run(self) -> None:
        """What may happen between two imports (section 13, point 6): a slug and a rating change, somebody is gone."""
        self.runs += 1
        slug, rating, gone = (2 * SPECIAL.index(case) for case in ("changes slug", "changes rating", "disappears"))
        self._edit(slug, slug=f"renamed-{self.runs}")
        self._edit(rating, rating=("GOOD", "MAYBE", "NOT_A_FIT")[self.runs % 3])
        self._withdraw(gone)

    def _spend(self, credits: int) -> None:
        self.credits -= credits
        self.spent += credits

    def _set_credits(self, credits: int) -> None:
        self.credits = credits

    def note_call(self, action: str, account_id: str, status: int, cost: int) -> None:
        """For ``GET /v2/logs``; what was spent is kept over a restart."""
        with self.lock:
            self.calls += 1
            at = self.clock.iso()
            self.log.append(
                {"action": action, "account_id": account_id, "status": status, "credits": cost, "timestamp": at}
            )
            del self.log[:-LOGGED]
            if cost:
                self.change(do="spend", credits=cost)

    def reset(self) -> None:
        with self.lock:
            self.journal.append({"reset": True})
            self.ledger.clear()
            self.log.clear()
            self._begin()

    def _replay(self) -> None:
        """The first line holds the base date, so that no date moves overnight."""
        entries = self.journal.read()
        head = next((entry for entry in entries if "base" in entry), None)
        if head is None:
            self.journal.append({"base": self.base.isoformat(), "seed": self.seed, "people": self.people})
            return
        if (head["seed"], head["people"]) != (self.seed, self.people):
            raise ValueError(f"the state file belongs to --seed {head['seed']} and {head['people']} applicants")
        self.base = datetime.fromisoformat(head["base"]).astimezone(UTC)
        self._begin()
        for entry in entries:
            if "reset" in entry:
                self._begin()
            elif "do" in entry:
                self._apply(entry)
