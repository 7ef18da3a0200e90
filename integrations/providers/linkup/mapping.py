"""LinkUp's words to ours: pure functions, no network, no database.

A row is an application together with the person behind it: LinkedIn gives no stable id of a person, so each application
brings a person of its own, known by job and application (section 13). What has no column stays readable under its
LinkUp name in ``custom_fields["linkup"]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from candidates.domain.profiles import ApplicationProfile, CandidateProfile, FileProfile, JobProfile
from integrations.providers.linkup import payloads
from integrations.reading import Reader, line, moment, says, web_link

OWN = "linkup"
LABEL, HEADLINE = 100, 500  # characters that our columns hold
JOB_STATUSES = {
    **dict.fromkeys(("PUBLISHED", "LISTED", "OPEN", "ACTIVE", "LIVE"), "open"),
    **dict.fromkeys(("CLOSED", "EXPIRED", "SUSPENDED"), "closed"),
    **dict.fromkeys(("DRAFT",), "draft"),
}
# "3/2022 - Present", "2019 - 2/2022"; a dash of any length, and "until now" in the words that were seen.
RANGE = re.compile(
    r"\s*(?:(\d{1,2})/)?(\d{4})\s*[-–—]\s*(?:(?:(\d{1,2})/)?(\d{4})|(present|current|now|today))\s*", re.I
)


def external_id(job_id: str, application_id: str) -> str:
    """Application ids are promised to be unique within (account, job) only (section 14)."""
    return f"{job_id}:{application_id}"


def application_id(external: str) -> str:
    """LinkUp's own id of what ``external_id`` named."""
    return external.rpartition(":")[2]


def to_candidate(payload: payloads.Candidate) -> CandidateProfile:
    reader = Reader(payload, CANDIDATE_KEYS)
    readers: dict[str, tuple[str, Callable[[], Any]]] = {
        "first_name": ("first_name", lambda: reader.text("first_name")),
        "last_name": ("last_name", lambda: reader.text("last_name")),
        "headline": ("headline", lambda: reader.text("headline", HEADLINE)),
        "location": ("location", lambda: _location(reader)),
        "experiences": ("experiences", lambda: _experiences(reader)),
        "email": ("emails", lambda: _values(reader, "email")),
        "phone": ("phones", lambda: _values(reader, "phone")),
    }
    fields = {column: read() for key, (column, read) in readers.items() if reader.has(key)}
    fields["full_name"] = reader.text("full_name") or line(
        f"{fields.get('first_name', '')} {fields.get('last_name', '')}"
    )
    if reader.has("profile_url") or reader.has("public_identifier"):
        fields["links"] = _links(reader)
    now = next((entry for entry in fields.get("experiences", []) if entry["current"]), None)
    if now is not None:
        fields |= {"current_title": line(now["title"]), "current_company": line(now["company"])}
    key = external_id(payload.job_id, payload.application_id)
    reader.keep("education")
    return CandidateProfile(
        external_id=key,
        fields=fields,
        applications=[to_application(payload)],
        files=[FileProfile(key, name="CV", kind="cv", application_external_id=key)],
        custom_fields={OWN: dict(reader.kept)} if reader.kept else {},
        url=next((link["value"] for link in fields.get("links", [])), ""),
        remote_id=payload.application_id,
    )


def to_application(payload: payloads.Candidate) -> ApplicationProfile:
    """``rating`` is the recruiter's mark inside LinkedIn, ``is_top_choice`` the candidate's own (6.2)."""
    reader = Reader(payload, frozenset(payload.raw))
    fields: dict[str, Any] = {}
    if reader.has("rating"):
        fields["upstream_rating"] = _as_sent(reader, "rating")
    if reader.get("is_top_choice") is not None:
        fields["top_choice"] = payload.is_top_choice
    if reader.has("top_choice_message"):
        fields["top_choice_message"] = reader.long_text("top_choice_message").strip()
    if reader.has("application_date"):
        fields["applied_at"] = _applied_at(reader)
    return ApplicationProfile(
        external_id=external_id(payload.job_id, payload.application_id),
        job_external_id=payload.job_id,
        job_title=untitled(payload.job_id),
        fields=fields,
        custom_fields={OWN: dict(reader.kept)} if reader.kept else {},
        remote_id=payload.application_id,
    )


def to_job(payload: payloads.Post) -> JobProfile:
    reader = Reader(payload, POST_KEYS)
    fields: dict[str, Any] = {"title": reader.text("title") or untitled(payload.job_id)}
    if payload.status is not None:
        status = JOB_STATUSES.get(payload.status.strip().upper())
        reader.keep_if(status is None, "status")
        fields["status"] = status or "open"
    if reader.has("location"):
        fields["location"] = _location(reader)
    if payload.description is not None:
        fields["description_html"] = reader.long_text("description")
    return JobProfile(
        external_id=payload.job_id,
        fields=fields,
        staged_here=True,
        custom_fields={OWN: dict(reader.kept)} if reader.kept else {},
        url=job_url(payload.job_id),
        remote_id=payload.job_id,
    )


def named_job(job_id: str, title: str) -> JobProfile:
    """A job that an admin named and no list of postings shows."""
    fields = {"title": line(title) or untitled(job_id)}
    return JobProfile(job_id, fields, staged_here=True, url=job_url(job_id), remote_id=job_id)


def untitled(job_id: str) -> str:
    return f"LinkedIn job {job_id}"


def job_url(job_id: str) -> str:
    return f"https://www.linkedin.com/jobs/view/{quote(job_id, safe='')}/"


def _location(reader: Reader) -> dict[str, str]:
    text = reader.text("location", HEADLINE)
    return {"raw": text} if text else {}


def _links(reader: Reader) -> list[dict[str, str]]:
    """The profile's address. The slug in it can change and is no key of a person; it is kept where the two differ."""
    link, slug = web_link(reader.get("profile_url")), (reader.get("public_identifier") or "").strip()
    reader.keep_if(not link, "profile_url")
    if not link and slug and "/" not in slug and slug.isprintable():
        return [{"value": f"https://www.linkedin.com/in/{quote(slug)}", "kind": "linkedin"}]
    parts = [unquote(part) for part in urlsplit(link).path.split("/")] if link else []
    reader.keep_if(bool(slug) and slug not in parts, "public_identifier")
    return [{"value": link, "kind": "linkedin"}] if link else []


def _values(reader: Reader, key: str) -> list[dict[str, str]]:
    value = reader.text(key)
    return [{"value": value, "kind": ""}] if value else []


def _experiences(reader: Reader) -> list[dict[str, Any]]:
    """``[{title, company, company_url, start, end, current, description, raw}]``; the list is kept if it says more."""
    found = []
    for entry in reader.get("experiences") or []:
        row = _experience(entry)
        said = {name: value for name, value in entry.raw.items() if says(value)}
        shown = {**row, "date_range": row["raw"]}
        whole = all(isinstance(value, str) and shown.get(name) == value.strip() for name, value in said.items())
        reader.keep_if(not whole, "experiences")
        if said:
            found.append(row)
    return found


def _experience(entry: payloads.Experience) -> dict[str, Any]:
    start, end, current = months(entry.date_range or "")
    return {
        "title": line(entry.title),
        "company": line(entry.company),
        "company_url": web_link(entry.company_url),
        "start": start,
        "end": end,
        "current": current,
        "description": (entry.description or "").strip()[:10_000],
        "raw": line(entry.date_range),
    }


def months(date_range: str) -> tuple[str | None, str | None, bool]:
    """``"3/2022 - Present"`` → ``("2022-03", None, True)``. What can't be read is None."""
    found = RANGE.fullmatch(date_range)
    if found is None:
        return None, None, False
    first_month, first_year, last_month, last_year, present = found.groups()
    return _month(first_year, first_month), _month(last_year, last_month), present is not None


def _month(year: str | None, month: str | None) -> str | None:
    """A year alone counts as its first month, as a CV reader would take it."""
    number = int(month) if month else 1
    return f"{year}-{number:02d}" if year and 1 <= number <= 12 else None


def _as_sent(reader: Reader, key: str) -> str:
    """Byte for byte, because "good" has two spellings; what is longer than the column is kept beside it."""
    value: str = reader.get(key) or ""
    reader.keep_if(len(value) > LABEL, key)
    return value[:LABEL]


def _applied_at(reader: Reader) -> datetime | None:
    """A date, a space and a time (6.2), in UTC. Of a text that goes on differently the date is taken."""
    text = (reader.get("application_date") or "").strip()
    found = moment(text)
    reader.keep_if(found is None, "application_date")
    return found or moment(text.split(" ")[0])


CANDIDATE_KEYS = frozenset({
    "application_id", "job_id", "first_name", "last_name", "full_name", "headline", "public_identifier", "profile_url",
    "location", "experiences", "email", "phone", "education",
    # read by the application
    "rating", "is_top_choice", "top_choice_message", "application_date",
})  # fmt: skip
POST_KEYS = frozenset({"job_id", "title", "location", "status", "description"})
