"""Talent pools and who is in them."""

from __future__ import annotations

from django.db import transaction

from candidates.domain import activity
from candidates.domain.cleaning import clean_text
from candidates.domain.locking import lock_candidate
from candidates.models import Candidate, PoolMember, TalentPool
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership


@transaction.atomic
def add_to_pool(pool: TalentPool, candidate: Candidate, *, member: Membership) -> PoolMember:
    """Being in the pool already is success without an effect."""
    candidate = lock_candidate(candidate)
    found, made = PoolMember.objects.get_or_create(
        pool=pool, candidate=candidate, defaults={"added_by": member, "workspace_id": pool.workspace_id}
    )
    if made:
        activity.record("pooled", actor=member, candidate=candidate, pool=pool.name)
    return found


@transaction.atomic
def take_out_of_pool(pool: TalentPool, candidate: Candidate, *, member: Membership) -> None:
    candidate = lock_candidate(candidate)
    removed, _ = PoolMember.objects.filter(pool=pool, candidate=candidate).delete()
    if not removed:
        raise Conflict("Not in this pool any more.", code="not_in_pool")
    activity.record("unpooled", actor=member, candidate=candidate, pool=pool.name)


@transaction.atomic
def save_pool(
    pool: TalentPool | None, *, member: Membership, name: str | None = None, description: str | None = None
) -> TalentPool:
    """Make or change a pool; None leaves a text as it is."""
    pool = pool or TalentPool(workspace_id=member.workspace_id)
    if name is not None:
        pool.name = clean_text(name, 200, "name")
    if description is not None:
        pool.description = clean_text(description, 500, "description")
    if not pool.name:
        raise DomainError("Give the pool a name.", field="name", code="required")
    pool.save()
    return pool
