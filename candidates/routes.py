"""Where a decision will go, said before it is made (design section 5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from candidates.enums import RecordKind, RecordState
from candidates.models import Application, Candidate, SourceRecord


@dataclass(frozen=True, slots=True)
class Route:
    """One source, and why it won't hear of it; empty when it will."""

    source: str
    why_not: str


def routes(records: Iterable[SourceRecord], kind: str) -> list[Route]:
    """For rows loaded with their source. One route a source, however many rows it has."""
    found = {}
    for record in records:
        label = record.source.provider_label or record.source.name
        found[record.source_id] = Route(label, record.source.why_not(kind))
    return list(found.values())


def in_words(found: list[Route]) -> str:
    """ "Goes to Kombo. LinkedIn can't be told.": one line beside the button."""
    if not found:
        return "Stays in Quorum: no source knows this application."
    told = [route.source for route in found if not route.why_not]
    sentences = [f"Goes to {' and '.join(told)}."] if told else []
    return " ".join([*sentences, *(route.why_not for route in found if route.why_not)])


def application_records(application: Application) -> list[SourceRecord]:
    return list(
        application.records.filter(kind=RecordKind.APPLICATION)
        .exclude(state=RecordState.DELETED)
        .select_related("source")
    )


def candidate_records(candidate: Candidate) -> list[SourceRecord]:
    return list(candidate.records.of_people())  # type: ignore[attr-defined]
