"""Two people who may be one, and what making them one has moved."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from candidates.enums import DuplicateState
from candidates.models.candidate import Candidate
from candidates.querysets import DuplicateQuerySet
from recruitment.models import Membership, WorkspaceModel


class Duplicate(WorkspaceModel):
    """A suggestion. ``first`` has the smaller id. ``reasons`` names kinds of likeness and no values of anybody's:
    see ``candidates.domain.duplicates``. "Different people" is remembered, so that nobody is asked twice."""

    first = models.ForeignKey(Candidate, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()  # 1 to 100
    reasons = models.JSONField(default=list)  # ["email", "name", ...]
    state = models.CharField(max_length=9, choices=DuplicateState.choices, default=DuplicateState.OPEN)
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_in_order"),
            models.CheckConstraint(condition=Q(state__in=DuplicateState.values), name="duplicate_state_known"),
        ]
        indexes = [models.Index(fields=["workspace", "state", "-score", "-id"], name="duplicate_list")]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"


class MatchKey(WorkspaceModel):
    """Under which names and places somebody is looked for: people who share a key are compared, and no others."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="match_keys")
    key = models.CharField(max_length=120)

    class Meta(WorkspaceModel.Meta):
        indexes = [models.Index(fields=["workspace", "key"], name="match_key_lookup")]

    def __str__(self) -> str:
        return self.key


class DuplicateSearch(WorkspaceModel):
    """How far the search for duplicates has come. ``mark`` is the last change that was looked at; ``again_from`` is set
    while everybody is gone through once more, and holds the last one who was."""

    mark_at = models.DateTimeField(null=True)
    mark_id = models.UUIDField(null=True)
    again_from = models.UUIDField(null=True)
    is_going_through_all = models.BooleanField(default=False)

    class Meta(WorkspaceModel.Meta):
        verbose_name_plural = "duplicate searches"
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace"], name="duplicate_search_once"),
        ]

    def __str__(self) -> str:
        return f"Search up to {self.mark_at}"


class CandidateMerge(WorkspaceModel):
    """Two people who were made one. ``moved``: ids of what went to the survivor, by model; ``before`` and ``after``:
    the survivor's fields that changed, what the rows said, and what else undoing has to restore."""

    survivor = models.ForeignKey(Candidate, models.PROTECT, related_name="merges")
    other = models.ForeignKey(Candidate, models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.other_id} into {self.survivor_id}"
