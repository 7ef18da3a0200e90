"""Who may call, on whose behalf, and for which jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

API_KEY = "lk_sandbox_4f1c9a7e2b"
ACCOUNT_ID = "69d0aa17c2b1e40094ab1203"
INACTIVE_ACCOUNT = "69d0aa17c2b1e40094ab1299"  # its LinkedIn login has ended
CREDITS = 20_000
ACCOUNTS: dict[str, dict[str, Any]] = {
    ACCOUNT_ID: {
        "account_id": ACCOUNT_ID, "account_name": "Northwind Talent", "platform": "linkedin", "status": "connected",
        "active": True, "linkedin_id": "northwind-talent", "created_at": "2026-01-12T09:00:00Z",
    },
    INACTIVE_ACCOUNT: {
        "account_id": INACTIVE_ACCOUNT, "account_name": "Harbour Recruiting", "platform": "linkedin",
        "status": "disconnected", "active": False, "linkedin_id": None, "created_at": "2025-11-03T09:00:00Z",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posting:
    """A job. ``share``: how many of a hundred applicants are its own."""

    job_id: str
    title: str
    company: str
    location: str
    status: str
    share: int
    description: str


POSTINGS = (
    Posting(
        "4401122334", "Warehouse Manager", "Blue Freight", "Lyon, France", "PUBLISHED", 45,
        "<p>Lead a team of <strong>12</strong> on two shifts.</p><ul><li>Plan the week</li><li>Keep it safe</li></ul>",
    ),
    Posting(
        "4401122335", "Data Analyst", "Northwind Traders", "Remote, Europe", "PUBLISHED", 30,
        "<p>Turn what the shops report into what the buyers need.</p>",
    ),
    Posting(
        "4401122336", "Nurse Practitioner", "Burren Medical", "Cork, Ireland", "PUBLISHED", 15,
        "<p>Run the morning clinic.</p>",
    ),
    Posting("4401122337", "Conseiller·ère clientèle", "Téranga Mobile", "Dakar, Sénégal", "CLOSED", 10, ""),
    Posting("4401122338", "Product Designer", "Havblik Design", "Aarhus, Danmark", "DRAFT", 0, "<p>Nobody yet.</p>"),
)  # fmt: skip
JOBS = {posting.job_id: posting for posting in POSTINGS}


def shown(posting: Posting, *, with_details: bool) -> dict[str, Any]:
    """As ``get_posts`` shows it: an invented shape, for none is documented (section 8)."""
    row = {
        "job_id": posting.job_id, "title": posting.title, "company": posting.company, "location": posting.location,
        "status": posting.status,
    }  # fmt: skip
    return row | ({"description": posting.description} if with_details else {})
