"""People are locked before anything of theirs, in the order of their ids. Import, edit and merge all keep to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from candidates.models import Candidate
from recruitment.errors import Conflict


class _More(Exception):
    """Others have to be held as well."""

    def __init__(self, people: set[UUID]) -> None:
        super().__init__()
        self.people = people


def lock_people(people: Collection[UUID], also: Callable[[], Collection[UUID]] = tuple) -> dict[UUID, Candidate]:
    """As they are now, held until the transaction ends. Whoever has been merged meanwhile stands for the one they were
    merged into. ``also`` is asked, when these are held, whom else it takes.

    Nobody is waited for while somebody with a later id is held: what is held is let go first, and all are locked anew.
    """
    wanted = set(people)
    while True:
        try:
            with transaction.atomic():
                held = _lock(wanted)
                needed = {one.merged_into_id for one in held.values() if one.merged_into_id} | set(also())
                if not needed <= wanted:
                    raise _More(needed)
        except _More as more:
            wanted |= more.people
        else:
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
