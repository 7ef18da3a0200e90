"""The organization behind the stand-in's key: its keys, its pipeline, its jobs and the employers it recruits for."""

from __future__ import annotations

import uuid
from hashlib import blake2b
from typing import Any

API_KEY = "talynce-demo-key-91c6"
REVOKED_KEY = "talynce-revoked-key-0001"
# Free text of the organization, with the casing that Talynce's own pages mix (talynce.md 2.8).
STATUSES = ("Applied", "Screening", "shortlisted", "Interview", "On hold", "Offered", "Hired", "Rejected")
DEFAULT_STATUS = "Applied"
OUTSIDE = "On hold"  # a status that nobody's stage map mentions
PER_MINUTE = 60


def identifier(topic: str, number: int) -> str:
    """A UUID that is the same each time."""
    return str(uuid.UUID(bytes=blake2b(f"talynce:{topic}:{number}".encode(), digest_size=16).digest(), version=4))


ORGANIZATION_ID = identifier("organization", 0)
CLIENTS = ("Lotus Labs", "Banyan Retail", "Coromandel Motors")
JOBS: tuple[dict[str, Any], ...] = (
    {"title": "Python Developer", "status": "active", "client": 0, "locations": ["Pune"], "work_mode": "hybrid",
     "jd_text": "<h3>The work</h3><p>Services in <b>Python</b> for a lending product.</p>", "min_ctc": 12,
     "max_ctc": 22.5, "openings_count": 2},
    {"title": "Store Operations Manager", "status": "active", "client": 1, "locations": ["Chennai", "Coimbatore"],
     "work_mode": "onsite", "description": "Run four stores.\nLead forty people.", "min_ctc": 9, "max_ctc": 14},
    {"title": "Embedded Engineer", "status": "paused", "client": 2, "locations": ["Hosur"], "work_mode": "onsite",
     "jd_text": "<p>Battery controllers, C and a soldering iron.</p>", "ctc_not_disclosed": True},
    {"title": "Recruiter", "status": "active", "client": None, "locations": ["Remote"], "work_mode": "remote",
     "job_type": "contract", "rate": 1800},
    {"title": "Finance Lead", "status": "filled", "client": None, "locations": ["Mumbai"], "work_mode": "hybrid"},
)  # fmt: skip


def jobs(at: str) -> dict[str, dict[str, Any]]:
    """In the shape of talynce.md 3, every key on every row."""
    return {job["id"]: job for job in (_job(number, said, at) for number, said in enumerate(JOBS))}


def _job(number: int, said: dict[str, Any], at: str) -> dict[str, Any]:
    client = said["client"]
    blank = {"jd_text": None, "description": None, "min_ctc": None, "max_ctc": None, "rate": None}
    return {
        "id": identifier("job", number), "client_id": None if client is None else identifier("client", client),
        "client_name": None, "client_name_not_disclosed": False, "job_type": "full_time", "openings_count": 1,
        "currency": "INR", "ctc_not_disclosed": False, "min_experience_years": 2, "max_experience_years": 8.5,
        **blank, **{key: value for key, value in said.items() if key != "client"}, "created_at": at, "updated_at": at,
    }  # fmt: skip


def clients(at: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in (_client(number, name, at) for number, name in enumerate(CLIENTS))}


def _client(number: int, name: str, at: str) -> dict[str, Any]:
    its = [job for job in JOBS if job["client"] == number]
    return {
        "id": identifier("client", number), "name": name, "email": None, "phone": None, "address": None,
        "contact_person": None, "website": None, "industry": None, "status": "active", "tags": [], "notes": None,
        "metadata": {}, "jobs_count": len(its), "active_jobs_count": sum(job["status"] == "active" for job in its),
        "created_at": at, "updated_at": at,
    }  # fmt: skip
