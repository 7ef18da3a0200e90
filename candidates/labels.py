"""What a person is labelled with: tags, and the talent pools that they are in."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db.models import Value

from candidates.domain.search import fold
from candidates.models import Candidate, CandidateTag, PoolMember


class Label(NamedTuple):
    id: UUID
    name: str
    kind: str


def labels_of(person: Candidate) -> dict[str, list[Label]]:
    """``{person_tags: [...], person_pools: [...]}`` by name, in one query."""
    tags = CandidateTag.objects.filter(candidate=person).values_list("tag_id", "tag__name", Value("tag"))
    pools = PoolMember.objects.filter(candidate=person).values_list("pool_id", "pool__name", Value("pool"))
    found = [Label(*row) for row in tags.order_by().union(pools.order_by(), all=True)]
    found.sort(key=lambda label: fold(label.name))
    return {f"person_{kind}s": [one for one in found if one.kind == kind] for kind in ("tag", "pool")}
