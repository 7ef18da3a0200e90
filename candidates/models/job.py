"""Jobs with their own pipelines, criteria and teams."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from candidates.enums import JobStatus, StageCategory
from candidates.querysets import JobQuerySet, StageQuerySet
from recruitment.models import Membership, WorkspaceModel


class Job(WorkspaceModel):
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=JobStatus.choices, default=JobStatus.OPEN)
    code = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=300, blank=True)
    description_html = models.TextField(blank=True)  # sanitised when it is written
    location = models.JSONField(default=dict, blank=True)
    employment_type = models.CharField(max_length=100, blank=True)
    workplace = models.CharField(max_length=100, blank=True)  # on site, hybrid, remote, in the upstream's words
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    confidential = models.BooleanField(default=False)
    blind = models.BooleanField(default=True, help_text="Verdicts of others are hidden until one's own is given.")
    anonymised = models.BooleanField(default=False, help_text="Reviewers don't see who the person is.")
    upstream_team = models.JSONField(default=list, blank=True)  # [{name, email, roles}] as the source says
    custom_fields = models.JSONField(default=dict, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.CheckConstraint(condition=models.Q(status__in=JobStatus.values), name="job_status_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("candidates:board", args=[self.pk])


class Stage(WorkspaceModel):
    """One step of one job's pipeline. A substage names the stage it is in."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="stages")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="substages")
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=10, choices=StageCategory.choices, default=StageCategory.SCREENING)
    category_is_ours = models.BooleanField(default=False)  # a person set it: an import keeps it
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)  # inactive stages are shown, never a target

    objects = StageQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        ordering = ["position", "id"]
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["job", "id"], name="stage_in_job"),
            models.CheckConstraint(condition=models.Q(category__in=StageCategory.values), name="stage_category_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(WorkspaceModel):
    """What reviewers score from 1 to 4 for this job."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)  # scores given before stay

    class Meta(WorkspaceModel.Meta):
        ordering = ["position", "id"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return self.name


class JobMember(WorkspaceModel):
    """Who works on a job. A reviewer sees the people of exactly these jobs."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="team")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="jobs")
    role = models.CharField(max_length=100, blank=True)  # hiring manager, interviewer, ... free text
    from_source = models.BooleanField(default=False)  # put there by an import that knew the e-mail address

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["job", "member"], name="job_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} on {self.job}"


class RejectionReason(WorkspaceModel):
    """Why somebody was rejected, in the workspace's words. Source records of kind ``rejection_reason`` tie it
    upstream."""

    name = models.CharField(max_length=300)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta(WorkspaceModel.Meta):
        ordering = ["position", "name"]
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "name"], name="rejection_reason_once"),
        ]

    def __str__(self) -> str:
        return self.name
