"""The small models in full API shape (kombo.md 8.3, 8.4), made from ``listings`` and a base date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.clock import iso
from integrations.sandbox.kombo import listings
from integrations.sandbox.kombo.ids import kombo_id

# Where each model's ATS numbers begin. People, applications and tags begin alike, so that their ids collide.
FIRST_PERSON = FIRST_APPLICATION = FIRST_TAG = 1000
FIRST_JOB, FIRST_STAGE, FIRST_REASON, FIRST_USER, FIRST_ROLE, FIRST_QUESTION = 400, 600, 200, 300, 100, 800


@dataclass(slots=True)
class Catalog:
    """Rows by ATS number, as dicts in API shape. A job's ``stages`` hold the very dicts of ``stages``."""

    tags: dict[int, dict[str, Any]]
    reasons: dict[int, dict[str, Any]]
    stages: dict[int, dict[str, Any]]
    jobs: dict[int, dict[str, Any]]
    users: dict[int, dict[str, Any]]
    roles: dict[int, dict[str, Any]]


def small(number: int, remote_id: str | None, changed_at: str, **fields: Any) -> dict[str, Any]:
    """What every small record has around its own fields."""
    return {
        "id": kombo_id(number), "remote_id": remote_id, **fields,
        "remote_data": None, "changed_at": changed_at, "remote_deleted_at": None,
    }  # fmt: skip


def build_catalog(base: datetime) -> Catalog:
    changed = iso(base - timedelta(days=90))
    tags = {
        FIRST_TAG + place: small(FIRST_TAG + place, str(FIRST_TAG + place), changed, name=name)
        for place, name in enumerate(listings.TAGS)
    }
    reasons = {
        FIRST_REASON + place: small(FIRST_REASON + place, str(FIRST_REASON + place), changed, name=name)
        for place, name in enumerate(listings.REASONS)
    }
    roles = {FIRST_ROLE + place: _role(FIRST_ROLE + place, changed, *row) for place, row in enumerate(listings.ROLES)}
    users = {FIRST_USER + place: _user(FIRST_USER + place, changed, *row) for place, row in enumerate(listings.USERS)}
    jobs: dict[int, dict[str, Any]] = {}
    stages: dict[int, dict[str, Any]] = {}
    for place, listing in enumerate(listings.JOBS):
        pipeline = _stages(FIRST_STAGE + 10 * place, listing["stages"], changed)
        stages.update(pipeline)
        jobs[FIRST_JOB + place] = _job(place, listing, list(pipeline.values()), users, base)
    return Catalog(tags, reasons, stages, jobs, users, roles)


def _role(number: int, changed: str, remote_id: str, label: str, scope: str, kind: str | None) -> dict[str, Any]:
    return small(number, remote_id, changed, remote_label=label, scope=scope, unified_type=kind)


def _user(
    number: int, changed: str, first: str | None, last: str | None, email: str | None, status: str | None
) -> dict[str, Any]:
    admin = number == FIRST_USER
    role = listings.ROLES[4 if admin else 6]
    system_role = {"remote_id": role[0], "remote_label": role[1], "unified_type": role[3], "scope": "SYSTEM"}
    return small(
        number, f"u-{number}", changed,
        first_name=first, last_name=last, email=email, status=status, system_roles=[system_role] if email else [],
    )  # fmt: skip


def _stages(first: int, pipeline: tuple[Any, ...], changed: str) -> dict[int, dict[str, Any]]:
    return {
        first + place: small(
            first + place, f"s-{first + place}", changed, name=name, status=status, custom_fields={}, index=index
        )
        for place, (name, index, status) in enumerate(pipeline)
    }


def _job(
    place: int, listing: dict[str, Any], stages: list[dict[str, Any]], users: dict[int, dict[str, Any]], base: datetime
) -> dict[str, Any]:
    number = FIRST_JOB + place
    opened = iso(base - timedelta(days=80 - 6 * place))
    closed = {"CLOSED": base - timedelta(days=3), "OPEN": base + timedelta(days=40)}.get(listing["status"])
    fields = _job_fields(number, place, listing)
    fields |= {
        "opened_at": opened if listing["status"] != "DRAFT" else None,
        "closed_at": iso(closed) if closed and place in (0, 6) else None,
        "remote_created_at": opened, "remote_updated_at": None, "contact_id": None, "remote_data": None,
        "changed_at": iso(base - timedelta(days=80 - 6 * place)),
        "remote_deleted_at": iso(base - timedelta(days=2)) if listing.get("deleted") else None,
        "stages": stages,
        "screening_questions": _questions(place),
        "job_postings": [_posting(number, fields)] if listing["visibility"] == "PUBLIC" else [],
        "hiring_team": [_member(users[FIRST_USER + user], role) for user, role in listing["team"]],
    }  # fmt: skip
    return fields


def _job_fields(number: int, place: int, listing: dict[str, Any]) -> dict[str, Any]:
    city, country = listing["city"], listing["country"]
    paid = place % 2 == 0
    return {
        "id": kombo_id(number), "remote_id": f"j-{number}", "name": listing["name"], "job_code": listing["code"],
        "description": listings.DESCRIPTIONS[place] or None, "confidential": listing.get("confidential", False),
        "weekly_hours": 24 if listing["employment"] == "PART_TIME" else 40, "employment_type": listing["employment"],
        "status": listing["status"], "visibility": listing["visibility"], "category": None,
        "department": listing["department"], "post_url": f"https://careers.example.com/jobs/{number}",
        "experience_level": "Senior" if "Senior" in listing["name"] else None,
        "remote_work_status": listing["remote"], "salary_amount": None,
        "salary_amount_from": 42000 + 4000 * place if paid else None,
        "salary_amount_to": 55000 + 4000 * place if paid else None, "salary_currency": "EUR" if paid else None,
        "salary_period": ("YEAR" if place else "per annum") if paid else None,
        "location": {"city": city, "country": country, "raw": f"{city}, {country}"} if city else None,
        "custom_fields": {"Cost centre": f"CC-{4000 + place}"}, "integration_fields": [],
        "remote_url": f"https://ats.example.com/jobs/{number}",
    }  # fmt: skip


def _questions(place: int) -> list[dict[str, Any]]:
    """The first job asks everything; others ask a few; the last ones nothing."""
    chosen = listings.QUESTIONS if place == 0 else listings.QUESTIONS[:3] if place < 4 else ()
    return [_question(place, index, question) for index, question in enumerate(chosen)]


def _question(place: int, index: int, question: dict[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": question["type"]}
    if "options" in question:
        first = FIRST_QUESTION + 1000 * place + 100 + 10 * index
        shape["options"] = [
            {"id": kombo_id(first + at), "name": name, "remote_id": None} for at, name in enumerate(question["options"])
        ]
    if question["type"] == "UNKNOWN":
        shape["raw_question"] = {"kind": "matrix", "rows": 3}
    return {
        "id": kombo_id(FIRST_QUESTION + 1000 * place + index), "remote_id": question["remote_id"],
        "title": question["title"], "description": None, "format": shape, "index": index,
        "category": question.get("category"), "required": question["required"],
        "precondition_question_id": None, "precondition_options": None,
    }  # fmt: skip


def _posting(number: int, job: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": kombo_id(number), "remote_id": f"p-{number}", "title": job["name"],
        "description_html": job["description"], "status": "ACTIVE" if job["status"] == "OPEN" else "INACTIVE",
        "visibility": "PUBLIC", "url": job["post_url"],
    }  # fmt: skip


def _member(user: dict[str, Any], role: int) -> dict[str, Any]:
    remote_id, label, scope, kind = listings.ROLES[role]
    return {
        "id": user["id"], "remote_id": user["remote_id"], "first_name": user["first_name"],
        "last_name": user["last_name"], "email": user["email"], "hiring_team_roles": [kind] if kind else [],
        "job_roles": [{"remote_id": remote_id, "remote_label": label, "unified_type": kind, "scope": scope}],
    }  # fmt: skip
