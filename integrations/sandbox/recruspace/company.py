"""The company behind the stand-in's key: its people, its jobs, its pipelines and its talent pools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.clock import iso

API_KEY = "recruspace-demo-key-4f07"
NAME = "Kestrel & Co"
PER_MINUTE = 100

USERS = ((7, "ana.koc@kestrel.test", "Ana", "Koç"), (9, "bilal@kestrel.test", "Bilal", "Haddad"))
OFFICES = ((1, "Izmir"), (2, "Utrecht"))


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a pipeline with its substages ``(id, name, sends a mail)``, in order."""

    id: int
    name: str
    key: str
    pipeline: int
    substages: tuple[tuple[int, str, bool], ...]


STAGES = (
    Stage(8, "Applications", "applied", 3, ((30, "Inbox", False),)),
    Stage(9, "Screening", "screening", 3, ((31, "CV review", False), (32, "Phone call", True))),
    Stage(10, "Interviews", "interview", 3, ((33, "Team", True), (34, "Panel", True))),
    Stage(11, "Offer", "offer", 3, ((35, "Offer", True),)),
    Stage(12, "Not a fit", "rejected", 3, ((36, "Not a fit", True),)),
    Stage(20, "Neu", "applied", 4, ((40, "Eingang", False),)),
    Stage(21, "Gespräche", "custom_talks", 4, ((41, "Kennenlernen", True), (42, "Probetag", False))),
    Stage(22, "Eingestellt", "hired", 4, ((43, "Eingestellt", False),)),
)
# (id, name): the fourth is empty.
POOLS = ((12, "Backend 2026"), (15, "Design bench"), (18, "مواهب الدعم"), (24, "Nobody yet"))
TAGS = ((1, "python"), (2, "remote"), (3, "Referral"), (4, "speaks German"), (5, "second look"))


def job_hash(number: int) -> str:
    """32 hexadecimal digits for most, and a short one of letters: nothing says how they look (section 1)."""
    return "Kz8mQ2rT5vXw1LpN9b" if number == 2 else f"{0x5F0C2E7AB1D94C6A8E33F0B7A9D2C400 + number:032x}"


JOBS: tuple[dict[str, Any], ...] = (
    {"title": "Python Developer", "status": "active", "pipeline": 3, "employment_type": "full_time",
     "workplace_type": "hybrid", "locations": ["Izmir"], "description": "<p>Build what recruiters use.</p>"},
    {"title": "Product Designer", "status": "active", "pipeline": 3, "employment_type": "full_time",
     "workplace_type": "remote", "locations": [], "description": "<p>Draw, ask, draw again.</p>"},
    {"title": "Kundenbetreuung (m/w/d)", "status": "draft", "pipeline": 4, "employment_type": "part_time",
     "workplace_type": "onsite", "locations": ["Utrecht"], "description": "<p>Fragen beantworten.</p>"},
    {"title": "Data Engineer", "status": "closed", "pipeline": 3, "employment_type": "contract",
     "workplace_type": "remote", "locations": ["Izmir", "Utrecht"], "description": ""},
)  # fmt: skip


def stages_of(pipeline: int) -> list[Stage]:
    return [stage for stage in STAGES if stage.pipeline == pipeline]


def substages_of(pipeline: int) -> list[int]:
    return [number for stage in stages_of(pipeline) for number, _name, _mails in stage.substages]


def user(number: int) -> dict[str, Any]:
    """A company-user object (3.6). Membership and person have ids of their own."""
    email, first, last = next(row[1:] for row in USERS if row[0] == number)
    person = {"id": number * 10, "email": email, "first_name": first, "last_name": last, "profile_img": None}
    return {"id": number, "user": person, "role": "admin" if number == 7 else "member"}


def jobs(base: datetime) -> dict[str, dict[str, Any]]:
    return {
        job_hash(place): {"hash": job_hash(place), **job, "created_at": iso(base - timedelta(days=90 + place))}
        for place, job in enumerate(JOBS)
    }


def pools(base: datetime) -> dict[int, dict[str, Any]]:
    return {
        number: {"id": number, "name": name, "created_at": iso(base - timedelta(days=200 - number)), "user": 7}
        for number, name in POOLS
    }
