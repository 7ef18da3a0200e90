"""Source records: which rows are known, which of them changed, and what is remembered of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from candidates.domain.intake.run import Intake
from candidates.domain.intake.values import canonical, fingerprint, is_storable, storable
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


def sightings(profiles: Iterable[Any]) -> list[Sighting]:
    return [sighting(profile) for profile in profiles]


def sighting(profile: Any) -> Sighting:
    try:
        text = canonical(profile)
        fine = is_storable(text)
    except UnicodeEncodeError:
        fine = False
    if not fine:
        profile = storable(profile)
        text = canonical(profile)
    return Sighting(profile, fingerprint(text))


def known(intake: Intake, kind: str, external_ids: Iterable[str]) -> dict[str, Known]:
    """The little that is needed to tell whether anything changed."""
    found = SourceRecord.objects.filter(source=intake.source, kind=kind, external_id__in=list(external_ids))
    columns = found.values_list("external_id", "pk", "fingerprint", "state", "candidate_id")
    return {external_id: Known(*rest) for external_id, *rest in columns}


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
