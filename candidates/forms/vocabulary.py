"""The workspace's own words: tags, talent pools, rejection reasons. The verbs of the domain have the last say."""

from __future__ import annotations

from django import forms


class TagForm(forms.Form):
    name = forms.CharField(label="New tag", max_length=100)


class PoolForm(forms.Form):
    name = forms.CharField(max_length=200)
    description = forms.CharField(label="What it is for", max_length=500, required=False)


class ReasonForm(forms.Form):
    name = forms.CharField(label="Reason", max_length=300)


class ReasonSettingsForm(ReasonForm):
    is_active = forms.BooleanField(
        label="In use", required=False, help_text="What isn't in use can't be chosen; who was rejected so stays so."
    )
