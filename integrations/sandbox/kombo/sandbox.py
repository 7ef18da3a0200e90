"""Kombo in the sandbox, as tests and the control API drive it. Ids are Kombo ids throughout."""

from __future__ import annotations

import os
from typing import Any

from integrations.sandbox.clock import Clock
from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import Request, Response
from integrations.sandbox.journal import Journal
from integrations.sandbox.kombo import pages
from integrations.sandbox.kombo.actions import new_application, new_candidate
from integrations.sandbox.kombo.api import Api
from integrations.sandbox.kombo.changes import Change
from integrations.sandbox.kombo.files import content
from integrations.sandbox.kombo.hooks import Hooks
from integrations.sandbox.kombo.ids import is_id, kombo_id, number_of
from integrations.sandbox.kombo.store import Store


class KomboSandbox:
    """``store.remote`` is the ATS, ``store.read`` what the lists serve; ``faults`` and ``hooks`` as they say."""

    deeds = frozenset({
        "edit_candidate", "edit_application", "move", "add_candidate", "delete_candidate", "undelete_candidate",
        "delete_application", "undelete_application", "tag", "untag", "rename_tag", "delete_tag", "edit_stage",
        "edit_job",
    })  # fmt: skip

    def __init__(
        self,
        *,
        people: int,
        seed: int,
        read_delay: float,
        clock: Clock,
        state: str | os.PathLike[str] | None = None,
        lift_limits: bool = False,
    ) -> None:
        self.journal = Journal(state)
        self.store = Store(people=people, seed=seed, read_delay=read_delay, journal=self.journal, clock=clock)
        self.faults = FaultBoard()
        self.hooks = Hooks(self.store)
        self.api = Api(self.store, self.faults, self.hooks, lift_limits=lift_limits)

    def handle(self, request: Request) -> Response:
        """Pages and files for anybody; everything else is the API."""
        first, _, rest = request.path.lstrip("/").partition("/")
        if request.method == "GET" and first == "files":
            return self._file(rest)
        if request.method == "GET" and first in ("", "people"):
            with self.store.lock:
                self.store.settle()
                return pages.page(self, first, rest, request.query)
        return self.api.handle(request)

    def _file(self, name: str) -> Response:
        identifier = name.partition(".")[0]
        with self.store.lock:
            found = content(self.store.remote, number_of(identifier)) if is_id(identifier) else None
        if found is None:
            return Response(404, b"No such file.", "text/plain; charset=utf-8")
        return Response(200, found[0], found[1])

    def close(self) -> None:
        self.hooks.close()
        self.journal.close()

    # What it was told

    def writes(self) -> list[dict[str, Any]]:
        """The ledger of received writes, oldest first."""
        with self.store.lock:
            return [entry.as_dict() for entry in self.store.ledger.entries]

    def notes(self, candidate_id: str) -> list[str]:
        """Texts of the notes that a candidate's applications carry in the ATS."""
        number = number_of(candidate_id)
        return [note["text"] for note in self.store.remote.notes if note["candidate"] == number]

    def links(self, candidate_id: str) -> list[dict[str, Any]]:
        number = number_of(candidate_id)
        return [link for link in self.store.remote.links if link["candidate"] == number]

    def tags(self, candidate_id: str) -> list[str]:
        """Names of the tags that the candidate carries in the ATS now."""
        with self.store.lock:
            candidate = self.store.remote.candidate(number_of(candidate_id))
            return [self.store.remote.tags[tag]["name"] for tag in candidate.tags] if candidate else []

    def candidate(self, candidate_id: str) -> dict[str, Any] | None:
        """Own fields of a candidate in the ATS now."""
        with self.store.lock:
            found = self.store.remote.candidate(number_of(candidate_id))
            return dict(found.own) if found else None

    def application(self, application_id: str) -> dict[str, Any] | None:
        """Own fields of an application in the ATS now."""
        with self.store.lock:
            found = self.store.remote.application(number_of(application_id))
            return dict(found.own) if found else None

    # What happens "in the ATS", by other hands

    def edit_candidate(self, candidate_id: str, **fields: Any) -> None:
        """Set own fields in API shape, such as ``last_name`` or ``email_addresses``."""
        self._known(self.store.remote.candidate(number_of(candidate_id)))
        self._do({"do": "edit_candidate", "candidate": number_of(candidate_id), "fields": fields})

    def edit_application(self, application_id: str, **fields: Any) -> None:
        """Set own fields, such as ``outcome``; also to text that no enumeration knows."""
        self._known(self.store.remote.application(number_of(application_id)))
        self._do({"do": "edit_application", "application": number_of(application_id), "fields": fields})

    def move(self, application_id: str, stage_id: str | None) -> None:
        self._known(self.store.remote.application(number_of(application_id)))
        stage = number_of(stage_id) if stage_id else None
        if stage is not None:
            self._known(self.store.remote.stages.get(stage))
        self._do({"do": "move", "application": number_of(application_id), "stage": stage})

    def add_candidate(self, *, job_id: str | None = None, **person: Any) -> str:
        """A new candidate (keys as in kombo.md 10.7), with an application if a job is named. Answers the id."""
        number, now = self.store.next_number("candidate"), self.store.clock.iso()
        person.setdefault("source", "Careers page")
        changes: list[Change] = [
            {"do": "add_candidate", "candidate": number, "own": new_candidate(number, person, now)}
        ]
        if job_id:
            job = self._known(self.store.remote.jobs.get(number_of(job_id)))
            stage = number_of(job["stages"][0]["id"]) if job["stages"] else None
            application = self.store.next_number("application")
            changes.append(new_application(application, number, number_of(job_id), stage, now))
        self._do(*changes)
        return kombo_id(number)

    def delete_candidate(self, candidate_id: str) -> None:
        self._mark(candidate_id, self.store.clock.iso())

    def undelete_candidate(self, candidate_id: str) -> None:
        self._mark(candidate_id, None)

    def _mark(self, candidate_id: str, deleted_at: str | None) -> None:
        """A candidate goes, and comes back, with all their applications."""
        candidate = self._known(self.store.remote.candidate(number_of(candidate_id)))
        fields = {"remote_deleted_at": deleted_at}
        applications = [
            {"do": "edit_application", "application": number, "fields": fields} for number in candidate.applications
        ]
        self._do({"do": "edit_candidate", "candidate": candidate.number, "fields": fields}, *applications)

    def delete_application(self, application_id: str) -> None:
        self.edit_application(application_id, remote_deleted_at=self.store.clock.iso())

    def undelete_application(self, application_id: str) -> None:
        self.edit_application(application_id, remote_deleted_at=None)

    def tag(self, candidate_id: str, name: str) -> None:
        self._known(self.store.remote.candidate(number_of(candidate_id)))
        tag = self.store.remote.tag_named(name) or self.store.next_number("tag")
        self._do({"do": "tag", "candidate": number_of(candidate_id), "tag": tag, "name": name})

    def untag(self, candidate_id: str, name: str) -> None:
        tag = self._known(self.store.remote.tag_named(name))
        self._do({"do": "untag", "candidate": number_of(candidate_id), "tag": tag})

    def rename_tag(self, tag_id: str, name: str) -> None:
        self._known(self.store.remote.tags.get(number_of(tag_id)))
        self._do({"do": "edit_tag", "tag": number_of(tag_id), "fields": {"name": name}})

    def delete_tag(self, tag_id: str) -> None:
        self._known(self.store.remote.tags.get(number_of(tag_id)))
        fields = {"remote_deleted_at": self.store.clock.iso()}
        self._do({"do": "edit_tag", "tag": number_of(tag_id), "fields": fields})

    def edit_stage(self, stage_id: str, **fields: Any) -> None:
        self._known(self.store.remote.stages.get(number_of(stage_id)))
        self._do({"do": "edit_stage", "stage": number_of(stage_id), "fields": fields})

    def edit_job(self, job_id: str, **fields: Any) -> None:
        self._known(self.store.remote.jobs.get(number_of(job_id)))
        self._do({"do": "edit_job", "job": number_of(job_id), "fields": fields})

    def _known(self, found: Any) -> Any:
        if found is None:
            raise LookupError("no such record")
        return found

    def _do(self, *changes: Change) -> None:
        self.store.change(list(changes))
        self.hooks.wake()

    # Switches

    def sync(self) -> None:
        """Let the read copy catch up now."""
        self.store.sync()

    def reset(self) -> None:
        """Forget all changes, writes, faults and limits. The hook and switched-off actions stay."""
        self.store.reset()
        self.faults.clear()
        self.api.rate.forget()

    def switch(self, identifier: str, why: str = "") -> None:
        """Switch a read model or write action off (``DISABLED`` or ``NOT_AVAILABLE``), or on again with no reason."""
        if why not in ("", "DISABLED", "NOT_AVAILABLE"):
            raise ValueError("why must be DISABLED, NOT_AVAILABLE or empty")
        off = {**self.store.settings.get("off", {}), identifier: why}
        self.store.set("off", {name: reason for name, reason in off.items() if reason})

    def set_hook(self, url: str, secret: str) -> None:
        """Send webhooks to ``url`` from now on; an empty address switches them off."""
        self.hooks.configure(url, secret)

    def advance(self, seconds: float) -> None:
        """Let time pass, for the read delay and the rate window."""
        self.store.clock.advance(seconds)
        self.hooks.wake()
