"""Recruspace's shapes (recruspace.md section 3), read tolerantly.

Only an id must be there: nullability is nowhere documented. A key may be missing, null, unknown or of the wrong type:
then its field is None, and ``raw`` still holds what came. Words of an enumeration stay text.
"""

from __future__ import annotations

from typing import Any

from integrations.tolerant import Entries, Id, Maybe, Payload, Text


class File(Payload):
    """``presigned_url`` is another one in each answer and lives for minutes."""

    id: Id
    name: Text = None
    uploaded_at: Text = None
    file_size: Maybe[int] = None
    presigned_url: Text = None


class EmbeddedJobPost(Payload):
    hash: Id
    title: Text = None


class Stage(Payload):
    id: Maybe[Id] = None
    name: Text = None
    key: Text = None


class Substage(Payload):
    id: Id
    name: Text = None
    queue: Maybe[int] = None
    is_visible: Maybe[bool] = None
    stage: Maybe[Stage] = None


class Tag(Payload):
    id: Id
    title: Text = None


class User(Payload):
    email: Text = None
    first_name: Text = None
    last_name: Text = None


class Candidate(Payload):
    """A row of a pool (3.2). Get Candidate (3.3) may have the names under ``user``."""

    id: Id
    email: Text = None
    first_name: Text = None
    last_name: Text = None
    user: Maybe[User] = None
    phone_number: Text = None
    address: Text = None
    city: Text = None
    country: Text = None
    source_platform: Text = None
    job_post: Maybe[EmbeddedJobPost] = None
    cv: Maybe[File] = None
    photo: Maybe[File] = None
    score: Maybe[float] = None
    suitability: Text = None
    created_at: Text = None
    tags: Entries[Tag] = None
    substage: Maybe[Substage] = None


class Pool(Payload):
    id: Id
    name: Text = None
    candidate_count: Maybe[int] = None


class JobPost(Payload):
    """Both forms: a row of the list, and one on its own (3.5)."""

    hash: Id
    title: Text = None
    description: Text = None
    status: Text = None
    employment_type: Text = None
    workplace_type: Text = None
    locations: Maybe[Any] = None
