"""A person's candidacy for one job, and the ordered few of a job."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from candidates.enums import Outcome
from candidates.models.candidate import Candidate
from candidates.models.job import Job, RejectionReason, Stage
from candidates.querysets import ApplicationQuerySet
from recruitment.models import WorkspaceModel


class Application(WorkspaceModel):
    """``job`` is null where a source names none; ``stage`` stays what it was when somebody is rejected, so that
    reopening leads back to it. The ``upstream_`` fields are signals of the source, never opinions of the team."""

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="applications")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="applications", db_index=False)
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="applications")
    stage_entered_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ACTIVE)
    rejection_reason = models.ForeignKey(RejectionReason, models.PROTECT, null=True, blank=True, related_name="+")
    rejection_reason_text = models.CharField(max_length=300, blank=True)  # as upstream names it
    rejected_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    upstream_rating = models.CharField(max_length=100, blank=True)  # byte for byte
    upstream_score = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    scores = models.JSONField(default=dict, blank=True)  # {"match": 64.5, "screening": 71}
    upstream_status = models.CharField(max_length=300, blank=True)  # byte for byte
    upstream_note = models.TextField(blank=True)  # the one text some sources keep per application
    top_choice = models.BooleanField(default=False)  # the candidate's own mark
    top_choice_message = models.TextField(blank=True)
    screening_answers = models.JSONField(default=list, blank=True)  # [{question, type, answer}]
    interviews = models.JSONField(default=list, blank=True)  # [{title, starts_at, ends_at, place, cancelled}], ISO
    offers = models.JSONField(default=list, blank=True)  # [{status, starts_on}], as the source names the status
    events = models.JSONField(default=dict, blank=True)  # {"screening_started_at": ISO, ...} read-only facts
    custom_fields = models.JSONField(default=dict, blank=True)
    provenance = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="application_outcome_known"),
            models.CheckConstraint(
                condition=models.Q(job__isnull=False) | models.Q(stage__isnull=True), name="application_stage_needs_job"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "outcome", "stage", "stage_entered_at"], name="application_board"),
            models.Index(fields=["workspace", "outcome", "-id"], name="application_outcome"),
        ]

    def __str__(self) -> str:
        return f"Application {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('candidates:candidate', args=[self.candidate_id])}?application={self.pk}"


class ShortlistEntry(WorkspaceModel):
    """One of the ordered few of a job. ``position`` counts from 1."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="shortlist")
    application = models.OneToOneField(Application, models.CASCADE, related_name="shortlist_entry")
    position = models.PositiveIntegerField()
    added_by = models.ForeignKey("recruitment.Membership", models.PROTECT, related_name="+")

    class Meta(WorkspaceModel.Meta):
        ordering = ["position", "id"]
        verbose_name_plural = "shortlist entries"

    def __str__(self) -> str:
        return f"{self.position}. of {self.job}"
