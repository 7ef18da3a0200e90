"""Lists that move while they are read: rows slip from one page to another, and a walk can miss some of them.

Told by the source's own total: fewer different rows than that were shown, or the total sank between two pages, so that
what stood behind moved up onto a page that had been read already. Such a walk is walked once more; unchanged rows cost
little. What a source without totals loses, its next complete import finds.
"""

from __future__ import annotations

from candidates.domain.intake import listing
from integrations import words
from integrations.models import SyncRun, SyncStream
from integrations.problems import KINDS

MOST_WALKS = 2  # of one stream in one run


def note_page(stream: SyncStream, total: int | None, unrecorded: int) -> None:
    """``unrecorded``: rows of the page that left no record behind, set aside or of people who were erased."""
    sank = total is not None and stream.total is not None and total < stream.total
    stream.moved = stream.moved or sank
    stream.unrecorded += unrecorded
    stream.total = total if total is not None else stream.total


def end_walk(run: SyncRun, stream: SyncStream) -> bool:
    """After the last page. True: the stream is done, and ``short`` says whether something may be missing."""
    if run.dry_run or stream.total is None or not (stream.moved or _is_short(run, stream, stream.total)):
        return True
    if stream.walk >= MOST_WALKS:
        stream.short = True
        return True
    stream.walk, stream.owed = stream.walk + 1, stream.total
    begin_anew(stream)
    return False


def begin_anew(stream: SyncStream) -> None:
    """The walk starts at the first page again."""
    stream.cursor, stream.total, stream.moved, stream.unrecorded = None, None, False, 0


def _is_short(run: SyncRun, stream: SyncStream, total: int) -> bool:
    """Rows that came after the first walk are the next import's: the second owes those that were there at its start."""
    owed = total if stream.owed is None else min(stream.owed, total)
    seen = listing.seen_since(run.connection.source, KINDS[stream.name], stream.started_at or run.created_at)
    return seen + stream.unrecorded < owed


def short_words(streams: list[SyncStream], name: str) -> str:
    """What a person reads of streams that were short to the end; empty when none was."""
    lists = [words.stream_label(stream.name).lower() for stream in streams if stream.short]
    if not lists:
        return ""
    what = " and ".join(lists)
    return f"The list of {what} moved while {name} was read, so some may be missing. The next import reads it again."
