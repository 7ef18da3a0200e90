"""Applications of the people of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from candidates.domain.intake import catalog, records, shared
from candidates.domain.intake.checking import obstacle
from candidates.domain.intake.clashes import Clashes
from candidates.domain.intake.labels import Person
from candidates.domain.intake.merging import ABSENT, Clash, Move, merge, weigh
from candidates.domain.intake.places import Places
from candidates.domain.intake.records import Sighting
from candidates.domain.intake.run import Intake
from candidates.domain.intake.told import Told, Word, word_on
from candidates.domain.profiles import ApplicationProfile
from candidates.domain.writing import fresh, insert, overwrite
from candidates.enums import Outcome, RecordKind, RecordState
from candidates.models import Application, RejectionReason, SourceRecord, Stage

WRITTEN = [
    *("candidate", "job", "stage", "stage_entered_at", "outcome", "rejection_reason", "rejection_reason_text"),
    *("rejected_at", "applied_at", "upstream_rating", "upstream_score", "scores", "upstream_status", "upstream_note"),
    *("top_choice", "top_choice_message", "screening_answers", "events", "custom_fields", "provenance", "version"),
    "updated_at",
]


@dataclass(slots=True)
class Candidacy:
    """One application on its way in. ``imported`` is the base, moved along by each part."""

    person: Person
    sighting: Sighting
    application: Application
    record: SourceRecord
    is_new: bool
    changed: bool = False
    hold: bool = False

    @property
    def profile(self) -> ApplicationProfile:
        return self.sighting.profile

    @property
    def imported(self) -> dict[str, Any]:
        return self.record.imported


@dataclass(slots=True)
class Candidacies:
    """Prepare all, then ``write``: people have to be in the database before their applications."""

    intake: Intake
    told: Told
    clashes: Clashes
    rows: list[Candidacy] = field(default_factory=list)
    gone: list[SourceRecord] = field(default_factory=list)
    places: Places = field(init=False)
    reasons: dict[str, RejectionReason] = field(default_factory=dict)

    def take(self, people: Collection[Person]) -> None:
        seen = self._sightings(people)
        unlisted = self._unlisted(people, seen)
        known = self._known([*seen, *unlisted])
        self.gone = [record for key in unlisted if (record := known.get(key)) and record.state == RecordState.LISTED]
        profiles = [sighting.profile for _person, sighting in seen.values()]
        bases = {known[key].imported.get("stage_external_id") for key in seen if key in known}
        self.places = Places(self.intake, profiles, (bases | self.told.stages()) - {None})
        names = {profile.rejection_reason_name for profile in profiles} - {""}
        self.reasons = catalog.reasons_by_name(self.intake, sorted(names), make=False) if names else {}
        for key, (person, sighting) in seen.items():
            self._take_one(person, sighting, known.get(key))

    def _sightings(self, people: Iterable[Person]) -> dict[str, tuple[Person, Sighting]]:
        """By external id; the last one of a repeated application wins."""
        return {
            profile.external_id: (person, records.sighting(profile))
            for person in people
            for profile in person.profile.applications or []
        }

    def _unlisted(self, people: Iterable[Person], seen: Collection[str]) -> list[str]:
        """What a person was known to have and the whole membership no longer names (kombo.md 18)."""
        unlisted = []
        for person in people:
            if person.profile.applications is None:
                continue
            before = person.imported.get("applications", [])
            unlisted += [key for key in before if key not in seen]
            person.imported["applications"] = [profile.external_id for profile in person.profile.applications]
        return unlisted

    def _known(self, keys: list[str]) -> dict[str, SourceRecord]:
        if not keys:
            return {}
        found = records.load(self.intake, RecordKind.APPLICATION, keys)
        pks = [record.application_id for record in found.values() if record.application_id]
        held = Application.objects.select_for_update(of=("self",)).select_related("stage").order_by("pk").in_bulk(pks)
        for record in found.values():
            if record.application_id in held:
                record.application = held[record.application_id]
        return found

    def _take_one(self, person: Person, sighting: Sighting, record: SourceRecord | None) -> None:
        if record is None or record.application is None:
            record = record or records.new_record(self.intake, RecordKind.APPLICATION, sighting.external_id)
            application = fresh(Application, workspace_id=self.intake.source.workspace_id)
            application.candidate, record.application = person.candidate, application
            row = Candidacy(person, sighting, application, record, is_new=True, changed=True)
            self._begin(row)
        else:
            entries = self.told.positions.get(record.application.pk, [])
            if record.fingerprint == sighting.fingerprint and record.state == sighting.state and not entries:
                return
            row = Candidacy(person, sighting, record.application, record, is_new=False)
            self._update(row)
        records.remember(self.intake, record, sighting, hold=row.hold)
        record.candidate, record.job_id = person.candidate, row.application.job_id
        record.imported["stage_name"] = row.profile.stage_name
        person.hold |= row.hold
        self.rows.append(row)

    def _begin(self, row: Candidacy) -> None:
        application, profile = row.application, row.profile
        application.job = self.places.job(profile)
        stage = self.places.stage(profile, application.job_id)
        application.stage = stage or self.places.first(profile, application.job_id)
        application.stage_entered_at = self._moment(profile.changed_at)
        if stage is not None:
            application.provenance = {"stage": self.intake.stamp}
        self._fields(row)
        row.imported.update(stage_external_id=profile.stage_external_id, job_external_id=profile.job_external_id)
        outcome = _outcome_of(profile)
        row.imported["outcome"] = outcome
        if outcome:
            self._set_outcome(row, outcome)

    def _update(self, row: Candidacy) -> None:
        application = row.application
        if application.candidate_id != row.person.candidate.pk:
            application.candidate = row.person.candidate  # upstream has put it on another of its people
            row.changed = True
        self._job(row)
        entries = self.told.positions.get(application.pk, [])
        self._stage(row, word_on(entries, "stage"))
        self._outcome(row, word_on(entries, "outcome"))
        self._fields(row)
        if row.changed:
            application.version += 1

    def _fields(self, row: Candidacy) -> None:
        fields = {**row.profile.fields, "custom_fields": row.profile.custom_fields}
        merged = merge(row.application, fields, row.imported, stamp=self.intake.stamp)
        if row.is_new:
            return
        self.clashes.note(row.person.candidate, row.application, merged)
        row.changed |= merged.touched
        if merged.changes:
            self.intake.tell("edited", application=row.application, fields=merged.changes)

    def _job(self, row: Candidacy) -> None:
        """Another job upstream is another pipeline: its stage comes along."""
        profile, application = row.profile, row.application
        if profile.job_external_id in (None, row.imported.get("job_external_id")):
            return
        row.imported["job_external_id"] = profile.job_external_id
        job = self.places.job(profile)
        if job is not None and job.pk != application.job_id:
            application.job, application.stage = job, self.places.stage(profile, job.pk)
            application.stage_entered_at = self._moment(profile.changed_at)
            application.provenance = {**application.provenance, "stage": self.intake.stamp}
            row.imported["stage_external_id"] = profile.stage_external_id
            row.changed = True

    def _stage(self, row: Candidacy, word: Word | None) -> None:
        profile, application, imported = row.profile, row.application, row.imported
        theirs = self.places.stage(profile, application.job_id)
        if theirs is None:
            return
        if self._held(row, word, "stage", profile.stage_external_id):
            return
        known = imported.get("stage_external_id")
        base = self.places.stage_by_id(known) if known else None
        move = weigh(base.pk if base else ABSENT, application.stage_id, theirs.pk)
        if move is Move.TAKE:
            self._move(row, theirs)
        elif move is Move.CLASH:
            ours = application.stage
            self.clashes.add(
                row.person.candidate,
                application,
                "stage",
                Clash(_named(known, base), _named(None, ours), _named(profile.stage_external_id, theirs)),
            )
        if move in (Move.TAKE, Move.ECHO):
            self.clashes.settle(row.person.candidate, application, "stage")
        imported["stage_external_id"] = profile.stage_external_id

    def _held(self, row: Candidacy, word: Word | None, name: str, theirs: Any) -> bool:
        """Whether our own word keeps what they say out. A word that they took is what they said last."""
        if word is None:
            return False
        base = "stage_external_id" if name == "stage" else name
        pushed = row.imported.setdefault("pushed", {})
        if word.value is not None and pushed.get(name) != word.entry_id:
            row.imported[base], pushed[name] = word.value, word.entry_id
        settled_here = row.application.outcome == theirs if name == "outcome" else False
        if word.value != theirs and not settled_here and word.outlives(row.profile.changed_at, self.intake.now):
            row.hold = True
            return True
        return False

    def _move(self, row: Candidacy, stage: Stage) -> None:
        application, left = row.application, row.application.stage
        application.stage = stage
        application.stage_entered_at = self._moment(row.profile.changed_at, since=application.stage_entered_at)
        application.provenance = {**application.provenance, "stage": self.intake.stamp}
        row.changed = True
        told: dict[str, Any] = {"from": left.name if left else "", "to": stage.name}
        told |= {"from_id": str(left.pk) if left else None, "to_id": str(stage.pk)}
        self.intake.tell("moved", application=application, **told)

    def _outcome(self, row: Candidacy, word: Word | None) -> None:
        profile, application, imported = row.profile, row.application, row.imported
        theirs = _outcome_of(profile)
        if not theirs or self._held(row, word, "outcome", theirs):
            return
        ours = application.outcome
        if ours == Outcome.WITHDRAWN and theirs == Outcome.REJECTED:
            ours = theirs  # upstream has one word for both (kombo.md 14)
        move = weigh(imported.get("outcome") or ABSENT, ours, theirs)
        if move is Move.CLASH:
            clash = Clash(imported.get("outcome"), ours, theirs)
            self.clashes.add(row.person.candidate, application, "outcome", clash)
        if move is Move.TAKE:
            self._set_outcome(row, theirs)
            verb = {Outcome.ACTIVE: "reopened"}.get(Outcome(theirs), theirs)
            rejected = theirs == Outcome.REJECTED
            extra: dict[str, Any] = {"reason": application.rejection_reason_text} if rejected else {}
            self.intake.tell(verb, application=application, **extra)
        elif theirs == Outcome.REJECTED == application.outcome:
            self._reason(row, base=imported.get("rejection_reason_name", ""))
        if move in (Move.TAKE, Move.ECHO):
            self.clashes.settle(row.person.candidate, application, "outcome")
        imported["outcome"] = theirs
        imported["rejection_reason_name"] = profile.rejection_reason_name

    def _set_outcome(self, row: Candidacy, outcome: str) -> None:
        application, profile = row.application, row.profile
        application.outcome = outcome
        application.provenance = {**application.provenance, "outcome": self.intake.stamp}
        row.changed = True
        if outcome == Outcome.REJECTED:
            application.rejected_at = profile.rejected_at or self._moment(profile.changed_at)
            application.rejection_reason = self.reasons.get(catalog.key_of(profile.rejection_reason_name))
            application.rejection_reason_text = profile.rejection_reason_name
            row.imported["rejection_reason_name"] = profile.rejection_reason_name
        else:
            application.rejected_at = application.rejection_reason = None
            application.rejection_reason_text = ""

    def _reason(self, row: Candidacy, base: str) -> None:
        """Another reason upstream for the same rejection, unless a person here gave one of their own."""
        application, theirs = row.application, row.profile.rejection_reason_name
        if theirs and weigh(base, application.rejection_reason_text, theirs) is Move.TAKE:
            application.rejection_reason_text = theirs
            application.rejection_reason = self.reasons.get(catalog.key_of(theirs))
            row.changed = True

    def _moment(self, moment: datetime | None, since: datetime | None = None) -> datetime:
        """Their time of a change, as far as it can be: not in the future, and not before what it follows."""
        if moment is None or moment > self.intake.now or (since is not None and moment < since):
            return self.intake.now
        return moment

    def write(self) -> None:
        insert(Application, [row.application for row in self.rows if row.is_new])
        overwrite(Application, [row.application for row in self.rows if row.changed and not row.is_new], WRITTEN)
        for record in self.gone:
            record.state, record.fingerprint = RecordState.NOT_LISTED, ""
            record.last_seen_at = self.intake.now
        self.intake.counts.vanished += len(self.gone)
        created = [row.record for row in self.rows if row.record._state.adding]
        known = [row.record for row in self.rows if not row.record._state.adding]
        records.save_records(created, [*known, *self.gone], ties=["application", "candidate", "job"])
        if self.places.has_new_shared:
            shared.spread(self.intake)


def _outcome_of(profile: ApplicationProfile) -> str:
    return profile.outcome if isinstance(profile.outcome, str) and profile.outcome in Outcome.values else ""


def _named(external_id: str | None, stage: Stage | None) -> dict[str, Any]:
    return {
        "id": str(stage.pk) if stage else None,
        "external_id": external_id,
        "name": stage.name if stage else "",
    }


def obstacle_of(profile: ApplicationProfile) -> str:
    reason = obstacle(Application, {**profile.fields, "custom_fields": profile.custom_fields})
    if not reason and len(profile.rejection_reason_name) > 300:
        reason = "The rejection reason is too long."
    return reason
