"""Rows that no walk shows any more, and when that means something (design, rule 3 and section 10).

Only complete walks over everything count; their beginnings are kept on the stream's mark. A row that was last seen
before the walks that it takes has been missed by each of them, so nothing needs to be counted row by row. When too many
are missing at once, the source is more likely to be wrong than the people gone: then nothing is concluded until a
complete walk shows them again, or an admin says that they are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from candidates.domain.intake import listing, memberships
from candidates.querysets import SourceRecordQuerySet
from integrations import words
from integrations.importing.leases import Lease
from integrations.models import Connection, StreamMark, SyncRun, SyncStream
from integrations.problems import KINDS

KEPT = 5  # walks whose beginnings are remembered; more than any source's contract asks for
MOST_ASKED = 1_000  # rows that one run asks the source about, one by one; the next run goes on
BATCH = 50
FEWEST = 10  # so many may be missing whatever their share
SHARE = 5  # one in five


def note_walk(mark: StreamMark, started_at: datetime) -> None:
    """A walk over everything has reached its end."""
    mark.walks = [*mark.walks, started_at.isoformat()][-KEPT:]
    mark.missing = None


@dataclass(slots=True)
class Search:
    """The rows of one stream that are to be called no longer listed, unless the source says otherwise."""

    lease: Lease
    stream: SyncStream
    mark: StreamMark
    before: datetime

    def batch(self) -> list[str]:
        """External ids to ask about; empty when there are none left, or when this run has asked enough."""
        room = min(BATCH, MOST_ASKED - self.stream.asked)
        rows = _unseen(self.lease.run, self.stream, self.before).order_by("pk")
        return list(rows.values_list("external_id", flat=True)[:room]) if room > 0 else []

    def conclude(self, gone: list[str], there: list[str]) -> None:
        """Raises LeaseLost, and then nothing is concluded."""
        source, kind, now = self.lease.run.connection.source, KINDS[self.stream.name], timezone.now()
        with transaction.atomic():
            self.lease.renew(progress=True)
            listing.note_shown(source, kind, there, now)
            self.stream.vanished += listing.no_longer_listed(source, kind, gone, now)
            self.stream.asked += len(gone) + len(there)
            self.stream.save(update_fields=["vanished", "asked", "updated_at"])

    def close(self) -> None:
        """Note how many are left for the next run."""
        self.mark.missing = _unseen(self.lease.run, self.stream, self.before).count()
        self.mark.save(update_fields=["missing", "updated_at"])


def search(lease: Lease, stream: SyncStream, misses: int) -> Search | None:
    """What there is to conclude after ``misses`` complete walks. None: nothing, or too much at once."""
    run = lease.run
    mark = StreamMark.objects.filter(connection=run.connection, stream=stream.name).first()
    if run.dry_run or stream.name not in KINDS or mark is None or mark.missing == 0 or not mark.walks:
        return None
    walks = [moment for text in mark.walks if (moment := parse_datetime(text))]
    mark.held_of = _too_many(run, stream, mark, walks[-1])
    if mark.held_of is not None:
        mark.save(update_fields=["missing", "held_of", "updated_at"])
        return None
    before = walks[-misses] if len(walks) >= misses else None
    mark.missing = _unseen(run, stream, before).count() if before else 0
    mark.save(update_fields=["missing", "held_of", "updated_at"])
    return Search(lease, stream, mark, before) if before and mark.missing else None


def _too_many(run: SyncRun, stream: SyncStream, mark: StreamMark, latest: datetime) -> int | None:
    """How many rows were listed, when more of them are missing than can be believed; None otherwise."""
    unseen = _unseen(run, stream, latest)
    if mark.accepted_before is not None:
        unseen = unseen.filter(last_seen_at__gte=mark.accepted_before)
    missing = unseen.count()
    if missing <= FEWEST:
        return None
    known = listing.listed(run.connection.source, KINDS[stream.name]).count()
    if missing * SHARE <= known:
        return None
    mark.missing = missing
    return known


def end_places(lease: Lease, stream: SyncStream, misses: int) -> int:
    """Take people out of pools in which ``misses`` complete walks haven't shown them; answers of how many places.

    Not while so many rows are missing that the source is doubted. Raises LeaseLost.
    """
    run = lease.run
    mark = StreamMark.objects.filter(connection=run.connection, stream=stream.name).first()
    if run.dry_run or mark is None or mark.held_of is not None or len(mark.walks) < misses:
        return 0
    before = parse_datetime(mark.walks[-misses])
    if before is None:
        return 0
    with transaction.atomic():
        lease.renew(progress=True)
        return memberships.end(run.connection.source, before=before, now=timezone.now())


def _unseen(run: SyncRun, stream: SyncStream, before: datetime) -> SourceRecordQuerySet:
    return listing.listed(run.connection.source, KINDS[stream.name]).filter(last_seen_at__lt=before)


def is_left(run: SyncRun) -> bool:
    """Whether rows wait to be asked about."""
    return StreamMark.objects.filter(connection=run.connection, missing__gt=0).exists()


def held_words(run: SyncRun) -> str:
    """What a person reads of streams in which too much is missing; empty when nothing is."""
    held = StreamMark.objects.filter(connection=run.connection).exclude(held_of=None).order_by("stream")
    return " ".join(_held(mark, run.connection.name) for mark in held)


def _held(mark: StreamMark, name: str) -> str:
    what = words.stream_label(mark.stream).lower()
    counted = f"{mark.missing or 0:,} of {mark.held_of or 0:,} {what}"
    return f"{counted} are missing from {name} at once. Nothing was concluded from it: they stay as they are."


def accept(connection: Connection) -> int:
    """An admin says that what is missing is gone. Answers how many rows that are; the next import concludes it."""
    held = StreamMark.objects.select_for_update().filter(connection=connection).exclude(held_of=None)
    accepted = 0
    for mark in held:
        accepted += mark.missing or 0
        mark.accepted_before, mark.held_of = parse_datetime(mark.walks[-1]), None
        mark.save(update_fields=["accepted_before", "held_of", "updated_at"])
    return accepted
