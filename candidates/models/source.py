"""Where things come from: upstream systems, their rows, and where they and we disagree."""

from __future__ import annotations

from django.db import models

from candidates.enums import ConflictState, RecordKind, RecordState
from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.models.job import Job, RejectionReason, Stage
from candidates.models.tagging import Tag, TalentPool
from candidates.querysets import ConflictQuerySet, SourceQuerySet, SourceRecordQuerySet
from recruitment.models import WorkspaceModel


class Source(WorkspaceModel):
    """An upstream system as the domain sees it. ``provider`` is text; ``pushes`` says what it can be told:
    ``{kind: ""}`` when it can, ``{kind: "why not"}`` when it can't. A kind that isn't there can't be told.

    ``terms`` says in which terms: ``{"statuses": {kind: status}, "fields": [column]}``. A kind with a status is told by
    moving to it; ``fields`` are the columns of a candidate that the source takes."""

    name = models.CharField(max_length=200)
    provider = models.CharField(max_length=40)
    provider_label = models.CharField(max_length=100, blank=True)
    pushes = models.JSONField(default=dict, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    lists_files = models.BooleanField(default=False)  # its rows don't say which files a person has: it must be asked
    is_connected = models.BooleanField(default=True)  # False: disconnected, its history stays
    field_owners = models.JSONField(default=dict, blank=True)  # {field or group: owner}: candidates.domain.ownership
    owners_changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def why_not(self, kind: str) -> str:
        """The reason why it can't be told; empty when it can."""
        if not self.is_connected:
            return f"{self.name} is disconnected."
        return self.pushes.get(kind, f"{self.provider_label or self.name} can't be told this.")

    def status_for(self, kind: str) -> str:
        """The source's own status that stands for a decision; empty where decisions aren't statuses."""
        return str((self.terms.get("statuses") or {}).get(kind) or "")

    @property
    def takes_fields(self) -> frozenset[str]:
        return frozenset(self.terms.get("fields") or ())


class SourceRecord(WorkspaceModel):
    """One upstream row, tied to the local thing it became.

    ``imported`` holds the values as they came last time: the base of the three-way comparison. ``fingerprint`` is the
    hash of everything that was read, so that an unchanged row costs no write.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="records", db_index=False)
    kind = models.CharField(max_length=16, choices=RecordKind.choices)
    external_id = models.CharField(max_length=200)
    remote_id = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=16, choices=RecordState.choices, default=RecordState.LISTED)
    candidate = models.ForeignKey(Candidate, models.PROTECT, null=True, related_name="records")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="records")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="records")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="records")
    tag = models.ForeignKey(Tag, models.CASCADE, null=True, related_name="records")
    pool = models.ForeignKey(TalentPool, models.CASCADE, null=True, related_name="records")
    reason = models.ForeignKey(RejectionReason, models.PROTECT, null=True, related_name="records")
    imported = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, blank=True)
    upstream_changed_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()

    objects = SourceRecordQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            # Ids are unique for one kind only (kombo.md section 5).
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="source_record_once"),
            models.CheckConstraint(condition=models.Q(kind__in=RecordKind.values), name="source_record_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class FieldConflict(WorkspaceModel):
    """Both sides changed one field. Ours stays until a person decides."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="conflicts")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="conflicts")
    application = models.ForeignKey(Application, models.CASCADE, null=True, blank=True, related_name="conflicts")
    field = models.CharField(max_length=50)
    base = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    detected_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=6, choices=ConflictState.choices, default=ConflictState.OPEN)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("recruitment.Membership", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ConflictQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["source", "candidate", "field"],
                condition=models.Q(state=ConflictState.OPEN, application=None),
                name="candidate_conflict_one_open",
            ),
            models.UniqueConstraint(
                fields=["source", "application", "field"],
                condition=models.Q(state=ConflictState.OPEN, application__isnull=False),
                name="application_conflict_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.candidate}"

    @property
    def target(self) -> Candidate | Application:
        """What the field belongs to."""
        return self.candidate if self.application_id is None else self.application  # type: ignore[return-value]
