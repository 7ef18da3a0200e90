"""Who is in which pool, where a source lists people pool by pool and the same row can stand in several of them.

Each place in a pool is a source record of its own: what one pool's list shows says nothing of the others, and what no
list shows any more is concluded from complete walks alone, as it is for people (recruspace.md section 9).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from candidates.domain.intake import records
from candidates.domain.intake.run import Intake
from candidates.domain.writing import insert
from candidates.enums import RecordKind, RecordState
from candidates.models import PoolMember, Source, SourceRecord, TalentPool

LONGEST = 200  # characters of an external id
MOST = 1_000  # places that one call ends


class Place(NamedTuple):
    pool: str
    row: str  # the person's row

    @property
    def external_id(self) -> str:
        whole = f"{self.pool}/{self.row}"
        return whole if len(whole) <= LONGEST else hashlib.sha256(whole.encode()).hexdigest()


def take(intake: Intake, rows: Iterable[Any]) -> None:
    """Rows that name pools in ``also_in``, once their people are in the database. A place that is known costs no write
    of its own; one that a person here took somebody out of stays empty as long as the source says nothing new."""
    named = [Place(pool, row.external_id) for row in rows for pool in row.also_in if row.external_id]
    places = {place.external_id: place for place in named}
    if not places:
        return
    there = records.known(intake, RecordKind.POOL_PLACE, places)
    shown = {key for key, known in there.items() if known.state == RecordState.LISTED}
    records.touch(intake, [there[key] for key in shown])
    new = {key: place for key, place in places.items() if key not in shown}
    if new:
        _put(intake, new, there)


def _put(intake: Intake, new: Mapping[str, Place], there: Mapping[str, records.Known]) -> None:
    people = _people(intake, {place.row for place in new.values()})
    pools = _pools(intake, sorted({place.pool for place in new.values()}))
    back = records.load(intake, RecordKind.POOL_PLACE, [key for key in new if key in there])
    made, members = [], []
    for key, place in new.items():
        person, pool = people.get(place.row), pools[place.pool]
        if person is None:  # set aside, or erased
            continue
        record = back.get(key)
        if record is None:
            record = records.new_record(intake, RecordKind.POOL_PLACE, key)
            made.append(record)
        record.state, record.last_seen_at = RecordState.LISTED, intake.now
        record.candidate_id, record.pool = person, pool
        members.append(PoolMember(workspace_id=intake.source.workspace_id, pool=pool, candidate_id=person))
    records.save_records(made, list(back.values()), ties=["candidate", "pool"])
    # Somebody may have put them there by hand, or another row of the same person did.
    insert(PoolMember, members, ignore_conflicts=True)


def _people(intake: Intake, rows: set[str]) -> dict[str, UUID]:
    found = SourceRecord.objects.filter(
        source=intake.source, kind=RecordKind.CANDIDATE, external_id__in=rows, candidate__erased_at=None
    )
    return dict(found.exclude(candidate=None).values_list("external_id", "candidate_id"))


def _pools(intake: Intake, wanted: Sequence[str]) -> dict[str, TalentPool]:
    """A pool that no list has shown yet is made under its id; the list gives it its name."""
    known = records.load(intake, RecordKind.POOL, wanted, "pool")
    found = {key: record.pool for key, record in known.items() if record.pool is not None}
    missing = [key for key in wanted if key not in found]
    made = [TalentPool(workspace_id=intake.source.workspace_id, name=f"Pool {key}"[:200]) for key in missing]
    TalentPool.objects.bulk_create(made)
    created = []
    for key, pool in zip(missing, made, strict=True):
        found[key] = pool
        if (record := known.get(key)) is None:
            record = records.new_record(intake, RecordKind.POOL, key)
            record.imported = {"name": pool.name}
            created.append(record)
        record.pool = pool
    records.save_records(created, [known[key] for key in missing if key in known], ties=["pool"])
    return found


def end(source: Source, *, before: datetime, now: datetime) -> int:
    """Take people out of pools that no list has shown them in since ``before``, and answer how many places ended.

    At most ``MOST`` a call. Only in pools that were listed since then: one that isn't imported any more keeps its
    people. Whoever was put there by a member stays, and so does whoever another row still shows in the pool.
    """
    listed = SourceRecord.objects.filter(source=source, kind=RecordKind.POOL, last_seen_at__gte=before).values("pool")
    places = SourceRecord.objects.filter(kind=RecordKind.POOL_PLACE, state=RecordState.LISTED)
    unseen = places.filter(source=source, pool__in=listed, last_seen_at__lt=before)
    ended = list(unseen.order_by("pk").values_list("pk", "candidate_id", "pool_id")[:MOST])
    if not ended:
        return 0
    pks, people = [pk for pk, _person, _pool in ended], {person for _pk, person, _pool in ended}
    still = set(places.filter(candidate__in=people).exclude(pk__in=pks).values_list("candidate_id", "pool_id"))
    SourceRecord.objects.filter(pk__in=pks).update(state=RecordState.NOT_LISTED, updated_at=now)
    _take_out(Intake(source, now), {(person, pool) for _pk, person, pool in ended} - still)
    return len(ended)


def _take_out(intake: Intake, gone: set[tuple[UUID, UUID]]) -> None:
    members = PoolMember.objects.filter(
        candidate__in={person for person, _pool in gone}, pool__in={pool for _person, pool in gone}, added_by=None
    ).select_related("pool", "candidate")
    taken = [member for member in members if (member.candidate_id, member.pool_id) in gone]
    PoolMember.objects.filter(pk__in=[member.pk for member in taken]).delete()
    for member in taken:
        intake.tell("unpooled", candidate=member.candidate, pool=member.pool.name)
    intake.finish()
