"""“Not the same person”: a row that was taken for somebody's becomes a person of its own again.

Everything that came with it goes along. What people have written about the person stays where it is, unless it is about
an application that goes along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.belongings import LABELS, applications_of, hand_over, hand_over_applications
from candidates.domain.duplicates import call_different
from candidates.domain.file_texts import refresh_file_words
from candidates.domain.identities import write_identities
from candidates.domain.intake.elsewhere import still_said
from candidates.domain.intake.merging import merge as take_over
from candidates.domain.intake.values import is_blank, plain
from candidates.domain.locking import lock_candidate
from candidates.domain.search import search_text
from candidates.domain.unmerging import SAID
from candidates.enums import ConflictState, RecordKind
from candidates.models import Attachment, Candidate, FieldConflict, OutboxEntry, SourceRecord
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership


@transaction.atomic
def split_off(record: SourceRecord, *, member: Membership) -> Candidate:
    """Answers the new person. The two are remembered as different people, so that nobody suggests or links them again.
    Refused for a person's only row."""
    if record.kind != RecordKind.CANDIDATE or record.candidate is None:
        raise DomainError("This row isn't a person's.", field="record", code="invalid")
    person = lock_candidate(record.candidate)
    record = SourceRecord.objects.select_for_update(of=("self",)).select_related("source").get(pk=record.pk)
    others = list(SourceRecord.objects.filter(candidate=person, kind=RecordKind.CANDIDATE).exclude(pk=record.pk))
    if record.candidate_id != person.pk:
        raise Conflict("This row belongs to somebody else by now.", code="moved_meanwhile")
    if not others:
        raise DomainError("This is the only source of this person.", field="record", code="only_source")
    made = _person_of(record, person)
    record.candidate = made
    record.save(update_fields=["candidate", "updated_at"])
    hand_over_applications(applications_of(record), person, made)
    hand_over(OutboxEntry, OutboxEntry.objects.filter(record=record).values_list("pk", flat=True), made)
    hand_over(Attachment, Attachment.objects.filter(record=record).values_list("pk", flat=True), made)
    for one in (person, made):
        refresh_file_words(one.pk)
    _take_labels_along(record, person, made)
    _take_back(record, person, others)
    _close_conflicts(record, person, others, member)
    write_identities([person, made])
    call_different(person, made, member=member)
    told = {"source": record.source.name}
    activity.record("split", actor=member, candidate=person, other=str(made.pk), **told)
    activity.record("split_off", actor=member, candidate=made, other=str(person.pk), **told)
    return made


def _person_of(record: SourceRecord, person: Candidate) -> Candidate:
    made = Candidate(workspace_id=person.workspace_id, confidential=person.confidential)
    stamp = {"source": str(record.source_id), "at": record.last_seen_at.isoformat()}
    take_over(made, {name: value for name, value in record.imported.items() if name in SAID}, {}, stamp=stamp)
    made.search_text = search_text(made)
    made.save(force_insert=True)
    return made


def _take_labels_along(record: SourceRecord, person: Candidate, made: Candidate) -> None:
    """Tags and pools that this row named. The person keeps those that another row names, or a member gave."""
    places = SourceRecord.objects.filter(
        kind=RecordKind.POOL_PLACE,
        source=record.source_id,
        candidate=person,
        external_id__endswith=f"/{record.external_id}",
    )
    stood_in = {pk for pk in places.values_list("pool_id", flat=True) if pk}
    places.update(candidate=made)
    for name, (model, tie) in zip(("tag", "pool"), LABELS.values(), strict=True):
        named = record.imported.get(f"{name}s") or []
        rows = SourceRecord.objects.filter(source=record.source_id, kind=name, external_id__in=named)
        labels = {pk for pk in rows.values_list(f"{name}_id", flat=True) if pk} | (
            stood_in if name == "pool" else set()
        )
        model.objects.bulk_create(
            [model(workspace_id=made.workspace_id, candidate=made, **{tie: label}) for label in labels],
            ignore_conflicts=True,
        )
        kept = still_said(record.source_id, name, {(person.pk, label) for label in labels}, {})
        gone = labels - {label for _person, label in kept}
        model.objects.filter(candidate=person, added_by=None, **{f"{tie}__in": gone}).delete()


def _take_back(record: SourceRecord, person: Candidate, others: list[SourceRecord]) -> None:
    """Values that came with this row alone go with it; what another row says takes their place."""
    for name in SAID & record.imported.keys():
        said, ours = record.imported[name], plain(getattr(person, name))
        if name == "custom_fields":
            _take_back_custom(record, person, others)
            continue
        known = [other for other in others if not is_blank(other.imported.get(name))]
        came_with_it = person.provenance.get(name, {}).get("source") == str(record.source_id) and ours == said
        if not came_with_it or any(other.imported[name] == ours for other in known):
            continue
        stands_in = known[0] if known else None
        blank = Candidate._meta.get_field(name).get_default()  # type: ignore[union-attr]
        setattr(person, name, stands_in.imported[name] if stands_in else blank)
        person.provenance = _origin(person.provenance, name, stands_in)
    person.search_text = search_text(person)
    person.version += 1
    person.save()


def _take_back_custom(record: SourceRecord, person: Candidate, others: list[SourceRecord]) -> None:
    said: Mapping[str, Any] = record.imported.get("custom_fields") or {}
    elsewhere: dict[str, Any] = {}
    for other in reversed(others):
        elsewhere |= other.imported.get("custom_fields") or {}
    rest = {key: value for key, value in person.custom_fields.items() if said.get(key) != value}
    person.custom_fields = rest | {key: value for key, value in elsewhere.items() if key in said and key not in rest}


def _origin(provenance: Mapping[str, Any], name: str, record: SourceRecord | None) -> dict[str, Any]:
    rest = {key: value for key, value in provenance.items() if key != name}
    return rest | ({name: {"source": str(record.source_id), "at": record.last_seen_at.isoformat()}} if record else {})


def _close_conflicts(record: SourceRecord, person: Candidate, others: list[SourceRecord], member: Membership) -> None:
    if any(other.source_id == record.source_id for other in others):
        return
    now = timezone.now()
    opened = FieldConflict.objects.filter(candidate=person, source=record.source_id, application=None)
    opened.filter(state=ConflictState.OPEN).update(
        state=ConflictState.OURS, resolved_at=now, resolved_by=member, updated_at=now
    )
