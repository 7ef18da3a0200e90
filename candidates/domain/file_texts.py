"""The text of stored files: taken out off the request, kept for reading, and found by the search."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Case, When

from candidates import reading
from candidates.domain import errands
from candidates.domain.search import file_words
from candidates.enums import AttachmentKind, AttachmentState, TextState
from candidates.models import Attachment, AttachmentText, Candidate
from candidates.querysets import AttachmentQuerySet

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)  # longer than the reader may run
MOST_ATTEMPTS = 3  # a file that has killed its worker so often isn't tried again
BUDGET = 20.0  # seconds; then another task goes on
READ_FOR_SEARCH = 20  # files of one person


def read_due(*, budget: float = BUDGET) -> int:
    """Read what waits until nothing does, or the time is over. Answers how many files this worker read."""
    over, count = time.monotonic() + budget, 0
    while time.monotonic() < over:
        waiting = list(errands.due(unread()).order_by("due_at").values_list("pk", flat=True)[:20])
        if not waiting:
            return count
        for pk in waiting:
            count += read(pk)
            if time.monotonic() > over:
                break
    wake()
    return count


def unread() -> AttachmentQuerySet:
    return Attachment.objects.filter(state=AttachmentState.STORED, text_state=TextState.WAITING)


def read(pk: UUID) -> bool:
    token = errands.claim(unread(), pk, LEASE)
    if token is None:
        return False
    attachment = Attachment.objects.get(pk=pk)
    try:
        text = _text(attachment)
    except OSError as error:  # the storage is away
        log.warning("a file could not be read", code=type(error).__name__)
        later = errands.done(due_at=attachment.updated_at + errands.backoff(attachment.attempts))
        Attachment.objects.filter(pk=pk, lease_token=token).update(**later)
        return True
    _keep(attachment, token, text)
    return True


def _text(attachment: Attachment) -> str | None:
    if attachment.attempts > MOST_ATTEMPTS:
        return None
    try:
        with attachment.file.open("rb") as file:
            return reading.text_of(file, attachment.content_type)
    except FileNotFoundError:
        return None


@transaction.atomic
def _keep(attachment: Attachment, token: UUID, text: str | None) -> None:
    """The person first, as everywhere: whoever erases them waits, and finds what was written, or is waited for."""
    person = Candidate.objects.select_for_update(of=("self",)).filter(pk=attachment.candidate_id)
    if not person.filter(erased_at=None).only("id").first():
        return
    state = TextState.READ if text else TextState.NONE
    mine = Attachment.objects.filter(pk=attachment.pk, lease_token=token)
    if mine.update(**errands.done(text_state=state)) != 1 or not text:
        return
    AttachmentText.objects.update_or_create(
        attachment=attachment, defaults={"workspace_id": attachment.workspace_id, "content": text}
    )
    attachment.refresh_from_db(fields=["candidate"])  # the person may have been merged while we waited
    refresh_file_words(attachment.candidate_id)


def refresh_file_words(candidate_id: UUID) -> None:
    """Call when a person's files have changed. CVs come first, then the newest; replaced versions aren't found."""
    current = AttachmentText.objects.filter(attachment__candidate=candidate_id, attachment__replaced_at=None)
    cv_first = Case(When(attachment__kind=AttachmentKind.CV, then=0), default=1)
    texts = current.order_by(cv_first, "-attachment_id").values_list("content", flat=True)[:READ_FOR_SEARCH]
    Candidate.objects.filter(pk=candidate_id, erased_at=None).update(file_words=file_words(texts))


def wake() -> None:
    """Have a worker look at what waits. If the broker can't be reached nothing is lost: the beat looks as well."""

    def send() -> None:
        try:
            current_app.send_task("candidates.files.read_due", queue="files", expires=60, retry=False)
        except Exception as error:  # the broker's own errors differ by transport
            log.warning("could not wake a reader", code=type(error).__name__)

    transaction.on_commit(send)
