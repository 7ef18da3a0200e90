"""People who may be one: suggested with reasons, decided by a person, and remembered.

People are compared only with those who share a key: an address, a phone number, or the beginnings of first and last
name together with employer or town. Keys that very many share say nothing and are passed over. So a search costs as
much as there are people to look at, and not their square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from candidates.domain.identities import EMAIL, LINKEDIN, PHONE
from candidates.domain.names import differ_clearly, likeness, name_of, words
from candidates.domain.search import fold
from candidates.enums import DuplicateState
from candidates.models import Candidate, CandidateIdentity, Duplicate, MatchKey
from candidates.querysets import CandidateQuerySet
from recruitment.errors import Conflict
from recruitment.ids import uuid7
from recruitment.models import Membership

NAME, ALIKE, DIFFERENT, EMPLOYER, PLACE = "name", "name_alike", "names_differ", "employer", "place"
REASONS = {
    EMAIL: "the same e-mail address",
    LINKEDIN: "the same LinkedIn profile",
    PHONE: "the same phone number",
    NAME: "the same name",
    ALIKE: "similar names",
    EMPLOYER: "the same employer",
    PLACE: "the same place",
    DIFFERENT: "but other names",
}
# How sure one reason makes by itself, of 100, and how much where the names clearly differ.
SURE = {EMAIL: (95, 50), LINKEDIN: (95, 55), PHONE: (80, 40)}
NAMED = {EMPLOYER: 70, PLACE: 60}  # with a name that is the same or much alike
SAME_NAME, MUCH_ALIKE = 100, 86  # of 100
MORE = 8  # for each further reason
TOO_MANY = 20  # people who share a key: an address of an office, a common name in a large town
COLUMNS = ("workspace_id", "full_name", "first_name", "last_name", "current_company", "location")

Pair = tuple[UUID, UUID]


def pair(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)


@dataclass(frozen=True, slots=True)
class Likeness:
    score: int
    reasons: list[str]


def look_for_duplicates(workspace_id: UUID, people: Collection[UUID]) -> int:
    """Compare these people with everybody, and bring their open suggestions up to date. Answers how many are new.
    A constant number of queries."""
    with transaction.atomic():
        asked = _load(people)
        _write_keys(workspace_id, asked.values())
        shared = _shared(workspace_id, set(asked))
        others = _load({pk for found in shared for pk in found} - asked.keys())
        found = compare(shared, {**others, **asked})
        return _write(workspace_id, set(people), found)


def _load(people: Collection[UUID]) -> dict[UUID, Candidate]:
    found: CandidateQuerySet = Candidate.objects.present()
    return found.only(*COLUMNS).in_bulk(list(people)) if people else {}


def keys_of(candidate: Candidate) -> list[str]:
    """Under which the person is looked for, beside addresses and numbers."""
    parts = words(name_of(candidate))
    if len(parts) < 2:
        return []
    name = " ".join(sorted([parts[0][:3], parts[-1][:3]]))
    company, place = employer_of(candidate), place_of(candidate)
    keys = ((EMPLOYER, company.split(" ")[0] if company else ""), (PLACE, place))
    return [f"{kind}:{name}:{value}"[:120] for kind, value in keys if value]


def employer_of(candidate: Candidate) -> str:
    return fold(candidate.current_company)


def place_of(candidate: Candidate) -> str:
    """The town, as far as it is said; of a free text the part before the first comma."""
    location: Mapping[str, Any] = candidate.location
    return fold(str(location.get("city") or str(location.get("raw") or "").split(",")[0]))


def _write_keys(workspace_id: UUID, people: Iterable[Candidate]) -> None:
    people = list(people)
    MatchKey.objects.filter(candidate__in=people).delete()
    MatchKey.objects.bulk_create(
        [
            MatchKey(id=uuid7(), workspace_id=workspace_id, candidate=one, key=key)
            for one in people
            for key in keys_of(one)
        ],
        batch_size=1000,
    )


def _shared(workspace_id: UUID, people: set[UUID]) -> dict[Pair, set[str]]:
    """What each pair has in common that it is found by."""
    found: dict[Pair, set[str]] = defaultdict(set)
    for model, columns in ((CandidateIdentity, ("kind", "value")), (MatchKey, ("key",))):
        mine = set(model.objects.filter(candidate__in=people).values_list(*columns))
        known = model.objects.filter(workspace=workspace_id).order_by()
        counted = known.filter(_any_of(columns, mine)).values(*columns).annotate(number=Count("pk"))
        wanted = {row for row in counted.filter(number__range=(2, TOO_MANY)).values_list(*columns) if row in mine}
        holders: dict[Any, list[UUID]] = defaultdict(list)
        for pk, *row in known.filter(_any_of(columns, wanted)).values_list("candidate_id", *columns):
            holders[tuple(row)].append(pk)
        for row, together in holders.items():
            kind = str(row[0]).partition(":")[0]
            for one, other in combinations(sorted(set(together)), 2):
                if one in people or other in people:
                    found[one, other].add(kind)
    return found


def _any_of(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Q:
    """In the order of the index: a kind with all its values, not all values of whatever kind."""
    by_kind: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for *kind, value in rows:
        by_kind[tuple(kind)].append(value)
    found = Q(pk__in=[])
    for kinds, values in by_kind.items():
        found |= Q(**dict(zip(columns[:-1], kinds, strict=True)), **{f"{columns[-1]}__in": values})
    return found


def compare(shared: Mapping[Pair, Iterable[str]], people: Mapping[UUID, Candidate]) -> dict[Pair, Likeness]:
    found = {}
    for (one, other), kinds in shared.items():
        if one in people and other in people and (likely := weigh(people[one], people[other], set(kinds))):
            found[one, other] = likely
    return found


def weigh(one: Candidate, other: Candidate, kinds: Collection[str]) -> Likeness | None:
    """``kinds``: by what they were found. None: not alike enough to be asked about."""
    first, second = name_of(one), name_of(other)
    alike, differ = likeness(first, second), differ_clearly(first, second)
    reasons = [kind for kind in (EMAIL, LINKEDIN, PHONE) if kind in kinds]
    scores = [SURE[kind][differ] for kind in reasons]
    if alike >= MUCH_ALIKE:
        together = [(EMPLOYER, employer_of(one), employer_of(other)), (PLACE, place_of(one), place_of(other))]
        same = [kind for kind, ours, theirs in together if ours and ours == theirs]
        scores += [NAMED[kind] for kind in same]
        if scores:
            reasons += [NAME if alike == SAME_NAME else ALIKE, *same]
    elif differ and reasons:
        reasons.append(DIFFERENT)
    if not scores:
        return None
    return Likeness(min(99, max(scores) + MORE * (len(scores) - 1)), reasons)


def _write(workspace_id: UUID, people: set[UUID], found: Mapping[Pair, Likeness]) -> int:
    """New suggestions are added, open ones corrected, and those that no longer hold are dropped. What somebody has
    decided stays decided."""
    firsts, seconds = {one for one, _other in found}, {other for _one, other in found}
    rows = Duplicate.objects.filter(first__in=firsts, second__in=seconds)
    known = {(row.first_id, row.second_id): row for row in rows}
    new = [
        Duplicate(workspace_id=workspace_id, first_id=one, second_id=other, score=likely.score, reasons=likely.reasons)
        for (one, other), likely in found.items()
        if (one, other) not in known
    ]
    changed = []
    for pair_, likely in found.items():
        row = known.get(pair_)
        if row and row.state == DuplicateState.OPEN and (row.score, row.reasons) != (likely.score, likely.reasons):
            row.score, row.reasons = likely.score, likely.reasons
            changed.append(row)
    Duplicate.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    if changed:
        Duplicate.objects.bulk_update(changed, ["score", "reasons"], batch_size=500)
    _drop(people, set(found))
    return len(new)


def _drop(people: set[UUID], found: set[Pair]) -> None:
    mine = Duplicate.objects.open()
    gone = []
    for column in ("first", "second"):
        rows = mine.filter(**{f"{column}__in": people}).values_list("pk", "first_id", "second_id")
        gone += [pk for pk, one, other in rows if (one, other) not in found]
    if gone:
        mine.filter(pk__in=gone).delete()


def in_words(reasons: Iterable[str]) -> str:
    """ "The same e-mail address, similar names": one line."""
    text = ", ".join(REASONS.get(reason, reason) for reason in reasons)
    return text[:1].upper() + text[1:]


@transaction.atomic
def dismiss(duplicate: Duplicate, *, member: Membership) -> Duplicate:
    """Different people. Nobody is asked again."""
    duplicate = Duplicate.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    if duplicate.state != DuplicateState.OPEN:
        raise Conflict("Somebody has decided this already.", code="already_decided")
    duplicate.state, duplicate.decided_by, duplicate.decided_at = DuplicateState.DIFFERENT, member, timezone.now()
    duplicate.save(update_fields=["state", "decided_by", "decided_at", "updated_at"])
    return duplicate


def call_different(one: Candidate, other: Candidate, *, member: Membership) -> None:
    """Whether or not anybody had suggested it."""
    first, second = pair(one.pk, other.pk)
    decided = {"state": DuplicateState.DIFFERENT, "decided_by": member, "decided_at": timezone.now()}
    Duplicate.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults=decided,
        create_defaults={**decided, "workspace_id": one.workspace_id, "score": 1, "reasons": []},
    )
