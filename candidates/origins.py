"""Where each value came from, since when it is so, and when its source last said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from candidates.domain.intake.values import is_blank, plain
from candidates.domain.sentences import field_label
from candidates.enums import RecordKind
from candidates.models import Application, Candidate, SourceRecord
from candidates.readable import lines_of

# In the order in which people read; names that aren't here come after them.
ORDER = (
    *("full_name", "first_name", "last_name", "headline", "current_title", "current_company", "location"),
    *("emails", "phones", "links", "experiences", "skills", "compensation", "availability", "source_label"),
    *("stage", "outcome", "applied_at", "upstream_status", "upstream_rating", "upstream_score", "scores"),
    *("screening_answers", "upstream_note", "top_choice", "top_choice_message", "events", "custom_fields"),
)
# What tells who somebody is: not shown of those who are reviewed anonymously.
IDENTIFYING = frozenset(
    {
        *("full_name", "first_name", "last_name", "headline", "location", "emails", "phones", "links"),
        *("compensation", "availability", "source_label", "custom_fields"),
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` is empty for what a person typed here, and ``by`` then says who. ``confirmed_at``: when the source
    was last seen to say it. ``hidden``: the provider keeps it to itself."""

    source: str
    at: datetime | None = None
    hidden: bool = False
    by: str = ""
    confirmed_at: datetime | None = None
    source_id: str = ""

    @property
    def words(self) -> str:
        if self.hidden:
            return f"hidden by {self.source or 'the provider'}"
        return self.source or (f"edited by {self.by}" if self.by else "edited here")

    @property
    def as_of(self) -> datetime | None:
        """How fresh it is: when it was last confirmed; what was typed here is as old as the typing."""
        return self.confirmed_at or self.at


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says instead of the value here."""

    source: str
    lines: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One field in the view “Where from”."""

    name: str
    label: str
    lines: list[str]
    origin: Origin | None
    others: list[Said]


def label_of(record: SourceRecord) -> str:
    return record.source.provider_label or record.source.name


def origins_of(thing: Candidate | Application, records: Iterable[SourceRecord]) -> dict[str, Origin]:
    """By field. ``records``: the rows by which sources know it, with their source."""
    seen: dict[str, SourceRecord] = {}
    for record in records:
        known = seen.get(str(record.source_id))
        if known is None or known.last_seen_at < record.last_seen_at:
            seen[str(record.source_id)] = record
    return {name: _origin(facts, seen) for name, facts in thing.provenance.items()}


def _origin(facts: Any, seen: Mapping[str, SourceRecord]) -> Origin:
    facts = facts if isinstance(facts, dict) else {}
    source, hidden = str(facts.get("source") or ""), bool(facts.get("hidden"))
    record = seen.get(source)
    return Origin(
        (label_of(record) if record else "a source that is gone") if source else "",
        parse_datetime(str(facts.get("at") or "")),
        hidden,
        str(facts.get("by") or ""),
        record.last_seen_at if record else None,
        source,
    )


def rows_of(thing: Candidate | Application, records: Iterable[SourceRecord], *, anonymous: bool = False) -> list[Row]:
    """Every field that has a value or an origin. ``records`` are those of this thing."""
    known = list(records)
    origins = origins_of(thing, known)
    names = [name for name in _fields(thing) if not (anonymous and name in IDENTIFYING)]
    return [
        Row(name, field_label(name).capitalize(), lines, origins.get(name), _others(thing, name, known))
        for name in names
        for value in [_value(thing, name)]
        for lines in [lines_of(name, value)]
        if (lines and value is not False) or name in origins
    ]


def _fields(thing: Candidate | Application) -> list[str]:
    columns = {field.name for field in thing._meta.concrete_fields}
    return [name for name in ORDER if name in columns]


def _value(thing: Candidate | Application, name: str) -> Any:
    """As it is kept on a source record: plain, a stage by its name."""
    value = getattr(thing, name)
    return (value.name if value else "") if name == "stage" else plain(value)


def _others(thing: Candidate | Application, name: str, records: Iterable[SourceRecord]) -> list[Said]:
    """Sources whose last word isn't what stands here. Custom fields are merged key by key, so theirs are a part."""
    ours = _value(thing, name)
    found = []
    for record in records:
        theirs = record.imported.get("stage_name" if name == "stage" else name)
        if is_blank(theirs) or theirs == ours or (name == "custom_fields" and _is_part(theirs, ours)):
            continue
        found.append(Said(label_of(record), lines_of(name, theirs), record.last_seen_at))
    return found


def _is_part(theirs: Any, ours: Any) -> bool:
    return isinstance(theirs, dict) and all(ours.get(key) == value for key, value in theirs.items())


def of_person(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    return [record for record in records if record.kind == RecordKind.CANDIDATE]


def of_application(records: Iterable[SourceRecord], application: Application | None) -> list[SourceRecord]:
    if application is None:
        return []
    return [one for one in records if one.kind == RecordKind.APPLICATION and one.application_id == application.pk]
