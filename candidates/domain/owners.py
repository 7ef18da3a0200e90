"""Whose word counts for a field: a source's, ours, or whoever changed it (design, rule 2).

Kept on the source as ``{field or group: "source" | "quorum"}``. A field that isn't there goes by its group, and a group
that isn't there by the three-way comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from candidates.enums import Owner
from recruitment.errors import DomainError

GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("full_name", "first_name", "last_name"),
    "contact": ("emails", "phones", "links"),
    "work": ("headline", "current_title", "current_company", "experiences", "skills"),
    "place": ("location",),
    "pay": ("compensation", "availability"),
    "other": ("source_label", "confidential", "custom_fields"),
}
GROUP_OF = {field: group for group, fields in GROUPS.items() for field in fields}


def owner_of(owners: Mapping[str, str], field: str) -> str:
    return owners.get(field) or owners.get(GROUP_OF.get(field, "")) or Owner.BOTH


def clean_owners(given: Mapping[str, Any]) -> dict[str, str]:
    """Only what says something: a group that is nobody's, and a field that is its group's, are left out."""
    for name, owner in given.items():
        if name not in GROUPS and name not in GROUP_OF:
            raise DomainError(f"There is no field or group “{name}”.", field="field_owners", code="field_unknown")
        if owner not in Owner.values:
            words = ", ".join(Owner.values)
            raise DomainError(f"The owner is one of {words}.", field="field_owners", code="invalid_choice")
    groups = {name: str(owner) for name, owner in given.items() if name in GROUPS and owner != Owner.BOTH}
    fields = {
        name: str(owner)
        for name, owner in given.items()
        if name in GROUP_OF and owner != groups.get(GROUP_OF[name], Owner.BOTH)
    }
    return groups | fields
