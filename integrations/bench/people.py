"""The data set: N people with one and a half applications each, four reviews on a tenth of them. Always the same.

Rows are written in sets and past the domain's verbs: a million people by hand would take days.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from candidates.domain.identities import identities_of
from candidates.domain.search import fold, search_text
from candidates.domain.writing import fresh, insert
from candidates.enums import Outcome, PushKind, PushState, RecordKind, StageCategory, Verdict
from candidates.models import (
    Activity,
    Application,
    Candidate,
    CandidateIdentity,
    CandidateTag,
    Criterion,
    Job,
    JobMember,
    OutboxEntry,
    Review,
    Source,
    SourceRecord,
    Stage,
    Tag,
)
from integrations.enums import Health
from integrations.models import Connection, SyncRun, SyncStream
from integrations.registry import provider_class
from integrations.sandbox.people import TITLES, Person, draw, person
from recruitment.models import Membership, Role, User, Workspace

SEED = 7
BATCH = 5000
BASE = datetime(2026, 1, 5, 9, tzinfo=UTC)
STAGES = (
    ("Applied", StageCategory.NEW),
    ("Phone screen", StageCategory.SCREENING),
    ("Interview", StageCategory.INTERVIEW),
    ("Final round", StageCategory.INTERVIEW),
    ("Offer", StageCategory.OFFER),
    ("Hired", StageCategory.HIRED),
)
TEAM_JOBS = 5  # jobs of the measured reviewer
PANEL = 6  # further reviewers
TAGS = 30


@dataclass
class World:
    """What the measuring starts from."""

    workspace: Workspace
    recruiter: Membership
    reviewer: Membership
    panel: list[Membership]
    jobs: list[Job]
    stages: list[list[Stage]]
    connection: Connection
    tags: list[Tag] = field(default_factory=list)


_number = 0


def numbered() -> UUID:
    """A UUIDv7 that is the same in every run: one millisecond of the past after the other."""
    global _number
    _number += 1
    moment = int(BASE.timestamp() * 1000) + _number
    return UUID(int=(moment << 80) | (7 << 76) | (2 << 62) | _number)


def make_world(people: int, told: Callable[[str], None]) -> World:
    """The world of an earlier bench if it was kept and is as large; a new one otherwise."""
    kept = Workspace.objects.filter(slug=f"bench-{people}").first()
    if kept is not None and Candidate.objects.filter(workspace=kept).count() == people:
        told("taking the data set that was kept")
        return _found(kept)
    with transaction.atomic():
        world = _frame(Workspace.objects.create(name="Bench", slug=f"bench-{people}"), people)
    for start in range(0, people, BATCH):
        _write(world, range(start, min(start + BATCH, people)))
        if (start // BATCH) % 10 == 9:
            told(f"{start + BATCH:,} people written")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    gc.freeze()  # what the writing left behind is not what a server's collector would look at
    return world


def _found(workspace: Workspace) -> World:
    jobs = list(Job.objects.filter(workspace=workspace).order_by("pk"))
    members = list(Membership.objects.filter(workspace=workspace).select_related("user", "workspace").order_by("pk"))
    by_role = {role: [member for member in members if member.role == role] for role in Role.values}
    stages = [list(job.stages.order_by("position")) for job in jobs[:TEAM_JOBS]]
    return World(
        workspace=workspace,
        recruiter=by_role[Role.RECRUITER][0],
        reviewer=by_role[Role.REVIEWER][0],
        panel=by_role[Role.REVIEWER][1:],
        jobs=jobs,
        stages=stages,
        connection=Connection.objects.get(workspace=workspace),
    )


def _frame(workspace: Workspace, people: int) -> World:
    """Everything but the people."""
    recruiter = _member(workspace, "recruiter", Role.RECRUITER)
    reviewer = _member(workspace, "reviewer", Role.REVIEWER)
    panel = [_member(workspace, f"panel{number}", Role.REVIEWER) for number in range(PANEL)]
    jobs, stages = [], []
    for number in range(max(20, people // 400)):
        title = f"{TITLES[number % len(TITLES)]} {number + 1}"
        job = Job.objects.create(id=numbered(), workspace=workspace, title=title)
        stages.append([_stage(job, place) for place in range(len(STAGES))])
        jobs.append(job)
    for job in jobs[:TEAM_JOBS]:
        for member in (recruiter, reviewer):
            JobMember.objects.create(workspace=workspace, job=job, member=member)
        for position, name in enumerate(("Craft", "Judgement", "Writes clearly")):
            Criterion.objects.create(workspace=workspace, job=job, name=name, position=position)
    names = [f"tag {number}" for number in range(TAGS)]
    tags = [Tag.objects.create(id=numbered(), workspace=workspace, name=name, key=fold(name)) for name in names]
    return World(workspace, recruiter, reviewer, panel, jobs, stages, _connection(workspace, recruiter), tags)


def _member(workspace: Workspace, name: str, role: str) -> Membership:
    user = User.objects.create_user(f"{name}@{workspace.slug}.test", full_name=name.capitalize())
    return Membership.objects.create(workspace=workspace, user=user, role=role)


def _stage(job: Job, place: int) -> Stage:
    name, category = STAGES[place]
    return Stage.objects.create(
        id=numbered(), workspace_id=job.workspace_id, job=job, name=name, category=category, position=place
    )


def _connection(workspace: Workspace, member: Membership) -> Connection:
    """Paused, so that nobody calls anybody for it."""
    pushes = dict(provider_class("kombo").pushes)
    source = Source.objects.create(
        workspace=workspace, name="Greenhouse", provider="kombo", provider_label="Kombo", pushes=pushes
    )
    made = Connection.objects.create(
        workspace=workspace,
        source=source,
        provider="kombo",
        name="Greenhouse",
        base_url="https://api.kombo.dev/v1",
        paused=True,
        health=Health.HEALTHY,
    )
    for number in range(30):
        run = SyncRun.objects.create(
            workspace=workspace,
            connection=made,
            state="succeeded",
            requested_by=member,
            started_at=BASE,
            finished_at=BASE,
        )
        for position, name in enumerate(provider_class("kombo").streams):
            SyncStream.objects.create(
                workspace=workspace,
                run=run,
                name=name,
                position=position,
                complete=True,
                fetched=number,
                unchanged=number,
            )
    return made


@dataclass
class _Rows:
    """One batch, by table, in the order in which it can be written."""

    candidates: list[Candidate] = field(default_factory=list)
    identities: list[CandidateIdentity] = field(default_factory=list)
    tags: list[CandidateTag] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    records: list[SourceRecord] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    pushes: list[OutboxEntry] = field(default_factory=list)
    activity: list[Activity] = field(default_factory=list)

    def tables(self) -> tuple[tuple[type[models.Model], list[Any]], ...]:
        return (
            (Candidate, self.candidates),
            (CandidateIdentity, self.identities),
            (CandidateTag, self.tags),
            (Application, self.applications),
            (SourceRecord, self.records),
            (Review, self.reviews),
            (OutboxEntry, self.pushes),
            (Activity, self.activity),
        )


def _write(world: World, numbers: range) -> None:
    rows = _Rows()
    for number in numbers:
        _person(world, number, rows)
    with transaction.atomic():
        for model, made in rows.tables():
            insert(model, made)


def _person(world: World, number: int, rows: _Rows) -> None:
    known, draws = person(SEED, number), draw(SEED, "bench", number)
    candidate = _candidate(world, known)
    rows.candidates.append(candidate)
    rows.records.append(_record(world, RecordKind.CANDIDATE, f"c{number}", candidate_id=candidate.pk))
    rows.activity.append(_activity(world, "imported", candidate, source="Greenhouse"))
    for kind, value in identities_of(candidate):
        rows.identities.append(
            fresh(
                CandidateIdentity,
                id=numbered(),
                workspace_id=world.workspace.pk,
                candidate_id=candidate.pk,
                kind=kind,
                value=value,
            )
        )
    if draws.below(0, 2):
        tag = world.tags[draws.below(1, TAGS)]
        rows.tags.append(
            fresh(
                CandidateTag, id=numbered(), workspace_id=world.workspace.pk, candidate_id=candidate.pk, tag_id=tag.pk
            )
        )
    for slot in range(1 + number % 2):  # one and a half each
        application = _application(world, candidate, number, slot)
        rows.applications.append(application)
        rows.records.append(
            _record(
                world,
                RecordKind.APPLICATION,
                f"a{number}-{slot}",
                candidate_id=candidate.pk,
                application_id=application.pk,
                job_id=application.job_id,
            )
        )
        if slot == 0 and number % 10 == 3:
            _opinions(world, candidate, application, number, rows)
        if slot == 0 and number % 20 == 7:
            rows.pushes.append(_push(world, candidate, application, rows.records[-1], number))


def _candidate(world: World, known: Person) -> Candidate:
    made = fresh(
        Candidate,
        id=numbered(),
        workspace_id=world.workspace.pk,
        full_name=known.name,
        first_name=known.first_name or "",
        last_name=known.last_name or "",
        current_company=known.company or "",
        current_title=known.title or "",
        location={"city": known.city, "country": known.country},
        emails=[{"value": address, "kind": ""} for address in known.emails],
        phones=[{"value": phone, "kind": ""} for phone in known.phones],
    )
    made.search_text = search_text(made)
    return made


def _record(world: World, kind: str, external_id: str, **tied: Any) -> SourceRecord:
    return fresh(
        SourceRecord,
        id=numbered(),
        workspace_id=world.workspace.pk,
        source_id=world.connection.source_id,
        kind=kind,
        external_id=external_id,
        first_seen_at=BASE,
        last_seen_at=BASE,
        **tied,
    )


def _application(world: World, candidate: Candidate, number: int, slot: int) -> Application:
    draws = draw(SEED, f"application {slot}", number)
    place = draws.below(0, len(world.jobs))
    stage = world.stages[place][min(draws.below(1, 12), 11) // 2]
    rejected = draws.chance(2, 300)
    return fresh(
        Application,
        id=numbered(),
        workspace_id=world.workspace.pk,
        candidate_id=candidate.pk,
        job_id=world.jobs[place].pk,
        stage_id=stage.pk,
        stage_entered_at=BASE + timedelta(minutes=draws.below(3, 60 * 24 * 60)),
        applied_at=BASE,
        outcome=Outcome.REJECTED if rejected else Outcome.ACTIVE,
        rejected_at=BASE if rejected else None,
    )


def _opinions(world: World, candidate: Candidate, application: Application, number: int, rows: _Rows) -> None:
    for place in range(4):
        member = world.panel[(number + place) % PANEL]
        verdict = Verdict.values[(number // 10 + place) % len(Verdict.values)]
        rows.reviews.append(
            fresh(
                Review,
                id=numbered(),
                workspace_id=world.workspace.pk,
                application_id=application.pk,
                member_id=member.pk,
                verdict=verdict,
                comment="Clear answers.",
            )
        )
        rows.activity.append(
            _activity(
                world,
                "reviewed",
                candidate,
                application,
                member,
                reveals_review=True,
                answer="verdict",
                verdict=verdict,
            )
        )


def _push(
    world: World, candidate: Candidate, application: Application, record: SourceRecord, number: int
) -> OutboxEntry:
    """Almost all are confirmed; one of fifty was refused and wants a person."""
    refused = number % 1000 == 7
    return fresh(
        OutboxEntry,
        id=numbered(),
        workspace_id=world.workspace.pk,
        source_id=world.connection.source_id,
        record_id=record.pk,
        kind=PushKind.MOVE,
        candidate_id=candidate.pk,
        application_id=application.pk,
        payload={"stage_id": "s1", "stage_name": "Interview"},
        order_key=f"a:{application.pk}",
        state=PushState.REFUSED if refused else PushState.CONFIRMED,
        due_at=None,
        attempts=1,
        requested_by_id=world.recruiter.pk,
        requested_at=BASE,
        settled_at=BASE,
    )


def _activity(
    world: World,
    verb: str,
    candidate: Candidate,
    application: Application | None = None,
    actor: Membership | None = None,
    *,
    reveals_review: bool = False,
    **data: Any,
) -> Activity:
    return fresh(
        Activity,
        id=numbered(),
        workspace_id=world.workspace.pk,
        at=BASE,
        actor_id=actor.pk if actor else None,
        actor_label=str(actor) if actor else "Import from Greenhouse",
        verb=verb,
        candidate_id=candidate.pk,
        application_id=application.pk if application else None,
        job_id=application.job_id if application else None,
        reveals_review=reveals_review,
        data=data,
    )
