"""Recruspace in the sandbox, as tests and the control API drive it. Ids are Recruspace's own."""

from __future__ import annotations

import hmac
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from integrations.sandbox.clock import Clock
from integrations.sandbox.documents import docx, pdf
from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import Request, Response
from integrations.sandbox.journal import Journal
from integrations.sandbox.people import career, person
from integrations.sandbox.recruspace import company, pages, population, reads, spoil, writes
from integrations.sandbox.recruspace.api import Api
from integrations.sandbox.recruspace.population import Row
from integrations.sandbox.recruspace.store import Store, Switches

TRUE = ("1", "true", "True", "on")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6388ae5f060002"
    "b90181038b6fac0000000049454e44ae426082"
)


class RecruspaceSandbox:
    """``people`` are in its pools; beside ``state``, the sandbox's file, this stand-in keeps its own."""

    deeds = frozenset({
        "edit_candidate", "move", "add_candidate", "delete_candidate", "tag", "put_in_pool", "take_out_of_pool",
        "replace_cv", "look_at", "add_pool", "rename_pool", "delete_pool", "rename_substage", "edit_job", "switch",
    })  # fmt: skip

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
        self.journal = Journal(own.with_name(f"{own.stem}-recruspace{own.suffix}") if own else None)
        self.store = Store(people=people, seed=seed, journal=self.journal, clock=clock)
        self.faults = FaultBoard(spoil.KINDS)
        self.api = Api(self.store, self.faults, lift_limits=lift_limits)

    def handle(self, request: Request) -> Response:
        """Pages for anybody, files for whoever has a link; everything else is the API."""
        first, _, rest = request.path.lstrip("/").partition("/")
        if request.method == "GET" and first == "files":
            return self._file(request, rest.partition("/")[0])
        if request.method == "GET" and first in ("", "people"):
            with self.store.lock:
                return pages.page(self, rest)
        return self.api.handle(request)

    def _file(self, request: Request, identifier: str) -> Response:
        """Behind a presigned link: 403 once its time is over, as object stores do."""
        stamp, _, signature = request.query.get("sig", "").rpartition(".")
        until = stamp.partition(".")[0]
        right = identifier.isdigit() and hmac.compare_digest(signature, reads.signed(int(identifier), stamp))
        if not right or not until.isdigit() or int(until) < self.store.clock.now().timestamp():
            return Response(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        with self.store.lock:
            rows = self.store.rows["candidates"].values()
            found = next(
                (
                    (row, key)
                    for row in rows
                    for key in ("cv", "photo")
                    if row[key] and row[key]["id"] == int(identifier)
                ),
                None,
            )
        if found is None:
            return Response(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
        return Response(200, PNG, "image/png") if found[1] == "photo" else _cv(self.store, found[0])

    def close(self) -> None:
        self.journal.close()

    def reset(self) -> None:
        """Forget changes, writes and faults, and put the switches back."""
        self.store.reset()
        self.store.switches = Switches()
        self.faults.clear()
        self.api.recent.clear()

    # what people do in Recruspace

    def edit_candidate(self, candidate_id: int, **changes: Any) -> None:
        self._edit("candidates", candidate_id, **changes)

    def move(self, candidate_id: int, substage: int) -> None:
        """Into another step of the pipeline."""
        if not any(int(substage) == number for stage in company.STAGES for number, *_rest in stage.substages):
            raise LookupError(substage)
        self._edit("candidates", candidate_id, substage=int(substage))

    def add_candidate(self, *, email: str, pool_id: int, job: str = "", **more: Any) -> int:
        """Somebody new in a pool. Answers the id."""
        with self.store.lock:
            row = {**writes.blank(self.store, job or None, int(pool_id)), "email": email, **more}
            self.store.change({"candidates": [row]})
        return int(row["id"])

    def delete_candidate(self, candidate_id: int) -> None:
        with self.store.lock:
            self.store.get("candidates", candidate_id)
            self.store.change(gone={"candidates": [int(candidate_id)]})

    def tag(self, candidate_id: int, title: str) -> None:
        with self.store.lock:
            tags = self.store.rows["tags"].values()
            tag = next((tag for tag in tags if tag["title"] == title), None)
            tag = tag or {"id": self.store.new_id("tags"), "title": title}
            row = self.store.get("candidates", candidate_id)
            tagged = {**row, "tags": sorted({*row["tags"], tag["id"]})}
            self.store.change({"tags": [tag], "candidates": [tagged]})

    def put_in_pool(self, candidate_id: int, pool_id: int) -> None:
        with self.store.lock:
            self.store.get("pools", pool_id)
            pools = {*self.store.get("candidates", candidate_id)["pools"], int(pool_id)}
            self._edit("candidates", candidate_id, pools=sorted(pools))

    def take_out_of_pool(self, candidate_id: int, pool_id: int) -> None:
        with self.store.lock:
            pools = self.store.get("candidates", candidate_id)["pools"]
            self._edit("candidates", candidate_id, pools=[pool for pool in pools if pool != int(pool_id)])

    def replace_cv(self, candidate_id: int, name: str = "new_CV.pdf") -> None:
        with self.store.lock:
            row = self.store.get("candidates", candidate_id)
            version = (row["cv"]["id"] % 100) // 2 + 1 if row["cv"] else 1
            cv = population.file(row["id"], name, "cv", self.store.clock.now(), version)
            self._edit("candidates", candidate_id, cv=cv)

    def look_at(self, candidate_id: int) -> None:
        """Opening a profile marks it as seen."""
        self._edit("candidates", candidate_id, is_seen=True)

    def add_pool(self, name: str) -> int:
        with self.store.lock:
            number = self.store.new_id("pools")
            row = {"id": number, "name": name, "created_at": self.store.clock.iso(), "user": 7}
            self.store.change({"pools": [row]})
        return number

    def rename_pool(self, pool_id: int, name: str) -> None:
        self._edit("pools", pool_id, name=name)

    def delete_pool(self, pool_id: int) -> None:
        with self.store.lock:
            self.store.change(gone={"pools": [self.store.get("pools", pool_id)["id"]]})

    def rename_substage(self, substage: int, name: str) -> None:
        with self.store.lock:
            self.store.change({"substages": [{"id": int(substage), "name": name}]})

    def edit_job(self, job: str, **changes: Any) -> None:
        self._edit("jobs", job, **changes)

    def _edit(self, kind: str, identifier: Any, **changes: Any) -> None:
        with self.store.lock:
            row = self.store.get(kind, identifier)
            if not changes.keys() <= row.keys():
                raise ValueError(f"there are only {', '.join(sorted(row))}")
            self.store.change({kind: [{**row, **changes}]})

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

    def candidate(self, candidate_id: int) -> Row:
        """Raises LookupError."""
        with self.store.lock:
            return dict(self.store.get("candidates", candidate_id))

    def titles(self, candidate_id: int) -> list[str]:
        """The tags that somebody carries."""
        with self.store.lock:
            return [self.store.rows["tags"][tag]["title"] for tag in self.store.get("candidates", candidate_id)["tags"]]

    def notes(self, candidate_id: int) -> list[str]:
        """What the API shows nobody (4.1)."""
        with self.store.lock:
            return [
                note["text"] for note in self.store.rows["notes"].values() if note["candidate"] == int(candidate_id)
            ]

    def writes(self) -> list[dict[str, Any]]:
        """The ledger of received writes, oldest first."""
        with self.store.lock:
            return [entry.as_dict() for entry in self.store.ledger.entries]


def _cv(store: Store, row: Row) -> Response:
    """A real file with the person's story; of those who came later, their name alone."""
    place = row["id"] - population.FIRST_ID
    name = " ".join(filter(None, [row["first_name"], row["last_name"]]))
    lines = [name, " · ".join(filter(None, [row["city"], row["email"], row["phone_number"]])), ""]
    if place < store.people:
        story = career(store.seed, person(store.seed, 3 * place + 1), store.base.year)
        lines += [story.summary, "", "Experience"]
        lines += [f"{job.start} to {job.end or 'today'}  {job.title}, {job.company}" for job in story.jobs]
        lines += ["", "Education", story.education, "", "Skills", ", ".join(story.skills)]
    content = docx(lines) if row["cv"]["name"].lower().endswith(".docx") else pdf(lines)
    return Response(200, content, row["cv"]["type"])
