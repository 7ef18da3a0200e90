"""LinkUp's shapes (linkup.md 6.2 and 8), read tolerantly. Only the ids must be there."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from integrations.tolerant import Entries, Id, Maybe, Payload, Text


class Experience(Payload):
    title: Text = None
    company: Text = None
    company_url: Text = None
    date_range: Text = None
    description: Text = None


class Candidate(Payload):
    """One application with the person behind it. ``job_id`` is what was asked for: the row itself doesn't name it."""

    application_id: Id
    job_id: Id
    rating: Text = None
    is_top_choice: Maybe[bool] = None
    top_choice_message: Text = None
    first_name: Text = None
    last_name: Text = None
    full_name: Text = None
    headline: Text = None
    public_identifier: Text = None
    profile_url: Text = None
    location: Text = None
    experiences: Entries[Experience] = None
    application_date: Text = None
    education: Maybe[list[Any]] = None
    # Not promised with the list; taken where they come (section 7).
    email: Text = None
    phone: Text = None


class Post(Payload):
    """A job posting. Its keys aren't documented (section 8), so the likely ones are read."""

    job_id: Id
    title: Text = None
    company: Text = None
    location: Text = None
    status: Text = None
    description: Text = None

    @model_validator(mode="before")
    @classmethod
    def _likely_names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        found = {name: next((value[key] for key in keys if value.get(key)), None) for name, keys in LIKELY.items()}
        return {**value, **{name: text for name, text in found.items() if text is not None}}


LIKELY = {
    "job_id": ("job_id", "id", "job_posting_id", "posting_id"),
    "title": ("title", "job_title", "name"),
    "description": ("description", "html_description"),
    "status": ("status", "state"),
}
