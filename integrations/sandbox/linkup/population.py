"""Applicants as they are before anything changed: by number, without being stored.

Applicant ``i`` has applied for one job, every ninth for a second one as well. Every fifth is somebody whom the other
stand-ins know too. The first dozen are hand-made cases of section 13.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.cultures import plain
from integrations.sandbox.linkup.account import POSTINGS
from integrations.sandbox.people import Career, Draws, Person, career, draw, person

FIRST_APPLICATION = 27_110_000_000
STRANGERS = 1_000_000  # from this number on, people are known to LinkUp alone
KOMBO_NUMBERS = 1000  # Kombo's links name people by number, counted from here
RATINGS = ("UNRATED",) * 12 + ("GOOD",) * 3 + ("MAYBE",) * 3 + ("NOT_A_FIT",) * 2
MESSAGES = (
    "I have followed your product for years and would love to join.",
    "My last team was three streets away from you.\n\nI know the work, the hours and the coffee.\nCall me any time.",
    "Bonjour,\nje suis disponible dès maintenant.",
)
DUTIES = (
    "Ran the day-to-day work and trained new colleagues.",
    "Night shift planning",
    "",
    "Left the handbook better.",
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application and whoever made it. ``minutes`` before the base date."""

    number: int
    job_id: str
    person: Person
    story: Career
    slug: str
    rating: str
    top_choice: bool
    message: str
    headline: str
    minutes: int
    special: str = ""

    @property
    def application_id(self) -> str:
        return str(FIRST_APPLICATION + self.number)


# What each of the first applicants shows. Those named for a run change when ``next_run`` is done.
SPECIAL = (
    "top choice", "empty headline", "no experience", "hidden", "word as pdf", "no cv", "slow cv", "changes slug",
    "changes rating", "disappears", "right to left", "long",
)  # fmt: skip


class Population:
    """``people``: how many have applied."""

    def __init__(self, people: int, seed: int, base: datetime) -> None:
        self.people, self.seed, self.base = people, seed, base
        self._bag = [posting.job_id for posting in POSTINGS for _ in range(posting.share)]

    def numbers(self) -> dict[str, list[int]]:
        """Application numbers of each job, the latest first. Two of a person follow one another: 2i and 2i + 1."""
        found: dict[str, list[int]] = {posting.job_id: [] for posting in POSTINGS}
        for place in range(self.people):
            for slot in range(2 if place % 9 == 4 else 1):
                found[self._job(place, slot)].append(2 * place + slot)
        return found

    def applicant(self, number: int) -> Applicant:
        place, slot = divmod(number, 2)
        draws = draw(self.seed, "linkup", place)
        someone = self._person(place)
        story = career(self.seed, someone, self.base.year)
        top = draws.chance(0, 120)
        plainly = Applicant(
            number=number,
            job_id=self._job(place, slot),
            person=someone,
            story=story,
            slug=_slug(someone, place),
            rating=RATINGS[draws.below(1 + slot, len(RATINGS))],
            top_choice=top,
            message=MESSAGES[draws.below(3, len(MESSAGES))] if top and draws.chance(4, 700) else "",
            headline=_headline(someone, draws),
            minutes=15 + place * 7 + draws.below(5, 6),
        )
        return _as_special(plainly, SPECIAL[place]) if place < len(SPECIAL) else plainly

    def applied_at(self, applicant: Applicant) -> str:
        """``application_date`` as it was seen: a date, a space and a time (6.2)."""
        return f"{self.base - timedelta(minutes=applicant.minutes):%Y-%m-%d %H:%M:%S}"

    def _person(self, place: int) -> Person:
        return person(self.seed, place if place % 5 == 0 else STRANGERS + place)

    def _job(self, place: int, slot: int) -> str:
        """A different job for the second application; the hand-made cases are all in the first job."""
        if place < len(SPECIAL) and slot == 0:
            return POSTINGS[0].job_id
        lot = draw(self.seed, "linkup job", place).below(0, len(self._bag))
        return self._bag[(lot + slot * 50) % len(self._bag)] if place >= len(SPECIAL) else POSTINGS[1].job_id


def _slug(someone: Person, place: int) -> str:
    if place % 5 == 0:
        return f"example-{KOMBO_NUMBERS + someone.number}"
    name = "-".join(filter(None, [plain(someone.first_name or ""), plain(someone.last_name or "")]))
    return f"{name or 'member'}-{place:x}x{someone.number % 97:02d}"


def _headline(someone: Person, draws: Draws) -> str:
    if draws.chance(6, 80):
        return ""
    title = someone.title or "Open to work"
    return f"{title} at {someone.company}" if someone.company and draws.chance(7, 600) else title


def _as_special(plainly: Applicant, case: str) -> Applicant:
    someone, nowhere = plainly.person, replace(plainly.story, jobs=())
    hidden = replace(someone, first_name="LinkedIn", last_name="Member")
    from_beirut = replace(someone, first_name="مريم", last_name="الحداد", city="بيروت", country="LB", state=None)
    cases: dict[str, dict[str, Any]] = {
        "top choice": {"top_choice": True, "message": MESSAGES[1]},
        "empty headline": {"headline": ""},
        "no experience": {"story": nowhere},
        "hidden": {"person": hidden, "headline": "", "story": nowhere},
        "changes rating": {"rating": "UNRATED"},
        "right to left": {"person": from_beirut, "headline": "ممرضة ممارسة في مستشفى الأرز"},
        "long": {"headline": "Operations " * 40, "top_choice": True, "message": "I can explain. " * 400},
    }
    return replace(plainly, special=case, **cases.get(case, {}))


def experiences(applicant: Applicant) -> list[dict[str, str]]:
    """Careers are kept by year; the months follow from the number. Each job ends the month before the next begins."""
    rows, end = [], "Present"
    for place, job in enumerate(applicant.story.jobs):
        first = 2 + (applicant.number + 5 * place) % 11
        slug = plain(job.company) or "company"
        rows.append({
            "title": job.title, "company": job.company, "company_url": f"https://www.linkedin.com/company/{slug}/",
            "date_range": f"{first}/{job.start} - {end}",
            "description": DUTIES[(applicant.number + place) % len(DUTIES)],
        })  # fmt: skip
        end = f"{first - 1}/{job.start}"
    return rows


def education(applicant: Applicant) -> list[dict[str, str]]:
    degree, _, school = applicant.story.education.partition(", ")
    return [{"school": school, "degree": degree}]
