"""What imports set aside of a person goes when the person is erased (design, rule 7)."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from candidates.domain.erasure import candidate_erased
from integrations import examples
from integrations.models import SyncProblem


@receiver(candidate_erased, dispatch_uid="integrations.erase_problems")
def erase_problems(sender: Any, *, rows: list[tuple[UUID, str, str]], **_: Any) -> None:
    """Rows that were set aside carry what the source sent: those of this person lose it, and their id."""
    by_source: dict[UUID, set[str]] = defaultdict(set)
    for source_id, _kind, external_id in rows:
        by_source[source_id].add(external_id)
    for source_id, external_ids in by_source.items():
        examples.forget(source_id, external_ids)
        SyncProblem.objects.filter(connection__source=source_id, external_id__in=external_ids).update(
            payload=None, external_id="", reason="This person was erased."
        )
