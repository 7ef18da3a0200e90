"""Files that a source has of people: known by their ids and versions, fetched later by whoever has the time.

A page costs no query unless somebody's list of files differs from last time; then three, however many people they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from candidates.domain.files import clean_file_name
from candidates.domain.profiles import FileProfile
from candidates.domain.writing import fresh, insert
from candidates.enums import AttachmentKind, AttachmentState, RecordKind
from candidates.models import Attachment, SourceRecord

LONGEST = 200  # characters of an id or a version
MOST = 100  # files of one person


@dataclass(slots=True)
class Files:
    """``wanted`` are lists that differ, with the row of the person. Nothing is written before ``write``."""

    now: datetime
    wanted: list[tuple[SourceRecord, Sequence[FileProfile]]] = field(default_factory=list)

    def take(self, record: SourceRecord, imported: dict[str, Any], profiles: Sequence[FileProfile] | None) -> None:
        """``imported`` is what the row said last time, and learns what it says now."""
        listed = list({_short(row.external_id): row for row in profiles or [] if row.external_id}.values())[:MOST]
        said = {_short(row.external_id): _short(row.version) for row in listed}
        if profiles is None or said == imported.get("files", {}):
            return
        imported["files"] = said
        if said:
            self.wanted.append((record, listed))

    def write(self) -> int:
        """Rows for new files and new versions, and the mark on those that they replace. Answers how many are new."""
        if not self.wanted:
            return 0
        records = [record.pk for record, _rows in self.wanted]
        there = _versions(records)
        applications = _applications(self.wanted)
        made: list[Attachment] = []
        current: list[UUID] = []
        for record, rows in self.wanted:
            for row in rows:
                known = there.get((record.pk, _short(row.external_id)), {})
                found = known.get(_short(row.version))
                if found is None:
                    made.append(self._waiting(record, row, applications.get(row.application_external_id or "")))
                else:
                    current.append(found)
        self._replace(there, [*made], current)
        insert(Attachment, made)
        return len(made)

    def _waiting(self, record: SourceRecord, row: FileProfile, application: UUID | None) -> Attachment:
        kind = row.kind if row.kind in AttachmentKind.values else AttachmentKind.OTHER
        return fresh(
            Attachment,
            workspace_id=record.workspace_id,
            candidate_id=record.candidate_id,
            application_id=application,
            record_id=record.pk,
            external_id=_short(row.external_id),
            version=_short(row.version),
            url=row.url if len(row.url) <= 2000 else "",
            kind=kind,
            file_name=clean_file_name(row.name or AttachmentKind(kind).label),
            state=AttachmentState.WAITING,
            due_at=self.now,
        )

    def _replace(self, there: dict[Any, dict[str, UUID]], made: list[Attachment], current: list[UUID]) -> None:
        """Of a file that has a new version, or an old one again, all others are history."""
        fresh_ones = {(row.record_id, row.external_id) for row in made}
        stay = set(current)
        past = [
            pk
            for key, versions in there.items()
            if key in fresh_ones or stay.intersection(versions.values())
            for pk in versions.values()
            if pk not in stay
        ]
        if past:
            Attachment.objects.filter(pk__in=past, replaced_at=None).update(replaced_at=self.now, updated_at=self.now)
        if current:
            again = Attachment.objects.filter(pk__in=current, replaced_at__isnull=False)
            again.update(replaced_at=None, updated_at=self.now)


def _versions(records: Iterable[UUID]) -> dict[tuple[UUID, str], dict[str, UUID]]:
    found: dict[tuple[UUID, str], dict[str, UUID]] = {}
    rows = Attachment.objects.filter(record__in=records).values_list("record_id", "external_id", "version", "pk")
    for record, external_id, version, pk in rows:
        found.setdefault((record, external_id), {})[version] = pk
    return found


def _applications(wanted: list[tuple[SourceRecord, Sequence[FileProfile]]]) -> dict[str, UUID]:
    """Their external ids → ours, of one source."""
    named = {row.application_external_id for _record, rows in wanted for row in rows if row.application_external_id}
    if not named:
        return {}
    rows = SourceRecord.objects.filter(
        source=wanted[0][0].source_id, kind=RecordKind.APPLICATION, external_id__in=named
    ).exclude(application=None)
    return dict(rows.values_list("external_id", "application_id"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else hashlib.sha256(text.encode()).hexdigest()
