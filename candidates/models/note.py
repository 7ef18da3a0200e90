"""Remarks about a person."""

from __future__ import annotations

from django.db import models

from candidates.enums import Visibility
from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.querysets import NoteQuerySet
from recruitment.models import Membership, WorkspaceModel


class Note(WorkspaceModel):
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="notes")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")  # null: an import
    text = models.TextField()
    visibility = models.CharField(max_length=7, choices=Visibility.choices, default=Visibility.TEAM)

    objects = NoteQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Note {self.pk}"
