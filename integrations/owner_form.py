"""Whose word counts for which field, as an admin chooses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from candidates.domain.owners import GROUPS
from candidates.domain.sentences import field_label
from candidates.enums import Owner
from candidates.models import Source
from recruitment.errors import DomainError

GROUP_LABELS = {
    "name": "Name",
    "contact": "Contact",
    "work": "Work",
    "place": "Place",
    "pay": "Pay and availability",
    "other": "Everything else",
}
AS_GROUP = ""


class OwnersForm(forms.Form):
    """A choice for each group, named after it, and one for each field of a group that has several."""

    def __init__(self, source: Source, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        choices = [
            (Owner.BOTH.value, "Whoever changes it"),
            (Owner.SOURCE.value, source.name),
            (Owner.QUORUM.value, "Quorum"),
        ]
        kept = source.field_owners
        for group, names in GROUPS.items():
            initial = kept.get(group, Owner.BOTH.value)
            self.fields[group] = forms.ChoiceField(label=GROUP_LABELS[group], choices=choices, initial=initial)
            for name in names if len(names) > 1 else ():
                label = field_label(name).capitalize()
                options = [(AS_GROUP, f"As {GROUP_LABELS[group].lower()}"), *choices]
                first = kept.get(name, AS_GROUP)
                self.fields[name] = forms.ChoiceField(label=label, choices=options, initial=first, required=False)

    def groups(self) -> Iterator[tuple[BoundField, list[BoundField], bool]]:
        """(the group, its fields, whether any of them goes its own way)."""
        for group, names in GROUPS.items():
            fields = [self[name] for name in names if name in self.fields]
            yield self[group], fields, any(field.value() or field.errors for field in fields)

    def owners(self) -> dict[str, str]:
        return {name: owner for name, owner in self.cleaned_data.items() if owner != AS_GROUP}

    def refuse(self, refusal: DomainError) -> None:
        field = (refusal.field or "").removeprefix("field_owners.")
        self.add_error(field if field in self.fields else None, refusal.message)
