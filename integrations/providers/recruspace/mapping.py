"""Recruspace's words to ours: pure functions, no network, no database.

A row of a pool is a person and, where it names a job post, their one application to it. What has no column, and
whatever a column could not take whole, stays readable under its Recruspace name in ``custom_fields["recruspace"]``: of
the application where there is one and it is about that, else of the person.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from candidates.domain.profiles import (
    ApplicationProfile,
    CandidateProfile,
    FileProfile,
    JobProfile,
    PoolProfile,
    StageProfile,
    TagProfile,
)
from integrations.providers.recruspace import payloads
from integrations.reading import Reader, line, says
from integrations.tolerant import LONGEST_ID

OWN = "recruspace"
LABEL, TAG, STAGE_NAME = 100, 200, 300  # characters that our columns hold
HIGHEST_SCORE = 10**6  # what the column holds; the scale isn't documented (section 9)
# Only "draft" is documented (section 5); an unknown word is shown as open and kept.
JOB_STATUSES = {
    **dict.fromkeys(("open", "active", "published", "live"), "open"),
    **dict.fromkeys(("closed", "filled", "paused", "inactive"), "closed"),
    "draft": "draft",
    "archived": "archived",
}
# ``stage.key`` is the machine name, the labels are the company's own (3.2). What isn't here is guessed from the label.
CATEGORIES = {
    **dict.fromkeys(("new", "applied", "application", "inbox", "sourced", "lead"), "new"),
    **dict.fromkeys(("screening", "screen", "review", "prescreening", "phone_screen"), "screening"),
    **dict.fromkeys(("interview", "interviews", "assessment", "test", "task", "technical"), "interview"),
    **dict.fromkeys(("offer", "offers", "proposal"), "offer"),
    **dict.fromkeys(("hired", "hire", "onboarding"), "hired"),
    **dict.fromkeys(("rejected", "reject", "disqualified", "declined"), "rejected"),
}
ORDER = ("new", "screening", "interview", "offer", "hired", "rejected")
# Steps of a stage's position: substages by ``queue`` within their stage, stages by id within their kind of step.
PER_STAGE, PER_KIND = 1_000, 1_000_000


def to_candidate(payload: payloads.Candidate) -> CandidateProfile:
    reader = Reader(payload, CANDIDATE_KEYS)
    has_job = payload.job_post is not None
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "first_name": ("first_name", lambda: _own_or_users(reader, "first_name")),
        "last_name": ("last_name", lambda: _own_or_users(reader, "last_name")),
        "email": ("emails", lambda: _values(_own_or_users(reader, "email"))),
        "phone_number": ("phones", lambda: _values(reader.text("phone_number"))),
        "source_platform": ("source_label", lambda: reader.text("source_platform")),
    }
    named = payload.user is not None
    fields = {
        column: read()
        for key, (column, read) in readers.items()
        if reader.has(key) or (named and key in ("first_name", "last_name", "email"))
    }
    fields["full_name"] = line(f"{fields.get('first_name', '')} {fields.get('last_name', '')}")
    if any(reader.has(key) for key in PLACE):
        fields["location"] = _location(reader)
    tags, files = reader.get("tags"), _files(reader, payload.id if has_job else None)
    reader.keep_if(any(not line(tag.title) for tag in tags or []), "tags")
    if not has_job:
        for key in APPLICATION_KEYS:
            reader.keep(key)
    return CandidateProfile(
        external_id=payload.id,
        fields=fields,
        applications=_applications(payload),
        tags=None if tags is None else [TagProfile(tag.id, line(tag.title, TAG)) for tag in tags],
        files=files,
        custom_fields=_custom_fields(reader),
    )


def _applications(payload: payloads.Candidate) -> list[ApplicationProfile] | None:
    """A row has one job post or none; one that can't be read says nothing."""
    if payload.job_post is not None:
        return [to_application(payload, payload.job_post)]
    return [] if payload.raw.get("job_post", "") is None else None


def to_application(payload: payloads.Candidate, job: payloads.EmbeddedJobPost) -> ApplicationProfile:
    """The row's own id: it has one application, which goes with it from job to job."""
    reader = Reader(payload, frozenset(payload.raw.keys() - APPLICATION_KEYS) | READ_OF_APPLICATION)
    _keep_rest(reader, "job_post", {"hash", "title"})
    fields: dict[str, Any] = {}
    if reader.has("created_at"):
        fields["applied_at"] = reader.moment("created_at")
    if reader.has("score"):
        fields["upstream_score"] = _score(reader)
    if reader.has("suitability"):
        fields["upstream_rating"] = reader.text("suitability", LABEL)
    stage = _stage(reader.get("substage"), job.hash)
    return ApplicationProfile(
        external_id=payload.id,
        job_external_id=job.hash,
        job_title=line(job.title),
        stage_external_id=stage.external_id if stage else None,
        stage_name=stage.name if stage else "",
        stage_position=stage.position if stage else None,
        stage_learned=stage,
        fields=fields,
        custom_fields=_custom_fields(reader),
    )


def to_pool(payload: payloads.Pool) -> PoolProfile:
    """How many are in it isn't kept: the walk counts them anew."""
    reader = Reader(payload, POOL_KEYS)
    name = reader.text("name", 200) or f"Pool {payload.id}"
    return PoolProfile(payload.id, name, custom_fields=_custom_fields(reader))


def to_job(payload: payloads.JobPost) -> JobProfile:
    reader = Reader(payload, JOB_KEYS)
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "title": ("title", lambda: reader.text("title")),
        "status": ("status", lambda: _job_status(reader)),
        "description": ("description_html", lambda: reader.long_text("description")),
        "employment_type": ("employment_type", lambda: reader.text("employment_type", LABEL)),
        "workplace_type": ("workplace", lambda: reader.text("workplace_type", LABEL)),
        "locations": ("location", lambda: _places(reader)),
    }
    fields = {column: read() for key, (column, read) in readers.items() if reader.has(key)}
    return JobProfile(external_id=payload.hash, fields=fields, custom_fields=_custom_fields(reader))


def stage_id(job_hash: str, substage_id: str) -> str:
    """Substages belong to a pipeline that several jobs share; ours belong to one job."""
    whole = f"{job_hash}:{substage_id}"
    return whole if len(whole) <= LONGEST_ID else hashlib.sha256(whole.encode()).hexdigest()


def _stage(substage: payloads.Substage | None, job_hash: str) -> StageProfile | None:
    if substage is None:
        return None
    stage = substage.stage or payloads.Stage()
    names = [line(stage.name), line(substage.name)]
    if names[0].casefold() == names[1].casefold():
        names.pop()
    category = CATEGORIES.get((stage.key or "").strip().casefold())
    return StageProfile(
        external_id=stage_id(job_hash, substage.id),
        name=line(" › ".join(name for name in names if name), STAGE_NAME),
        position=_position(stage, substage, category),
        is_active=substage.is_visible is not False,
        category=category,
        remote_id=substage.id,
    )


def _position(stage: payloads.Stage, substage: payloads.Substage, category: str | None) -> int:
    """The order of stages is nowhere told: by what they are for, then by age, which their ids follow."""
    kind = ORDER.index(category or "screening")
    age = int(stage.id) % 1_000 if stage.id and stage.id.isascii() and stage.id.isdigit() else 999
    queue = min(max(substage.queue or 0, 0), PER_STAGE - 1)
    return kind * PER_KIND + age * PER_STAGE + queue


def _score(reader: Reader) -> Decimal | None:
    score = reader.get("score")
    if score is None or not math.isfinite(score) or abs(score) >= HIGHEST_SCORE:
        reader.keep("score")
        return None
    return Decimal(int(score)) if score == int(score) else Decimal(str(round(score, 2)))


def _files(reader: Reader, application_id: str | None) -> list[FileProfile] | None:
    """The link isn't kept: it lives for minutes, and a fresh one is asked for when the file is fetched."""
    found = []
    for key in ("cv", "photo"):
        file: payloads.File | None = reader.get(key)
        if file is None:
            continue
        _keep_rest(reader, key, {"id", "name"})
        found.append(
            FileProfile(
                external_id=file.id,
                name=line(file.name, 200),
                kind=key,
                version=f"{file.id}:{file.uploaded_at or ''}:{'' if file.file_size is None else file.file_size}",
                application_external_id=application_id if key == "cv" else None,
            )
        )
    return found if reader.has("cv") or reader.has("photo") else None


def _own_or_users(reader: Reader, key: str) -> str:
    """Get Candidate may have it under ``user`` only (3.3)."""
    own = reader.text(key)
    user: payloads.User | None = reader.payload.user  # type: ignore[attr-defined]
    return own or (line(getattr(user, key)) if user is not None else "")


def _values(text: str) -> list[dict[str, str]]:
    return [{"value": text, "kind": ""}] if text else []


def _location(reader: Reader) -> dict[str, str]:
    found = {ours: reader.text(theirs) for theirs, ours in PLACE.items()}
    return {part: text for part, text in found.items() if text}


def _places(reader: Reader) -> dict[str, str]:
    """Their shape is unread (3.5): plain texts and objects with a name or a city are shown, and all of it is kept."""
    reader.keep("locations")
    sent = reader.get("locations")
    entries = sent if isinstance(sent, list) else [sent]
    named = [
        next((one.get(key) for key in ("name", "title", "city", "address") if isinstance(one.get(key), str)), "")
        if isinstance(one, dict)
        else one
        for one in entries
    ]
    text = line("; ".join(line(one) for one in named if isinstance(one, str) and one.strip()), 500)
    return {"raw": text} if text else {}


def _job_status(reader: Reader) -> str:
    """An unknown word is shown as open, so that nobody's applications vanish from sight; the word is kept."""
    status = JOB_STATUSES.get((reader.get("status") or "").strip().casefold())
    reader.keep_if(status is None, "status")
    return status or "open"


def _keep_rest(reader: Reader, key: str, shown: set[str]) -> None:
    """Keep what an object says beyond the parts that are shown elsewhere."""
    raw = reader.raw.get(key)
    parts = raw.items() if isinstance(raw, dict) else ()
    rest = {part: value for part, value in parts if part not in shown and says(value)}
    if rest:
        reader.kept[key] = rest


def _custom_fields(reader: Reader) -> dict[str, Any]:
    """Asked for last: by then every field has been read, and the reader knows what to keep."""
    return {OWN: dict(reader.kept)} if reader.kept else {}


PLACE = {"address": "street_1", "city": "city", "country": "country"}
READ_OF_APPLICATION = frozenset({"job_post", "created_at", "score", "suitability"})
# What a row says of the application rather than of the person. ``substage`` is kept whole: its ids are the raw ones.
APPLICATION_KEYS = READ_OF_APPLICATION | {
    *("initial_applied_job_post", "substage", "entry_method", "is_seen", "error_status", "error_logs"),
}
CANDIDATE_KEYS = APPLICATION_KEYS | {
    *("id", "email", "first_name", "last_name", "cv", "photo", "phone_number", "address", "city", "country"),
    *("source_platform", "tags"),
}
POOL_KEYS = frozenset({"id", "name", "candidate_count"})
JOB_KEYS = frozenset({"hash", "title", "description", "status", "employment_type", "workplace_type"})
