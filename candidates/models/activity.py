"""Who did what, when, to whom, from what to what."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.models.job import Job
from candidates.querysets import BEGINNINGS, ActivityQuerySet
from recruitment.models import Membership, WorkspaceModel


class Activity(WorkspaceModel):
    """Append-only: the database refuses changes and deletions, except that erasure may empty ``data``.

    ``data`` by verb: see ``candidates.domain.activity``. ``private_to`` limits an entry to one member;
    ``reveals_review`` marks entries that blindness hides."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=200)  # as it was then: "Ana Koc", "Import from Kombo"
    verb = models.CharField(max_length=40)
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="activity", db_index=False)
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="activity", db_index=False)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="activity", db_index=False)
    private_to = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", db_index=False)
    reveals_review = models.BooleanField(default=False)
    data = models.JSONField(default=dict)

    objects = ActivityQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        verbose_name_plural = "activity"
        indexes = [
            models.Index(fields=["candidate", "-id"], name="activity_candidate"),
            models.Index(fields=["application", "-id"], name="activity_application"),
            models.Index(fields=["job", "-id"], name="activity_job"),
            models.Index(
                fields=["workspace", "-id"], name="activity_but_imports", condition=~models.Q(verb__in=BEGINNINGS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.verb}"
