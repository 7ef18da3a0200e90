"""An admin says whose word counts for a field of a source (``candidates.domain.owners``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.conflicts import resolve_conflict
from candidates.domain.owners import GROUP_OF, clean_owners, owner_of
from candidates.enums import ConflictState, Owner
from candidates.models import FieldConflict, Source
from recruitment.errors import Conflict
from recruitment.models import Membership


def set_owners(source: Source, given: Mapping[str, Any], *, member: Membership) -> Source:
    """Replace the owners. Fields that differ now are settled by them at once; everybody else's the next time that the
    source's row is read. Conflict when another source owns a field already: two words can't both win."""
    owners = clean_owners(given)
    with transaction.atomic():
        source = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
        before = source.field_owners
        if owners == before:
            return source
        _refuse_second_owner(source, owners)
        source.field_owners, source.owners_changed_at = owners, timezone.now()
        source.save(update_fields=["field_owners", "owners_changed_at", "updated_at"])
        activity.record("owners_changed", actor=member, source=source.name, owners=owners, before=before)
    _settle(source, member)
    return source


def _refuse_second_owner(source: Source, owners: Mapping[str, str]) -> None:
    mine = {field for field in GROUP_OF if owner_of(owners, field) == Owner.SOURCE}
    others = Source.objects.filter(workspace=source.workspace_id, is_connected=True).exclude(pk=source.pk)
    for other in others.exclude(field_owners={}):
        twice = sorted(field for field in mine if owner_of(other.field_owners, field) == Owner.SOURCE)
        if twice:
            raise Conflict(f"{other.name} owns this already.", field=f"field_owners.{twice[0]}", code="owned_already")


def _settle(source: Source, member: Membership) -> None:
    keeps = {Owner.SOURCE: "theirs", Owner.QUORUM: "ours"}
    found = FieldConflict.objects.filter(source=source, application=None, state=ConflictState.OPEN)
    for conflict in found.iterator():
        keep = keeps.get(Owner(owner_of(source.field_owners, conflict.field)))
        if keep:
            resolve_conflict(conflict, member=member, keep=keep)
