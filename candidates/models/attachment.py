"""Files of a person. Bytes are in the storage under the row's id; the original name is only shown."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from candidates.enums import AttachmentKind, AttachmentState, TextState
from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.models.errand import Errand
from candidates.models.source import SourceRecord
from candidates.querysets import AttachmentQuerySet
from recruitment.models import Membership, WorkspaceModel


def storage_name(attachment: Attachment, _filename: str) -> str:
    """No part of it comes from outside."""
    return f"attachments/{attachment.workspace_id}/{attachment.pk}"


class Attachment(Errand, WorkspaceModel):
    """What has come from a source names its row (``record``), and how the source calls the file and its content.

    What is due depends on the state: a waiting file is fetched, the text of a stored one is taken out.
    """

    candidate = models.ForeignKey(Candidate, models.PROTECT, related_name="attachments")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=AttachmentKind.choices, default=AttachmentKind.OTHER)
    state = models.CharField(max_length=8, choices=AttachmentState.choices, default=AttachmentState.STORED)
    file = models.FileField(upload_to=storage_name, blank=True)
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100, blank=True)  # by content, never by name
    size = models.PositiveBigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    text_state = models.CharField(max_length=8, choices=TextState.choices, default=TextState.NOT_READ, blank=True)
    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    record = models.ForeignKey(SourceRecord, models.PROTECT, null=True, editable=False, related_name="files")
    external_id = models.CharField(max_length=200, blank=True, editable=False)
    version = models.CharField(max_length=200, blank=True, editable=False)
    url = models.CharField(max_length=2000, blank=True, editable=False)  # where the source had it; may have expired
    asked_for = models.BooleanField(default=False, editable=False)  # by a person: it is fetched first, and may cost
    replaced_at = models.DateTimeField(null=True, editable=False)  # a newer version is known

    objects = AttachmentQuerySet.as_manager()

    class Meta(WorkspaceModel.Meta):
        constraints = [
            *WorkspaceModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["record", "external_id", "version"], condition=Q(record__isnull=False), name="file_version_once"
            ),
            models.CheckConstraint(condition=Q(state__in=AttachmentState.values), name="attachment_state_known"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="attachment_due")]

    def __str__(self) -> str:
        return self.file_name


class FileLook(Errand, WorkspaceModel):
    """A source whose rows don't say which files a person has is asked for them, person by person."""

    record = models.OneToOneField(SourceRecord, models.CASCADE, related_name="file_look")
    asked_for = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta(WorkspaceModel.Meta):
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="file_look_due")]

    def __str__(self) -> str:
        return f"Files of {self.record_id}"


class AttachmentText(WorkspaceModel):
    """What a file says, at most 100,000 characters (candidates.reading)."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="text")
    content = models.TextField()

    def __str__(self) -> str:
        return f"Text of {self.attachment_id}"
