"""Recruspace's rows with every field of recruspace.md section 3, each with a value of its own to be looked for."""

from __future__ import annotations

import copy
from typing import Any

HASH = "5f0c2e7ab1d94c6a8e33f0b7a9d2c411"


def file(number: int, name: str, sent: str = "abc") -> dict[str, Any]:
    return {
        "id": number,
        "path": f"path-of/{name}",
        "name": name,
        "type": f"type/of-{number}",
        "file_size": 84_000 + number,
        "base": f"base-{number}",
        "presigned_url": f"https://files.example/{name}?sig={sent}",
        "uploaded_at": f"2026-01-04T10:00:00.{number}Z",
    }


USER = {
    "id": 7,
    "user": {
        "id": 70,
        "email": "ana@acme.example",
        "first_name": "Ana",
        "last_name": "Koc",
        "profile_img": file(503, "ana.jpg"),
    },
    "role": "admin",
}

CANDIDATE: dict[str, Any] = {
    "id": 9001,
    "entry_method": "applied",
    "source_platform": "api",
    "job_post": {"hash": HASH, "title": "Python Developer", "status": "job-status", "pipeline": 3},
    "initial_applied_job_post": {"hash": "first-hash", "title": "Go Developer", "status": "closed-once", "pipeline": 4},
    "email": "deniz@mail.example",
    "first_name": "Deniz",
    "last_name": "Ar",
    "cv": file(501, "deniz.pdf"),
    "photo": file(502, "deniz.jpg"),
    "phone_number": "+905550000000",
    "address": "Atatürk Blv. 1",
    "city": "Ankara",
    "country": "TR",
    "score": 72,
    "is_seen": True,
    "created_at": "2026-01-04T10:00:01.000Z",
    "tags": [{"id": 4, "title": "python"}, {"id": 5, "title": "remote"}],
    "suitability": "suitable",
    "substage": {
        "id": 31,
        "stage": {
            "id": 8,
            "name": "Talks",
            "key": "interview",
            "created_at": "2025-11-01T08:00:00.000Z",
            "pipeline": 33,
        },
        "name": "CV review",
        "queue": 12,
        "is_visible": True,
        "created_at": "2025-11-02T08:00:00.000Z",
        "email_template": 61,
    },
    "error_status": False,
    "error_logs": ["parser gave up"],
}

# 3.3: the row's fields and two more.
DETAIL: dict[str, Any] = {
    **CANDIDATE,
    "company": "Acme GmbH",
    "user": {**USER["user"], "id": 71, "email": "user@mail.example", "first_name": "Denise", "last_name": "Arslan"},
}

POOL: dict[str, Any] = {
    "id": 12,
    "candidate_count": 41,
    "created_by": USER,
    "name": "Backend 2026",
    "created_at": "2026-01-05T09:30:00.000Z",
}

JOB: dict[str, Any] = {
    "hash": HASH,
    "applicant_count": 10,
    "created_by": USER,
    "title": "Python Developer",
    "description": "<p>Build things.</p>",
    "status": "draft",
    "employment_type": "full_time",
    "workplace_type": "hybrid",
    "locations": [{"city": "Ankara", "country": "TR"}, "Remote"],
    "pipeline": 3,
    "example_candidates": [
        {"id": 9002, "email": "x@mail.example", "first_name": "X", "last_name": "Y", "photo": file(504, "x.jpg")}
    ],
}


def candidate(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CANDIDATE), **changes}


def crowd(first: int, count: int, **said: Any) -> list[dict[str, Any]]:
    """``count`` small rows with ids from ``first`` on."""
    return [{"id": number, "email": f"p{number}@mail.example", **said} for number in range(first, first + count)]
