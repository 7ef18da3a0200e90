"""Kombo's shapes (kombo.md section 8), read tolerantly.

Only ``id`` must be there. A key may be missing, null, unknown or of the wrong type: then its field is None, and
``raw`` still holds what came. Words of an enumeration stay text. Of a list, the entries that can be read are taken.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from integrations.tolerant import Entries, Id, Maybe, Payload, Text


class Record(Payload):
    """What every synced record has (7.1)."""

    id: Id
    remote_id: Text = None
    changed_at: Text = None
    remote_deleted_at: Text = None


class Named(Record):
    """A tag, a rejection reason, and a stage or job named inside another record."""

    name: Text = None


class Stage(Named):
    status: Text = None
    index: Maybe[float] = None
    custom_fields: Maybe[dict[str, Any]] = None


class Phone(Payload):
    phone_number: Text = None
    type: Text = None


class Email(Payload):
    email_address: Text = None
    type: Text = None


class Link(Payload):
    link: Text = None
    type: Text = None
    username: Text = None


class Location(Payload):
    raw_text: Text = None  # "raw" upstream, which is taken here
    city: Text = None
    country: Text = None
    state: Text = None
    street_1: Text = None
    street_2: Text = None
    zip_code: Text = None

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, value: Any) -> Any:
        """Some send one line of text in place of the object."""
        if isinstance(value, str):
            return {"raw_text": value}
        return {"raw_text": value.get("raw"), **value} if isinstance(value, dict) else value


class IntegrationField(Payload):
    key: Text = None
    label: Text = None
    value: Any = None


class Question(Payload):
    title: Text = None
    type: Text = None


class ScreeningAnswer(Payload):
    question: Maybe[Question] = None
    answer: Maybe[dict[str, Any]] = None


class Application(Record):
    """Both forms: inside a candidate (8.1) and on its own (8.2)."""

    outcome: Text = None
    rejection_reason_name: Text = None
    rejected_at: Text = None
    current_stage: Maybe[Stage] = None
    current_stage_id: Maybe[Id] = None
    job: Maybe[Named] = None
    job_id: Maybe[Id] = None
    screening_question_answers: Entries[ScreeningAnswer] = None
    custom_fields: Maybe[dict[str, Any]] = None
    integration_fields: Entries[IntegrationField] = None
    remote_url: Text = None
    remote_created_at: Text = None


class Candidate(Record):
    first_name: Text = None
    last_name: Text = None
    company: Text = None
    title: Text = None
    confidential: Maybe[bool] = None
    source: Text = None
    phone_numbers: Entries[Phone] = None
    email_addresses: Entries[Email] = None
    social_media: Entries[Link] = None
    location: Maybe[Location] = None
    custom_fields: Maybe[dict[str, Any]] = None
    integration_fields: Entries[IntegrationField] = None
    remote_url: Text = None
    applications: Entries[Application] = None
    tags: Entries[Named] = None


class Interview(Payload):
    title: Text = None
    starting_at: Text = None
    ending_at: Text = None
    location: Maybe[Location] = None
    canceled: Maybe[bool] = None


class Offer(Payload):
    status: Text = None
    employment_start_date: Text = None


class Facts(Payload):
    """The parts of an application (8.2) that its short form inside a person hasn't."""

    id: Id
    screening_question_answers: Entries[ScreeningAnswer] = None
    interviews: Entries[Interview] = None
    offers: Entries[Offer] = None


class Attachment(Payload):
    id: Id
    application_id: Maybe[Id] = None
    type: Text = None
    data_url: Text = None
    file_name: Text = None
    remote_created_at: Text = None
    remote_updated_at: Text = None


class JobRole(Payload):
    remote_label: Text = None
    unified_type: Text = None


class TeamMember(Payload):
    first_name: Text = None
    last_name: Text = None
    email: Text = None
    hiring_team_roles: Entries[str] = None
    job_roles: Entries[JobRole] = None


class Job(Named):
    job_code: Text = None
    description: Text = None
    confidential: Maybe[bool] = None
    employment_type: Text = None
    status: Text = None
    department: Text = None
    remote_work_status: Text = None
    location: Maybe[Location] = None
    custom_fields: Maybe[dict[str, Any]] = None
    integration_fields: Entries[IntegrationField] = None
    remote_url: Text = None
    opened_at: Text = None
    closed_at: Text = None
    stages: Entries[Stage] = None
    hiring_team: Entries[TeamMember] = None
