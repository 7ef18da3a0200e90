"""The people of the organization before anybody changed anything; the same seed makes the same people.

Every second person of the common ones is here, so that many are also known to the other stand-ins.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.clock import iso
from integrations.sandbox.people import SKILLS, Draws, Person, draw, person
from integrations.sandbox.talynce.organization import DEFAULT_STATUS, JOBS, ORGANIZATION_ID, OUTSIDE, identifier

Row = dict[str, Any]
# Hand-made cases by place (talynce.md 8.7).
MASKED = (2, 7)
TWICE, NEVER, ODD = 3, 4, 6  # two applications, none, a status outside of what anybody maps
WEIGHTS = (DEFAULT_STATUS,) * 8 + ("Screening",) * 5 + ("shortlisted",) * 3 + ("Interview",) * 3 + (
    "Offered", "Hired", "Rejected", "Rejected",
)  # fmt: skip


def people(count: int, seed: int, base: datetime) -> tuple[dict[str, Row], dict[str, Row]]:
    """Candidates and applications by id, in the shapes of talynce.md 2.2 and 2.3. Masked ones hold what they hide."""
    taken: set[str] = set()
    candidates, applications = {}, {}
    for place in range(count):
        draws = draw(seed, "talynce", place)
        row = _candidate(place, person(seed, 2 * place), draws, base, taken)
        candidates[row["id"]] = row
        for slot, job in enumerate(_jobs_of(place, draws)):
            link = _application(place, slot, job, row, draws, base)
            applications[link["id"]] = link
    return candidates, applications


def _candidate(place: int, someone: Person, draws: Draws, base: datetime, taken: set[str]) -> Row:
    created = base - timedelta(minutes=20 + draws.below(0, 60 * 24 * 80))
    first = draws.below(1, len(SKILLS))
    skills = list(dict.fromkeys(SKILLS[(first + step * 3) % len(SKILLS)] for step in range(2 + draws.below(2, 4))))
    current = 4 + draws.below(3, 60) / 2
    serving = draws.chance(4, 250)
    masked = place in MASKED or (place > 10 and place % 9 == 0)
    revealed = not masked and place % 13 == 0
    phone = someone.phones[0] if someone.phones else None
    return {
        "id": identifier("candidate", place), "full_name": someone.name.strip(),
        "email": _address(place, someone, taken), "phone_number": phone,
        "whatsapp_number": phone if draws.chance(5, 400) else None, "location": someone.place,
        "preferred_location": ("Remote", "Pune", None, "Bengaluru")[draws.below(6, 4)],
        "primary_skills": skills[:2], "secondary_skills": skills[2:], "skill_array": skills,
        "total_experience_years": 1 + draws.below(7, 30) / 2, "current_company": someone.company,
        "current_designation": someone.title, "current_ctc": _whole(current), "expected_ctc": _whole(current + 4.5),
        "notice_period_days": (0, 15, 30, 60, 90, None)[draws.below(8, 6)], "in_notice_period": serving,
        "last_working_day": f"{base + timedelta(days=30):%Y-%m-%d}" if serving else None,
        "resume_url": f"/files/{identifier('candidate', place)}.pdf" if draws.chance(9, 900) else None,
        "source": ("api", "Naukri", "Referral", "talent_pool")[draws.below(10, 4)],
        "screening_score": 40 + draws.below(11, 60) if draws.chance(12, 500) else None,
        "talent_pool_status": "masked" if masked else "revealed" if revealed else "not_linked",
        "metadata": {"external_id": f"A-{place}"} if place % 5 == 0 else None,
        "created_at": iso(created), "updated_at": iso(created + timedelta(minutes=10)),
    }  # fmt: skip


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _address(place: int, someone: Person, taken: set[str]) -> str:
    """One of each in the organization (talynce.md 2.4)."""
    address = someone.emails[0] if someone.emails else f"applicant{place}@example.net"
    if address.casefold() in taken:
        address = f"{place}.{address}"
    taken.add(address.casefold())
    return address


def _jobs_of(place: int, draws: Draws) -> list[int]:
    if place == NEVER:
        return []
    first = draws.below(13, len(JOBS))
    several = place == TWICE or draws.chance(14, 250)
    return [first, (first + 1) % len(JOBS)] if several else [first]


def _application(place: int, slot: int, job: int, person: Row, draws: Draws, base: datetime) -> Row:
    created = datetime.fromisoformat(person["created_at"])
    status = OUTSIDE if place == ODD else WEIGHTS[draws.below(15 + slot, len(WEIGHTS))]
    entered = iso(min(base, created + timedelta(hours=1 + draws.below(17 + slot, 200))))
    screened = draws.chance(19, 500)
    return {
        "id": identifier("application", 2 * place + slot), "candidate_id": person["id"],
        "job_id": identifier("job", job),
        "organization_id": ORGANIZATION_ID, "status": status,
        "screening_score": person["screening_score"] if screened else None,
        "match_score": 30 + draws.below(20, 140) / 2 if draws.chance(21, 800) else None,
        "notes": "Called once, open to a talk." if draws.chance(22, 150) else None,
        "shortlisted_at": entered if status == "shortlisted" else None,
        "screening_started_at": iso(created) if screened else None,
        "screening_completed_at": iso(created + timedelta(minutes=30)) if screened else None, "status_date": entered,
        "outreach_sent_at": None, "interest_clicked_at": None, "video_interview_invite_sent_at": None, "metadata": None,
        "created_at": iso(created), "updated_at": entered,
    }  # fmt: skip
