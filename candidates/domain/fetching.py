"""Files that sources have: asking for them, and taking in which there are. They are fetched above the domain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from candidates.domain import errands
from candidates.domain.intake.files import Files
from candidates.domain.profiles import FileProfile
from candidates.domain.writing import insert
from candidates.enums import AttachmentState, RecordKind
from candidates.models import Attachment, Candidate, FileLook, SourceRecord
from recruitment.errors import Conflict

log = structlog.get_logger(__name__)

FETCHABLE = (AttachmentState.WAITING, AttachmentState.FAILED)
ASKED = {"attempts": 0, "asked_for": True, "failure": ""}


@transaction.atomic
def ask_for_attachment(attachment: Attachment) -> Attachment:
    """Fetch it now, whatever it costs. Raises Conflict for one that is here, or that no source has."""
    if attachment.record is None or attachment.state not in FETCHABLE:
        raise Conflict("This file doesn't wait to be fetched.", code="not_waiting")
    source = attachment.record.source
    if not source.is_connected:
        raise Conflict(f"{source.name} is disconnected.", code="disconnected")
    _ask(Attachment.objects.filter(pk=attachment.pk))
    attachment.refresh_from_db()
    wake()
    return attachment


@transaction.atomic
def ask_for_files(candidate: Candidate) -> int:
    """Ask every source that knows the person which files it has, and fetch what waits. Answers how much there is to do.

    Sources that say it with each row aren't asked.
    """
    connected = {"record__source__is_connected": True}
    waiting = Attachment.objects.filter(candidate=candidate, state__in=FETCHABLE, **connected)
    asked = _ask(waiting)
    rows = SourceRecord.objects.filter(candidate=candidate, kind=RecordKind.CANDIDATE)
    rows = rows.filter(source__lists_files=True, source__is_connected=True)
    asked += plan_looks(list(rows.only("id", "workspace_id")), asked_for=True)
    wake()
    return asked


def can_be_asked(records: Iterable[SourceRecord]) -> bool:
    """Whether some source must be asked which files it has of a person. ``records``: the person's, with sources."""
    people = (record for record in records if record.kind == RecordKind.CANDIDATE)
    return any(record.source.lists_files and record.source.is_connected for record in people)


def being_asked() -> Exists:
    """Of source records: whether their source is about to be asked."""
    return Exists(FileLook.objects.filter(record=OuterRef("pk"), due_at__isnull=False))


def _ask(attachments: QuerySet[Attachment]) -> int:
    now = timezone.now()
    due = errands.done(due_at=now, state=AttachmentState.WAITING, **ASKED)
    return attachments.update(**due)


def plan_looks(records: Collection[SourceRecord], *, asked_for: bool = False) -> int:
    """Have the source asked for the files of these people, once more where it has been asked before."""
    now, fields = timezone.now(), {"asked_for": True} if asked_for else {}
    known = set(FileLook.objects.filter(record__in=[row.pk for row in records]).values_list("record_id", flat=True))
    if known:
        FileLook.objects.filter(record__in=known).update(due_at=now, attempts=0, failure="", updated_at=now, **fields)
    insert(
        FileLook,
        [
            FileLook(workspace_id=row.workspace_id, record_id=row.pk, due_at=now, asked_for=asked_for)
            for row in records
            if row.pk not in known
        ],
        ignore_conflicts=True,
    )
    return len(records)


@transaction.atomic
def take_listed(record_id: UUID, profiles: Sequence[FileProfile], now: datetime) -> int:
    """What a source said when it was asked for a person's files. Answers how many are new."""
    person = Candidate.objects.select_for_update(of=("self",)).filter(records=record_id, erased_at=None)
    if not person.only("id").first():
        return 0
    record = SourceRecord.objects.select_for_update(of=("self",)).get(pk=record_id)
    files = Files(now)
    files.take(record, record.imported, profiles)
    record.save(update_fields=["imported", "updated_at"])
    return files.write()


def wake() -> None:
    """Have a worker look at what is due. If the broker can't be reached nothing is lost: the beat looks as well."""

    def send() -> None:
        try:
            current_app.send_task("integrations.files.fetch_due", queue="files", expires=60, retry=False)
        except Exception as error:  # the broker's own errors differ by transport
            log.warning("could not wake the fetching of files", code=type(error).__name__)

    transaction.on_commit(send)
