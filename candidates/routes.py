"""Where a decision will go, said before it is made (design section 5), and how far it has got."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from candidates.enums import PushKind, PushState, RecordKind, RecordState
from candidates.models import Application, Candidate, OutboxEntry, SourceRecord
from recruitment.models import Membership

STAGE_KINDS = (PushKind.MOVE, PushKind.REJECT, PushKind.REOPEN)
MOVING = (PushState.WAITING, PushState.SENDING)  # will have changed in a moment
OVER = (PushState.SUPERSEDED, PushState.CANCELLED)


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


def _shortlist(here: list[SourceRecord]) -> str:
    """Our own affair: nobody has to read why a source isn't told of it."""
    takers = [route for route in routes(here, PushKind.SHORTLIST) if not route.why_not]
    return in_words(takers) if takers else "Stays in Quorum."


def fields_in_words(records: Iterable[SourceRecord]) -> str:
    """For the form of a person's details: "Also goes to Talynce." Empty where no source takes them."""
    names = [route.source for route in routes(records, PushKind.FIELDS) if not route.why_not]
    return f"Also goes to {' and '.join(names)}." if names else ""


def lines(records: Iterable[SourceRecord], application: Application) -> list[tuple[str, str]]:
    """("Move, reject", "Goes to Kombo."), from rows of person and application; what goes one way together."""
    known = [record for record in records if record.state != RecordState.DELETED]
    here = [one for one in known if one.kind == RecordKind.APPLICATION and one.application_id == application.pk]
    person = [one for one in known if one.kind == RecordKind.CANDIDATE]
    ways = [
        ("Move", in_words(routes(here, PushKind.MOVE))),
        ("Reject", in_words(routes(here, PushKind.REJECT))),
        ("Note", in_words(routes(here, PushKind.NOTE))),
        ("Tag", in_words(routes(person, PushKind.TAG)) if person else "Stays in Quorum."),
        ("Shortlist", _shortlist(here)),
    ]
    together: dict[str, list[str]] = {}
    for name, words in ways:
        together.setdefault(words, []).append(name)
    return [(", ".join([names[0], *(name.lower() for name in names[1:])]), words) for words, names in together.items()]


def untied(records: Iterable[SourceRecord], kind: str, push: str, things: Iterable[Any]) -> dict[UUID, list[str]]:
    """Stages or reasons by id, with the sources that could be told but in which nobody has tied them to anything.

    ``kind`` is the kind of their source records, ``push`` what is to be told.
    """
    told = {
        record.source_id: record.source
        for record in records
        if not record.source.why_not(push) and not record.source.status_for(push)
    }
    ids = [thing.pk for thing in things]
    column = "stage_id" if kind == RecordKind.STAGE else "reason_id"
    tied = set(
        SourceRecord.objects.filter(source__in=told, kind=kind, **{f"{column}__in": ids})
        .exclude(state=RecordState.DELETED)
        .values_list("source_id", column)
    )
    labels = {pk: source.provider_label or source.name for pk, source in told.items()}
    return {pk: lacking for pk in ids if (lacking := [labels[one] for one in labels if (one, pk) not in tied])}


@dataclass(frozen=True, slots=True)
class Told:
    """How the last decision about an application stands in one source."""

    state: str
    source: str
    detail: str
    push: UUID


def told_of(applications: Iterable[Application], member: Membership) -> dict[UUID, list[Told]]:
    """By application: the pushes of its last move, rejection or reopening. Where anybody was told, those who can't be
    are left out; what was taken back says nothing any more."""
    found = (
        OutboxEntry.objects.visible_to(member)
        .filter(application__in=[one.pk for one in applications], kind__in=STAGE_KINDS)
        .select_related("source")
        .order_by("-id")[:200]
    )
    last: dict[Any, Any] = {}
    entries: dict[UUID, list[OutboxEntry]] = {}
    for entry in found:
        if last.setdefault(entry.application_id, entry.decision_id) == entry.decision_id and entry.state not in OVER:
            entries.setdefault(entry.application_id, []).append(entry)
    return {pk: _shown(rows) for pk, rows in entries.items()}


def _shown(entries: list[OutboxEntry]) -> list[Told]:
    heard = [entry for entry in entries if entry.state != PushState.NOT_OFFERED] or entries
    return [
        Told(entry.state, entry.source.provider_label or entry.source.name, entry.last_error_message, entry.pk)
        for entry in reversed(heard)
    ]


def application_records(application: Application) -> list[SourceRecord]:
    return list(
        application.records.filter(kind=RecordKind.APPLICATION)
        .exclude(state=RecordState.DELETED)
        .select_related("source")
    )


def candidate_records(candidate: Candidate) -> list[SourceRecord]:
    return list(candidate.records.of_people())
