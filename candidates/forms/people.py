"""A person added by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from candidates.models import Job
from recruitment.models import Membership


class NewCandidateForm(forms.Form):
    full_name = forms.CharField(
        label="Name", max_length=300, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    headline = forms.CharField(max_length=500, required=False, help_text="What they do, in a line.")
    link = forms.URLField(label="Link", max_length=2000, required=False, assume_scheme="https")
    job = forms.ModelChoiceField(Job.objects.none(), required=False, empty_label="No job yet")

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["job"].queryset = Job.objects.visible_to(member).open().order_by("title")  # type: ignore[attr-defined]

    def as_candidate(self) -> dict[str, Any]:
        """As ``candidates.domain.people.create_candidate`` takes it."""
        typed = self.cleaned_data
        return {
            "full_name": typed["full_name"],
            "headline": typed["headline"],
            "emails": [typed["email"]] if typed["email"] else [],
            "links": [typed["link"]] if typed["link"] else [],
        }
