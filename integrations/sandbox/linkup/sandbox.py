"""LinkUp in the sandbox, as tests and the control API drive it. Ids are LinkUp's own, as text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from integrations.sandbox.clock import Clock
from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import Request, Response
from integrations.sandbox.journal import Journal
from integrations.sandbox.linkup import pages, spoil
from integrations.sandbox.linkup.api import Api
from integrations.sandbox.linkup.population import FIRST_APPLICATION
from integrations.sandbox.linkup.store import Store, Switches


class LinkUpSandbox:
    """``people`` have applied; ``state`` is the sandbox's file, and this stand-in keeps its own beside it."""

    deeds = frozenset(
        {"rate", "rename", "edit", "withdraw", "come_back", "apply_for", "next_run", "switch", "set_credits"}
    )

    def __init__(
        self,
        *,
        people: int,
        seed: int,
        clock: Clock,
        state: str | os.PathLike[str] | None = None,
        lift_limits: bool = False,
    ) -> None:
        own = Path(state) if state else None
        self.journal = Journal(own.with_name(f"{own.stem}-linkup{own.suffix}") if own else None)
        self.store = Store(people=people, seed=seed, journal=self.journal, clock=clock)
        self.faults = FaultBoard(spoil.KINDS)
        self.api = Api(self.store, self.faults, lift_limits=lift_limits)

    def handle(self, request: Request) -> Response:
        """Pages for anybody at the mount point itself; everything else is the API."""
        if request.method == "GET" and request.path in ("", "/", "/people"):
            return pages.page(self, request.path, request.query)
        return self.api.handle(request)

    def close(self) -> None:
        self.journal.close()

    def reset(self) -> None:
        """Forget changes, what was spent and faults. Switches stay."""
        self.store.reset()
        self.faults.clear()
        self.api.recent.clear()

    # what recruiters and members do in LinkedIn

    def rate(self, application_id: str, rating: str) -> None:
        self.edit(application_id, rating=rating)

    def rename(self, application_id: str, slug: str) -> None:
        self.edit(application_id, slug=slug)

    def edit(self, application_id: str, **fields: Any) -> None:
        """Any of ``rating slug top_choice message headline``."""
        if not fields or not fields.keys() <= {"rating", "slug", "top_choice", "message", "headline"}:
            raise ValueError("edit takes rating, slug, top_choice, message or headline")
        self.store.change(do="edit", number=self.store.number_of(application_id), **fields)

    def withdraw(self, application_id: str) -> None:
        self.store.change(do="withdraw", number=self.store.number_of(application_id))

    def come_back(self, application_id: str) -> None:
        self.store.change(do="return", number=int(application_id) - FIRST_APPLICATION)

    def apply_for(self, job_id: str) -> str:
        """Somebody new, at the front of the list. Answers the application id."""
        return str(FIRST_APPLICATION + int(self.store.change(do="apply_for", job_id=str(job_id))))

    def next_run(self) -> None:
        self.store.change(do="next_run")

    # switches

    def switch(self, **values: Any) -> None:
        """``rating_words`` (GOOD or GOOD_FIT), ``extras``, ``arrivals``, ``slow_seconds``, ``per_minute``."""
        for name, value in values.items():
            if name not in Switches.__slots__:
                raise ValueError(f"There is no switch called {name}.")
            kind = type(getattr(self.store.switches, name))
            setattr(self.store.switches, name, str(value).lower() in ("1", "true") if kind is bool else kind(value))

    def set_credits(self, credits: int) -> None:
        self.store.change(do="set_credits", credits=int(credits))

    # what it holds

    def listed(self, job_id: str) -> list[str]:
        """Application ids of a job, the latest first."""
        with self.store.lock:
            return [str(FIRST_APPLICATION + number) for number in self.store.order[job_id]]

    def special(self, case: str) -> str:
        """The application id of a hand-made case (``population.SPECIAL``)."""
        return self.store.special(case)
