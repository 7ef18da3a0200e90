"""Kombo's rows with every field of kombo.md section 8, each with a value of its own, so that each can be looked for."""

from __future__ import annotations

import copy
from typing import Any

CREATED, CHANGED, DELETED = "2026-02-20T08:00:00.000Z", "2026-02-27T10:00:00.000Z", "2026-03-05T00:00:00.000Z"
LOCATION = {
    "city": "London",
    "country": "GB",
    "raw": "Near the river, London",
    "state": "England",
    "street_1": "1 High Street",
    "street_2": "Floor 2",
    "zip_code": "SE1 0AA",
}
INTEGRATION_FIELDS = [
    {"id": "field-id", "key": "notice", "type": "CUSTOM", "value": "three months", "label": "Notice period"}
]

STAGE = {
    "id": "stage-id",
    "remote_id": "stage-remote",
    "name": "Phone screen",
    "status": "ACTIVE",
    "custom_fields": {"stage-key": "stage-value"},
    "index": 4,
}

# 8.1, inside a candidate, with what newer snapshots add.
APPLICATION = {
    "id": "application-id",
    "remote_id": "application-remote",
    "outcome": "DECLINED",
    "rejection_reason_name": "Missing skills",
    "rejected_at": "2026-03-01T11:11:11.000Z",
    "remote_url": "https://ats.example.com/applications/501",
    "changed_at": "2026-03-02T09:15:00.000Z",
    "remote_created_at": CREATED,
    "remote_updated_at": "2026-03-01T12:12:12.000Z",
    "current_stage": {"id": "stage-id", "name": "Phone screen", "remote_id": "stage-remote", "index": 4},
    "job": {"id": "job-id", "name": "Reporting analyst", "remote_id": "job-remote"},
}

# 8.2, on its own.
FULL_APPLICATION = {
    **APPLICATION,
    "current_stage_id": "stage-id",
    "job_id": "job-id",
    "candidate_id": "candidate-id",
    "screening_question_answers": [
        {"question": {"remote_id": "q-2", "title": "Right to work?", "type": "BOOLEAN"}, "answer": {"checked": True}},
        {"question": {"remote_id": None, "title": "Tools?", "type": "MULTI_SELECT"}, "answer": {"choices": ["SQL"]}},
        {"question": {"remote_id": None, "title": "Years?", "type": "NUMBER"}, "answer": {"number": 0}},
        {"question": {"remote_id": None, "title": "Why?", "type": "TEXT"}, "answer": {"content": None}},
    ],
    "custom_fields": {"application-key": "application-value"},
    "integration_fields": INTEGRATION_FIELDS,
    "remote_deleted_at": DELETED,
    "remote_data": {"application-path": "application-data"},
    "current_stage": STAGE,
    "candidate": {"id": "candidate-id", "first_name": "Nested name"},
    "interviews": [{"id": "interview-id", "title": "Second talk", "canceled": False}],
    "offers": [{"id": "offer-id", "remote_id": "offer-remote", "status": "SENT"}],
}

CANDIDATE = {
    "id": "candidate-id",
    "remote_id": "candidate-remote",
    "first_name": "Amara",
    "last_name": "Okafor",
    "company": "Northwind Traders",
    "title": "Data Analyst",
    "confidential": True,
    "source": "Careers page",
    "phone_numbers": [{"phone_number": "+44 20 7946 0011", "type": "HOME"}],
    "email_addresses": [{"email_address": "amara@example.com", "type": "PRIVATE"}],
    "social_media": [
        {"link": "https://uk.linkedin.com/in/amara", "type": None, "username": None},
        {"link": "https://youtube.com/amara", "type": "YOUTUBE", "username": "amara-on-film"},
    ],
    "location": LOCATION,
    "custom_fields": {"candidate-key": "candidate-value", "kombo": "a field of theirs called like our own"},
    "integration_fields": INTEGRATION_FIELDS,
    "remote_url": "https://ats.example.com/people/88123",
    "remote_created_at": CREATED,
    "remote_updated_at": "2026-02-21T08:00:00.000Z",
    "remote_data": {"candidate-path": "candidate-data"},
    "changed_at": CHANGED,
    "remote_deleted_at": DELETED,
    "applications": [APPLICATION],
    "tags": [{"id": "tag-id", "name": "SQL", "remote_id": "tag-remote"}],
}

JOB = {
    "id": "job-id",
    "remote_id": "job-remote",
    "name": "Reporting analyst",
    "job_code": "RA-26",
    "description": "<p>Build dashboards.</p>",
    "confidential": True,
    "weekly_hours": 38.5,
    "employment_type": "FULL_TIME",
    "status": "CLOSED",
    "visibility": "INTERNAL",
    "category": "Numbers",
    "department": "Finance",
    "post_url": "https://jobs.example.com/ra-26",
    "experience_level": "Senior",
    "remote_work_status": "HYBRID",
    "salary_amount": 61_000,
    "salary_amount_from": 55_000,
    "salary_amount_to": 67_000,
    "salary_currency": "GBP",
    "salary_period": "YEAR",
    "location": LOCATION,
    "custom_fields": {"job-key": "job-value"},
    "integration_fields": INTEGRATION_FIELDS,
    "remote_url": "https://ats.example.com/jobs/77",
    "opened_at": "2026-02-01T00:00:00.000Z",
    "closed_at": "2027-04-01T00:00:00.000Z",
    "remote_created_at": CREATED,
    "remote_updated_at": "2026-02-22T08:00:00.000Z",
    "contact_id": "contact-id",
    "remote_data": {"job-path": "job-data"},
    "changed_at": CHANGED,
    "remote_deleted_at": DELETED,
    "stages": [STAGE],
    "screening_questions": [{"id": "question-id", "title": "Right to work?"}],
    "job_postings": [{"id": "posting-id", "title": "Posting", "description_html": "<b>Come</b>", "status": "ACTIVE"}],
    "hiring_team": [
        {
            "id": "member-id",
            "remote_id": "member-remote",
            "first_name": "Leo",
            "last_name": "Brandt",
            "email": "leo@example.com",
            "hiring_team_roles": ["RECRUITER"],
            "job_roles": [
                {"remote_id": "role-remote", "remote_label": "Lead", "unified_type": "HIRING_MANAGER", "scope": "JOB"}
            ],
        }
    ],
}

NAMED = {
    "id": "named-id",
    "remote_id": "named-remote",
    "name": "Missing skills",
    "remote_data": {"named-path": "named-data"},
    "changed_at": CHANGED,
    "remote_deleted_at": DELETED,
}


def candidate(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CANDIDATE), **changes}


def application(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(APPLICATION), **changes}


def job(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(JOB), **changes}


def named(**changes: Any) -> dict[str, Any]:
    return {**NAMED, **changes}
