"""Candidates before anybody changed anything; the same seed makes the same people.

Every third of the common people is here, so that many are also known to the other stand-ins. A row holds ids; ``reads``
puts the objects around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.clock import iso
from integrations.sandbox.documents import is_latin
from integrations.sandbox.people import Draws, Person, draw, person
from integrations.sandbox.recruspace import company

Row = dict[str, Any]
FIRST_ID, FIRST_FILE = 9001, 501
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"pdf": "application/pdf", "png": "image/png", "docx": DOCX, "doc": "application/msword"}
# Hand-made cases by place.
POOL_ONLY = (1, 5)  # no job post, no stage
TWO_POOLS, SAME_PERSON, NO_CV, ODD_WORDS, ALL_NULL = 2, 3, 4, 6, 8
POOL_IDS = tuple(number for number, _name in company.POOLS)


def candidates(count: int, seed: int, base: datetime) -> Iterator[Row]:
    """``SAME_PERSON`` comes a second time, as another candidate in another pool."""
    for place in range(count):
        someone, draws = person(seed, 3 * place + 1), draw(seed, "recruspace", place)
        yield _candidate(place, FIRST_ID + place, someone, draws, base)
    if count > SAME_PERSON:
        again = _candidate(
            SAME_PERSON, FIRST_ID + count, person(seed, 3 * SAME_PERSON + 1), draw(seed, "again", 0), base
        )
        yield {**again, "pools": [POOL_IDS[1]], "job": company.job_hash(1), "tags": [5]}


def _candidate(place: int, number: int, someone: Person, draws: Draws, base: datetime) -> Row:
    created = base - timedelta(minutes=15 + draws.below(0, 60 * 24 * 70), seconds=place % 60)
    job = draws.below(1, len(company.JOBS))
    with_job = place not in POOL_ONLY and not draws.chance(2, 120)
    odd = place == ODD_WORDS
    row: Row = {
        "id": number, "entry_method": "teleported" if odd else ("applied", "manual")[draws.below(3, 2)],
        "source_platform": "carrier_pigeon" if odd else ("api", "career_page", "linkedin")[draws.below(4, 3)],
        "job": company.job_hash(job) if with_job else None,
        "first_job": company.job_hash((job + draws.chance(5, 100)) % len(company.JOBS)) if with_job else None,
        "email": someone.emails[0] if someone.emails else None, "first_name": someone.first_name,
        "last_name": someone.last_name, "cv": _cv(place, number, someone, created),
        "photo": _photo(number, created) if draws.chance(6, 250) else None,
        "phone_number": someone.phones[0] if someone.phones else None,
        "address": f"{1 + draws.below(7, 90)} {someone.city} Road" if draws.chance(8, 400) else None,
        "city": someone.city, "country": someone.country,
        "score": draws.below(9, 101) if draws.chance(10, 700) else None,
        "is_seen": draws.chance(11, 500), "created_at": iso(created),
        "tags": [tag for tag, _title in company.TAGS if draws.chance(12 + tag, 180)],
        "suitability": "maybe, ask Bilal" if odd else ("suitable", "not_suitable", None)[draws.below(20, 3)],
        "substage": _substage(job, draws) if with_job else None,
        "error_status": draws.chance(22, 30), "error_logs": [], "pools": _pools(place, draws),
    }  # fmt: skip
    if row["error_status"]:
        row["error_logs"] = ["The CV could not be parsed."]
    if place == ALL_NULL:
        kept = ("id", "pools", "tags", "created_at")
        row = {key: value if key in kept else None for key, value in row.items()}
    return row


def _substage(job: int, draws: Draws) -> int:
    """Many at the beginning, few at the end."""
    steps = company.substages_of(company.JOBS[job]["pipeline"])
    return steps[min(draws.below(21, len(steps)), draws.below(23, len(steps)))]


def _pools(place: int, draws: Draws) -> list[int]:
    if place == TWO_POOLS:
        return [POOL_IDS[0], POOL_IDS[1]]
    first = POOL_IDS[0] if place < 10 else POOL_IDS[(0, 0, 0, 1, 1, 2)[draws.below(24, 6)]]
    second = [pool for pool in POOL_IDS[:3] if pool != first][draws.below(25, 2)]
    return [first, second] if draws.chance(26, 60) else [first]


def _cv(place: int, number: int, someone: Person, created: datetime) -> Row | None:
    if place == NO_CV or place % 23 == 20:
        return None
    ending = "pdf" if is_latin([someone.name, someone.place, someone.company or ""]) else "docx"
    return file(number, f"{someone.name}_CV.{ending}", "cv", created)


def _photo(number: int, created: datetime) -> Row:
    return file(number, "me.png", "photo", created)


def file(number: int, name: str, base: str, uploaded_at: datetime, version: int = 0) -> Row:
    """A file object without its link (3.2). Its id is the candidate's with a digit for what it is."""
    kind = KINDS.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return {
        "id": FIRST_FILE + number * 100 + version * 2 + (base == "photo"), "path": f"{base}/{number}/{name}",
        "name": name.replace("/", "-"), "type": kind, "file_size": 20_000 + number % 977 + version, "base": base,
        "uploaded_at": iso(uploaded_at),
    }  # fmt: skip
