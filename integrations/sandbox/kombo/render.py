"""Records to JSON (UTF-8) in the shapes of kombo.md 8. What is rendered is kept, so a second walk costs little."""

from __future__ import annotations

import json
from typing import Any

from integrations.sandbox.kombo.copies import Copy
from integrations.sandbox.kombo.ids import kombo_id
from integrations.sandbox.kombo.population import Application, Candidate

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
KEPT = 120_000  # rows, of about 1.8 kB each


def dumps(data: Any) -> bytes:
    return _encode(data).encode()


CANDIDATE_IN_APPLICATION = (
    "id", "remote_id", "first_name", "last_name", "email_addresses", "phone_numbers", "social_media", "source",
    "remote_url",
)  # fmt: skip
APPLICATION_IN_CANDIDATE = (
    "id", "remote_id", "outcome", "rejection_reason_name", "rejected_at", "remote_url", "changed_at",
    "remote_created_at", "remote_updated_at",
)  # fmt: skip


class Renderer:
    """Renders from one copy. Nested deleted applications and tags disappear from their parents (kombo.md 18)."""

    def __init__(self, state: Copy) -> None:
        self.state = state
        self._version = state.version
        self._candidates: dict[int, tuple[bytes, bool]] = {}
        self._applications: dict[int, bytes] = {}
        self._pieces: dict[tuple[str, int], dict[str, Any]] = {}

    def _fresh(self) -> None:
        if self._version != self.state.version or len(self._candidates) + len(self._applications) > KEPT:
            self._version = self.state.version
            self._candidates, self._applications, self._pieces = {}, {}, {}

    def candidate(self, candidate: Candidate) -> bytes:
        self._fresh()
        kept = self._candidates.get(candidate.number)
        if kept is None:
            deleted = candidate.own["remote_deleted_at"] is not None
            kept = self._candidates[candidate.number] = (self._candidate(candidate), deleted)
        return kept[0]

    def kept_candidate(self, number: int) -> tuple[bytes, bool] | None:
        """The text of a row that was rendered before, and whether the row is deleted."""
        self._fresh()
        return self._candidates.get(number)

    def application(self, application: Application) -> bytes:
        self._fresh()
        text = self._applications.get(application.number)
        if text is None:
            text = self._applications[application.number] = self._application(application)
        return text

    def _candidate(self, candidate: Candidate) -> bytes:
        found = (self.state.brief_application(number) for number in candidate.applications)
        applications = [self._nested(each) for each in found if each and not each.own["remote_deleted_at"]]
        return dumps({**candidate.own, "applications": applications, "tags": self._tags(candidate)})

    def _nested(self, application: Application) -> dict[str, Any]:
        nested = {key: application.own[key] for key in APPLICATION_IN_CANDIDATE}
        nested["current_stage"] = self._piece("stage", application.stage)
        nested["job"] = self._piece("job", application.job)
        return nested

    def _application(self, application: Application) -> bytes:
        candidate = self.state.candidate(application.candidate)
        person = None
        if candidate:
            person = {key: candidate.own[key] for key in CANDIDATE_IN_APPLICATION}
            person["tags"] = self._tags(candidate)
        return dumps(
            {
                **application.own,
                "candidate": person,
                "current_stage": self._piece("full_stage", application.stage),
                "job": self._piece("job", application.job),
                "interviews": interviews_of(self.state, application),
                "offers": offers_of(self.state, application),
            }
        )

    def _tags(self, candidate: Candidate) -> list[dict[str, Any] | None]:
        tags = self.state.tags
        return [self._piece("tag", number) for number in candidate.tags if not tags[number]["remote_deleted_at"]]

    def _piece(self, kind: str, number: int | None) -> dict[str, Any] | None:
        """A nested stage, job or tag; the same few serve every row."""
        if number is None:
            return None
        piece = self._pieces.get((kind, number))
        if piece is None:
            piece = self._pieces[kind, number] = _pick(self.state, kind, number)
        return piece


def _pick(state: Copy, kind: str, number: int) -> dict[str, Any]:
    rows = {"tag": state.tags, "job": state.jobs}.get(kind, state.stages)
    keys = {
        "tag": ("id", "name", "remote_id"),
        "job": ("id", "name", "remote_id"),
        "stage": ("id", "name", "remote_id", "index"),
    }.get(kind, ("id", "remote_id", "name", "status", "custom_fields", "index"))
    return {key: rows[number][key] for key in keys}


def _stage_word(state: Copy, application: Application) -> str:
    name = state.stages[application.stage]["name"] if application.stage is not None else None
    return (name or "").lower()


def interviews_of(state: Copy, application: Application) -> list[dict[str, Any]]:
    """People in an interview stage have one interview; every ninth of these is cancelled, every fifth has no place."""
    word, number = _stage_word(state, application), application.number
    if "interview" not in word and "panel" not in word:
        return []
    return [
        {
            "id": kombo_id(number), "remote_id": f"i-{number}", "title": "Interview with the team",
            "starting_at": state.population.ago(-60 * 24 * (1 + number % 9) - 60 * 9),
            "ending_at": state.population.ago(-60 * 24 * (1 + number % 9) - 60 * 10),
            "location": None if number % 5 == 0 else {"raw": "Room 2, first floor"}, "canceled": number % 9 == 0,
        }
    ]  # fmt: skip


def offers_of(state: Copy, application: Application) -> list[dict[str, Any]]:
    word, number = _stage_word(state, application), application.number
    if not any(sign in word for sign in ("offer", "angebot", "hired")):
        return []
    status = ("DRAFT", "APPROVED", "SENT", "ACCEPTED", None)[number % 5]
    return [{"id": kombo_id(number), "remote_id": f"o-{number}", "status": status}]


def interview(state: Copy, application: Application) -> dict[str, Any]:
    """The full interview of the interviews list (kombo.md 8.4)."""
    user = list(state.users.values())[application.number % 5]
    return {
        **interviews_of(state, application)[0],
        "video_conferencing_url": None, "application_id": application.own["id"],
        "stage_id": application.own["current_stage_id"], "remote_created_at": application.own["remote_created_at"],
        "remote_updated_at": None, "remote_data": None, "changed_at": application.own["changed_at"],
        "remote_deleted_at": application.own["remote_deleted_at"],
        "users": [{key: user[key] for key in ("id", "remote_id", "first_name", "last_name", "email")}],
        "application": {
            **{key: application.own[key] for key in ("id", "remote_id", "outcome", "rejection_reason_name")},
            **_about(state, application),
        },
    }  # fmt: skip


def offer(state: Copy, application: Application) -> dict[str, Any]:
    """The full offer of the offers list (kombo.md 8.4)."""
    return {
        **offers_of(state, application)[0],
        "employment_start_date": None, "application_id": application.own["id"], "custom_fields": {},
        "integration_fields": [], "changed_at": application.own["changed_at"],
        "remote_deleted_at": application.own["remote_deleted_at"],
        "remote_created_at": application.own["remote_created_at"], "remote_updated_at": None, "remote_data": None,
        "application": _about(state, application),
    }  # fmt: skip


def _about(state: Copy, application: Application) -> dict[str, Any]:
    candidate = state.candidate(application.candidate)
    keys = ("id", "remote_id", "first_name", "last_name", "email_addresses")
    return {
        "candidate": {key: candidate.own[key] for key in keys} if candidate else None,
        "job": _pick(state, "job", application.job) if application.job is not None else None,
    }
