"""POST and PUT of candidates (talynce.md 2.5, 2.6, 8.3 to 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from integrations.sandbox.talynce.bodies import LOCKED
from integrations.sandbox.talynce.envelopes import ApiError, invalid, not_found
from integrations.sandbox.talynce.organization import DEFAULT_STATUS, ORGANIZATION_ID, STATUSES, identifier
from integrations.sandbox.talynce.population import Row
from integrations.sandbox.talynce.store import Store

BLANK: Row = {
    **dict.fromkeys(("phone_number", "whatsapp_number", "location", "preferred_location", "current_company")),
    **dict.fromkeys(("current_designation", "current_ctc", "expected_ctc", "total_experience_years")),
    **dict.fromkeys(("notice_period_days", "in_notice_period", "last_working_day", "resume_url", "screening_score")),
    "primary_skills": [], "secondary_skills": [], "skill_array": [], "source": "api", "metadata": None,
    "talent_pool_status": "not_linked",
}  # fmt: skip
EVENTS = (
    *("shortlisted_at", "screening_started_at", "screening_completed_at", "outreach_sent_at", "interest_clicked_at"),
    "video_interview_invite_sent_at",
)


@dataclass(slots=True)
class Written:
    """``put`` are whole rows by kind; ``summary`` is for the ledger."""

    candidate: Row
    put: dict[str, list[Row]]
    status: int
    summary: str


def create(store: Store, body: dict[str, Any]) -> Written:
    """Create, or match by trimmed and case-folded e-mail; then only ``application`` counts."""
    for name in ("full_name", "email"):
        if not str(body.get(name) or "").strip():
            raise invalid(name, f"{name} is required.")
    known = _by_email(store, body["email"])
    now = store.clock.iso()
    if known is None:
        if len(store.rows["candidates"]) >= store.switches.candidate_limit:
            raise ApiError("candidate_limit_reached", "The candidate database is full.")
        number = 1_000_000 + len(store.ledger.entries)
        row = {"id": identifier("candidate", number), **BLANK, "created_at": now, **_profile(body), "updated_at": now}
    else:
        row = {**known, **_profile(body), "updated_at": now} if store.switches.overwrite else known
    put = {"candidates": [_with_skills(row)], **_application(store, row, body)}
    return Written(row, put, 201 if known is None else 200, "new" if known is None else "known already")


def update(store: Store, candidate_id: str, body: dict[str, Any]) -> Written:
    """Partial: what isn't named stays, null clears."""
    known = store.rows["candidates"].get(candidate_id)
    if known is None:
        raise not_found("candidate")
    profile = _profile(body)
    _check_mask(store, known, profile)
    other = _by_email(store, profile["email"]) if "email" in profile else None
    if other is not None and other["id"] != candidate_id:
        raise invalid("email", "Another candidate has this e-mail address.")
    links = _application(store, known, body)
    row, put = known, dict(links)
    if profile or (links and store.switches.touch_candidate):
        row = _with_skills({**known, **profile, "updated_at": store.clock.iso()})
        put["candidates"] = [row]
    return Written(row, put, 200, _summary(body))


def _profile(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "application"}


def _with_skills(row: Row) -> Row:
    both = dict.fromkeys([*row["primary_skills"], *row["secondary_skills"]])
    return {**row, "skill_array": list(both)}


def _by_email(store: Store, email: str) -> Row | None:
    wanted = email.strip().casefold()
    rows = store.rows["candidates"].values()
    return next((row for row in rows if row["email"].strip().casefold() == wanted), None)


def _check_mask(store: Store, row: Row, profile: dict[str, Any]) -> None:
    if row["talent_pool_status"] != "masked":
        return
    if any(name in profile for name in LOCKED) or store.switches.lock_applications:
        raise ApiError("talent_pool_reveal_required", "Reveal this profile before changing it.")


def _application(store: Store, person: Row, body: dict[str, Any]) -> dict[str, list[Row]]:
    """Upsert on (candidate, job). A missing status means "Applied", also for one that is further (8.4)."""
    said = body.get("application")
    if said is None:
        return {}
    if said["job_id"] not in store.rows["jobs"]:
        raise not_found("job")
    status = said.get("status", DEFAULT_STATUS)
    if status not in STATUSES:
        raise ApiError("invalid_pipeline_status", "Status is not part of the pipeline", details={"status": status})
    now = store.clock.iso()
    links = store.applications_of(person["id"])
    known = next((row for row in links if row["job_id"] == said["job_id"]), None)
    row = dict(known) if known else _new_link(store, person, said["job_id"], now)
    if known is None or row["status"] != status:
        row |= {"status": status, "status_date": now, "updated_at": now}
        if status == "shortlisted" and not row["shortlisted_at"]:
            row["shortlisted_at"] = now
    if "notes" in said:
        row |= {"notes": said["notes"], "updated_at": now}
    return {"applications": [row]}


def _new_link(store: Store, person: Row, job_id: str, now: str) -> Row:
    number = 1_000_000 + len(store.rows["applications"]) + len(store.ledger.entries)
    return {
        "id": identifier("application", number), "candidate_id": person["id"], "job_id": job_id,
        "organization_id": ORGANIZATION_ID, "status": "", "screening_score": None, "match_score": None, "notes": None,
        **dict.fromkeys(EVENTS), "status_date": now, "metadata": None, "created_at": now, "updated_at": now,
    }  # fmt: skip


def _summary(body: dict[str, Any]) -> str:
    parts = [f"{key}: {value}" for key, value in _profile(body).items()]
    said = body.get("application") or {}
    parts += [str(said[key]) for key in ("status", "notes") if said.get(key)]
    return " · ".join(parts)
