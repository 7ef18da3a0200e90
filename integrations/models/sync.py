"""One import, stream by stream, with what it did and what it set aside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from integrations.enums import UNFINISHED, ProblemState, SyncMode, SyncState, Trigger
from integrations.models.connection import Connection
from integrations.querysets import SyncRunQuerySet
from recruitment.models import Membership, WorkspaceModel


class SyncRun(WorkspaceModel):
    """At most one unfinished run a connection, held by the database. ``lease_token`` fences: a worker that lost its
    lease can't commit a page any more."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="runs")
    mode = models.CharField(max_length=11, choices=SyncMode.choices, default=SyncMode.INCREMENTAL)
    trigger = models.CharField(max_length=8, choices=Trigger.choices, default=Trigger.MANUAL)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=SyncState.choices, default=SyncState.QUEUED)
    requested_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    pickups = models.PositiveIntegerField(default=0)  # how often a worker took it up
    resume_at = models.DateTimeField(null=True)  # waiting for a rate limit: not before this
    error_code = models.CharField(max_length=100, blank=True)
    error_message = models.TextField(blank=True)

    objects = SyncRunQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["connection"], condition=Q(state__in=UNFINISHED), name="sync_run_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=SyncState.values), name="sync_run_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} from {self.connection}"


class SyncStream(WorkspaceModel):
    """Progress of one stream in one run. ``cursor`` is the next page's; it commits together with the rows before it.

    fetched = created + updated + unchanged + set_aside + skipped.
    """

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="streams")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    since = models.DateTimeField(null=True)  # what changed after this; null: everything
    started_at = models.DateTimeField(null=True)  # the wall clock before the first request: the next ``since``
    cursor = models.TextField(null=True)  # noqa: DJ001  an empty cursor is one, too
    complete = models.BooleanField(default=False)
    restarts = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)  # the provider's hint
    walk = models.PositiveSmallIntegerField(default=1)  # read once more after the list moved while it was read
    owed = models.PositiveIntegerField(null=True)  # rows that were there when the second walk began
    moved = models.BooleanField(default=False)  # the total sank during this walk
    unrecorded = models.PositiveIntegerField(default=0)  # rows of this walk that left no record behind
    short = models.BooleanField(default=False)  # ended, and fewer rows were shown than there are
    pages = models.PositiveIntegerField(default=0)
    fetched = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)  # rows asked about one by one because no walk showed them
    cost = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)  # of what a dry run would do, see ``integrations.examples``

    class Meta(WorkspaceModel.Meta):
        ordering = ["position"]
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["run", "name"], name="sync_stream_once"),
        ]

    def __str__(self) -> str:
        return self.name


class StreamMark(WorkspaceModel):
    """Up to when a stream of a connection has been read completely (kombo.md 7.4: one per integration and endpoint)."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="marks")
    stream = models.CharField(max_length=40)
    read_until = models.DateTimeField()
    full_at = models.DateTimeField(null=True)  # the start of the last complete walk
    walks = models.JSONField(default=list)  # starts of the last complete walks over everything, ISO, the newest last
    missing = models.PositiveIntegerField(null=True)  # rows to be called no longer listed; null: not counted yet
    held_of = models.PositiveIntegerField(null=True)  # so many are missing of so many that nothing is concluded
    accepted_before = models.DateTimeField(null=True)  # an admin said: what was last seen before this is gone

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(fields=["connection", "stream"], name="stream_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} until {self.read_until}"


class SyncProblem(WorkspaceModel):
    """A row that was set aside, with what came and why it could not be taken."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="problems")
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="problems")
    stream = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    payload = models.JSONField(null=True)
    state = models.CharField(max_length=9, choices=ProblemState.choices, default=ProblemState.OPEN)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.stream} {self.external_id}"
