"""Rows that nobody has seen before, and whose person is known already (dangers C63 to C65).

A row is tied to a person by a verified identity alone: an e-mail address or a LinkedIn profile that exactly one person
of the workspace has, and under a name that can be the same one's. Everything less is a suggestion
(``candidates.domain.duplicates``). A row that is tied to somebody stays there, whatever its address becomes.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from candidates.domain.identities import VERIFIED, Mark, marks_in
from candidates.domain.intake.records import Sighting
from candidates.domain.intake.run import Intake
from candidates.domain.names import differ_clearly, name_in
from candidates.models import CandidateIdentity


class Match(NamedTuple):
    """Whom a row belongs to: ``kind`` says by what it was recognised. Without a person, ``kind`` names what was the
    same although the names differ; empty when nothing was."""

    person: UUID | None
    kind: str


NOBODY = Match(None, "")
PARTS = 64


@dataclass(slots=True)
class Links:
    """Who has which identity, and under which names."""

    holders: dict[Mark, dict[UUID, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    marks: dict[str, list[Mark]] = field(default_factory=dict)  # of each new row, by its external id
    shared: set[Mark] = field(default_factory=set)

    def people(self) -> set[UUID]:
        """Whom any new row may turn out to be, to be locked before it is decided."""
        own = (holders for mark, holders in self.holders.items() if mark not in self.shared and len(holders) == 1)
        return {person for holders in own for person in holders}

    def match(self, row: Sighting) -> Match:
        found: dict[UUID, str] = {}
        clash = ""
        for mark in self.marks.get(row.external_id, []):
            if mark in self.shared:
                clash = clash or (mark[0] if self.holders.get(mark) else "")
                continue
            for person in self.holders.get(mark, {}):
                found.setdefault(person, mark[0])
        if len(found) == 1:
            return Match(*next(iter(found.items())))
        return Match(None, clash)

    def learn(self, row: Sighting, person: UUID) -> None:
        """The next row of this page may be the same one's."""
        for mark in self.marks.get(row.external_id, []):
            self.holders[mark].setdefault(person, set()).add(name_in(row.profile.fields))


def find(intake: Intake, rows: Collection[Sighting]) -> Links:
    """Two queries, whatever the number of rows. Two imports that meet the same identity wait for each other, so that
    not each of them makes a person of it."""
    links = Links()
    for row in rows:
        links.marks[row.external_id] = marks_in(row.profile.fields, VERIFIED)
    wanted = {mark for marks in links.marks.values() for mark in marks}
    if wanted:
        _one_at_a_time(intake, wanted)
        _load(intake, links, wanted)
        links.shared = _shared(links, rows)
    return links


def _one_at_a_time(intake: Intake, marks: Iterable[Mark]) -> None:
    """Locks on parts of the workspace's identities, in one order: the server has room for few locks, and a page of new
    rows has hundreds of identities. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        parts = {zlib.crc32(f"{kind}:{value}".encode(errors="replace")) % PARTS for kind, value in marks}
        workspace = zlib.crc32(intake.source.workspace_id.bytes) - 2**31  # as a signed number
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_advisory_xact_lock(%s, part)) FROM unnest(%s::int[]) AS part",
                [workspace, sorted(parts)],
            )


def _load(intake: Intake, links: Links, wanted: Iterable[Mark]) -> None:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in wanted:
        by_kind[kind].append(value)
    known = Q()
    for kind, values in by_kind.items():
        known |= Q(kind=kind, value__in=values)
    found = CandidateIdentity.objects.filter(known, workspace=intake.source.workspace_id, candidate__erased_at=None)
    names = ("full_name", "first_name", "last_name")
    columns = ("kind", "value", "candidate_id", "candidate__merged_into_id", *(f"candidate__{name}" for name in names))
    for kind, value, person, survivor, *name in found.values_list(*columns):
        holders = links.holders[kind, value]
        holders.setdefault(survivor or person, set()).add(name_in(dict(zip(names, name, strict=True))))


def _shared(links: Links, rows: Iterable[Sighting]) -> set[Mark]:
    """Addresses under which clearly different names are known: nobody's own."""
    names: dict[Mark, list[str]] = {
        mark: [name for known in holders.values() for name in known] for mark, holders in links.holders.items()
    }
    for row in rows:
        for mark in links.marks[row.external_id]:
            names.setdefault(mark, []).append(name_in(row.profile.fields))
    return {mark for mark, told in names.items() if any(differ_clearly(told[0], other) for other in told[1:])}
