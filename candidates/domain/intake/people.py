"""People with everything that hangs on them, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from candidates.domain.erasure import erased_among, identity_key, record_key
from candidates.domain.identities import EMAIL, LINKEDIN, email_identity, linkedin_identity, write_identities
from candidates.domain.intake import labels, records
from candidates.domain.intake.candidacies import Candidacies, obstacle_of
from candidates.domain.intake.checking import obstacle
from candidates.domain.intake.clashes import Clashes
from candidates.domain.intake.labels import Person
from candidates.domain.intake.merging import merge
from candidates.domain.intake.records import Known, Sighting
from candidates.domain.intake.run import Intake
from candidates.domain.intake.told import Told, told
from candidates.domain.search import search_text
from candidates.domain.writing import fresh, insert, overwrite
from candidates.enums import RecordKind
from candidates.models import Candidate, SourceRecord

SEARCHED = {"full_name", "first_name", "last_name", "emails", "phones", "headline", "current_company", "current_title"}
KNOWN_BY = {"emails", "phones", "links"}
WRITTEN = [
    *("full_name", "first_name", "last_name", "headline", "current_company", "current_title", "location", "emails"),
    *("phones", "links", "experiences", "skills", "compensation", "availability", "source_label", "confidential"),
    *("custom_fields", "provenance", "search_text", "version", "updated_at"),
]


def take_candidates(intake: Intake, rows: Sequence[Any]) -> None:
    there = records.known(intake, RecordKind.CANDIDATE, [row.external_id for row in rows])
    pushed = told(intake, [row.candidate_id for row in there.values() if row.candidate_id])
    profiles = records.skim(intake, rows, there, pushed.people)
    seen = [row for row in records.sightings(intake, profiles) if _fits(intake, row)]
    same = [row for row in records.unchanged(seen, there) if there[row.external_id].candidate_id not in pushed.people]
    records.touch(intake, [there[row.external_id] for row in same])
    intake.counts.unchanged += len(same)
    skip = {row.external_id for row in same}
    people = _people(intake, [row for row in seen if row.external_id not in skip], there)
    if people:
        _take(intake, people, pushed)


def _fits(intake: Intake, row: Sighting) -> bool:
    profile = row.profile
    reason = obstacle(Candidate, {**profile.fields, "custom_fields": profile.custom_fields})
    for application in profile.applications or []:
        reason = reason or obstacle_of(application)
    if reason:
        intake.set_aside(profile, reason)
    return not reason


def _people(intake: Intake, rows: list[Sighting], there: Mapping[str, Known]) -> list[tuple[Person, SourceRecord]]:
    """Locked in one order, so that two who need the same people don't wait for each other."""
    rows = _without_erased(intake, rows, there)
    pks = {known.candidate_id for row in rows if (known := there.get(row.external_id)) and known.candidate_id}
    held = Candidate.objects.select_for_update(of=("self",)).order_by("pk").in_bulk(pks) if pks else {}
    loaded = records.load(intake, RecordKind.CANDIDATE, [row.external_id for row in rows if row.external_id in there])
    found = []
    for row in rows:
        record = loaded.get(row.external_id)
        candidate = held.get(record.candidate_id) if record and record.candidate_id else None
        if candidate is not None and candidate.erased_at:
            intake.counts.skipped += 1
            continue
        record = record or records.new_record(intake, RecordKind.CANDIDATE, row.external_id)
        is_new = candidate is None
        candidate = candidate or fresh(Candidate, workspace_id=intake.source.workspace_id)
        record.candidate = candidate
        found.append((Person(row, candidate, record.imported, is_new), record))
    return found


def _without_erased(intake: Intake, rows: list[Sighting], there: Mapping[str, Known]) -> list[Sighting]:
    """Whoever was erased here doesn't come back, neither as the same row nor under the same address (rule 7)."""
    keys = {row.external_id: _keys(intake, row) for row in rows if row.external_id not in there}
    if not keys:
        return rows
    erased = erased_among(intake.source.workspace_id, [key for of_row in keys.values() for key in of_row])
    gone = {external_id for external_id, of_row in keys.items() if erased.intersection(of_row)} if erased else set()
    intake.counts.skipped += len(gone)
    return [row for row in rows if row.external_id not in gone]


def _keys(intake: Intake, row: Sighting) -> list[str]:
    fields = row.profile.fields
    identities = [
        *((EMAIL, email_identity(value)) for value in _values(fields.get("emails"))),
        *((LINKEDIN, linkedin_identity(value)) for value in _values(fields.get("links"))),
    ]
    own = record_key(intake.source.pk, RecordKind.CANDIDATE, row.external_id)
    return [own, *(identity_key(kind, value) for kind, value in identities if value)]


def _values(entries: Any) -> list[str]:
    return (
        [str(entry.get("value", "")) for entry in entries if isinstance(entry, dict)]
        if isinstance(entries, list)
        else []
    )


def _take(intake: Intake, found: list[tuple[Person, SourceRecord]], pushed: Told) -> None:
    people = [person for person, _record in found]
    clashes = Clashes(intake)
    clashes.load([person.candidate.pk for person in people if not person.is_new])
    known_anew = [person.candidate for person in people if _merge(intake, person, clashes)]
    candidacies = Candidacies(intake, pushed, clashes)
    candidacies.take(people)
    insert(Candidate, [person.candidate for person in people if person.is_new])
    labels.take_tags(intake, people, pushed)
    labels.take_pools(intake, people)
    candidacies.write()
    _write(intake, found, known_anew)
    clashes.write()


def _merge(intake: Intake, person: Person, clashes: Clashes) -> bool:
    """Whether the addresses changed by which the person is known."""
    candidate, profile = person.candidate, person.profile
    merged = merge(
        candidate, {**profile.fields, "custom_fields": profile.custom_fields}, person.imported, stamp=intake.stamp
    )
    if person.is_new:
        candidate.search_text = search_text(candidate)
        intake.tell("imported", candidate=candidate, source=intake.source.name)
        return False
    clashes.note(candidate, None, merged)
    person.changed |= merged.touched
    if merged.changes:
        intake.tell("edited", candidate=candidate, fields=merged.changes)
        if SEARCHED & merged.changes.keys():
            candidate.search_text = search_text(candidate)
    return bool(KNOWN_BY & merged.changes.keys())


def _write(intake: Intake, found: Collection[tuple[Person, SourceRecord]], known_anew: list[Candidate]) -> None:
    changed: list[Candidate] = []
    created: list[SourceRecord] = []
    known: list[SourceRecord] = []
    for person, record in found:
        intake.counts.created += person.is_new
        intake.counts.updated += not person.is_new
        if person.changed:
            person.candidate.version += 1
            changed.append(person.candidate)
        (created if record._state.adding else known).append(record)
        records.remember(intake, record, person.sighting, hold=person.hold)
    overwrite(Candidate, changed, WRITTEN)
    records.save_records(created, known, ties=["candidate"])
    write_identities([person.candidate for person, _record in found if person.is_new], new=True)
    if known_anew:
        write_identities(known_anew)
