"""Talynce's words to ours: pure functions, no network, no database.

What has no column, and whatever a column could not take whole, stays readable: the organization's own ``metadata`` at
the top of our ``custom_fields``, with the few facts that people look for; everything else under its Talynce name in
``custom_fields["talynce"]``.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from candidates.domain.profiles import (
    HIDDEN,
    MISSING,
    ApplicationProfile,
    CandidateProfile,
    FileProfile,
    JobProfile,
)
from candidates.enums import AttachmentKind, Outcome
from integrations.providers.talynce import payloads, statuses
from integrations.reading import Reader, line, says

JOB_STATUSES = {"draft": "draft", "active": "open", "paused": "open", "closed": "closed", "filled": "closed"}
LABEL = 100  # characters that our short columns hold; a line's 300 is the reader's
LARGEST_SCORE = 10**6  # what our column holds; no scale is documented (talynce.md 9)
STATUS = 300  # characters of upstream_status
OWN = "talynce"
MASKED = "masked"
WHATSAPP = "whatsapp"
EVENTS = (
    *("shortlisted_at", "screening_started_at", "screening_completed_at", "status_date", "outreach_sent_at"),
    *("interest_clicked_at", "video_interview_invite_sent_at"),
)
# Pay is a yearly amount in lakhs of rupees (talynce.md 1).
PAY = {"currency": "INR", "period": "year", "unit": "LPA"}

Options = Mapping[str, Any]


def to_candidate(payload: payloads.Candidate, options: Options) -> CandidateProfile:
    reader = Reader(payload, CANDIDATE_KEYS)
    masked = (reader.get("talent_pool_status") or "").strip().lower() == MASKED
    reader.keep("talent_pool_status")
    fields: dict[str, Any] = {
        "full_name": reader.text("full_name"),
        "current_company": reader.text("current_company"),
        "current_title": reader.text("current_designation"),
        "source_label": reader.text("source"),
        "location": _place(reader),
        "skills": _skills(reader),
        "emails": _veiled(_emails(reader), masked),
        "phones": _veiled(_phones(reader), masked),
        "compensation": _veiled(_pay(reader), masked),
        "availability": _availability(reader),
    }
    applications = reader.get("applications")
    return CandidateProfile(
        external_id=payload.id,
        fields={name: value for name, value in fields.items() if _was_sent(reader, name)},
        applications=None if applications is None else [to_application(entry, options) for entry in applications],
        files=_files(reader, masked),
        custom_fields=_custom_fields(reader, ("total_experience_years", "screening_score")),
        masked=masked,
        changed_at=reader.moment("updated_at"),
    )


# Our column → the keys of Talynce's that fill it.
SENT_AS = {
    "full_name": ("full_name",),
    "current_company": ("current_company",),
    "current_title": ("current_designation",),
    "source_label": ("source",),
    "location": ("location",),
    "skills": ("skill_array", "primary_skills", "secondary_skills"),
    "emails": ("email",),
    "phones": ("phone_number", "whatsapp_number"),
    "compensation": ("current_ctc", "expected_ctc"),
    "availability": ("notice_period_days", "in_notice_period", "last_working_day", "preferred_location"),
}


def _was_sent(reader: Reader, column: str) -> bool:
    return any(reader.has(key) for key in SENT_AS[column])


def _veiled(value: Any, masked: bool) -> Any:
    """Nothing in a masked profile is hidden, not empty (talynce.md 2.7)."""
    return HIDDEN if masked and not value else value


def to_application(payload: payloads.Application, options: Options) -> ApplicationProfile:
    reader = Reader(payload, APPLICATION_KEYS)
    status, job_id = reader.get("status") or "", reader.get("job_id")
    reader.keep_if(len(status) > STATUS, "status")
    entered, scores = reader.moment("status_date"), _scores(reader)
    outcome = statuses.outcome(status, options) if status else MISSING
    return ApplicationProfile(
        external_id=payload.id,
        job_external_id=job_id,
        stage_external_id=statuses.stage_id(job_id, status) if job_id and status else None,
        stage_name=line(status),
        stage_position=statuses.position(status) if status else None,
        stage_shared=True,
        outcome=outcome,
        rejected_at=entered if outcome == Outcome.REJECTED else None,
        fields={
            "applied_at": reader.moment("created_at"),
            "upstream_status": status[:STATUS],
            "upstream_note": reader.long_text("notes"),
            "scores": scores,
            "upstream_score": _leading(scores),
            "events": {name: reader.raw[name] for name in (*EVENTS, "updated_at") if says(reader.raw.get(name))},
        },
        custom_fields=_custom_fields(reader),
        # When the status was entered, and not when anything else of the row changed: it is compared with our own moves.
        changed_at=entered or reader.moment("updated_at"),
    )


def to_job(payload: payloads.Job, clients: Mapping[str, str]) -> JobProfile:
    """``clients``: names by id. Their employer is who the job is for, when an agency recruits."""
    reader = Reader(payload, JOB_KEYS)
    fields: dict[str, Any] = {
        "title": reader.text("title"),
        "status": _job_status(reader),
        "description_html": _description(reader),
        "location": _places(reader),
        "employment_type": reader.text("job_type", LABEL),
        "workplace": reader.text("work_mode", LABEL),
        "opened_at": reader.moment("created_at"),
    }
    custom_fields = _custom_fields(reader)
    if name := clients.get(payload.client_id or "") or line(payload.client_name):
        custom_fields["client"] = name
    return JobProfile(
        external_id=payload.id,
        fields=fields,
        custom_fields=custom_fields,
        changed_at=reader.moment("updated_at"),
    )


def _job_status(reader: Reader) -> str:
    """An unknown word is shown as open, so that nobody's applications vanish from sight; the word is kept."""
    word = (reader.get("status") or "").strip().lower()
    reader.keep_if(word not in ("draft", "active", "closed"), "status")
    return JOB_STATUSES.get(word, "open")


def _description(reader: Reader) -> str:
    """The HTML one; the plain one in its place, or kept beside it."""
    rich, plain = reader.long_text("jd_text"), reader.long_text("description")
    if rich.strip():
        reader.keep("description")
        return rich
    return "".join(f"<p>{html.escape(part.strip())}</p>" for part in plain.split("\n") if part.strip())


def _places(reader: Reader) -> dict[str, str]:
    names = [text for entry in reader.get("locations") or [] if (text := line(entry))]
    whole = line("; ".join(names), 500)
    reader.keep_if(whole != "; ".join(reader.get("locations") or []), "locations")
    return {"raw": whole} if whole else {}


def _place(reader: Reader) -> dict[str, str]:
    text = reader.text("location")
    return {"raw": text} if text else {}


def _skills(reader: Reader) -> list[str]:
    """Which are primary and which secondary stays readable in what is kept."""
    names = ("skill_array", "primary_skills", "secondary_skills")
    found: dict[str, str] = {}
    for name in names:
        entries = reader.get(name) or []
        for entry in entries:
            if text := line(entry):
                found.setdefault(text.casefold(), text)
        reader.keep_if(name != "skill_array" or [line(entry) for entry in entries] != entries, name)
    return list(found.values())


def _emails(reader: Reader) -> list[dict[str, str]]:
    """An empty address is unknown, never an identity (talynce.md 2.7)."""
    text = reader.text("email")
    return [{"value": text, "kind": ""}] if text else []


def _phones(reader: Reader) -> list[dict[str, str]]:
    phone, chat = reader.text("phone_number"), reader.text("whatsapp_number")
    reader.keep_if(bool(chat) and chat == phone, "whatsapp_number")
    found = {phone: ""} | ({chat: WHATSAPP} if chat != phone else {})
    return [{"value": value, "kind": kind} for value, kind in found.items() if value]


def _pay(reader: Reader) -> dict[str, Any]:
    amounts = {"current": _amount(reader, "current_ctc"), "expected": _amount(reader, "expected_ctc")}
    said = {name: amount for name, amount in amounts.items() if amount is not None}
    return {**said, **PAY} if said else {}


def _amount(reader: Reader, key: str) -> float | int | None:
    value = reader.get(key)
    return int(value) if value is not None and value == int(value) else value


def _availability(reader: Reader) -> dict[str, Any]:
    facts = {name: reader.get(name) for name in ("notice_period_days", "in_notice_period")}
    facts |= {name: reader.text(name) for name in ("last_working_day", "preferred_location")}
    return {name: value for name, value in facts.items() if says(value)}


def _files(reader: Reader, masked: bool) -> list[FileProfile] | None:
    """The CV, by its address; None when it is hidden. What it says of its content is that the address is the same."""
    url = reader.url("resume_url")
    if not url:
        return None if masked or not reader.has("resume_url") else []
    version = url.partition("?")[0][:LABEL]
    return [FileProfile("resume", name=file_name(url), kind=AttachmentKind.CV, url=url, version=version)]


def file_name(url: str) -> str:
    """What the end of an address calls the file."""
    try:
        path = urlsplit(url).path
    except ValueError:
        path = ""
    return line(unquote(path.rpartition("/")[2])) or "CV"


def _scores(reader: Reader) -> dict[str, float | int]:
    found = {"match": _amount(reader, "match_score"), "screening": _amount(reader, "screening_score")}
    return {name: score for name, score in found.items() if score is not None}


def _leading(scores: Mapping[str, float | int]) -> Decimal | None:
    """The one that lists show: how well the person fits the job, else how the screening went."""
    score = scores.get("match", scores.get("screening"))
    return Decimal(str(round(score, 2))) if score is not None and abs(score) < LARGEST_SCORE else None


def _custom_fields(reader: Reader, shown: tuple[str, ...] = ()) -> dict[str, Any]:
    """Asked for last: by then every field has been read, and the reader knows what to keep."""
    metadata = reader.raw.get("metadata")
    fields = dict(metadata) if isinstance(metadata, dict) else {}
    kept = dict(reader.kept)
    if says(metadata) and not isinstance(metadata, dict):
        kept["metadata"] = metadata
    for name in shown:
        if name in kept and name not in fields:
            fields[name] = kept.pop(name)
    if OWN in fields:
        kept["metadata"] = {OWN: fields.pop(OWN)}
    return {**fields, OWN: kept} if kept else fields


# ---- the other way: our columns as Talynce takes them (talynce.md 2.4)


def to_changes(fields: Mapping[str, Any], upstream: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an update: what Talynce has another value of than we. ``upstream``: its row as it is now.

    Columns without a counterpart aren't there. Skills go to the list that they stand in, new ones to the primary.
    """
    wanted: dict[str, Any] = {}
    for column, value in fields.items():
        if column in WRITERS:
            wanted |= WRITERS[column](value, upstream)
    return {
        key: value
        for key, value in wanted.items()
        if upstream.get(key) != value and (says(value) or says(upstream.get(key)))
    }


def _first(values: Any, *, chat: bool = False) -> str | None:
    entries = [entry for entry in values or [] if isinstance(entry, dict) and entry.get("value")]
    kinds = [str(entry["value"]) for entry in entries if (entry.get("kind") == WHATSAPP) is chat]
    return kinds[0] if kinds else None


def _text(key: str, value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value or None}


def _changed_emails(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    """Talynce needs an address: one that was taken away here stays there."""
    address = _first(value)
    return {"email": address} if address else {}


def _changed_phones(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    return {"phone_number": _first(value), "whatsapp_number": _first(value, chat=True)}


def _changed_place(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    place = value if isinstance(value, dict) else {}
    parts = [place.get(part) for part in ("city", "state", "country")]
    return {"location": place.get("raw") or ", ".join(str(part) for part in parts if part) or None}


def _changed_skills(value: Any, upstream: Mapping[str, Any]) -> dict[str, Any]:
    ours = [str(skill) for skill in value or []]
    second = [skill for skill in upstream.get("secondary_skills") or [] if skill in ours]
    return {"primary_skills": [skill for skill in ours if skill not in second], "secondary_skills": second}


def _changed_pay(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is said in lakhs a year: an amount in anything else isn't Talynce's."""
    pay = value if isinstance(value, dict) else {}
    if pay.get("unit", PAY["unit"]) != PAY["unit"] or pay.get("currency", PAY["currency"]) != PAY["currency"]:
        return {}
    return {"current_ctc": pay.get("current"), "expected_ctc": pay.get("expected")}


def _changed_availability(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    facts = value if isinstance(value, dict) else {}
    return {name: facts.get(name) for name in SENT_AS["availability"]}


def _changed_name(value: Any, _upstream: Mapping[str, Any]) -> dict[str, Any]:
    return {"full_name": value} if value else {}


WRITERS: dict[str, Callable[[Any, Mapping[str, Any]], dict[str, Any]]] = {
    "full_name": _changed_name,
    "current_company": partial(_text, "current_company"),
    "current_title": partial(_text, "current_designation"),
    "emails": _changed_emails,
    "phones": _changed_phones,
    "location": _changed_place,
    "skills": _changed_skills,
    "compensation": _changed_pay,
    "availability": _changed_availability,
}

RECORD_KEYS = frozenset({"id", "updated_at"})
CANDIDATE_KEYS = RECORD_KEYS | {
    *("full_name", "email", "phone_number", "whatsapp_number", "location", "preferred_location", "primary_skills"),
    *("secondary_skills", "skill_array", "current_company", "current_designation", "current_ctc", "expected_ctc"),
    *("notice_period_days", "in_notice_period", "last_working_day", "resume_url", "source", "talent_pool_status"),
    *("metadata", "applications"),
}
# Section 2.2: what the list and the detail both have.
SHARED_KEYS = CANDIDATE_KEYS - {"applications"} | {"total_experience_years", "screening_score", "created_at"}
APPLICATION_KEYS = RECORD_KEYS | {
    *("job_id", "status", "screening_score", "match_score", "notes", "metadata", "created_at", *EVENTS),
}
JOB_KEYS = RECORD_KEYS | {
    *("title", "jd_text", "description", "locations", "work_mode", "job_type", "status", "created_at"),
}
