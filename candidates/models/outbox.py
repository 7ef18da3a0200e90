"""Decisions, what each makes an upstream hear, and how the telling went."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from candidates.enums import SETTLED, DecisionKind, PushKind, PushState
from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.models.source import Source, SourceRecord
from candidates.querysets import OutboxQuerySet
from recruitment.ids import uuid7
from recruitment.models import Membership, WorkspaceModel


class Decision(WorkspaceModel):
    """One thing a member decided. ``before`` and ``after`` hold what undoing it has to restore and to check."""

    kind = models.CharField(max_length=12, choices=DecisionKind.choices)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="decisions")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="decisions")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} by {self.member}"


class OutboxEntry(WorkspaceModel):
    """On screen: a push. One thing one source must be told about one of its rows.

    Entries of one application (or of one candidate, for tags) are sent in the order of their ids. ``lease_token``
    fences: a worker whose lease was taken over can't write its outcome any more."""

    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="entries")
    source = models.ForeignKey(Source, models.PROTECT, related_name="entries")
    record = models.ForeignKey(SourceRecord, models.PROTECT, null=True, related_name="entries")
    kind = models.CharField(max_length=10, choices=PushKind.choices)
    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="entries")
    payload = models.JSONField(default=dict)
    order_key = models.CharField(max_length=80)  # entries with the same key go one after the other
    state = models.CharField(max_length=12, choices=PushState.choices, default=PushState.WAITING)
    due_at = models.DateTimeField(default=timezone.now, null=True)  # null: nothing to do by itself
    attempts = models.PositiveIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    last_error_code = models.CharField(max_length=100, blank=True)
    last_error_message = models.TextField(blank=True)
    requested_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)  # the start of the last attempt
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, related_name="+"
    )  # a person, for unknown ones
    upstream_now = models.JSONField(null=True)  # for a conflict: what upstream says, beside what we expected

    objects = OutboxQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        verbose_name_plural = "outbox entries"
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=PushState.values), name="outbox_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_at__isnull=False) | (~Q(state__in=SETTLED) & Q(settled_at=None)),
                name="outbox_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=PushState.SENDING) | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="outbox_sending_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="outbox_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["order_key", "id"], name="outbox_order", condition=Q(settled_at=None)),
            models.Index(fields=["workspace", "state", "-id"], name="outbox_ledger"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.source}"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class PushAttempt(models.Model):
    """One request and its answer, without headers and secrets."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey("recruitment.Workspace", models.CASCADE, related_name="+")
    entry = models.ForeignKey(OutboxEntry, models.CASCADE, related_name="tries")
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)  # null: the worker died, or is at it
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=500, blank=True)
    request = models.JSONField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="push_attempt_once")]

    def __str__(self) -> str:
        return f"Attempt {self.number}"
