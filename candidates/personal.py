"""A person's facts as they are read and typed: each with where it came from, lists as lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.models import Candidate, SourceRecord


@dataclass(frozen=True, slots=True)
class Origin:
    """``source`` is empty for what a person typed here; ``hidden`` when the provider masks it."""

    source: str
    at: datetime | None
    hidden: bool = False

    @property
    def words(self) -> str:
        if self.hidden:
            return f"hidden by {self.source or 'the provider'}"
        return f"from {self.source}" if self.source else "edited here"


@dataclass(frozen=True, slots=True)
class Experience:
    title: str
    company: str
    when: str
    months: int | None
    description: str


class Facts:
    """What the profile shows. ``origin.<field>`` says where each came from."""

    def __init__(self, candidate: Candidate, sources: Mapping[str, str], *, hidden: bool) -> None:
        self.candidate = candidate
        self.hidden = hidden
        self.origin = {name: _origin(value, sources) for name, value in candidate.provenance.items()}
        self.name = pseudonym(candidate) if hidden else candidate.display_name
        self.place = place(candidate.location)
        self.emails = [] if hidden else _values(candidate.emails)
        self.phones = [] if hidden else _values(candidate.phones)
        self.links = [] if hidden else [row for row in candidate.links if _followable(row.get("value"))]
        self.experiences = [_experience(row) for row in candidate.experiences if isinstance(row, dict)]
        self.total = _years(sum(item.months or 0 for item in self.experiences))
        self.compensation = _pairs(candidate.compensation)
        self.availability = _pairs(candidate.availability)
        self.custom = {} if hidden else {name: value for name, value in candidate.custom_fields.items() if _says(value)}


def shown_facts(candidate: Candidate, records: Iterable[SourceRecord], *, hidden: bool) -> Facts:
    labels = {str(record.source_id): record.source.provider_label or record.source.name for record in records}
    return Facts(candidate, labels, hidden=hidden)


COLOURS = (
    *("Amber", "Azure", "Coral", "Cobalt", "Copper", "Crimson", "Emerald", "Indigo"),
    *("Ivory", "Jade", "Lilac", "Maroon", "Ochre", "Olive", "Russet", "Teal"),
)
BIRDS = (
    *("Avocet", "Bittern", "Crane", "Curlew", "Dipper", "Egret", "Finch", "Heron"),
    *("Kestrel", "Lapwing", "Linnet", "Merlin", "Osprey", "Plover", "Siskin", "Swift"),
)


def pseudonym(candidate: Candidate) -> str:
    """A name one can say in a meeting, the same for everybody, that gives nothing away."""
    number = candidate.pk.int
    return f"{COLOURS[number % 16]} {BIRDS[number // 16 % 16]} {number // 256 % 90 + 10}"


def place(location: Mapping[str, Any]) -> str:
    """The source's own line, else what its parts make."""
    parts = [location.get(part) for part in ("city", "state", "country")]
    return location.get("raw") or ", ".join(part for part in parts if part)


def _origin(value: Any, sources: Mapping[str, str]) -> Origin:
    facts = value if isinstance(value, dict) else {}
    source = str(facts.get("source") or "")
    name = sources.get(source, "a source that is gone") if source else ""
    return Origin(name, parse_datetime(str(facts.get("at") or "")), bool(facts.get("hidden")))


def _values(rows: Iterable[Any]) -> list[str]:
    return [str(row["value"]) for row in rows if isinstance(row, dict) and row.get("value")]


def _followable(link: Any) -> bool:
    return str(link or "").lower().startswith(("http://", "https://"))


def _experience(row: dict[str, Any]) -> Experience:
    start, end = _month(row.get("start")), _month(row.get("end"))
    current = bool(row.get("current"))
    now = timezone.localtime()
    stop = (now.year, now.month) if current else end
    months = (stop[0] - start[0]) * 12 + stop[1] - start[1] + 1 if start and stop else None
    words = " – ".join(filter(None, [_month_words(start), "now" if current else _month_words(end)]))
    return Experience(
        str(row.get("title") or ""),
        str(row.get("company") or ""),
        words or str(row.get("raw") or ""),
        months if months and 0 < months < 900 else None,
        str(row.get("description") or ""),
    )


def _month(text: Any) -> tuple[int, int] | None:
    """(year, month) of "2022-03"; None for anything else."""
    year, _, month = str(text or "").partition("-")
    if not (year.isascii() and year.isdigit() and month[:2].isascii() and month[:2].isdigit()):
        return None
    return (int(year), int(month[:2])) if 1900 < int(year) < 2200 and 1 <= int(month[:2]) <= 12 else None


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _month_words(month: tuple[int, int] | None) -> str:
    return f"{MONTHS[month[1] - 1]} {month[0]}" if month else ""


def _years(months: int) -> str:
    years, rest = divmod(months, 12)
    return " ".join(filter(None, [f"{years} yr" if years else "", f"{rest} mo" if rest else ""]))


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name.replace("_", " ").capitalize(), value) for name, value in values.items() if _says(value)]


def _says(value: Any) -> bool:
    return value not in (None, "", [], {})


def as_lines(candidate: Candidate) -> dict[str, str]:
    """The editable fields as text: lists one a line, the place as one line."""
    texts = {name: getattr(candidate, name) for name in ("full_name", "headline", "current_title", "current_company")}
    lists = {name: "\n".join(_values(getattr(candidate, name))) for name in ("emails", "phones", "links")}
    return {**texts, "location": place(candidate.location), **lists, "skills": "\n".join(map(str, candidate.skills))}


def from_lines(candidate: Candidate, typed: Mapping[str, str]) -> dict[str, Any]:
    """Back into the fields' own shapes; kinds of addresses that stay are kept."""
    fields: dict[str, Any] = dict(typed)
    for name in {"emails", "phones", "links"} & typed.keys():
        kinds = {row.get("value"): row.get("kind", "") for row in getattr(candidate, name) if isinstance(row, dict)}
        lines = [line.strip() for line in typed[name].split("\n") if line.strip()]
        fields[name] = [{"value": line, "kind": kinds.get(line, "")} for line in lines]
    if "skills" in typed:
        fields["skills"] = [line.strip() for line in typed["skills"].split("\n") if line.strip()]
    if "location" in typed:
        same = typed["location"] == place(candidate.location)
        fields["location"] = candidate.location if same else {"raw": typed["location"]}
    return fields
