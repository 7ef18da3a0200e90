"""Files of a person: one gate in and one way out, for screens, API and imports alike (dangers 4.6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from candidates.domain import activity, errands, file_texts
from candidates.domain.files import clean_file_name, inspect_file
from candidates.domain.locking import lock_people
from candidates.domain.structure import JPEG, PDF, PNG
from candidates.enums import AttachmentKind, AttachmentState, TextState
from candidates.models import Application, Attachment, Candidate
from candidates.reading import READABLE
from recruitment.errors import DomainError
from recruitment.models import Membership

INLINE = frozenset({PDF, PNG, JPEG})


class FileMissing(DomainError):
    status = 404


def add_attachment(
    candidate: Candidate,
    file: File[Any],
    *,
    member: Membership | None,
    file_name: str = "",
    kind: str = AttachmentKind.OTHER,
    application: Application | None = None,
) -> Attachment:
    """Take a file in. ``member`` is None for an import. Raises DomainError with field ``file``."""
    attachment = Attachment(
        workspace_id=candidate.workspace_id, candidate=candidate, application=application, kind=kind, added_by=member
    )
    return store_file(attachment, file, file_name or str(file.name or ""))


def store_file(attachment: Attachment, file: File[Any], file_name: str, *, token: UUID | None = None) -> Attachment:
    """Check the bytes, keep them under the row's id and save the row; a row that waited for its file is completed.

    ``token``: of the lease under which the file was fetched; without that lease nothing is kept (code ``lease_lost``).
    """
    facts = inspect_file(file, file_name, limit=settings.ATTACHMENT_MAX_BYTES)
    attachment.file_name = clean_file_name(file_name)
    attachment.content_type, attachment.size, attachment.sha256 = facts
    attachment.state, attachment.failure = AttachmentState.STORED, ""
    readable = attachment.content_type in READABLE
    attachment.text_state = TextState.WAITING if readable else TextState.NOT_READ
    for name, value in errands.done(due_at=timezone.now() if readable else None, attempts=0).items():
        setattr(attachment, name, value)
    attachment.file.save(str(attachment.pk), file, save=False)
    try:
        with transaction.atomic():
            attachment.candidate = _hold(attachment, token)
            attachment.save()
            _note_it(attachment)
            if readable:
                file_texts.wake()
    except BaseException:
        attachment.file.storage.delete(str(attachment.file.name))
        raise
    return attachment


def _hold(attachment: Attachment, token: UUID | None) -> Candidate:
    """Whoever erases or merges the person waits, or has been before us."""
    person = lock_people([attachment.candidate_id]).get(attachment.candidate_id)
    if person is None or person.erased_at:
        raise DomainError("This person was erased.", field="file", code="erased")
    mine = Attachment.objects.filter(pk=attachment.pk, lease_token=token)
    if token is not None and mine.update(updated_at=timezone.now()) != 1:
        raise DomainError("Somebody else is at this file.", field="file", code="lease_lost")
    return person


def _note_it(attachment: Attachment) -> None:
    if attachment.added_by is not None:
        activity.record(
            "attached",
            actor=attachment.added_by,
            candidate=attachment.candidate,
            application=attachment.application,
            file=attachment.file_name,
        )


def attachment_response(attachment: Attachment, *, inline: bool = False) -> HttpResponse:
    """The file as an answer that no browser runs, guesses about or keeps. Raises FileMissing.

    ``inline`` shows it instead of saving it, where that is safe: PDF and pictures.
    """
    if attachment.state != AttachmentState.STORED or not attachment.file:
        raise FileMissing("This file could not be fetched from its source.", code="file_missing")
    try:
        with attachment.file.open("rb") as file:
            response = HttpResponse(file.read(), content_type=attachment.content_type)
    except OSError:
        raise FileMissing("This file isn't in the store any more.", code="file_missing") from None
    as_attachment = not (inline and attachment.content_type in INLINE)
    response["Content-Disposition"] = content_disposition_header(as_attachment, attachment.file_name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@transaction.atomic
def remove_attachment(attachment: Attachment, *, member: Membership) -> None:
    activity.record("detached", actor=member, candidate=attachment.candidate, file=attachment.file_name)
    discard(attachment)


@transaction.atomic
def discard(attachment: Attachment) -> None:
    """The bytes go when the row is gone for good."""
    storage, name = attachment.file.storage, attachment.file.name
    attachment.delete()
    file_texts.refresh_file_words(attachment.candidate_id)
    if name:
        transaction.on_commit(lambda: storage.delete(name))
