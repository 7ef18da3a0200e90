"""What a source says of the world, in our words: the one shape every provider's mapping ends in.

Profiles are plain values: no database, no network. ``intake`` turns lists of them into rows. A field that the source
didn't send is ``MISSING`` and leaves what we hold alone; ``None`` or an empty value means "the source says nothing
here", and never overwrites a value either (design, rule 2); ``HIDDEN`` is a masked field.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class Mark(enum.Enum):
    MISSING = "missing"
    HIDDEN = "hidden"


MISSING = Mark.MISSING
HIDDEN = Mark.HIDDEN


@dataclass(slots=True)
class TagProfile:
    """One label. ``external_id`` is the source's id; ``name`` is compared by its folded form."""

    external_id: str
    name: str
    remote_id: str | None = None
    changed_at: datetime | None = None
    deleted_at: datetime | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class PoolProfile:
    external_id: str
    name: str
    custom_fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ReasonProfile:
    """A rejection reason as the source lists it."""

    external_id: str
    name: str
    remote_id: str | None = None
    changed_at: datetime | None = None
    deleted_at: datetime | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class StageProfile:
    """A stage of one job's pipeline. ``position`` counts from 0; a substage names the stage it is in."""

    external_id: str
    name: str
    position: int
    is_active: bool = True
    category: str | None = None  # one of StageCategory, or None: guessed from the name
    parent_external_id: str | None = None
    remote_id: str | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class JobProfile:
    """A job with its pipeline. ``fields`` holds Job columns by name (title, status, department, ...)."""

    external_id: str
    fields: dict[str, Any]
    stages: list[StageProfile] | None = None  # None: the source doesn't say; []: it has none
    staged_here: bool = False  # the source knows no stages at all: the job gets the usual ones, which are the team's
    hiring_team: list[dict[str, Any]] = field(default_factory=list)  # [{name, email, roles: [...]}], as upstream says
    custom_fields: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    remote_id: str | None = None
    changed_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(slots=True)
class ApplicationProfile:
    """A candidacy. ``fields`` holds Application columns by name; relations are external ids of the same source."""

    external_id: str
    job_external_id: str | None
    job_title: str = ""  # for a job that no list has shown yet
    stage_external_id: str | None = None
    stage_name: str = ""
    stage_position: int | None = None
    stage_learned: StageProfile | None = None  # all that is known of the stage, where no list of stages shows it
    stage_shared: bool = False  # all jobs of the source have this stage, each as ``<the job's id>:<the rest>``
    outcome: Any = MISSING  # one of Outcome, None when the source doesn't say
    rejection_reason_name: str = ""
    rejected_at: datetime | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    custom_fields: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    remote_id: str | None = None
    changed_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(slots=True)
class FactsProfile:
    """What a source says of one application beyond its state, read-only here. Shapes as in the columns of Application;
    ``MISSING`` where it says nothing."""

    external_id: str
    screening_answers: Any = MISSING
    interviews: Any = MISSING
    offers: Any = MISSING


@dataclass(slots=True)
class FileProfile:
    """A file that the source has of a person. ``version`` changes with the content, ``url`` may change by itself."""

    external_id: str
    name: str = ""
    kind: str = ""  # one of AttachmentKind, "" when the source doesn't say
    url: str = ""
    version: str = ""
    application_external_id: str | None = None


@dataclass(slots=True)
class CandidateProfile:
    """A person with everything the source sends along.

    ``fields`` holds Candidate columns by name: ``first_name last_name full_name headline current_company current_title
    location{raw,city,state,zip_code,street_1,street_2,country} emails[{value,kind}] phones[] links[] experiences[]
    skills[] compensation{} availability{} source_label confidential``. ``tags`` and ``applications`` are the whole
    membership, ``None`` when the source doesn't say. What has no column goes to ``custom_fields`` unchanged.
    """

    external_id: str
    fields: dict[str, Any]
    applications: list[ApplicationProfile] | None = None
    tags: list[TagProfile] | None = None
    pools: list[str] | None = None  # external ids of pools: the whole membership
    also_in: list[str] = field(default_factory=list)  # pools that list the row; others may as well
    files: list[FileProfile] | None = None
    custom_fields: dict[str, Any] = field(default_factory=dict)
    url: str = ""
    remote_id: str | None = None
    masked: bool = False
    changed_at: datetime | None = None
    deleted_at: datetime | None = None


@dataclass(slots=True)
class Malformed:
    """A row that could not be read: set aside with its payload and the reason in words."""

    external_id: str
    reason: str
    payload: Any


@dataclass(slots=True)
class Unread:
    """A row that is mapped only if it has changed: ``fingerprint`` is a hash of all that was sent, and of the mapping.

    ``read`` answers the profile, or why there is none; what it answers can be stored. ``is_brief``: a row of a list
    that shows less than another stream will bring; its fingerprint is the beginning of the whole row's. ``also_in``
    isn't hashed: one row can stand in several pools (see ``CandidateProfile``).
    """

    external_id: str
    fingerprint: str
    read: Callable[[], Row]
    is_brief: bool = False
    also_in: Sequence[str] = ()


class Unreads(Sequence[Any]):
    """Rows that become profiles when they are looked at. ``unread`` are the rows as they wait."""

    def __init__(self, unread: list[Unread]) -> None:
        self.unread = unread
        self._read: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self.unread)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        place = range(len(self))[place]
        if place not in self._read:
            self._read[place] = self.unread[place].read()
        return self._read[place]

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


Row = JobProfile | TagProfile | PoolProfile | ReasonProfile | CandidateProfile | FactsProfile | Malformed
