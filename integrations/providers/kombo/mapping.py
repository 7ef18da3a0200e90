"""Kombo's words to ours: pure functions, no network, no database.

What has no column, and whatever a column could not take whole, stays readable: a customer's own fields
(``custom_fields`` and ``integration_fields``) at the top of our ``custom_fields``, everything else under its Kombo name
in ``custom_fields["kombo"]``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from candidates.domain.profiles import (
    MISSING,
    ApplicationProfile,
    CandidateProfile,
    FactsProfile,
    FileProfile,
    JobProfile,
    ReasonProfile,
    StageProfile,
    TagProfile,
)
from integrations.providers.kombo import payloads
from integrations.reading import LINE, Reader, line, says, web_link

OUTCOMES = {"PENDING": "active", "HIRED": "hired", "DECLINED": "rejected"}  # DECLINED covers "withdrew" too (14)
JOB_STATUSES = {"OPEN": "open", "CLOSED": "closed", "DRAFT": "draft", "ARCHIVED": "archived"}
FILE_KINDS = {"CV": "cv", "COVER_LETTER": "cover_letter", "OTHER": "other"}
FILE_NAME = 200
LABEL, TAG = 100, 200  # characters that our columns hold; a line's 300 is the reader's
LAST_POSITION = 2**31 - 1
LINKEDIN = re.compile(r"https?://([a-z0-9-]+\.)*linkedin\.com(/|$)", re.IGNORECASE)
OWN = "kombo"
PARTS = ("city", "state", "zip_code", "street_1", "street_2", "country")


def to_candidate(payload: payloads.Candidate) -> CandidateProfile:
    reader = Reader(payload, CANDIDATE_KEYS)
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "first_name": ("first_name", lambda: reader.text("first_name")),
        "last_name": ("last_name", lambda: reader.text("last_name")),
        "company": ("current_company", lambda: reader.text("company")),
        "title": ("current_title", lambda: reader.text("title")),
        "source": ("source_label", lambda: reader.text("source")),
        "location": ("location", lambda: _location(reader)),
        "email_addresses": ("emails", lambda: _emails(reader)),
        "phone_numbers": ("phones", lambda: _phones(reader)),
        "social_media": ("links", lambda: _links(reader)),
    }
    fields = {column: read() for key, (column, read) in readers.items() if reader.has(key)}
    fields["full_name"] = line(f"{fields.get('first_name', '')} {fields.get('last_name', '')}")
    if reader.get("confidential") is not None:
        fields["confidential"] = payload.confidential
    applications, tags = reader.get("applications"), reader.get("tags")
    origin = _origin(reader)
    return CandidateProfile(
        external_id=payload.id,
        fields=fields,
        applications=None if applications is None else [to_application(entry) for entry in applications],
        tags=None if tags is None else [to_tag(entry) for entry in tags],
        custom_fields=_custom_fields(reader),
        **origin,
    )


def to_application(payload: payloads.Application) -> ApplicationProfile:
    """Of the form inside a candidate (8.1) as well as of the one on its own (8.2)."""
    reader = Reader(payload, APPLICATION_KEYS)
    stage, job = reader.get("current_stage"), reader.get("job")
    _keep_rest(reader, "current_stage", {"id", "name", "index"})
    _keep_rest(reader, "job", {"id", "name"})
    if stage is None:
        reader.get("current_stage_id")
    position = _position(stage.index) if stage else None
    reader.keep_if(bool(stage) and position is None and stage.raw.get("index") is not None, "current_stage")
    reader.keep("outcome")
    fields: dict[str, Any] = {}
    if reader.has("remote_created_at"):
        fields["applied_at"] = reader.moment("remote_created_at")
    if reader.has("screening_question_answers"):
        fields["screening_answers"] = _answers(reader)
    origin = _origin(reader)
    return ApplicationProfile(
        external_id=payload.id,
        job_external_id=job.id if job else payload.job_id,
        job_title=line(job.name) if job else "",
        stage_external_id=stage.id if stage else payload.current_stage_id,
        stage_name=line(stage.name) if stage else "",
        stage_position=position,
        outcome=OUTCOMES.get(_word(reader.get("outcome"))) if reader.has("outcome") else MISSING,
        rejection_reason_name=reader.text("rejection_reason_name"),
        rejected_at=reader.moment("rejected_at"),
        fields=fields,
        custom_fields=_custom_fields(reader),
        **origin,
    )


def to_facts(payload: payloads.Facts) -> FactsProfile:
    """Interviews by their time. Statuses stay Kombo's words. No answers say nothing; no interview any more says so."""
    interviews, offers = payload.interviews, payload.offers
    told = bool(payload.screening_question_answers)
    return FactsProfile(
        payload.id,
        screening_answers=_answers(Reader(payload, frozenset())) if told else MISSING,
        interviews=MISSING
        if interviews is None
        else sorted(map(_interview, interviews), key=lambda one: (one["starts_at"], one["title"])),
        offers=MISSING if offers is None else [_offer(offer) for offer in offers],
    )


def _interview(payload: payloads.Interview) -> dict[str, Any]:
    place = payload.location
    parts = [place.raw_text] if place and place.raw_text else [place.city, place.country] if place else []
    return {
        "title": line(payload.title),
        "starts_at": line(payload.starting_at, LABEL),
        "ends_at": line(payload.ending_at, LABEL),
        "place": line(", ".join(filter(None, parts))),
        "cancelled": payload.canceled is True,
    }


def _offer(payload: payloads.Offer) -> dict[str, Any]:
    return {
        "status": line(payload.status, LABEL).replace("_", " ").lower(),
        "starts_on": line(payload.employment_start_date, LABEL),
    }


def to_file(payload: payloads.Attachment) -> FileProfile:
    """A file that is changed without a new id shows it by its time, where the ATS has one."""
    return FileProfile(
        external_id=payload.id,
        name=line(payload.file_name, FILE_NAME),
        kind=FILE_KINDS.get(_word(payload.type), "other"),
        url=payload.data_url or "",
        version=line(payload.remote_updated_at or payload.remote_created_at or "", LABEL),
        application_external_id=payload.application_id,
    )


def to_job(payload: payloads.Job) -> JobProfile:
    reader = Reader(payload, JOB_KEYS)
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "name": ("title", lambda: reader.text("name")),
        "status": ("status", lambda: _job_status(reader)),
        "job_code": ("code", lambda: reader.text("job_code", LABEL)),
        "department": ("department", lambda: reader.text("department")),
        "description": ("description_html", lambda: reader.long_text("description")),
        "location": ("location", lambda: _location(reader)),
        "employment_type": ("employment_type", lambda: reader.text("employment_type", LABEL)),
        "remote_work_status": ("workplace", lambda: reader.text("remote_work_status", LABEL)),
        "opened_at": ("opened_at", lambda: reader.moment("opened_at")),
        "closed_at": ("closed_at", lambda: reader.moment("closed_at")),
    }
    fields = {column: read() for key, (column, read) in readers.items() if reader.has(key)}
    if reader.get("confidential") is not None:
        fields["confidential"] = payload.confidential
    stages, origin = reader.get("stages"), _origin(reader)
    return JobProfile(
        external_id=payload.id,
        fields=fields,
        stages=None if stages is None else _pipeline(stages),
        hiring_team=_hiring_team(reader),
        custom_fields=_custom_fields(reader),
        **origin,
    )


def to_tag(payload: payloads.Named) -> TagProfile:
    """The id is Kombo's, unique among tags only: a candidate of the same integration can carry it too (section 5)."""
    reader = Reader(payload, NAMED_KEYS)
    name, origin = reader.text("name", TAG), _origin(reader, with_url=False)
    return TagProfile(payload.id, name, custom_fields=_custom_fields(reader), **origin)


def to_reason(payload: payloads.Named) -> ReasonProfile:
    reader = Reader(payload, NAMED_KEYS)
    name, origin = reader.text("name"), _origin(reader, with_url=False)
    return ReasonProfile(payload.id, name, custom_fields=_custom_fields(reader), **origin)


def _origin(reader: Reader, *, with_url: bool = True) -> dict[str, Any]:
    """What ties a profile to its upstream row."""
    changed_at = reader.moment("changed_at")
    origin = {
        "remote_id": reader.text("remote_id") or None,
        "changed_at": changed_at,
        "deleted_at": reader.mark("remote_deleted_at", otherwise=changed_at),
    }
    return {**origin, "url": reader.url("remote_url")} if with_url else origin


def _pipeline(stages: list[payloads.Stage]) -> list[StageProfile]:
    """In the order of ``index``, those without one last; the position counts from 0 without gaps (section 15)."""
    ordered = sorted(stages, key=_order)
    return [_stage(stage, position) for position, stage in enumerate(ordered)]


def _order(stage: payloads.Stage) -> tuple[bool, float]:
    known = stage.index is not None and math.isfinite(stage.index)
    return not known, stage.index if known and stage.index is not None else 0.0


def _stage(payload: payloads.Stage, position: int) -> StageProfile:
    reader = Reader(payload, STAGE_KEYS)
    status = _word(reader.get("status"))
    reader.keep_if(status not in ("ACTIVE", "INACTIVE"), "status")
    return StageProfile(
        external_id=payload.id,
        name=reader.text("name"),
        position=position,
        is_active=status != "INACTIVE",
        remote_id=reader.text("remote_id") or None,
        custom_fields=_custom_fields(reader),
    )


def _position(index: float | None) -> int | None:
    if index is None or not math.isfinite(index) or not 0 <= index <= LAST_POSITION or index != int(index):
        return None
    return int(index)


def _job_status(reader: Reader) -> str:
    """An unknown word is shown as open, so that nobody's applications vanish from sight; the word is kept."""
    status = JOB_STATUSES.get(_word(reader.get("status")))
    reader.keep_if(status is None, "status")
    return status or "open"


def _hiring_team(reader: Reader) -> list[dict[str, Any]]:
    """The raw list is kept beside it, because a member's ids and role ids have no place here."""
    reader.keep("hiring_team")
    return [
        {
            "name": line(f"{member.first_name or ''} {member.last_name or ''}"),
            "email": line(member.email),
            "roles": _roles(member),
        }
        for member in reader.get("hiring_team") or []
    ]


def _roles(member: payloads.TeamMember) -> list[str]:
    labels = [line(role.remote_label or role.unified_type) for role in member.job_roles or []]
    return [label for label in labels if label] or [line(role) for role in member.hiring_team_roles or []]


def _location(reader: Reader) -> dict[str, str]:
    place: payloads.Location | None = reader.get("location")
    if place is None:
        return {}
    _keep_rest(reader, "location", {"raw", *PARTS})
    found = {"raw": place.raw_text, **{part: getattr(place, part) for part in PARTS}}
    shown = {part: line(text, 500 if part == "raw" else LINE) for part, text in found.items() if text}
    sent = reader.raw["location"]
    whole = sent if isinstance(sent, dict) else {"raw": sent}
    reader.keep_if(any(says(whole.get(part)) and part not in shown for part in found), "location")
    reader.keep_if(any(shown[part] != (found[part] or "").strip() for part in shown), "location")
    return {part: text for part, text in shown.items() if text}


def _emails(reader: Reader) -> list[dict[str, str]]:
    entries = [(entry, entry.email_address, entry.type) for entry in reader.get("email_addresses") or []]
    return _values(reader, "email_addresses", entries, {"email_address", "type"})


def _phones(reader: Reader) -> list[dict[str, str]]:
    entries = [(entry, entry.phone_number, entry.type) for entry in reader.get("phone_numbers") or []]
    return _values(reader, "phone_numbers", entries, {"phone_number", "type"})


def _values(
    reader: Reader, key: str, entries: list[tuple[payloads.Payload, str | None, str | None]], shown: set[str]
) -> list[dict[str, str]]:
    """``[{value, kind}]`` without repeats. The raw list is kept if an entry says more, or something unreadable."""
    found: dict[str, dict[str, str]] = {}
    for entry, text, kind in entries:
        value = line(text)
        said = {name for name, part in entry.raw.items() if says(part)}
        reader.keep_if(bool(said) and (value != (text or "").strip() or not value or not said <= shown), key)
        if value:
            found.setdefault(value.casefold(), {"value": value, "kind": line(kind).lower()})
    return list(found.values())


def _links(reader: Reader) -> list[dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for entry in reader.get("social_media") or []:
        value = web_link(entry.link)
        said = {name for name, part in entry.raw.items() if says(part)}
        reader.keep_if(bool(said) and (not value or not said <= {"link", "type"}), "social_media")
        if value:
            kind = "linkedin" if LINKEDIN.match(value) else line(entry.type).lower()
            found.setdefault(value, {"value": value, "kind": kind})
    return list(found.values())


def _answers(reader: Reader) -> list[dict[str, Any]]:
    """``[{question, type, answer}]``; the answer's key depends on its type, and there is one of them (8.2)."""
    reader.keep("screening_question_answers")
    found = []
    for entry in reader.get("screening_question_answers") or []:
        question, answer = entry.question or payloads.Question(), entry.answer or {}
        value = next((answer[key] for key in ANSWER_KEYS if answer.get(key) is not None), None)
        found.append({"question": line(question.title, 1_000), "type": line(question.type).lower(), "answer": value})
    return found


def _keep_rest(reader: Reader, key: str, shown: set[str]) -> None:
    """Keep what an object says beyond the parts that are shown elsewhere."""
    raw = reader.raw.get(key)
    parts = raw.items() if isinstance(raw, dict) else ()
    rest = {part: value for part, value in parts if part not in shown and says(value)}
    if rest:
        reader.kept[key] = rest


def _custom_fields(reader: Reader) -> dict[str, Any]:
    """Asked for last: by then every field has been read, and the reader knows what to keep."""
    if not reader.kept and CUSTOM_KEYS.isdisjoint(reader.raw):
        return {}
    fields = dict(getattr(reader.payload, "custom_fields", None) or {})
    integration_fields = getattr(reader.payload, "integration_fields", None) or []
    for entry in integration_fields:
        label = line(entry.label or entry.key)
        if label and says(entry.value):
            fields.setdefault(label, entry.value)
    kept = dict(reader.kept)
    for key in ("custom_fields", "integration_fields"):
        raw = reader.raw.get(key)
        if key == "integration_fields" or not isinstance(raw, dict):
            kept |= {key: raw} if says(raw) else {}
    if OWN in fields:
        kept["custom_fields"] = {OWN: fields.pop(OWN)}
    return {**fields, OWN: kept} if kept else fields


def _word(value: str | None) -> str:
    return (value or "").strip().upper()


ANSWER_KEYS = ("content", "choice", "choices", "checked", "number", "date", "raw")
RECORD_KEYS = frozenset({"id", "remote_id", "changed_at", "remote_deleted_at"})
NAMED_KEYS = RECORD_KEYS | {"name"}
CUSTOM_KEYS = frozenset({"custom_fields", "integration_fields"})
STAGE_KEYS = frozenset({"id", "remote_id", "name", "status", "custom_fields"})
CANDIDATE_KEYS = (
    RECORD_KEYS
    | CUSTOM_KEYS
    | {"first_name", "last_name", "company", "title", "confidential", "source", "location", "remote_url"}
    | {"phone_numbers", "email_addresses", "social_media", "applications", "tags"}
)
APPLICATION_KEYS = (
    RECORD_KEYS
    | CUSTOM_KEYS
    | {"outcome", "rejection_reason_name", "rejected_at", "current_stage", "job", "remote_url", "remote_created_at"}
    | {"current_stage_id", "job_id", "screening_question_answers"}
)
JOB_KEYS = (
    NAMED_KEYS
    | CUSTOM_KEYS
    | {"job_code", "description", "confidential", "employment_type", "status", "department", "remote_work_status"}
    | {"location", "remote_url", "opened_at", "closed_at", "stages", "hiring_team"}
)
