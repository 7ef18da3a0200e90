"""People are locked before anything of theirs, in the order of their ids. Import, edit and merge all keep to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from candidates.models import Candidate
from recruitment.errors import Conflict


def lock_people(people: Collection[UUID]) -> dict[UUID, Candidate]:
    """As they are now, held until the transaction ends. Whoever has been merged meanwhile stands for the one they were
    merged into."""
    found = _lock(people)
    survivors = {one.merged_into_id for one in found.values() if one.merged_into_id} - found.keys()
    held = {**found, **_lock(survivors)}
    return {pk: held.get(one.merged_into_id, one) if one.merged_into_id else one for pk, one in held.items()}


def lock_candidate(candidate: Candidate) -> Candidate:
    """What is written about somebody who was merged a moment ago lands on the survivor (dangers F77). Raises Conflict
    for somebody who was erased meanwhile."""
    found = lock_people([candidate.pk])[candidate.pk]
    if found.erased_at:
        raise Conflict("This person was erased meanwhile.", code="erased")
    return found


def _lock(people: Collection[Any]) -> Mapping[UUID, Candidate]:
    """Without the key, so that rows which only point at them don't wait."""
    if not people:
        return {}
    return Candidate.objects.select_for_update(of=("self",), no_key=True).order_by("pk").in_bulk(list(people))
