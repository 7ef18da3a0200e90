"""Labels on people, and pools of people without a job."""

from __future__ import annotations

from django.db import models

from candidates.models.candidate import Candidate
from recruitment.models import Membership, WorkspaceModel


class Tag(WorkspaceModel):
    """``key`` is the folded name: two spellings of one word are one tag."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200, editable=False)

    class Meta(WorkspaceModel.Meta):
        ordering = ["key"]
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "key"], name="tag_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CandidateTag(WorkspaceModel):
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="candidate_tags", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="candidate_tags")
    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")  # null: an import

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["candidate", "tag"], name="candidate_tag_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tag} on {self.candidate}"


class TalentPool(WorkspaceModel):
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=500, blank=True)
    custom_fields = models.JSONField(default=dict, blank=True)

    class Meta(WorkspaceModel.Meta):
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class PoolMember(WorkspaceModel):
    pool = models.ForeignKey(TalentPool, models.CASCADE, related_name="members", db_index=False)
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="pool_memberships")
    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["pool", "candidate"], name="pool_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} in {self.pool}"
