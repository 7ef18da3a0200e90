"""Fetching what is due, fairly over all connections. Harmless when several workers do it at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone

from candidates.domain import errands
from candidates.domain.attachments import store_file
from candidates.domain.fetching import take_listed
from candidates.enums import AttachmentState, RecordKind
from candidates.models import Attachment, FileLook, SourceRecord
from integrations.errors import Denied, NotOffered, ProviderError, RateLimited, Refused
from integrations.fetching import queue
from integrations.importing.working import open_provider
from integrations.models import Connection
from integrations.provider import FileOrder, ListsFiles, Provider
from recruitment.errors import DomainError

log = structlog.get_logger(__name__)

BUDGET = 20.0  # seconds; then another task goes on, so that no worker is held for long
MOST_ATTEMPTS = 8
LONG_PAUSE = 6 * 3600.0  # seconds until a source that doesn't let us in is asked again
GONE = "The source doesn't have this file."
NOT_OURS = ("erased", "lease_lost")  # nothing is written about them


def fetch_due(*, budget: float = BUDGET) -> int:
    """Fetch until nothing is due, or the time is over. Answers how many rows this worker dealt with."""
    over, count, resting = time.monotonic() + budget, 0, set[UUID]()
    while time.monotonic() < over:
        sources = [source for source in queue.sources_with_work(timezone.now()) if source not in resting]
        if not sources:
            break
        for source in sources:
            done = _work_for(source, min(over, time.monotonic() + budget / len(sources)))
            count += done
            resting.add(source)  # its turn is over: what is left waits for the next task
    return count


def _work_for(source: UUID, over: float) -> int:
    connection = Connection.objects.defer("credentials").get(source=source)
    try:
        provider = open_provider(connection)
    except ProviderError as error:
        log.info("files can't be fetched", connection=str(connection.pk), code=error.code)
        return 0
    worker = _Worker(source, provider)
    try:
        if provider.forecast({}) is not None:
            queue.hold_back_charged(source)
        while worker.open and time.monotonic() < over and worker.next():
            pass
    finally:
        provider.close()
    return worker.count


@dataclass
class _Worker:
    """One connection's turn. ``open`` turns False when the source wants to be left alone."""

    source: UUID
    provider: Provider
    open: bool = True
    count: int = 0
    empty: set[str] = field(default_factory=set)

    def next(self) -> bool:
        """A file, or else a person to ask for. False: nothing is due, or others are at it."""
        now = timezone.now()
        for rows, act in ((queue.waiting(), self._file), (queue.looks(), self._look)):
            claimed = queue.claim(rows, self.source, now)
            if claimed is not None:
                self.count += 1
                act(*claimed)
                return True
        return False

    def _file(self, pk: UUID, token: UUID) -> None:
        attachment = Attachment.objects.select_related("record").get(pk=pk)
        mine = Attachment.objects.filter(pk=pk, lease_token=token)
        try:
            fetched = self.provider.fetch_file(_order(attachment))
        except ProviderError as error:
            self._failed(mine, attachment, error, state=AttachmentState.FAILED)
            return
        if fetched is None or not fetched.content:
            mine.update(**errands.done(state=AttachmentState.FAILED, failure=GONE))
            return
        try:
            store_file(attachment, ContentFile(fetched.content), fetched.name or attachment.file_name, token=token)
        except DomainError as refusal:
            if refusal.code not in NOT_OURS:
                mine.update(**errands.done(state=AttachmentState.REFUSED, failure=refusal.message[:300]))

    def _look(self, pk: UUID, token: UUID) -> None:
        look = FileLook.objects.select_related("record").get(pk=pk)
        mine = FileLook.objects.filter(pk=pk, lease_token=token)
        if not isinstance(self.provider, ListsFiles):
            mine.update(**errands.done())
            return
        now = timezone.now()
        try:
            profiles = self.provider.list_files(look.record.external_id)
        except ProviderError as error:
            self._failed(mine, look, error)
            return
        take_listed(look.record_id, profiles, now)
        mine.update(**errands.done(looked_at=now, failure="", asked_for=False, attempts=0))

    def _failed(self, mine: QuerySet[Any], row: Any, error: ProviderError, **given_up: Any) -> None:
        """Again later, or never: the words are kept either way."""
        words = error.message[:300]
        if isinstance(error, RateLimited):
            self.open = False
            wait = timedelta(seconds=60.0 if error.retry_after is None else error.retry_after)
            mine.update(**errands.done(due_at=timezone.now() + wait, attempts=max(row.attempts - 1, 0)))
        elif _is_final(error) or row.attempts >= MOST_ATTEMPTS:
            mine.update(**errands.done(failure=words, **given_up))
        else:
            self.open = not isinstance(error, Denied)
            wait = timedelta(seconds=LONG_PAUSE) if isinstance(error, Denied) else errands.backoff(row.attempts)
            mine.update(**errands.done(due_at=timezone.now() + wait, failure=words))


def _is_final(error: ProviderError) -> bool:
    """A no to this one file. A link that no longer opens is read anew next time."""
    return isinstance(error, NotOffered) or (isinstance(error, Refused) and error.code != "link_refused")


def _order(attachment: Attachment) -> FileOrder:
    record = attachment.record
    assert record is not None  # noqa: S101  (only such files wait)
    application = None
    if attachment.application_id:
        rows = SourceRecord.objects.filter(
            source=record.source_id, kind=RecordKind.APPLICATION, application=attachment.application_id
        )
        application = rows.values_list("external_id", flat=True).first()
    return FileOrder(record.external_id, application, attachment.external_id, attachment.url)
