"""Rejection reasons of the workspace, and what each is called upstream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain.cleaning import clean_text
from candidates.enums import RecordKind
from candidates.models import RejectionReason, SourceRecord
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

Tie = Mapping[str, Any]  # {source: Source, external_id}


@transaction.atomic
def save_reason(reason: RejectionReason | None, fields: Mapping[str, Any], *, member: Membership) -> RejectionReason:
    """Make or change a reason. ``fields``: name, position, is_active, upstream ``[{source, external_id}]``, which
    replaces the ties that are there."""
    reason = reason or RejectionReason(workspace_id=member.workspace_id)
    if "name" in fields:
        reason.name = clean_text(fields["name"], 300, "name")
    if not reason.name:
        raise DomainError("Give the reason a name.", field="name", code="required")
    others = RejectionReason.objects.filter(workspace=member.workspace_id, name=reason.name).exclude(pk=reason.pk)
    if others.exists():
        raise Conflict("Another reason has this name.", field="name", code="unique")
    reason.position = fields.get("position", reason.position)
    reason.is_active = fields.get("is_active", reason.is_active)
    reason.save()
    if "upstream" in fields:
        tie_reason(reason, fields["upstream"])
    return reason


def tie_reason(reason: RejectionReason, ties: Sequence[Tie]) -> None:
    """Make exactly these upstream reasons mean this one. Where a source has listed its reasons, others are refused."""
    reason.records.all().update(reason=None)
    for tie in ties:
        source, external_id = tie["source"], tie["external_id"]
        mirrored = SourceRecord.objects.filter(source=source, kind=RecordKind.REASON)
        if mirrored.filter(external_id=external_id).update(reason=reason):
            continue
        if mirrored.exclude(imported={}).exists():
            raise DomainError(f"{source.name} has no such reason.", field="upstream", code="does_not_exist")
        SourceRecord.objects.create(
            workspace_id=reason.workspace_id,
            source=source,
            kind=RecordKind.REASON,
            external_id=external_id,
            reason=reason,
            last_seen_at=timezone.now(),
        )


@transaction.atomic
def shift_reason(reason: RejectionReason, step: int) -> None:
    """One place up (-1) or down (1) in the order in which the reasons are offered."""
    ordered = list(RejectionReason.objects.select_for_update().filter(workspace=reason.workspace_id))
    at = ordered.index(reason)
    if 0 <= at + step < len(ordered):
        ordered[at], ordered[at + step] = ordered[at + step], ordered[at]
    for place, one in enumerate(ordered):
        if one.position != place:
            one.position = place
            one.save(update_fields=["position", "updated_at"])
