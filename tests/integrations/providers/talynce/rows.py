"""Rows with every field of Talynce's contract (talynce.md 2.2, 2.3, 3). Everybody in them is invented."""

from __future__ import annotations

from typing import Any

ASHA = "7b0c0f52-5a3e-4d0c-9a51-0f6d7d3a1e11"
JOB_ID = "550e8400-e29b-41d4-a716-446655440000"
LINK = "3f5d1c1e-2f0b-4f3e-8f0e-6f0d6a1b2c33"

APPLICATION: dict[str, Any] = {
    "id": LINK,
    "candidate_id": ASHA,
    "job_id": JOB_ID,
    "organization_id": "0a6f2d9e-1b7c-4c55-8d1a-2f3e4d5c6b70",
    "status": "Interview",
    "screening_score": 71,
    "match_score": 64.5,
    "notes": "[2026-01-04] Spoke with her.",
    "shortlisted_at": "2026-01-04T12:00:00Z",
    "screening_started_at": "2026-01-04T12:01:00Z",
    "screening_completed_at": "2026-01-04T12:02:00Z",
    "status_date": "2026-01-04T12:03:00Z",
    "outreach_sent_at": "2026-01-04T12:04:00Z",
    "interest_clicked_at": "2026-01-04T12:05:00Z",
    "video_interview_invite_sent_at": "2026-01-04T12:06:00Z",
    "metadata": {"round": "second"},
    "created_at": "2026-01-04T10:00:00Z",
    "updated_at": "2026-01-04T12:07:00Z",
}

LISTED: dict[str, Any] = {
    "id": ASHA,
    "full_name": "Asha Rao",
    "email": "asha@mail.example",
    "phone_number": "+91 90000 00001",
    "whatsapp_number": "+91 90000 00002",
    "location": "Pune",
    "preferred_location": "Remote",
    "primary_skills": ["Python"],
    "secondary_skills": ["Docker"],
    "skill_array": ["Python", "Docker"],
    "total_experience_years": 5.5,
    "current_company": "Lotus Labs",
    "current_designation": "Engineer",
    "current_ctc": 16,
    "expected_ctc": 21.5,
    "notice_period_days": 60,
    "in_notice_period": False,
    "last_working_day": "2026-03-31",
    "resume_url": "https://files.example/asha.pdf",
    "source": "api",
    "screening_score": 72,
    "talent_pool_status": "not_linked",
    "metadata": {"external_id": "A-17"},
    "created_at": "2026-01-04T10:00:01Z",
    "updated_at": "2026-01-05T08:30:00Z",
}
DETAIL: dict[str, Any] = {**LISTED, "applications": [APPLICATION]}

JOB: dict[str, Any] = {
    "id": JOB_ID,
    "title": "Python Developer",
    "jd_text": "<p>Write <b>Python</b>.</p>",
    "description": "Write Python.",
    "client_id": "c1d2e3f4-0000-4000-8000-000000000001",
    "client_name_not_disclosed": False,
    "client_name": "Lotus",
    "locations": ["Pune", "Remote"],
    "work_mode": "hybrid",
    "job_type": "full_time",
    "openings_count": 2,
    "status": "filled",
    "min_experience_years": 3,
    "max_experience_years": 7.5,
    "currency": "INR",
    "min_ctc": 12,
    "max_ctc": 18.5,
    "ctc_not_disclosed": True,
    "rate": 900,
    "created_at": "2026-01-02T09:00:00Z",
    "updated_at": "2026-01-02T09:00:01Z",
}


def masked(**changes: Any) -> dict[str, Any]:
    """Asha as the talent pool shows her before somebody reveals her (2.7)."""
    hidden = {"email": "", "phone_number": None, "whatsapp_number": None, "current_ctc": None, "expected_ctc": None}
    return {**DETAIL, **hidden, "resume_url": None, "talent_pool_status": "masked", **changes}


def detail(**changes: Any) -> dict[str, Any]:
    return {**DETAIL, **changes}


def application(**changes: Any) -> dict[str, Any]:
    return {**APPLICATION, **changes}
