"""People with everything that hangs on them, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from candidates.domain.erasure import erased_among, identity_key, record_key
from candidates.domain.identities import VERIFIED, marks_in, write_identities
from candidates.domain.intake import labels, linking, memberships, records
from candidates.domain.intake.candidacies import Candidacies, obstacle_of
from candidates.domain.intake.checking import obstacle
from candidates.domain.intake.clashes import Clashes
from candidates.domain.intake.files import Files
from candidates.domain.intake.labels import Person
from candidates.domain.intake.merging import merge
from candidates.domain.intake.records import Known, Sighting
from candidates.domain.intake.reuse import somebody_else
from candidates.domain.intake.run import Intake
from candidates.domain.intake.told import Told, told
from candidates.domain.locking import lock_people
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
    memberships.take(intake, rows)


def _fits(intake: Intake, row: Sighting) -> bool:
    profile = row.profile
    reason = obstacle(Candidate, {**profile.fields, "custom_fields": profile.custom_fields})
    for application in profile.applications or []:
        reason = reason or obstacle_of(application)
    if reason:
        intake.set_aside(profile, reason)
    return not reason


def _people(intake: Intake, rows: list[Sighting], there: Mapping[str, Known]) -> list[tuple[Person, SourceRecord]]:
    rows = _without_erased(intake, rows, there)
    links = linking.find(intake, [row for row in rows if row.external_id not in there])
    pks = {known.candidate_id for row in rows if (known := there.get(row.external_id)) and known.candidate_id}
    loaded: dict[str, SourceRecord] = {}

    def of_rows() -> set[UUID]:
        """Whose they are by now: a merge or a split may have moved them."""
        known = [row.external_id for row in rows if row.external_id in there]
        loaded.update(records.load(intake, RecordKind.CANDIDATE, known))
        return {record.candidate_id for record in loaded.values() if record.candidate_id}

    held = lock_people(pks | links.people(), also=of_rows)
    found = []
    for row in rows:
        record = loaded.get(row.external_id)
        if record is None:
            found.append(_newcomer(intake, row, links, held))
            continue
        candidate = held.get(record.candidate_id) if record.candidate_id else None
        if candidate is not None and candidate.erased_at:
            intake.counts.skipped += 1
            intake.counts.erased += 1
            continue
        if candidate is not None and (reason := somebody_else(row, record, candidate)):
            intake.set_aside(row.profile, reason)
            continue
        is_new = candidate is None
        record.candidate = candidate = candidate or fresh(Candidate, workspace_id=intake.source.workspace_id)
        found.append((Person(row, candidate, record.imported, is_new), record))
    return found


def _newcomer(
    intake: Intake, row: Sighting, links: linking.Links, held: dict[UUID, Candidate]
) -> tuple[Person, SourceRecord]:
    """A row that is new: of somebody who is known, or of nobody yet. ``held`` learns whom it makes."""
    match = links.match(row)
    candidate = held.get(match.person) if match.person else None
    joins = candidate is not None and candidate.erased_at is None
    if candidate is None or not joins:
        candidate = fresh(Candidate, workspace_id=intake.source.workspace_id)
        held[candidate.pk] = candidate
    links.learn(row, candidate.pk)
    record = records.new_record(intake, RecordKind.CANDIDATE, row.external_id)
    record.candidate = candidate
    if match.kind and not joins:
        intake.tell("not_linked", candidate=candidate, source=intake.source.name, because=match.kind)
    return Person(row, candidate, record.imported, is_new=not joins, joins=match.kind if joins else ""), record


def _without_erased(intake: Intake, rows: list[Sighting], there: Mapping[str, Known]) -> list[Sighting]:
    """Whoever was erased here doesn't come back, neither as the same row nor under the same address (rule 7)."""
    keys = {row.external_id: _keys(intake, row) for row in rows if row.external_id not in there}
    if not keys:
        return rows
    erased = erased_among(intake.source.workspace_id, [key for of_row in keys.values() for key in of_row])
    gone = {external_id for external_id, of_row in keys.items() if erased.intersection(of_row)} if erased else set()
    intake.counts.skipped += len(gone)
    intake.counts.erased += len(gone)
    return [row for row in rows if row.external_id not in gone]


def _keys(intake: Intake, row: Sighting) -> list[str]:
    own = record_key(intake.source.pk, RecordKind.CANDIDATE, row.external_id)
    return [own, *(identity_key(kind, value) for kind, value in marks_in(row.profile.fields, VERIFIED))]


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
    files = Files(intake.now)
    for person, record in found:
        files.take(record, person.imported, person.profile.files)
    _write(intake, found, known_anew)
    files.write()
    clashes.write()


def _merge(intake: Intake, person: Person, clashes: Clashes) -> bool:
    """Whether the addresses changed by which somebody is known who was known before."""
    candidate, profile, before = person.candidate, person.profile, _known_by(person)
    merged = merge(
        candidate,
        {**profile.fields, "custom_fields": profile.custom_fields},
        person.imported,
        stamp=intake.stamp,
        joins=bool(person.joins),
        owners=intake.source.field_owners,
    )
    if person.is_new:
        candidate.search_text = search_text(candidate)
        intake.tell("imported", candidate=candidate, source=intake.source.name)
        return False
    clashes.note(candidate, None, merged)
    person.changed |= merged.touched
    told: dict[str, Any] = {"fields": merged.changes} if merged.changes else {}
    if person.joins:
        intake.tell("linked", candidate=candidate, source=intake.source.name, because=person.joins, **told)
    elif told:
        intake.tell("edited", candidate=candidate, **told)
    if SEARCHED & merged.changes.keys():
        candidate.search_text = search_text(candidate)
    return _known_by(person) != before or bool(KNOWN_BY & merged.changes.keys())


def _known_by(person: Person) -> dict[str, Any]:
    return {name: person.imported.get(name) for name in KNOWN_BY}


def _write(intake: Intake, found: Collection[tuple[Person, SourceRecord]], known_anew: list[Candidate]) -> None:
    changed: dict[UUID, Candidate] = {}
    made = {person.candidate.pk: person.candidate for person, _record in found if person.is_new}
    created: list[SourceRecord] = []
    known: list[SourceRecord] = []
    for person, record in found:
        intake.counts.created += person.is_new
        intake.counts.updated += not person.is_new
        if person.changed and person.candidate.pk not in made:
            changed[person.candidate.pk] = person.candidate
        (created if record._state.adding else known).append(record)
        records.remember(intake, record, person.sighting, hold=person.hold)
    for candidate in changed.values():
        candidate.version += 1
    overwrite(Candidate, list(changed.values()), WRITTEN)
    records.save_records(created, known, ties=["candidate"])
    anew = {candidate.pk: candidate for candidate in known_anew}
    write_identities([candidate for pk, candidate in made.items() if pk not in anew], new=True)
    if anew:
        write_identities(list(anew.values()))
