"""Talynce's shapes (talynce.md sections 2 to 4), read tolerantly.

Only ``id`` must be there. A key may be missing, null, unknown or of the wrong type: then its field is None, and
``raw`` still holds what came.
"""

from __future__ import annotations

from typing import Any

from integrations.tolerant import Entries, Id, Maybe, Payload, Text


class Record(Payload):
    id: Id
    created_at: Text = None
    updated_at: Text = None


class Application(Record):
    """The link between a candidate and a job (2.3)."""

    job_id: Maybe[Id] = None
    status: Text = None
    screening_score: Maybe[float] = None
    match_score: Maybe[float] = None
    notes: Text = None
    status_date: Text = None


class Candidate(Record):
    """Section 2.2; ``applications`` in the detail answer only."""

    full_name: Text = None
    email: Text = None
    phone_number: Text = None
    whatsapp_number: Text = None
    location: Text = None
    preferred_location: Text = None
    primary_skills: Entries[str] = None
    secondary_skills: Entries[str] = None
    skill_array: Entries[str] = None
    current_company: Text = None
    current_designation: Text = None
    current_ctc: Maybe[float] = None
    expected_ctc: Maybe[float] = None
    notice_period_days: Maybe[int] = None
    in_notice_period: Maybe[bool] = None
    last_working_day: Text = None
    resume_url: Text = None
    source: Text = None
    talent_pool_status: Text = None
    metadata: Maybe[dict[str, Any]] = None
    applications: Entries[Application] = None


class Job(Record):
    """Section 3. What the answer looks like isn't documented; the names are those of the request."""

    title: Text = None
    jd_text: Text = None
    description: Text = None
    client_id: Maybe[Id] = None
    client_name: Text = None
    locations: Entries[str] = None
    work_mode: Text = None
    job_type: Text = None
    status: Text = None


class Client(Record):
    """Section 4: an employer that an agency recruits for."""

    name: Text = None
