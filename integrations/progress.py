"""A run as a screen shows it: stream by stream, how fast, how long still, and a mark of what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from integrations import words
from integrations.enums import UNFINISHED, SyncState
from integrations.models import SyncRun, SyncStream

COUNTED = ("fetched", "created", "updated", "unchanged", "set_aside", "skipped", "vanished", "pages", "cost")


@dataclass(slots=True)
class Part:
    """One stream. ``state``: done, reading, waiting, left (not read to its end before the run was over)."""

    stream: SyncStream
    label: str
    state: str


@dataclass(slots=True)
class Progress:
    run: SyncRun
    parts: list[Part]
    totals: dict[str, int]
    seconds: float
    now: datetime

    @property
    def is_live(self) -> bool:
        return self.run.state in UNFINISHED

    @property
    def done(self) -> int:
        return sum(part.stream.complete for part in self.parts)

    @property
    def reading(self) -> str:
        """The label of the stream in hand."""
        return next((part.label for part in self.parts if part.state == "reading"), "")

    @property
    def rate(self) -> int | None:
        """Rows a second; None while there is nothing to go by."""
        return round(self.totals["fetched"] / self.seconds) if self.seconds >= 1 and self.totals["fetched"] else None

    @property
    def speed(self) -> str:
        """ "1,240 a second", or "18 a minute" where a second has less than one."""
        if self.rate is None:
            return ""
        return f"{self.rate:,} a second" if self.rate else f"{self._a_second * 60:,.0f} a minute"

    @property
    def _a_second(self) -> float:
        return self.totals["fetched"] / self.seconds if self.seconds else 0.0

    @property
    def took(self) -> str:
        return words.duration(self.seconds) if self.seconds else ""

    @property
    def expected(self) -> int | None:
        """All rows of the run, where the provider has named a total for every stream that isn't read yet."""
        open_parts = [part.stream for part in self.parts if not part.stream.complete]
        totals = [_expected(stream) for stream in open_parts if stream.total is not None]
        if not open_parts or len(totals) < len(open_parts):
            return None
        return sum(part.stream.fetched for part in self.parts if part.stream.complete) + sum(totals)

    @property
    def left(self) -> str:
        """How long it will still take; empty where no total is known."""
        if self.expected is None or self.rate is None:
            return ""
        return words.duration(max(0, self.expected - self.totals["fetched"]) / (self.rate or self._a_second))

    @property
    def waits_until(self) -> datetime | None:
        until = self.run.resume_at
        return until if self.is_live and until and until > self.now else None

    @property
    def nobody_came(self) -> bool:
        """Jobs, and no people, in a walk over everything: a setting at the provider, most likely (kombo.md 7.6)."""
        if self.run.state not in (SyncState.SUCCEEDED, SyncState.PARTIAL) or self.run.error_code:
            return False
        found = {part.stream.name: part.stream for part in self.parts}
        people, jobs = found.get("candidates"), found.get("jobs")
        return bool(people and jobs and jobs.fetched and not people.fetched and people.since is None)

    @property
    def ended(self) -> str:
        return "" if self.is_live else words.ended(self.run, self.totals["set_aside"])

    @property
    def mark(self) -> str:
        run, totals = self.run, self.totals
        shown = (run.state, run.cancel_requested, run.resume_at or "", self.done, totals["pages"], totals["fetched"])
        return "-".join(str(part) for part in shown)


def progress_of(run: SyncRun, streams: Sequence[SyncStream]) -> Progress:
    now = timezone.now()
    end = run.finished_at or now
    seconds = max(0.0, (end - run.started_at).total_seconds()) if run.started_at else 0.0
    totals = {name: sum(getattr(stream, name) for stream in streams) for name in COUNTED}
    return Progress(run, [_part(run, stream) for stream in streams], totals, seconds, now)


def _expected(stream: SyncStream) -> int:
    """What was read in a first walk counts as read; a second one reads the whole list again."""
    return (stream.owed or 0) + (stream.total or 0) if stream.walk > 1 else stream.total or 0


def _part(run: SyncRun, stream: SyncStream) -> Part:
    if stream.complete:
        state = "done"
    elif run.state not in UNFINISHED:
        state = "left"
    else:
        state = "reading" if stream.started_at else "waiting"
    return Part(stream, words.stream_label(stream.name), state)
