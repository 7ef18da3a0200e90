"""The sandbox's human beings: person number ``i`` of seed ``s`` is always the same, and costs nothing to reach.

Every provider draws from here, so that the same person turns up in several of them. Every seventh of the
first 140 or so is a hand-made edge case; the rest follow from a hash of seed and number.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from integrations.sandbox.cultures import COUNTRY_NAMES, CULTURES, Culture

DOMAINS = ("example.com", "example.org", "example.net")
TITLES = (
    "Backend engineer", "Data analyst", "Product designer", "Nurse practitioner", "Warehouse team lead",
    "Customer support specialist", "Financial controller", "Site reliability engineer", "UX researcher",
    "Sales manager", "Mechanical engineer", "Content editor", "Machine learning engineer", "HR business partner",
    "Procurement officer", "Frontend developer", "Quality assurance lead", "Solutions architect",
)  # fmt: skip
SKILLS = (
    "Python", "SQL", "Django", "TypeScript", "React", "Kubernetes", "Figma", "User interviews", "Forecasting", "IFRS",
    "Excel", "Negotiation", "Triage", "Patient care", "Lean", "CAD", "Copywriting", "Statistics", "PostgreSQL",
    "Accessibility", "Incident response", "Procurement law", "Coaching", "Spanish", "Arabic", "Public speaking",
)  # fmt: skip
SCHOOLS = ("University of", "Technical University of", "College of", "Institute of Technology,")
DEGREES = ("BSc Computer Science", "MSc Statistics", "BA Design", "BSc Nursing", "MSc Mechanical Engineering", "MBA")


@dataclass(frozen=True, slots=True)
class Draws:
    """Thirty-two numbers below 65,536 that belong to one (seed, topic, number)."""

    values: tuple[int, ...]

    def below(self, slot: int, limit: int) -> int:
        return self.values[slot] * limit >> 16

    def chance(self, slot: int, per_thousand: int) -> bool:
        return self.values[slot] * 1000 >> 16 < per_thousand


def draw(seed: int, topic: str, number: int) -> Draws:
    digest = blake2b(f"{seed}:{topic}:{number}".encode(), digest_size=64).digest()
    return Draws(struct.unpack("<32H", digest))


@dataclass(frozen=True, slots=True)
class Person:
    """``emails`` lower case and unique to this person except where an edge case says otherwise."""

    number: int
    first_name: str | None
    last_name: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    country: str
    city: str
    state: str | None
    company: str | None
    title: str | None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or "(no name)"

    @property
    def place(self) -> str:
        return ", ".join(part for part in (self.city, self.state, COUNTRY_NAMES.get(self.country, "")) if part)


@dataclass(frozen=True, slots=True)
class Job:
    """One line of a career; ``end`` None: still there."""

    title: str
    company: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Career:
    summary: str
    jobs: tuple[Job, ...]
    education: str
    skills: tuple[str, ...]


def _phone(culture: Culture, draws: Draws) -> str:
    digits = iter(f"{draws.values[20]:05d}{draws.values[21]:05d}{draws.values[22]:05d}")
    return "".join(next(digits) if sign == "#" else sign for sign in culture.phone)


def _address(local: str, again: int, number: int) -> str:
    """One address per person: a name that comes again carries its count."""
    return f"{local}{again + 1 if again else ''}@{DOMAINS[number % 3]}"


def _ordinary(seed: int, number: int) -> Person:
    """Names walk through all pairs of a culture before one comes again, so e-mails stay natural and unique."""
    draws = draw(seed, "person", number)
    culture = CULTURES[(number * 7 + seed) % len(CULTURES)]
    rank = number // len(CULTURES)
    pairs = len(culture.given) * len(culture.family)
    pair = (rank * 59 + seed * 31) % pairs
    given, given_latin = culture.given[pair % len(culture.given)]
    families = culture.family_female if pair % len(culture.given) % 2 else culture.family
    family, family_latin = families[pair // len(culture.given)]
    city, state = culture.towns[draws.below(2, len(culture.towns))]
    emails = (_address(f"{given_latin}.{family_latin}", rank // pairs, number),)
    return Person(
        number=number,
        first_name=given,
        last_name=family,
        emails=emails,
        phones=(_phone(culture, draws),) if draws.chance(3, 850) else (),
        country=culture.country,
        city=city,
        state=state,
        company=culture.employers[draws.below(4, len(culture.employers))] if draws.chance(5, 880) else None,
        title=TITLES[draws.below(6, len(TITLES))] if draws.chance(7, 930) else None,
    )


def _as(first: str | None, last: str | None, email: str, home: str = "", **more: Any) -> Callable[[Person], Person]:
    """Another name and address for a person; ``home`` is ``country/city``."""

    def change(someone: Person) -> Person:
        country, _, city = home.partition("/")
        if home:
            more.update(country=country, city=city, state=None)
        return replace(someone, first_name=first, last_name=last, emails=(email,), **more)

    return change


LONG_FIRST = "Maximiliana Alexandrina Wilhelmina Antoinette"
LONG_LAST = "von und zu Hohenstaufen-Württemberg-Schönburg-Glauchau-Waldenburg"
SPECIAL: tuple[Callable[[Person], Person], ...] = (
    _as("Amara", "Okafor", "amara.okafor@example.com", "NG/Lagos", phones=("+234 803 555 0101",), company="Zobo Foods"),
    _as(
        "Amara", "Okafor", "a.okafor@example.org", "GB/London", phones=("+44 20 7946 0011",), company="Northgate Foods"
    ),
    lambda p: replace(p, first_name=None),
    lambda p: replace(p, last_name=None),
    lambda p: replace(p, emails=()),
    _as("Suharto", None, "suharto@example.org", "ID/Yogyakarta", phones=("+62 812 3456 789",), company="Merapi Kopi"),
    lambda p: replace(p, first_name=None, last_name=None, emails=(f"applicant{p.number}@example.net",)),
    lambda p: replace(p, emails=(), phones=(), company=None, title=None),
    lambda p: replace(p, emails=(*p.emails, f"work.{p.number}@corp.test", f"old.address.{p.number}@example.net")),
    _as(LONG_FIRST, LONG_LAST, "m.hohenstaufen@example.com", "DE/Stuttgart", company="Schwarzwald Präzision"),
    _as(
        "Siobhán", "O'Shaughnessy-Ní Dhomhnaill", "siobhan.oshaughnessy@example.org", "IE/Galway", company="Liffey Labs"
    ),
    _as("<b>Robert</b>", '"); DROP TABLE candidates;--', "robert.tables@example.net", title="QA & <test>"),
    _as("=HYPERLINK(1)", "+Formula", "formula@example.com", company="@SUM(A1)"),
    _as(
        "Zoë 🌻",
        "Lindqvist",
        "zoe.lindqvist@example.org",
        "SE/Umeå",
        title="Community manager 🌱",
        company="Norrsken Data",
    ),
    _as("  Ada ", "Byrne  ", "ada.byrne@example.net", "IE/Cork", company="Burren Medical"),
    _as("مريم", "Al-Haddad", "mariam.alhaddad@example.com", "LB/بيروت", phones=("+961 3 555 010",), company="شركة أرز"),
    lambda p: replace(p, emails=("shared.household@example.com",)),
    lambda p: replace(p, emails=("shared.household@example.com",)),
    _as("U", "Ba", "u.ba@example.com", "MM/ရန်ကုန်", phones=("+95 9 555 0102",), company="Shwe Logistics"),
    lambda p: replace(p, emails=(p.emails[0].upper(),)),
)
EVERY, FIRST = 7, 3  # where the edge cases stand among the others


def person(seed: int, number: int) -> Person:
    """Person ``number`` (from 0) of a seed."""
    ordinary = _ordinary(seed, number)
    place, rest = divmod(number - FIRST, EVERY)
    return SPECIAL[place](ordinary) if rest == 0 and 0 <= place < len(SPECIAL) else ordinary


def _career_jobs(someone: Person, draws: Draws, year: int) -> tuple[Job, ...]:
    culture = next((culture for culture in CULTURES if culture.country == someone.country), CULTURES[20])
    jobs, end = [], None
    start = year - 1 - draws.below(0, 4)
    for place in range(1 + draws.below(1, 4)):
        company = (
            someone.company if place == 0 and someone.company else culture.employers[(draws.below(2, 3) + place) % 3]
        )
        title = someone.title if place == 0 and someone.title else TITLES[draws.below(3 + place, len(TITLES))]
        jobs.append(Job(title, company, start, end))
        end, start = start, start - 1 - draws.below(8 + place, 5)
    return tuple(jobs)


def career(seed: int, someone: Person, year: int) -> Career:
    """The longer story, for a CV: only made when somebody opens it."""
    draws = draw(seed, "career", someone.number)
    jobs = _career_jobs(someone, draws, year)
    years = year - jobs[-1].start
    first = draws.below(14, len(SKILLS))
    skills = tuple(dict.fromkeys(SKILLS[(first + step * 5) % len(SKILLS)] for step in range(4 + draws.below(15, 4))))
    summary = (
        f"{jobs[0].title} with {years} year{'' if years == 1 else 's'} of experience, now at {jobs[0].company}. "
        f"Strong in {skills[0]} and {skills[1]}, and known for finishing what was begun."
    )
    school = f"{SCHOOLS[draws.below(16, len(SCHOOLS))]} {someone.city}"
    education = f"{DEGREES[draws.below(17, len(DEGREES))]}, {school}, {jobs[-1].start}"
    return Career(summary, jobs, education, skills)
