"""One function a model: a valid row with as little said as possible. Everything can be given; nothing is random.

Rows are made directly, past the domain's verbs: no activity, no pushes. What hangs on something made here gets the same
workspace, so that a test names only what it is about.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from candidates.domain.identities import write_identities
from candidates.domain.search import fold, search_text
from candidates.enums import SETTLED, Answer, PushKind, PushState, RecordKind, StageCategory, Verdict
from candidates.models import (
    Application,
    Attachment,
    Candidate,
    CandidateTag,
    Criterion,
    Decision,
    FieldConflict,
    Job,
    JobMember,
    Note,
    OutboxEntry,
    PoolMember,
    RejectionReason,
    Review,
    ShortlistEntry,
    Source,
    SourceRecord,
    Stage,
    Tag,
    TalentPool,
)
from integrations.models import Connection, SyncProblem, SyncRun, SyncStream
from recruitment.models import Membership, Role, User, Workspace
from recruitment.tokens import create_token

PASSWORD = "a-long-password"
PIPELINE = (
    ("Applied", StageCategory.NEW),
    ("Phone screen", StageCategory.SCREENING),
    ("Interview", StageCategory.INTERVIEW),
    ("Offer", StageCategory.OFFER),
    ("Hired", StageCategory.HIRED),
)
_numbers = count(1)


def make_workspace(name: str = "", **fields: Any) -> Workspace:
    number = next(_numbers)
    return Workspace.objects.create(
        **{"name": name or f"Team {number}", "slug": fold(name).replace(" ", "-") or f"team-{number}", **fields}
    )


def make_user(email: str = "", *, password: str | None = None, **fields: Any) -> User:
    """Without a password no sign-in by form is possible; ``client.force_login`` is."""
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", password, **fields)


def make_member(
    workspace: Workspace | None = None, role: str = Role.RECRUITER, *, user: User | None = None, **fields: Any
) -> Membership:
    """``email`` and ``full_name`` are those of the user."""
    known = {name: fields.pop(name) for name in ("email", "full_name", "password") if name in fields}
    return Membership.objects.create(
        workspace=workspace or make_workspace(), user=user or make_user(**known), role=role, **fields
    )


def make_token(member: Membership) -> str:
    """A secret for ``Authorization: Bearer``."""
    return create_token(member, "tests")[1]


def make_job(workspace: Workspace, title: str = "Data engineer", *, pipeline: Any = PIPELINE, **fields: Any) -> Job:
    """A job with its stages; ``pipeline`` holds (name, category) pairs."""
    job = Job.objects.create(workspace=workspace, title=title, **fields)
    for position, (name, category) in enumerate(pipeline):
        make_stage(job, name, category=category, position=position)
    return job


def make_stage(job: Job, name: str = "Interview", **fields: Any) -> Stage:
    return Stage.objects.create(workspace_id=job.workspace_id, job=job, name=name, **fields)


def stage_of(job: Job, name: str) -> Stage:
    return job.stages.get(name=name)


def make_criterion(job: Job, name: str = "Craft", **fields: Any) -> Criterion:
    return Criterion.objects.create(workspace_id=job.workspace_id, job=job, name=name, **fields)


def join_job(job: Job, member: Membership, role: str = "") -> JobMember:
    """Put a member on the job's team."""
    return JobMember.objects.create(workspace_id=job.workspace_id, job=job, member=member, role=role)


def make_reason(workspace: Workspace, name: str = "Not enough experience", **fields: Any) -> RejectionReason:
    return RejectionReason.objects.create(workspace=workspace, name=name, **fields)


def make_candidate(workspace: Workspace, full_name: str = "", *, email: str = "", **fields: Any) -> Candidate:
    """A findable person: search text and identities are filled in. ``email`` is short for one in ``emails``."""
    if email:
        fields["emails"] = [{"value": email, "kind": ""}]
    candidate = Candidate(workspace=workspace, full_name=full_name or f"Person {next(_numbers)}", **fields)
    candidate.search_text = search_text(candidate)
    candidate.save()
    write_identities([candidate], new=True)
    return candidate


def make_application(candidate: Candidate, job: Job | None = None, *, stage: Any = "", **fields: Any) -> Application:
    """``stage`` is a stage or its name; the first of the job's without one."""
    job = job or make_job(candidate.workspace)
    if not isinstance(stage, Stage):
        stage = stage_of(job, stage) if stage else job.stages.first()
    return Application.objects.create(
        workspace_id=candidate.workspace_id, candidate=candidate, job=job, stage=stage, **fields
    )


def make_review(application: Application, member: Membership, verdict: str = Verdict.YES, **fields: Any) -> Review:
    """``answer=Answer.ABSTAIN`` or ``RECUSE`` carries no verdict."""
    if fields.get("answer", Answer.VERDICT) != Answer.VERDICT:
        verdict = ""
    return Review.objects.create(
        workspace_id=application.workspace_id, application=application, member=member, verdict=verdict, **fields
    )


def make_note(candidate: Candidate, author: Membership, text: str = "Met her at a meetup.", **fields: Any) -> Note:
    return Note.objects.create(
        workspace_id=candidate.workspace_id, candidate=candidate, author=author, text=text, **fields
    )


def make_tag(workspace: Workspace, name: str = "remote") -> Tag:
    return Tag.objects.create(workspace=workspace, name=name, key=fold(name))


def tag_candidate(candidate: Candidate, tag: Tag, **fields: Any) -> CandidateTag:
    return CandidateTag.objects.create(workspace_id=candidate.workspace_id, candidate=candidate, tag=tag, **fields)


def make_pool(workspace: Workspace, name: str = "Silver medallists", **fields: Any) -> TalentPool:
    return TalentPool.objects.create(workspace=workspace, name=name, **fields)


def pool_candidate(candidate: Candidate, pool: TalentPool, **fields: Any) -> PoolMember:
    return PoolMember.objects.create(workspace_id=candidate.workspace_id, candidate=candidate, pool=pool, **fields)


def shortlist(application: Application, member: Membership, position: int = 1) -> ShortlistEntry:
    return ShortlistEntry.objects.create(
        workspace_id=application.workspace_id,
        job_id=application.job_id,
        application=application,
        added_by=member,
        position=position,
    )


def make_source(workspace: Workspace, name: str = "Acme ATS", *, told: Any = None, **fields: Any) -> Source:
    """A Kombo source that can be told everything Kombo can; ``told`` replaces ``pushes``."""
    pushes = dict.fromkeys(["move", "reject", "tag", "untag", "note"], "") if told is None else told
    given = {"provider": "kombo", "provider_label": "Kombo", **fields}
    return Source.objects.create(workspace=workspace, name=name, pushes=pushes, **given)


def make_record(source: Source, thing: Any, external_id: str = "", **fields: Any) -> SourceRecord:
    """The upstream row of a candidate, application, job, stage, tag, pool or rejection reason."""
    kinds: dict[type, tuple[str, str]] = {
        Candidate: (RecordKind.CANDIDATE, "candidate"),
        Application: (RecordKind.APPLICATION, "application"),
        Job: (RecordKind.JOB, "job"),
        Stage: (RecordKind.STAGE, "stage"),
        Tag: (RecordKind.TAG, "tag"),
        TalentPool: (RecordKind.POOL, "pool"),
        RejectionReason: (RecordKind.REASON, "reason"),
    }
    kind, column = kinds[type(thing)]
    more = {"candidate": thing.candidate, "job": thing.job} if isinstance(thing, Application) else {}
    if isinstance(thing, Stage):
        more = {"job": thing.job}
    given = {"last_seen_at": timezone.now(), column: thing, **more, **fields}
    return SourceRecord.objects.create(
        workspace_id=source.workspace_id,
        source=source,
        kind=kind,
        external_id=external_id or f"ext-{next(_numbers)}",
        **given,
    )


def mirror_job(source: Source, job: Job) -> None:
    """As after an import: the job and each of its stages has an upstream row (ids ``job-…`` and ``stage-…``)."""
    make_record(source, job, f"job-{job.pk}")
    for stage in job.stages.all():
        make_record(source, stage, f"stage-{stage.pk}")


def make_decision(candidate: Candidate, member: Membership, kind: str = "move", **fields: Any) -> Decision:
    return Decision.objects.create(
        workspace_id=candidate.workspace_id, candidate=candidate, member=member, kind=kind, **fields
    )


def make_push(record: SourceRecord, member: Membership, kind: str = PushKind.TAG, **fields: Any) -> OutboxEntry:
    """An entry about a source record of a candidate or an application; a settled state gets its time."""
    state = fields.get("state", PushState.WAITING)  # a waiting one is due at once
    about = f"a:{record.application_id}" if record.application_id else f"c:{record.candidate_id}"
    given: dict[str, Any] = {"order_key": about, "candidate": record.candidate, "application": record.application}
    entry = OutboxEntry(
        workspace_id=record.workspace_id,
        source=record.source,
        record=record,
        kind=kind,
        requested_by=member,
        **{**given, **fields},
    )
    if state in SETTLED:
        entry.settled_at, entry.due_at = entry.settled_at or timezone.now(), None
    entry.save()
    return entry


def make_conflict(source: Source, candidate: Candidate, field: str = "headline", **fields: Any) -> FieldConflict:
    given = {"base": "old", "ours": "ours", "theirs": "theirs", **fields}
    return FieldConflict.objects.create(
        workspace_id=candidate.workspace_id, source=source, candidate=candidate, field=field, **given
    )


def make_attachment(candidate: Candidate, file_name: str = "cv.pdf", **fields: Any) -> Attachment:
    """A row without bytes; ``file`` takes a ContentFile."""
    given = {"kind": "cv", "content_type": "application/pdf", **fields}
    return Attachment.objects.create(
        workspace_id=candidate.workspace_id, candidate=candidate, file_name=file_name, **given
    )


def make_connection(
    workspace: Workspace, name: str = "Acme ATS", *, source: Source | None = None, **fields: Any
) -> Connection:
    """A Kombo connection with its source; nobody is called."""
    given = {
        "provider": "kombo",
        "base_url": "https://api.kombo.dev/v1",
        "credentials": {"api_key": "k-secret", "integration_id": "workday:1"},
        "health": "healthy",
        **fields,
    }
    return Connection.objects.create(
        workspace=workspace, name=name, source=source or make_source(workspace, name), **given
    )


def make_run(connection: Connection, **fields: Any) -> SyncRun:
    """A succeeded run; give ``state`` for another."""
    given = {"state": "succeeded", **fields}
    return SyncRun.objects.create(workspace_id=connection.workspace_id, connection=connection, **given)


def make_stream(run: SyncRun, name: str = "candidates", position: int = 0, **fields: Any) -> SyncStream:
    return SyncStream.objects.create(workspace_id=run.workspace_id, run=run, name=name, position=position, **fields)


def make_problem(run: SyncRun, external_id: str = "x1", **fields: Any) -> SyncProblem:
    given = {"stream": "candidates", "reason": "No id.", "payload": {"id": None}, **fields}
    return SyncProblem.objects.create(
        workspace_id=run.workspace_id, run=run, connection=run.connection, external_id=external_id, **given
    )
