"""Candidates and applications as they are before anybody changed anything: by number, without being stored.

Person ``i`` is candidate ``FIRST_PERSON + i``; their up to four applications are numbered from
``FIRST_APPLICATION + 4 * i``. All times lie before the base date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from integrations.sandbox.clock import iso
from integrations.sandbox.kombo import listings
from integrations.sandbox.kombo.catalog import FIRST_APPLICATION, FIRST_JOB, FIRST_PERSON, FIRST_STAGE, FIRST_TAG
from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.people import COUNTRY_NAMES, Draws, Person, draw, person

SLOTS = 4
STAGE_WEIGHTS = (30, 20, 16, 12, 9, 6, 3, 3)


@dataclass(slots=True)
class Candidate:
    """``own``: the record's own fields in API shape; tags and applications by ATS number."""

    number: int
    own: dict[str, Any]
    tags: list[int] = field(default_factory=list)
    applications: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Application:
    number: int
    candidate: int
    job: int | None
    stage: int | None
    own: dict[str, Any]


class Population:
    def __init__(self, people: int, seed: int, base: datetime) -> None:
        self.people, self.seed, self.base = people, seed, base
        self._minutes: dict[int, str] = {}
        self._last = (-1, draw(seed, "candidate", -1))
        self._job_bag = [place for place, job in enumerate(listings.JOBS) for _ in range(job["weight"])]

    @cached_property
    def origin(self) -> str:
        """The base date: no record of the population changed after it."""
        return iso(self.base)

    def person(self, number: int) -> Person:
        """The human being behind a candidate number."""
        return person(self.seed, number - FIRST_PERSON)

    def has_candidate(self, number: int) -> bool:
        return 0 <= number - FIRST_PERSON < self.people

    def ago(self, minutes: int) -> str:
        """The time so many minutes before the base date; there are few different ones, so they are kept."""
        text = self._minutes.get(minutes)
        if text is None:
            text = self._minutes[minutes] = iso(self.base - timedelta(minutes=minutes))
        return text

    def _about(self, place: int) -> Draws:
        """The draws of one person; several questions about the same person follow each other."""
        last = self._last
        if last[0] != place:
            last = self._last = (place, draw(self.seed, "candidate", place))
        return last[1]

    def candidate(self, number: int) -> Candidate:
        place = number - FIRST_PERSON
        someone = person(self.seed, place)
        draws = self._about(place)
        created = 15 + draws.below(0, 60 * 24 * 6) * 15  # within ninety days, in quarters of an hour
        tags = list(
            dict.fromkeys(FIRST_TAG + draws.below(2 + at, len(listings.TAGS)) for at in range(draws.below(1, 4)))
        )
        applications = [FIRST_APPLICATION + SLOTS * place + slot for slot in range(self._count(draws, place))]
        own = _candidate_fields(number, someone, draws)
        deleted = draws.chance(6, 12) and place > 30
        own |= {
            "remote_created_at": self.ago(created), "remote_updated_at": None, "remote_data": None,
            "changed_at": self.ago(draws.below(7, created // 15) * 15 + 15),
            "remote_deleted_at": self.ago(15) if deleted else None,
        }  # fmt: skip
        return Candidate(number, own, tags, applications)

    def _count(self, draws: Draws, place: int) -> int:
        """About one and a half applications a person; some have none, one of the first has all four."""
        if place == 5:
            return SLOTS
        share = draws.below(8, 100)
        return 0 if share < 6 else 1 if share < 60 else 2 if share < 86 else 3 if share < 96 else SLOTS

    def has_application(self, number: int) -> bool:
        place, slot = divmod(number - FIRST_APPLICATION, SLOTS)
        return 0 <= place < self.people and slot < self._count(self._about(place), place)

    def application(self, number: int, *, brief: bool = False) -> Application:
        """``brief``: without the answers, for whoever only shows what a candidate's list of applications shows."""
        place, slot = divmod(number - FIRST_APPLICATION, SLOTS)
        about = self._about(place)
        draws = draw(self.seed, "application", number)
        job = None if draws.chance(0, 15) else self._job(about, slot)
        stage = None if job is None or draws.chance(1, 35) else _stage(job, draws)
        created = 15 + draws.below(2, (about.below(0, 60 * 24 * 6) * 15 + 15) // 15) * 15
        changed = self.ago(draws.below(3, created // 15) * 15 + 15)
        own = _application_fields(number, place, job, stage)
        own |= _outcome(draws, job, changed)
        own |= {
            "screening_question_answers": None if brief else _answers(draws, job),
            "changed_at": changed, "remote_created_at": self.ago(created),
            "remote_deleted_at": self.ago(15) if (about.chance(6, 12) and place > 30) or draws.chance(4, 8) else None,
        }  # fmt: skip
        return Application(number, FIRST_PERSON + place, job, stage, own)

    def _job(self, about: Draws, slot: int) -> int:
        """A different job for each slot of one person: the bag holds a hundred lots, none fills a quarter of it."""
        lot = about.below(9, len(self._job_bag)) + slot * len(self._job_bag) // SLOTS
        return FIRST_JOB + self._job_bag[lot % len(self._job_bag)]


def _stage(job: int, draws: Draws) -> int | None:
    pipeline = listings.JOBS[job - FIRST_JOB]["stages"]
    if not pipeline:
        return None
    weights = STAGE_WEIGHTS[: len(pipeline)]
    left = draws.below(5, sum(weights))
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return FIRST_STAGE + 10 * (job - FIRST_JOB) + place
    return None


def _outcome(draws: Draws, job: int | None, changed: str) -> dict[str, Any]:
    closed = job is not None and listings.JOBS[job - FIRST_JOB]["status"] in ("CLOSED", "ARCHIVED")
    share = draws.below(6, 100)
    if share < (70 if closed else 20):
        reason = listings.REASONS[draws.below(7, len(listings.REASONS))]
        return {"outcome": "DECLINED", "rejection_reason_name": reason, "rejected_at": changed}
    outcome = "HIRED" if share >= (80 if closed else 97) else None if share < 24 else "PENDING"
    return {"outcome": outcome, "rejection_reason_name": None, "rejected_at": None}


def _candidate_fields(number: int, someone: Person, draws: Draws) -> dict[str, Any]:
    emails = [{"email_address": email, "type": None if at else "PRIVATE"} for at, email in enumerate(someone.emails)]
    phones = [{"phone_number": phone, "type": ("HOME", "MOBILE", None)[draws.below(10, 3)]} for phone in someone.phones]
    social: list[dict[str, Any]] = []
    if draws.chance(11, 400):
        social = [{"link": f"https://www.linkedin.com/in/example-{number}", "type": "LINKEDIN", "username": None}]
    if draws.chance(12, 60):
        social.append({"link": None, "type": "YOUTUBE", "username": f"example{number}"})
    location = {
        "city": someone.city,
        "country": someone.country if draws.chance(13, 930) else COUNTRY_NAMES.get(someone.country),
        "raw": someone.place, "state": someone.state, "street_1": None, "street_2": None, "zip_code": None,
    }  # fmt: skip
    return {
        "id": kombo_id(number), "remote_id": str(number), "first_name": someone.first_name,
        "last_name": someone.last_name, "company": someone.company, "title": someone.title,
        "confidential": None if draws.chance(14, 30) else draws.chance(15, 30),
        "source": listings.SOURCES[draws.below(16, len(listings.SOURCES))], "phone_numbers": phones,
        "email_addresses": emails, "social_media": social, "location": location if draws.chance(17, 960) else None,
        "custom_fields": _custom_fields(draws), "integration_fields": _integration_fields(draws),
        "remote_url": f"https://ats.example.com/people/{number}",
    }  # fmt: skip


def _custom_fields(draws: Draws) -> dict[str, Any] | None:
    share = draws.below(18, 10)
    if share == 0:
        return None
    if share < 6:
        return {}
    return {
        "Notice period": f"{1 + draws.below(19, 6)} months",
        "Salary expectation": 40000 + 500 * draws.below(20, 90),
        "Languages": ["English", ("Norsk", "Français", "العربية", "日本語", "Polski")[draws.below(21, 5)]],
    }


def _integration_fields(draws: Draws) -> list[dict[str, Any]]:
    if draws.below(22, 10) < 8:
        return []
    value = ("Yes", "No", None)[draws.below(23, 3)]
    return [{"id": kombo_id(50), "key": "willing_to_relocate", "type": "CUSTOM", "value": value, "label": "Relocation"}]


def _application_fields(number: int, place: int, job: int | None, stage: int | None) -> dict[str, Any]:
    return {
        "id": kombo_id(number), "remote_id": str(number), "outcome": None, "rejection_reason_name": None,
        "rejected_at": None, "current_stage_id": kombo_id(stage) if stage else None,
        "job_id": kombo_id(job) if job else None, "candidate_id": kombo_id(FIRST_PERSON + place),
        "screening_question_answers": [], "custom_fields": {}, "integration_fields": [],
        "remote_url": f"https://ats.example.com/applications/{number}", "changed_at": None, "remote_deleted_at": None,
        "remote_created_at": None, "remote_updated_at": None, "remote_data": None,
    }  # fmt: skip


def _answers(draws: Draws, job: int | None) -> list[dict[str, Any]] | None:
    """Answers to the questions of the job. File and information questions have none (kombo.md 8.2)."""
    if job is None or job >= FIRST_JOB + 4:
        return None if draws.chance(8, 200) else []
    asked = listings.QUESTIONS if job == FIRST_JOB else listings.QUESTIONS[:3]
    return [
        {"answer": answer, "question": {key: question[key] for key in ("remote_id", "title", "type")}}
        for place, question in enumerate(asked)
        if (answer := _answer(question, draws, 9 + place)) is not None
    ]


def _answer(question: dict[str, Any], draws: Draws, slot: int) -> dict[str, Any] | None:
    kind, empty = question["type"], draws.below(slot, 100) < 8
    options = question.get("options", ("",))
    match kind:
        case "TEXT":
            return {"content": None if empty else listings.ANSWERS[draws.below(slot, len(listings.ANSWERS))]}
        case "BOOLEAN":
            return {"checked": None if empty else draws.chance(slot, 800)}
        case "NUMBER":
            return {"number": None if empty else draws.below(slot, 25)}
        case "SINGLE_SELECT":
            return {"choice": None if empty else options[draws.below(slot, len(options))]}
        case "MULTI_SELECT":
            return {} if empty else {"choices": list(options[: 1 + draws.below(slot, len(options))])}
        case "DATE":
            return {"date": None if empty else f"2027-0{1 + draws.below(slot, 9)}-01T00:00:00.000Z"}
        case "UNKNOWN":
            return {"raw": {"row 1": "agree", "row 2": None}}
    return None
