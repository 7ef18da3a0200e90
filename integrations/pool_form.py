"""The form that chooses talent pools."""

from __future__ import annotations

from typing import Any

from django import forms

from integrations.models import Connection
from integrations.pool_choice import Offer, chosen, offers
from integrations.pool_options import LONGEST_TAG

ALL, SOME = "all", "some"
WHICH = ((ALL, "All pools, also those that are added later"), (SOME, "Only these"))


class PoolsForm(forms.Form):
    which = forms.ChoiceField(label="What is imported", choices=WHICH, widget=forms.RadioSelect)
    pools = forms.MultipleChoiceField(label="Talent pools", widget=forms.CheckboxSelectMultiple, required=False)
    shortlist = forms.CharField(
        label="Tag for the shortlist",
        required=False,
        max_length=LONGEST_TAG,
        help_text="Whoever is put on a shortlist here gets this tag there. A tag can't be taken off again. Leave it "
        "empty to keep shortlists here.",
    )

    def __init__(self, connection: Connection, *args: Any, **kwargs: Any) -> None:
        mine = chosen(connection)
        kwargs["initial"] = {
            "which": SOME if mine else ALL,
            "pools": mine,
            "shortlist": connection.options.get("shortlist_tag", ""),
        }
        super().__init__(*args, **kwargs)
        choices = [(offer.id, _label(offer)) for offer in offers(connection)]
        self.fields["pools"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("which") == SOME and not given.get("pools") and "pools" not in self.errors:
            self.add_error("pools", "Choose at least one.")
        return given

    def pools_chosen(self) -> list[str]:
        """Ids; none for all."""
        return list(self.cleaned_data["pools"]) if self.cleaned_data["which"] == SOME else []

    def shortlist_tag(self) -> str:
        return str(self.cleaned_data["shortlist"]).strip()


def _label(offer: Offer) -> str:
    if offer.is_gone:
        return f"{offer.name} (no longer there)"
    if offer.candidates is None:
        return offer.name
    return f"{offer.name} ({offer.candidates:,} {'candidate' if offer.candidates == 1 else 'candidates'})"
