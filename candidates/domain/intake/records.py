"""Source records: which rows are known, which of them changed, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from candidates.domain.intake.run import Intake
from candidates.domain.intake.values import canonical, fingerprint, is_storable, storable
from candidates.domain.profiles import Malformed, Unread
from candidates.domain.writing import fresh, insert, overwrite
from candidates.enums import RecordState
from candidates.models import SourceRecord

REMEMBERED = [
    "remote_id",
    "url",
    "state",
    "imported",
    "fingerprint",
    "upstream_changed_at",
    "last_seen_at",
    "updated_at",
]


class Known(NamedTuple):
    pk: UUID
    fingerprint: str
    state: str
    candidate_id: UUID | None


@dataclass(slots=True)
class Sighting:
    """A profile that is fit to be stored, with the hash of all it says."""

    profile: Any
    fingerprint: str

    @property
    def external_id(self) -> str:
        return self.profile.external_id

    @property
    def state(self) -> str:
        if getattr(self.profile, "deleted_at", None):
            return RecordState.DELETED
        return RecordState.MASKED if getattr(self.profile, "masked", False) else RecordState.LISTED


def sightings(intake: Intake, profiles: Iterable[Any]) -> list[Sighting]:
    return [sighting(profile, intake.prints.get(profile.external_id)) for profile in profiles]


def sighting(profile: Any, known_print: str | None = None) -> Sighting:
    """``known_print``: the hash that came with the row, which then can be stored as it is."""
    if known_print is not None:
        return Sighting(profile, known_print)
    # Which of its pools the row was met in says nothing of the row.
    said = replace(profile, also_in=[]) if getattr(profile, "also_in", None) else profile
    try:
        text = canonical(said)
        fine = is_storable(text)
    except UnicodeEncodeError:
        fine = False
    if not fine:
        profile = storable(profile)
        text = canonical(storable(said))
    return Sighting(profile, fingerprint(text))


def known(intake: Intake, kind: str, external_ids: Iterable[str]) -> dict[str, Known]:
    """The little that is needed to tell whether anything changed."""
    found = SourceRecord.objects.filter(source=intake.source, kind=kind, external_id__in=list(external_ids))
    columns = found.values_list("external_id", "pk", "fingerprint", "state", "candidate_id", "last_seen_at")
    return {
        key: Known(pk, _since(intake, text, seen), state, candidate)
        for key, pk, text, state, candidate, seen in columns
    }


def _since(intake: Intake, fingerprint: str, seen: datetime) -> str:
    """None of a row that was read before the fields of its source got other owners: it is read once more."""
    changed = intake.source.owners_changed_at
    return "" if changed is not None and seen <= changed else fingerprint


def load(intake: Intake, kind: str, external_ids: Collection[str], *related: str) -> dict[str, SourceRecord]:
    if not external_ids:
        return {}
    found = SourceRecord.objects.filter(source=intake.source, kind=kind, external_id__in=list(external_ids))
    return {record.external_id: record for record in found.select_related(*related)}


def unchanged(seen: list[Sighting], there: Mapping[str, Known]) -> list[Sighting]:
    return [
        sighting
        for sighting in seen
        if (row := there.get(sighting.external_id))
        and (row.fingerprint, row.state) == (sighting.fingerprint, sighting.state)
    ]


def skim(intake: Intake, rows: Sequence[Any], there: Mapping[str, Known], again: Collection[UUID]) -> list[Any]:
    """Count and touch rows whose hash is that of last time, and read the others. ``again``: people to read anyway."""
    same, changed = [], []
    for row in rows:
        before = there.get(row.external_id) if isinstance(row, Unread) else None
        if (
            before is not None
            and _says_the_same(row, before.fingerprint)
            and before.state != RecordState.NOT_LISTED
            and before.candidate_id not in again
        ):
            same.append(before)
        else:
            changed.append(row)
    touch(intake, same)
    intake.counts.unchanged += len(same)
    return read_all(intake, changed)


def _says_the_same(row: Unread, known_print: str) -> bool:
    if row.is_brief:
        return row.fingerprint != "" and known_print.startswith(row.fingerprint)
    return known_print == row.fingerprint


def read_all(intake: Intake, rows: Iterable[Any]) -> list[Any]:
    """The rows' profiles. One that turns out to have none is noted."""
    profiles = []
    for row in rows:
        profile = row.read() if isinstance(row, Unread) else row
        if isinstance(profile, Malformed):
            intake.malformed(profile)
            continue
        if isinstance(row, Unread):
            intake.prints[profile.external_id] = row.fingerprint
        profiles.append(profile)
    return profiles


def touch(intake: Intake, rows: Iterable[Known]) -> None:
    """All that an unchanged row costs, in one statement."""
    pks = [row.pk for row in rows]
    if pks:
        SourceRecord.objects.filter(pk__in=pks).update(last_seen_at=intake.now)


def new_record(intake: Intake, kind: str, external_id: str, **ties: Any) -> SourceRecord:
    record = fresh(
        SourceRecord,
        workspace_id=intake.source.workspace_id,
        source_id=intake.source.pk,
        kind=kind,
        external_id=external_id,
        last_seen_at=intake.now,
        first_seen_at=intake.now,
    )
    for name, thing in ties.items():
        setattr(record, name, thing)
    return record


def remember(intake: Intake, record: SourceRecord, sighting: Sighting, *, hold: bool = False) -> None:
    """Note down what was seen. ``hold``: something was held back, so the row is looked at again next time."""
    profile = sighting.profile
    record.remote_id = str(profile.remote_id or "")[:300] if hasattr(profile, "remote_id") else ""
    record.url = getattr(profile, "url", "")[:2000]
    if sighting.state == RecordState.DELETED and record.state != RecordState.DELETED and not record._state.adding:
        intake.counts.vanished += 1
    record.state = sighting.state
    record.fingerprint = "" if hold else sighting.fingerprint
    record.upstream_changed_at = getattr(profile, "changed_at", None)
    record.last_seen_at = intake.now


def save_records(
    created: Collection[SourceRecord], changed: Collection[SourceRecord], *, ties: Iterable[str] = ()
) -> None:
    insert(SourceRecord, created)
    overwrite(SourceRecord, changed, [*REMEMBERED, *ties])
