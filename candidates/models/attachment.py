"""Files of a person. Bytes are in the storage under the row's id; the original name is only shown."""

from __future__ import annotations

from django.db import models

from candidates.enums import AttachmentKind, AttachmentState
from candidates.models.application import Application
from candidates.models.candidate import Candidate
from candidates.querysets import AttachmentQuerySet
from recruitment.models import Membership, WorkspaceModel


def storage_name(attachment: Attachment, _filename: str) -> str:
    """No part of it comes from outside."""
    return f"attachments/{attachment.workspace_id}/{attachment.pk}"


class Attachment(WorkspaceModel):
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
    added_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name
