"""Talynce in the sandbox, as tests and the control API drive it. Ids are Talynce's own."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from integrations.sandbox.clock import Clock
from integrations.sandbox.documents import pdf
from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import Request, Response
from integrations.sandbox.journal import Journal
from integrations.sandbox.talynce import pages, spoil, writes
from integrations.sandbox.talynce.api import Api
from integrations.sandbox.talynce.population import Row
from integrations.sandbox.talynce.store import Store, Switches

TRUE = ("1", "true", "True", "on")


class TalynceSandbox:
    """``people`` are in the organization; beside ``state``, the sandbox's file, this stand-in keeps its own."""

    deeds = frozenset(
        {"reveal", "mask", "edit_candidate", "edit_application", "add_candidate", "delete_candidate", "switch"}
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
        self.journal = Journal(own.with_name(f"{own.stem}-talynce{own.suffix}") if own else None)
        self.store = Store(people=people, seed=seed, journal=self.journal, clock=clock)
        self.faults = FaultBoard(spoil.KINDS)
        self.api = Api(self.store, self.faults, lift_limits=lift_limits)

    def handle(self, request: Request) -> Response:
        """Pages and CVs for anybody; everything else is the API."""
        first, _, rest = request.path.lstrip("/").partition("/")
        if request.method == "GET" and first == "files":
            return self._file(rest.removesuffix(".pdf"))
        if request.method == "GET" and first in ("", "people"):
            with self.store.lock:
                return pages.page(self, rest)
        return self.api.handle(request)

    def _file(self, identifier: str) -> Response:
        """A CV by its public address; of a masked profile it is not known."""
        with self.store.lock:
            row = self.store.rows["candidates"].get(identifier)
        if row is None or row["talent_pool_status"] == "masked" or not row["resume_url"]:
            return Response(404, b"No such file.", "text/plain; charset=utf-8")
        works = " at ".join(filter(None, [row["current_designation"], row["current_company"]]))
        years = f"{row['total_experience_years']} years of experience"
        lines = [row["full_name"], works, row["location"] or "", years, "", "Skills", *row["skill_array"]]
        return Response(200, pdf(lines), "application/pdf")

    def close(self) -> None:
        self.journal.close()

    def reset(self) -> None:
        """Forget changes, writes and faults, and put the switches back."""
        self.store.reset()
        self.store.switches = Switches()
        self.faults.clear()
        self.api.recent.clear()

    # what people do in Talynce

    def reveal(self, candidate_id: str) -> None:
        """Open a masked profile up."""
        self._edit("candidates", candidate_id, talent_pool_status="revealed")

    def mask(self, candidate_id: str) -> None:
        self._edit("candidates", candidate_id, talent_pool_status="masked")

    def edit_candidate(self, candidate_id: str, **changes: Any) -> None:
        self._edit("candidates", candidate_id, **changes)

    def edit_application(self, application_id: str, **changes: Any) -> None:
        """Another ``status`` is entered now; any text will do, as in an organization that changes its words."""
        now = self.store.clock.iso()
        moved = {"status_date": now} if "status" in changes else {}
        self._edit("applications", application_id, **{**moved, **changes})

    def add_candidate(self, *, full_name: str, email: str, job_id: str = "", status: str = "", **more: Any) -> str:
        """Somebody new, on a job if one is named. Answers the id."""
        body: dict[str, Any] = {"full_name": full_name, "email": email, **more}
        if job_id:
            body["application"] = {"job_id": job_id, **({"status": status} if status else {})}
        with self.store.lock:
            written = writes.create(self.store, body)
            self.store.change(written.put)
        return str(written.candidate["id"])

    def delete_candidate(self, candidate_id: str) -> None:
        with self.store.lock:
            self.store.get("candidates", candidate_id)
            self.store.change(gone=[candidate_id])

    def _edit(self, kind: str, identifier: str, **changes: Any) -> None:
        with self.store.lock:
            row = self.store.get(kind, identifier)
            if not changes.keys() <= row.keys():
                raise ValueError(f"there are only {', '.join(sorted(row))}")
            self.store.change({kind: [{**row, **changes, "updated_at": self.store.clock.iso()}]})

    # switches

    def switch(self, **values: Any) -> None:
        """Any of ``store.Switches``; forms send text."""
        kinds = {field.name: type(getattr(self.store.switches, field.name)) for field in fields(Switches)}
        for name, value in values.items():
            if name not in kinds:
                raise ValueError(f"there are only the switches {', '.join(sorted(kinds))}")
            given = str(value) in TRUE if kinds[name] is bool else int(value)
            setattr(self.store.switches, name, given)

    # what it holds

    def candidate(self, candidate_id: str) -> Row:
        """As Talynce has it, masked or not. Raises LookupError."""
        with self.store.lock:
            return dict(self.store.get("candidates", candidate_id))

    def applications(self, candidate_id: str) -> list[Row]:
        with self.store.lock:
            return [dict(row) for row in self.store.applications_of(candidate_id)]

    def application(self, application_id: str) -> Row:
        with self.store.lock:
            return dict(self.store.get("applications", application_id))

    def writes(self) -> list[dict[str, Any]]:
        """The ledger of received writes, oldest first."""
        with self.store.lock:
            return [entry.as_dict() for entry in self.store.ledger.entries]
