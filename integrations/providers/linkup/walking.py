"""The walk over the applicants of several jobs: which jobs, and the cursor between two pages.

A cursor is a small JSON text: the place of the job in the list, the offset in it, the sum of the applicants that the
jobs before it have, and which of them LinkUp refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from integrations.errors import CursorExpired

MOST_ROWS = 10_000  # of one job: a guard against pages without an end (section 14)


@dataclass(frozen=True, slots=True)
class Job:
    id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk stands. ``jobs`` tells whether it was begun over the same list of jobs."""

    jobs: str
    at: int = 0
    offset: int = 0
    before: int = 0
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    def later(self, offset: int) -> Place:
        return replace(self, offset=offset)

    def without(self, refused: str) -> Place:
        return replace(self, refused=[*self.refused, refused])

    def next_job(self, total: int) -> Place:
        return replace(self, at=self.at + 1, offset=0, before=self.before + total)


@dataclass(frozen=True, slots=True)
class PostsPlace:
    """Where the walk over the list of postings stands, and which jobs it hasn't shown yet."""

    offset: int
    missing: list[str]

    def __str__(self) -> str:
        return json.dumps([self.offset, self.missing], separators=(",", ":"))

    @classmethod
    def of(cls, cursor: str | None, jobs: list[Job]) -> PostsPlace:
        if cursor is None:
            return cls(0, [job.id for job in jobs])
        try:
            offset, missing = json.loads(cursor)
            return cls(int(offset), [str(job_id) for job_id in missing])
        except (ValueError, TypeError) as error:
            raise CursorExpired("The place of the last page can't be read.", code="cursor_expired") from error


def chosen(options: Mapping[str, Any]) -> list[Job]:
    """The jobs that an admin named: ids, as text or number, or objects with ``id`` and ``title``; each once."""
    found: dict[str, Job] = {}
    listed = options.get("job_ids")
    for entry in listed if isinstance(listed, list) else []:
        named = entry if isinstance(entry, dict) else {"id": entry}
        job_id, title = named.get("id", named.get("job_id")), named.get("title")
        if isinstance(job_id, bool) or not isinstance(job_id, str | int) or not str(job_id).strip():
            continue
        job_id = str(job_id).strip()
        found.setdefault(job_id, Job(job_id, title if isinstance(title, str) else ""))
    return list(found.values())


def place_of(cursor: str | None, jobs: list[Job]) -> Place:
    """Raises CursorExpired for a cursor that was made over other jobs, or is none."""
    mark = _mark(jobs)
    if cursor is None:
        return Place(mark)
    try:
        place = Place(**json.loads(cursor))
    except (ValueError, TypeError) as error:
        raise CursorExpired("The place of the last page can't be read.", code="cursor_expired") from error
    if place.jobs != mark:
        raise CursorExpired("Other jobs are chosen than when this walk began.", code="cursor_expired")
    return place


def _mark(jobs: list[Job]) -> str:
    return hashlib.sha256("\n".join(job.id for job in jobs).encode()).hexdigest()[:12]
