"""Attachments: CVs and letters of the population, made when asked for, and files that were sent in."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from integrations.sandbox.documents import docx, is_latin, pdf
from integrations.sandbox.kombo.catalog import FIRST_PERSON
from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.kombo.population import Candidate
from integrations.sandbox.people import Person, career, draw

FIRST_FILE = 30_000_000
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(slots=True)
class File:
    number: int
    application: int | None
    kind: str
    name: str
    content_type: str


def files_of(state: Copy, candidate: Candidate) -> list[File]:
    """What the person has, then what each of their applications has, then what was sent in."""
    found: list[File] = []
    if state.population.has_candidate(candidate.number):
        found = _own_files(state, candidate)
    sent = [row for row in state.files.values() if row["candidate"] == candidate.number]
    return found + [
        File(row["file"], row["application"], row["type"], row["name"], row["content_type"]) for row in sent
    ]


def _own_files(state: Copy, candidate: Candidate) -> list[File]:
    place = candidate.number - FIRST_PERSON
    draws = draw(state.population.seed, "files", place)
    someone = state.population.person(candidate.number)
    stem = someone.name.replace("/", "-").strip() if someone.first_name else f"applicant-{candidate.number}"
    files = []
    if not draws.chance(0, 40):
        as_pdf = is_latin(cv_lines(state, someone)) and draws.chance(1, 600)
        kind, mime = (".pdf", "application/pdf") if as_pdf else (".docx", DOCX)
        files.append(File(FIRST_FILE + 4 * place, None, "CV", f"{stem} CV{kind}", mime))
    if candidate.applications and draws.chance(2, 300):
        letter = File(FIRST_FILE + 4 * place + 1, candidate.applications[0], "COVER_LETTER", "Cover letter.docx", DOCX)
        files.append(letter)
    return files


def record(file: File, candidate: Candidate, origin: str, *, of_candidate: bool) -> dict[str, Any]:
    """API shape (kombo.md 8.4); the application variant is shorter."""
    row: dict[str, Any] = {"id": kombo_id(file.number)}
    if of_candidate:
        row["application_id"] = kombo_id(file.application) if file.application is not None else None
        row["candidate_id"] = candidate.own["id"]
    ending = "pdf" if file.content_type == "application/pdf" else "docx" if file.content_type == DOCX else "bin"
    return row | {
        "type": file.kind, "remote_id": f"f-{file.number}",
        "data_url": f"{origin}/kombo/files/{kombo_id(file.number)}.{ending}", "file_name": file.name,
        "content_type": file.content_type, "remote_created_at": None, "remote_updated_at": None,
    }  # fmt: skip


def content(state: Copy, number: int) -> tuple[bytes, str] | None:
    """Bytes and content type behind a ``data_url``."""
    if number in state.files:
        row = state.files[number]
        return base64.b64decode(row["data"]), row["content_type"]
    place, slot = divmod(number - FIRST_FILE, 4)
    candidate = state.candidate(FIRST_PERSON + place) if place >= 0 else None
    if candidate is None or not state.population.has_candidate(candidate.number):
        return None
    file = next((file for file in _own_files(state, candidate) if file.number == number), None)
    if file is None:
        return None
    someone = state.population.person(candidate.number)
    lines = letter_lines(state, someone) if slot else cv_lines(state, someone)
    return (pdf(lines) if file.content_type == "application/pdf" else docx(lines)), file.content_type


def cv_lines(state: Copy, someone: Person) -> list[str]:
    story = career(state.population.seed, someone, state.population.base.year)
    lines = [someone.name, " · ".join([someone.place, *someone.emails, *someone.phones]), "", story.summary, ""]
    lines.append("Experience")
    for job in story.jobs:
        lines.append(f"{job.start}–{job.end or 'today'}  {job.title}, {job.company}")
        lines.append("    Ran the day-to-day work, trained new colleagues, and left the handbook better.")
    return [*lines, "", "Education", story.education, "", "Skills", ", ".join(story.skills)]


def letter_lines(state: Copy, someone: Person) -> list[str]:
    story = career(state.population.seed, someone, state.population.base.year)
    return [
        "Cover letter", "", "Dear hiring team,", "", story.summary,
        f"I would bring {story.skills[0]}, {story.skills[1]} and patience to your team.", "", "Kind regards,",
        someone.name,
    ]  # fmt: skip
