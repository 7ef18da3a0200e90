"""The search for duplicates goes on by itself: after each change, and once a night through everybody.

How far it has come is a row, so that a worker that dies loses one batch of comparing and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from candidates.domain.duplicates import look_for_duplicates
from candidates.models import Candidate, DuplicateSearch
from recruitment.models import Workspace

BATCH = 500  # people that are compared together
SLICE = 20.0  # seconds of work before the worker is free for others


def search_everywhere(*, seconds: float = SLICE) -> None:
    """Go on in every workspace where somebody has changed, each for its part of the time."""
    started = time.monotonic()
    for workspace_id in _waiting():
        while search_on(workspace_id):
            if time.monotonic() - started > seconds:
                return


def go_through_all() -> None:
    """Everybody once more: what the search could not see while it happened is found now."""
    known = set(DuplicateSearch.objects.values_list("workspace_id", flat=True))
    DuplicateSearch.objects.bulk_create(
        [DuplicateSearch(workspace_id=pk) for pk in Workspace.objects.values_list("pk", flat=True) if pk not in known],
        ignore_conflicts=True,
    )
    DuplicateSearch.objects.update(is_going_through_all=True, again_from=None)


def _waiting() -> Iterator[UUID]:
    """Workspaces with somebody who has changed since the mark, or who is to be looked at again."""
    here = Candidate.objects.filter(workspace=OuterRef("pk"))
    search = DuplicateSearch.objects.filter(workspace=OuterRef("pk"))
    changed = Candidate.objects.filter(workspace=OuterRef("workspace"), updated_at__gt=OuterRef("mark_at"))
    behind = search.filter(Q(is_going_through_all=True) | Q(mark_at=None) | Exists(changed))
    found = Workspace.objects.filter(Exists(here)).filter(Exists(behind) | ~Exists(search))
    yield from found.values_list("pk", flat=True)


@transaction.atomic
def search_on(workspace_id: UUID) -> bool:
    """One batch. Whether there is more to do; False as well when somebody else is at it."""
    DuplicateSearch.objects.bulk_create([DuplicateSearch(workspace_id=workspace_id)], ignore_conflicts=True)
    search = DuplicateSearch.objects.select_for_update(skip_locked=True).filter(workspace=workspace_id).first()
    if search is None:
        return False
    people = _changed(search) or _next_of_all(search)
    if people:
        look_for_duplicates(workspace_id, people)
    search.save()
    return bool(people)


def _changed(search: DuplicateSearch) -> list[UUID]:
    """The next who have changed, the earliest first; moves the mark."""
    found = Candidate.objects.present().filter(workspace=search.workspace_id)
    if search.mark_at is not None:
        beyond = Q(updated_at__gt=search.mark_at) | Q(pk__gt=search.mark_id)
        found = found.filter(updated_at__gte=search.mark_at).filter(beyond)
    rows = list(found.order_by("updated_at", "pk").values_list("pk", "updated_at")[:BATCH])
    if rows:
        search.mark_id, search.mark_at = rows[-1]
    return [pk for pk, _at in rows]


def _next_of_all(search: DuplicateSearch) -> list[UUID]:
    if not search.is_going_through_all:
        return []
    found = Candidate.objects.present().filter(workspace=search.workspace_id)
    if search.again_from is not None:
        found = found.filter(pk__gt=search.again_from)
    people = list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])
    search.again_from = people[-1] if people else None
    search.is_going_through_all = bool(people)
    return people
