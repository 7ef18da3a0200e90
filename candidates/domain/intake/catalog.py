"""The small lists of a source: tags, talent pools, rejection reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from candidates.domain.intake import records
from candidates.domain.intake.merging import Move, weigh
from candidates.domain.intake.records import Sighting
from candidates.domain.intake.run import Intake
from candidates.domain.search import fold
from candidates.enums import RecordKind, RecordState
from candidates.models import RejectionReason, SourceRecord, Tag, TalentPool

NAMELESS = "The row has no name."


def take_tags(intake: Intake, rows: Sequence[Any]) -> None:
    _take(intake, RecordKind.TAG, "tag", rows, lambda seen: tags_by_name(intake, [row.profile.name for row in seen]))


def take_pools(intake: Intake, rows: Sequence[Any]) -> None:
    _take(intake, RecordKind.POOL, "pool", rows, lambda seen: _pools(intake, seen))


def take_reasons(intake: Intake, rows: Sequence[Any]) -> None:
    def by_name(seen: list[Sighting]) -> Mapping[str, Any]:
        return reasons_by_name(intake, [row.profile.name for row in seen])

    _take(intake, RecordKind.REASON, "reason", rows, by_name)


def _take(
    intake: Intake, kind: str, tie: str, rows: Sequence[Any], named: Callable[[list[Sighting]], Mapping[str, Any]]
) -> None:
    """``named`` answers the local thing for each name of new rows, made where there is none."""
    seen = [row for row in records.sightings(intake, records.read_all(intake, rows)) if _fits(intake, row)]
    there = records.known(intake, kind, [row.external_id for row in seen])
    same = records.unchanged(seen, there)
    records.touch(intake, [there[row.external_id] for row in same])
    intake.counts.unchanged += len(same)
    skip = {row.external_id for row in same}
    changed = [row for row in seen if row.external_id not in skip]
    if not changed:
        return
    loaded = records.load(intake, kind, [row.external_id for row in changed if row.external_id in there], tie)
    fresh = [row for row in changed if row.external_id not in loaded]
    things = named(fresh) if fresh else {}
    created = []
    for row in changed:
        record = loaded.get(row.external_id)
        if record is None:
            record = records.new_record(intake, kind, row.external_id, **{tie: things[key_of(row.profile.name)]})
            created.append(record)
            intake.counts.created += 1
        else:
            _rename(record, tie, row.profile.name)
            intake.counts.updated += 1
        records.remember(intake, record, row)
        record.imported = {"name": row.profile.name}
    records.save_records(created, list(loaded.values()))


def _fits(intake: Intake, row: Sighting) -> bool:
    if key_of(row.profile.name):
        return True
    if row.state == RecordState.DELETED:
        row.profile.name = row.external_id  # anonymised after deletion: the id is all that is left to call it by
        return True
    intake.set_aside(row.profile, NAMELESS)
    return False


def key_of(name: str) -> str:
    return fold(name)[:200]


def _rename(record: SourceRecord, tie: str, name: str) -> None:
    """Their new name is ours, unless somebody renamed it here, or another of ours has that name already."""
    thing = getattr(record, tie)
    if thing is None or weigh(record.imported.get("name"), thing.name, name) is not Move.TAKE:
        return
    others = type(thing).objects.filter(workspace_id=thing.workspace_id).exclude(pk=thing.pk)
    if tie == "tag":
        taken = others.filter(key=key_of(name)).exists()
        thing.key = key_of(name)
    else:
        taken = tie == "reason" and others.filter(name=name).exists()
    if not taken:
        thing.name = name
        thing.save()


def tags_by_name(intake: Intake, names: Sequence[str]) -> dict[str, Tag]:
    """By folded name: two spellings of one word are one tag."""
    wanted = {key_of(name): name for name in reversed(names) if key_of(name)}
    found = {tag.key: tag for tag in Tag.objects.filter(workspace=intake.source.workspace_id, key__in=wanted)}
    made = [
        Tag(workspace_id=intake.source.workspace_id, name=name[:200], key=key)
        for key, name in wanted.items()
        if key not in found
    ]
    if not made:
        return found
    # Somebody may be typing the same tag at this moment: theirs wins, and is read again.
    Tag.objects.bulk_create(made, ignore_conflicts=True)
    return {tag.key: tag for tag in Tag.objects.filter(workspace=intake.source.workspace_id, key__in=wanted)}


def reasons_by_name(intake: Intake, names: Sequence[str], *, make: bool = True) -> dict[str, RejectionReason]:
    wanted = {key_of(name): name[:300] for name in reversed(names) if key_of(name)}
    known = {key_of(reason.name): reason for reason in _reasons(intake)}
    missing = [key for key in wanted if key not in known]
    if missing and make:
        first = len(known)
        made = [
            RejectionReason(workspace_id=intake.source.workspace_id, name=wanted[key], position=first + place)
            for place, key in enumerate(reversed(missing))
        ]
        RejectionReason.objects.bulk_create(made, ignore_conflicts=True)
        known = {key_of(reason.name): reason for reason in _reasons(intake)}
    return {key: known[key] for key in wanted if key in known}


def _reasons(intake: Intake) -> Any:
    return RejectionReason.objects.filter(workspace=intake.source.workspace_id)


def _pools(intake: Intake, seen: list[Sighting]) -> dict[str, TalentPool]:
    """A pool of the source is a pool of its own, whatever others are called."""
    made = {
        key_of(row.profile.name): TalentPool(
            workspace_id=intake.source.workspace_id,
            name=row.profile.name[:200],
            custom_fields=row.profile.custom_fields,
        )
        for row in seen
    }
    TalentPool.objects.bulk_create(made.values())
    return made


def tags_of_source(intake: Intake, profiles: Sequence[Any]) -> dict[str, Tag]:
    """The tag for each external id that people carry, made and tied where no list has shown it yet."""
    by_id = {profile.external_id: profile for profile in profiles if key_of(profile.name)}
    tied = records.load(intake, RecordKind.TAG, list(by_id), "tag")
    found = {external_id: record.tag for external_id, record in tied.items() if record.tag is not None}
    missing = [profile for external_id, profile in by_id.items() if external_id not in tied]
    if missing:
        named = tags_by_name(intake, [profile.name for profile in missing])
        created = []
        for profile in missing:
            tag = found[profile.external_id] = named[key_of(profile.name)]
            record = records.new_record(intake, RecordKind.TAG, profile.external_id, tag=tag)
            record.state, record.imported = RecordState.LISTED, {"name": profile.name}
            created.append(record)
        SourceRecord.objects.bulk_create(created)
    return found
