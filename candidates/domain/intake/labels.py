"""Which tags and pools people are in: three-way, membership by membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from candidates.domain.intake import catalog, records
from candidates.domain.intake.elsewhere import still_said
from candidates.domain.intake.run import Intake
from candidates.domain.intake.told import Told, word_on_label
from candidates.domain.writing import insert, insert_links
from candidates.enums import RecordKind
from candidates.models import Candidate, CandidateTag, PoolMember, Tag
from recruitment.ids import uuid7


@dataclass(slots=True)
class Person:
    """One changed row of a page on its way in. ``imported`` is the base, moved along by each part. ``joins``: by what
    the person of a new row was recognised as somebody who is known."""

    sighting: records.Sighting
    candidate: Candidate
    imported: dict[str, Any]
    is_new: bool
    joins: str = ""
    changed: bool = False
    hold: bool = False

    @property
    def profile(self) -> Any:
        return self.sighting.profile


@dataclass(slots=True)
class Links:
    """Memberships to add and to take away."""

    new: list[tuple[Any, ...]] = field(default_factory=list)  # of people whom nobody else has seen yet
    add: list[tuple[Any, ...]] = field(default_factory=list)  # (id, workspace, candidate, tag or pool)
    remove: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)  # {membership: (candidate, tag or pool)}

    def to(self, person: Person) -> list[tuple[Any, ...]]:
        return self.new if person.is_new else self.add


def take_tags(intake: Intake, people: Collection[Person], told: Told) -> None:
    tagged = [person for person in people if person.profile.tags is not None]
    tags = catalog.tags_of_source(intake, [tag for person in tagged for tag in person.profile.tags])
    gone = {external_id for person in tagged for external_id in person.imported.get("tags", [])} - tags.keys()
    tags |= {key: row.tag for key, row in records.load(intake, RecordKind.TAG, gone, "tag").items() if row.tag}
    ours = _current(CandidateTag, "tag_id", tagged)
    links = Links()
    for person in tagged:
        _take_tags_of(intake, person, tags, ours[person.candidate.pk], told, links)
    _write(CandidateTag, "tag_id", links, _kept(intake, tagged, "tag", links))


def _take_tags_of(
    intake: Intake, person: Person, tags: Mapping[str, Tag], ours: dict[UUID, UUID], told: Told, links: Links
) -> None:
    """A push about a tag that the copy doesn't show yet holds that one membership back."""
    base = {tags[key].pk: key for key in person.imported.get("tags", []) if key in tags}
    theirs = {tags[tag.external_id].pk: tag.external_id for tag in person.profile.tags if tag.external_id in tags}
    named = {tag.pk: tag for tag in tags.values()}
    after = dict(theirs)
    for pk in {*base, *theirs}:
        here, there = pk in ours, pk in theirs
        if here == there or (pk in base) == there:
            continue
        word = word_on_label(told.labels.get((person.candidate.pk, named[pk].key), []))
        if word and word.outlives(person.profile.changed_at, intake.now):
            person.hold = True
            after = _as_before(after, base, pk)
        else:
            _link(intake, person, named[pk], ours, links, there=there)
    person.imported["tags"] = sorted(after.values())


def _as_before(after: dict[UUID, str], base: Mapping[UUID, str], pk: UUID) -> dict[UUID, str]:
    rest = {key: value for key, value in after.items() if key != pk}
    return rest | ({pk: base[pk]} if pk in base else {})


def _link(intake: Intake, person: Person, tag: Tag, ours: Mapping[UUID, UUID], links: Links, *, there: bool) -> None:
    if there:
        links.to(person).append((uuid7(), tag.workspace_id, person.candidate.pk, tag.pk))
    else:
        links.remove[ours[tag.pk]] = (person.candidate.pk, tag.pk)
    if not person.is_new:
        person.changed = True
    if not person.is_new and not person.joins:
        intake.tell("tagged" if there else "untagged", candidate=person.candidate, tag=tag.name)


def take_pools(intake: Intake, people: Collection[Person]) -> None:
    pooled = [person for person in people if person.profile.pools is not None]
    wanted = {key for person in pooled for key in [*person.profile.pools, *person.imported.get("pools", [])]}
    pools = {key: row.pool for key, row in records.load(intake, RecordKind.POOL, wanted, "pool").items() if row.pool}
    ours = _current(PoolMember, "pool_id", pooled)
    links = Links()
    for person in pooled:
        base = {pools[key].pk for key in person.imported.get("pools", []) if key in pools}
        theirs = {pools[key].pk for key in person.profile.pools if key in pools}
        mine = ours[person.candidate.pk]
        workspace = intake.source.workspace_id
        links.to(person).extend((uuid7(), workspace, person.candidate.pk, pk) for pk in theirs - base - mine.keys())
        links.remove |= {mine[pk]: (person.candidate.pk, pk) for pk in base - theirs if pk in mine}
        person.imported["pools"] = sorted(person.profile.pools)
    _write(PoolMember, "pool_id", links, _kept(intake, pooled, "pool", links))


def _current(model: Any, column: str, people: Iterable[Person]) -> dict[UUID, dict[UUID, UUID]]:
    """``{candidate: {tag or pool: membership}}``; new people have none."""
    found: dict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    pks = [person.candidate.pk for person in people if not person.is_new]
    if pks:
        for candidate, thing, pk in model.objects.filter(candidate__in=pks).values_list("candidate_id", column, "pk"):
            found[candidate][thing] = pk
    return found


def _kept(intake: Intake, people: Iterable[Person], name: str, links: Links) -> set[tuple[UUID, UUID]]:
    page = {one.sighting.external_id: (one.candidate.pk, one.imported.get(f"{name}s", [])) for one in people}
    return still_said(intake.source.pk, name, links.remove.values(), page)


def _write(model: Any, tie: str, links: Links, kept: Collection[tuple[UUID, UUID]]) -> None:
    names = ("id", "workspace_id", "candidate_id", tie)
    gone = [pk for pk, pair in links.remove.items() if pair not in kept]
    if gone:
        model.objects.filter(pk__in=gone).delete()
    insert_links(model, names, links.new)
    # Somebody may have done the same by hand a moment ago.
    insert(model, [model(**dict(zip(names, row, strict=True))) for row in links.add], ignore_conflicts=True)
