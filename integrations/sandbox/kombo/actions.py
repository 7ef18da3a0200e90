"""The writes (kombo.md 10). Each checks against the ATS's copy and answers with the changes to make, or refuses."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.http import MISSING, Request
from integrations.sandbox.kombo.changes import Change
from integrations.sandbox.kombo.envelopes import ApiError, invalid
from integrations.sandbox.kombo.ids import is_id, kombo_id, number_of
from integrations.sandbox.kombo.population import Application, Candidate
from integrations.sandbox.kombo.store import Store

NOTE_LIMIT = 10_000  # kombo.md 18
FILE_LIMIT = 10 * 1024 * 1024
MIME = re.compile(r"[\w.+-]+/[\w.+-]+")


@dataclass(slots=True)
class Outcome:
    """A write that is accepted. ``returns``: the record to answer with, as (model, ATS number)."""

    changes: list[Change]
    summary: str
    warnings: list[str] = field(default_factory=list)
    returns: tuple[str, int] | None = None


def body_of(request: Request) -> dict[str, Any]:
    data = request.json()
    if data is MISSING or not isinstance(data, dict):
        raise invalid("The request body must be a JSON object.")
    return data


def text_field(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value:
        raise invalid(f"{name} is required and must be a non-empty string")
    return value


class Actions:
    def __init__(self, store: Store) -> None:
        self.store = store

    def application(self, identifier: str) -> Application:
        found = self.store.remote.application(_number(identifier))
        if found is None:
            raise invalid("Application not found.", 404)
        if found.own["remote_deleted_at"]:
            raise ApiError("REMOTE.INPUT_INVALID", "The application no longer exists in the connected system.")
        return found

    def candidate(self, identifier: str) -> Candidate:
        found = self.store.remote.candidate(_number(identifier))
        if found is None:
            raise invalid("Candidate not found.", 404)
        if found.own["remote_deleted_at"]:
            raise ApiError("REMOTE.INPUT_INVALID", "The candidate no longer exists in the connected system.")
        return found

    def move(self, data: dict[str, Any], application_id: str) -> Outcome:
        """Only to a living, active stage of the application's own job, and not once it has ended (kombo.md 10.1)."""
        application = self.application(application_id)
        stage = self._stage(text_field(data, "stage_id"), application.job)
        if application.own["outcome"] in ("DECLINED", "HIRED"):
            raise ApiError("REMOTE.INPUT_INVALID", "The application has ended and can't be moved any more.")
        name = self.store.remote.stages[stage]["name"]
        return Outcome([{"do": "move", "application": application.number, "stage": stage}], f"to {name}")

    def _stage(self, identifier: str, job: int | None) -> int:
        if not is_id(identifier):
            raise invalid("stage_id must be 24 characters long")
        pipeline = self.store.remote.jobs[job]["stages"] if job is not None else []
        stage = next((stage for stage in pipeline if stage["id"] == identifier), None)
        if stage is None or stage["remote_deleted_at"]:
            raise ApiError("REMOTE.INPUT_INVALID", "Stage not found: it is not a stage of this application's job.")
        if stage["status"] == "INACTIVE":
            raise ApiError("REMOTE.INPUT_INVALID", "Stage not found: the stage is inactive.")
        return number_of(identifier)

    def reject(self, data: dict[str, Any], application_id: str) -> Outcome:
        application = self.application(application_id)
        identifier, note = text_field(data, "rejection_reason_id"), data.get("note")
        reason = self.store.remote.reasons.get(_number(identifier))
        if reason is None or reason["remote_deleted_at"]:
            raise ApiError("REMOTE.INPUT_INVALID", "Rejection reason not found.")
        if note is not None and not isinstance(note, str):
            raise invalid("note must be a string")
        if application.own["outcome"] in ("DECLINED", "HIRED"):
            raise ApiError("REMOTE.INPUT_INVALID", "The application has ended already and can't be rejected.")
        changes: list[Change] = [
            {"do": "reject", "application": application.number, "reason": reason["name"], "at": self.store.clock.iso()}
        ]
        if note:
            changes.append(_note(application, note))
        return Outcome(changes, f"{reason['name']}{': ' + note if note else ''}")

    def note(self, data: dict[str, Any], application_id: str) -> Outcome:
        application = self.application(application_id)
        content = text_field(data, "content")
        if data.get("content_type") != "PLAIN_TEXT":
            raise invalid("content_type must be PLAIN_TEXT")
        if len(content) > NOTE_LIMIT:
            raise ApiError("REMOTE.INPUT_INVALID", f"The note is longer than {NOTE_LIMIT:,} characters.")
        return Outcome([_note(application, content)], content)

    def add_tag(self, data: dict[str, Any], candidate_id: str) -> Outcome:
        """Finds the tag by its exact name, or makes it. Adding what is there already succeeds."""
        candidate, name = self.candidate(candidate_id), _tag_name(data)
        tag = self.store.remote.tag_named(name)
        if tag is None:
            tag = self.store.next_number("tag")
        return Outcome([{"do": "tag", "candidate": candidate.number, "tag": tag, "name": name}], name)

    def remove_tag(self, data: dict[str, Any], candidate_id: str) -> Outcome:
        candidate, name = self.candidate(candidate_id), _tag_name(data)
        tag = self.store.remote.tag_named(name)
        changes = [{"do": "untag", "candidate": candidate.number, "tag": tag}] if tag in candidate.tags else []
        return Outcome(changes, name)

    def link_application(self, data: dict[str, Any], application_id: str) -> Outcome:
        application = self.application(application_id)
        return _link(data, application.candidate, application.number)

    def link_candidate(self, data: dict[str, Any], candidate_id: str) -> Outcome:
        return _link(data, self.candidate(candidate_id).number, None)

    def attach_application(self, data: dict[str, Any], application_id: str) -> Outcome:
        application = self.application(application_id)
        return self._attach(data, application.candidate, application.number)

    def attach_candidate(self, data: dict[str, Any], candidate_id: str) -> Outcome:
        return self._attach(data, self.candidate(candidate_id).number, None)

    def _attach(self, data: dict[str, Any], candidate: int, application: int | None) -> Outcome:
        change, warnings = _file(data.get("attachment"))
        change |= {"file": self.store.next_number("file"), "candidate": candidate, "application": application}
        return Outcome([change], change["name"], warnings)

    def create_application(self, data: dict[str, Any], job_id: str) -> Outcome:
        if _number(job_id) not in self.store.remote.jobs:
            raise invalid("Job not found.", 404)
        return self._create(data, _number(job_id), data.get("stage_id"), "application")

    def create_candidate(self, data: dict[str, Any]) -> Outcome:
        """The older way to create both (kombo.md 10): the job stands in ``application``."""
        application = data.get("application")
        if not isinstance(application, dict):
            raise invalid("application.job_id is required")
        job = _number(text_field(application, "job_id"))
        if job not in self.store.remote.jobs:
            raise invalid("Job not found.", 404)
        return self._create(data, job, application.get("stage_id"), "candidate")

    def _create(self, data: dict[str, Any], job: int, stage_id: str | None, returns: str) -> Outcome:
        person = data.get("candidate")
        if not isinstance(person, dict):
            raise invalid("candidate is required")
        names = [text_field(person, name) for name in ("first_name", "last_name", "email_address")]
        row = self.store.remote.jobs[job]
        if row["status"] in ("CLOSED", "ARCHIVED") or row["remote_deleted_at"]:
            raise ApiError("ATS.JOB_CLOSED", "The job no longer accepts applications.")
        known = self._known(names[2])
        if known is not None and self._applies(known, job):
            raise ApiError("ATS.APPLICATION_ALREADY_EXISTS", "The candidate has already applied to this job.")
        first = next((number_of(stage["id"]) for stage in row["stages"] if stage["status"] != "INACTIVE"), None)
        stage = self._stage(stage_id, job) if stage_id else first
        application, now = self.store.next_number("application"), self.store.clock.iso()
        candidate = known if known is not None else self.store.next_number("candidate")
        changes: list[Change] = [new_application(application, candidate, job, stage, now)]
        if known is None:
            own = new_candidate(candidate, person, now)
            changes.insert(0, {"do": "add_candidate", "candidate": candidate, "own": own})
        number = {"candidate": candidate, "application": application}[returns]
        return Outcome(changes, f"{names[0]} {names[1]} for {row['name']}", returns=(returns, number))

    def _known(self, email: str) -> int | None:
        """The living candidate who has this address; the ATS doesn't make a second one."""
        remote, wanted = self.store.remote, email.casefold()
        for number in remote.candidate_numbers(0):
            if number in remote.candidates:
                candidate = remote.candidates[number]
                addresses = [row.get("email_address") or "" for row in candidate.own["email_addresses"] or []]
                alive = not candidate.own["remote_deleted_at"]
            else:
                addresses, alive = list(remote.population.person(number).emails), True
            if alive and any(address.casefold() == wanted for address in addresses):
                return number
        return None

    def _applies(self, number: int, job: int) -> bool:
        candidate = self.store.remote.candidate(number)
        found = (self.store.remote.application(each) for each in (candidate.applications if candidate else ()))
        return any(application and application.job == job for application in found)


def _number(identifier: str) -> int:
    if not is_id(identifier):
        raise invalid("Every id must be 24 characters long.")
    return number_of(identifier)


def _note(application: Application, text: str) -> Change:
    return {"do": "note", "candidate": application.candidate, "application": application.number, "text": text}


def _tag_name(data: dict[str, Any]) -> str:
    tag = data.get("tag")
    if not isinstance(tag, dict):
        raise invalid("tag is required")
    return text_field(tag, "name")


def _link(data: dict[str, Any], candidate: int, application: int | None) -> Outcome:
    label, url, details = text_field(data, "label"), text_field(data, "url"), data.get("details")
    if details is not None:
        attributes = details.get("attributes") if isinstance(details, dict) else None
        if not isinstance(attributes, list) or not isinstance(details.get("custom_field_name_prefix"), str):
            raise invalid("details needs custom_field_name_prefix and attributes")
        if not all(isinstance(row, dict) and {"key", "value"} <= row.keys() for row in attributes):
            raise invalid("every attribute needs key and value")
    change = {
        "do": "link", "candidate": candidate, "application": application, "label": label, "url": url,
        "details": details,
    }  # fmt: skip
    return Outcome([change], f"{label}: {url}")


def _file(attachment: Any) -> tuple[Change, list[str]]:
    """A file to keep, with its bytes in base64 (kombo.md 10.5)."""
    if not isinstance(attachment, dict):
        raise invalid("attachment is required")
    name, kind = text_field(attachment, "name"), attachment.get("type")
    data, url, mime = (attachment.get(key) for key in ("data", "data_url", "content_type"))
    if kind not in ("CV", "COVER_LETTER", "OTHER"):
        raise invalid("attachment.type must be CV, COVER_LETTER or OTHER")
    if (data is None) == (url is None):
        raise invalid("attachment needs either data or data_url")
    if data is not None and not (isinstance(mime, str) and MIME.fullmatch(mime)):
        raise invalid("attachment.content_type is required with data and must look like type/subtype")
    try:
        size = len(base64.b64decode(data or "", validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise invalid("attachment.data must be base64") from None
    if size > FILE_LIMIT:
        raise ApiError("REMOTE.INPUT_INVALID", "The file is larger than 10 MB.")
    warnings = ["The sandbox keeps the address, not the file behind data_url."] if url else []
    mime = mime or "application/octet-stream"
    return {"do": "attach", "name": name, "type": kind, "content_type": mime, "data": data or "", "url": url}, warnings


def new_candidate(number: int, person: dict[str, Any], now: str) -> dict[str, Any]:
    """The own fields of a candidate made through the API (kombo.md 10.7)."""
    emails = [person.get("email_address"), *person.get("additional_email_addresses", [])]
    phones = [person.get("phone_number"), *person.get("additional_phone_numbers", [])]
    return {
        "id": kombo_id(number), "remote_id": str(number), "first_name": person.get("first_name"),
        "last_name": person.get("last_name"), "company": person.get("company"), "title": person.get("title"),
        "confidential": False, "source": person.get("source", "API"),
        "phone_numbers": [{"phone_number": phone, "type": None} for phone in phones if phone],
        "email_addresses": [{"email_address": email, "type": None} for email in emails if email],
        "social_media": [
            {"link": link.get("url"), "type": None, "username": None} for link in person.get("social_links", [])
        ],
        "location": person.get("location"), "custom_fields": {}, "integration_fields": [],
        "remote_url": f"https://ats.example.com/people/{number}", "remote_created_at": now,
        "remote_updated_at": None, "remote_data": None, "changed_at": now, "remote_deleted_at": None,
    }  # fmt: skip


def new_application(number: int, candidate: int, job: int | None, stage: int | None, now: str) -> Change:
    own: dict[str, Any] = {
        "id": kombo_id(number), "remote_id": str(number), "outcome": "PENDING", "rejection_reason_name": None,
        "rejected_at": None, "current_stage_id": kombo_id(stage) if stage is not None else None,
        "job_id": kombo_id(job) if job is not None else None, "candidate_id": kombo_id(candidate),
        "screening_question_answers": [], "custom_fields": {}, "integration_fields": [], "remote_url": None,
        "changed_at": now, "remote_deleted_at": None, "remote_created_at": now, "remote_updated_at": None,
        "remote_data": None,
    }  # fmt: skip
    return {
        "do": "add_application", "application": number, "candidate": candidate, "job": job, "stage": stage, "own": own,
    }  # fmt: skip


ACTIONS: dict[str, tuple[str, str, str, Callable[..., Outcome]]] = {
    # kind in the ledger: method, path, id of the write action, handler
    "move": ("PUT", "/ats/applications/{application_id}/stage", "ats_set_application_stage", Actions.move),
    "reject": ("POST", "/ats/applications/{application_id}/reject", "ats_reject_application", Actions.reject),
    "note": ("POST", "/ats/applications/{application_id}/notes", "ats_add_application_note", Actions.note),
    "tag": ("POST", "/ats/candidates/{candidate_id}/tags", "ats_add_candidate_tag", Actions.add_tag),
    "untag": ("DELETE", "/ats/candidates/{candidate_id}/tags", "ats_remove_candidate_tag", Actions.remove_tag),
    "link": (
        "POST", "/ats/applications/{application_id}/result-links", "ats_add_application_result_link",
        Actions.link_application,
    ),
    "candidate link": (
        "POST", "/ats/candidates/{candidate_id}/result-links", "ats_add_candidate_result_link", Actions.link_candidate,
    ),
    "file": (
        "POST", "/ats/applications/{application_id}/attachments", "ats_add_application_attachment",
        Actions.attach_application,
    ),
    "candidate file": (
        "POST", "/ats/candidates/{candidate_id}/attachments", "ats_add_candidate_attachment", Actions.attach_candidate,
    ),
    "create": (
        "POST", "/ats/jobs/{job_id}/applications", "ats_create_application", Actions.create_application,
    ),
    "create candidate": ("POST", "/ats/candidates", "ats_create_candidate", Actions.create_candidate),
}  # fmt: skip
