"""One person with one application, known to the sandbox's Kombo over a real connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from candidates.domain import decisions, notes, tags
from candidates.models import Application, Candidate, OutboxEntry, RejectionReason, Stage
from integrations import delivery
from integrations.models import Connection
from integrations.provider import Account
from integrations.registry import get_provider
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.models import Membership
from tests import factories as make
from tests.conftest import forget_rates


@pytest.fixture
def sandbox(settings):
    with Sandbox(people=40, read_delay=20) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@dataclass
class World:
    """``kombo`` is the sandbox's inside. Stages are those of the person's job, in order; the person is in the first."""

    kombo: Any
    connection: Connection
    member: Membership
    candidate: Candidate
    application: Application
    stages: list[Stage]
    reason: RejectionReason
    person_id: str
    application_id: str

    def move(self, number: int, **options: Any) -> OutboxEntry:
        decision = decisions.move(self.application, self.stages[number], member=self.member, **options)
        return decision.entries.get()

    def reject(self, note: str = "") -> OutboxEntry:
        return decisions.reject(self.application, self.reason, note=note, member=self.member).entries.get()

    def tag(self, name: str = "On call") -> OutboxEntry:
        return tags.add_tag(self.candidate, name, member=self.member)[1].entries.get()

    def untag(self, name: str = "On call") -> OutboxEntry:
        tag = tags.get_or_make_tag(self.candidate.workspace_id, name)
        return tags.remove_tag(self.candidate, tag, member=self.member).entries.get()

    def note(self, text: str = "Knows SQL.") -> OutboxEntry:
        return notes.add_note(self.candidate, text, member=self.member, application=self.application, push=True)[
            1
        ].entries.get()

    def stage_id(self, number: int) -> str:
        return self.stages[number].records.get().external_id

    def upstream(self) -> tuple[str, str]:
        """Stage id and outcome in the ATS itself, now."""
        own = self.kombo.application(self.application_id)
        return own["current_stage_id"], own["outcome"]

    def applied(self) -> list[tuple[str, Any]]:
        """Kind and summary of each write that the ATS took, in order."""
        return [(write["kind"], write["summary"]) for write in self.kombo.writes() if write["applied"]]

    def deliver(self) -> int:
        return delivery.deliver_due()

    def release(self, entry: OutboxEntry) -> None:
        """Let the waiting time of an entry, and of its connection, be over."""
        OutboxEntry.objects.filter(pk=entry.pk).update(due_at=entry.requested_at)
        Connection.objects.update(waiting_until=None)
        forget_rates()


@pytest.fixture
def world(db, sandbox) -> World:
    return build_world(sandbox)


def build_world(sandbox: Sandbox) -> World:
    address = f"{sandbox.url}/kombo/v1"
    credentials = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}
    provider = get_provider("kombo", Account(address, credentials))
    jobs = {job.external_id: job for job in provider.fetch("jobs", cursor=None, since=None).rows}
    reasons = provider.fetch("rejection_reasons", cursor=None, since=None).rows
    people = provider.fetch("candidates", cursor=None, since=None).rows
    provider.close()
    person, candidacy = next(found for found in map(_usable(jobs), people) if found)
    member = make.make_member(full_name="Ana Koc")
    connection = make.make_connection(member.workspace, base_url=address, credentials=credentials)
    source, profile = connection.source, jobs[candidacy.job_external_id]
    job = make.make_job(member.workspace, pipeline=())
    stages = []
    for stage in [stage for stage in profile.stages if stage.is_active]:
        stages.append(make.make_stage(job, stage.name, position=stage.position))
        make.make_record(source, stages[-1], stage.external_id)
    first = next(stage for stage in stages if stage.name == candidacy.stage_name)
    stages.insert(0, stages.pop(stages.index(first)))
    candidate = make.make_candidate(member.workspace, "Ada Lovelace")
    application = make.make_application(candidate, job, stage=first)
    imported = {"stage_external_id": candidacy.stage_external_id, "outcome": "active"}
    make.make_record(source, candidate, person.external_id)
    make.make_record(source, application, candidacy.external_id, imported=imported)
    reason = make.make_reason(member.workspace, reasons[0].name)
    make.make_record(source, reason, reasons[0].external_id)
    return World(
        sandbox.kombo, connection, member, candidate, application, stages, reason,
        person.external_id, candidacy.external_id,
    )  # fmt: skip


def _usable(jobs: dict[str, Any]) -> Any:
    """A living person's open candidacy in an active stage of a job with at least four."""

    def found(person: Any) -> Any:
        for candidacy in person.applications or [] if person.deleted_at is None else []:
            job = jobs.get(candidacy.job_external_id)
            active = [stage for stage in job.stages or [] if stage.is_active] if job else []
            names = [stage.name for stage in active]
            if candidacy.outcome == "active" and candidacy.stage_name in names and len(set(names)) == len(names) >= 4:
                return person, candidacy
        return None

    return found


def states() -> list[str]:
    return list(OutboxEntry.objects.order_by("pk").values_list("state", flat=True))
