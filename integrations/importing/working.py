"""Reading a run's streams: page by page, for a minute or so, then again, so that other connections get their turn."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NoReturn
from uuid import UUID

import structlog
from django.conf import settings
from django.utils import timezone

from candidates.domain.intake.statistics import refresh_statistics
from integrations import circuit
from integrations.enums import Health, SyncState
from integrations.errors import CursorExpired, Denied, Garbled, NotOffered, ProviderError, RateLimited, Unavailable
from integrations.importing import drift, ending, greeting, leases, missing, planning, requests
from integrations.importing.credits import Purse, budget_of, note_balance, note_listed
from integrations.importing.ending import Ending
from integrations.importing.leases import Lease, LeaseLost
from integrations.importing.missing import Search
from integrations.importing.pages import take_page
from integrations.models import Connection, SyncStream
from integrations.paces import write_down_pace
from integrations.pacing import OWN_CEILING
from integrations.provider import Account, Page, Provider
from integrations.registry import check_base_url, get_provider, provider_class
from integrations.words import ordinal
from recruitment.encryption import SecretsUnreadable

log = structlog.get_logger(__name__)

SHORT_WAIT = 5.0  # seconds that a worker sits out; for more it is freed
# Seconds when the provider says "too many" and not until when, and twice as long each time (linkup.md 5).
FIRST_WAIT, LONGEST_WAIT = 30.0, 600.0
MOST_WAITS = 20  # times in a row that a run lets itself be put off; then it ends, and the next one goes on
MOST_RESTARTS = 3  # of one stream whose cursor was lost
ASKS_FOR = 20.0  # seconds of questions between two commits: well within a lease, however slow the provider may be asked
SHOWS_EVERY = 3.0  # seconds between two looks at what is left of the rate
MOST_PAGES = 100_000  # of one stream: 25 million rows

Progress = Callable[[SyncStream], None]


def run(run_id: UUID, *, progress: Progress | None = None, foreground: bool = False) -> None:
    """Work on a run, if nobody else does. ``foreground``: until it is over, waits included."""
    while True:
        lease = leases.take(run_id)
        if lease is None:
            return
        again_in = _work(lease, progress)
        if again_in is None:
            return
        if not foreground:
            requests.wake(run_id, after=again_in)
            return
        time.sleep(again_in)


def _work(lease: Lease, progress: Progress | None) -> float | None:
    """Seconds until the run should be gone on with; None when it is over."""
    try:
        if lease.run.pickups > leases.MOST_PICKUPS:
            words = "The import stopped its worker several times at the same page and was given up."
            ending.finish(lease, Ending(SyncState.FAILED, "poisoned", words, Health.NEEDS_ATTENTION, words))
            return None
        return _Worker(lease, progress).work()
    except LeaseLost:
        log.info("import is somebody else's now", run=str(lease.run.pk))
        return None


class _Cancelled(Exception):
    pass


class _Yield(Exception):
    """The worker's time for this run is over for now. ``seconds`` until it goes on."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass
class _Worker:
    lease: Lease
    progress: Progress | None
    until: float = field(default_factory=lambda: time.monotonic() + settings.IMPORT_SLICE_SECONDS)
    streams: list[SyncStream] = field(default_factory=list)
    not_offered: list[str] = field(default_factory=list)
    cursors: set[str] = field(default_factory=set)  # of the walk in hand
    ahead: tuple[str, Future[Page]] | None = None  # the next page, fetched while this one is saved
    purse: Purse = field(default_factory=lambda: Purse(None, ()))
    shows_at: float = 0.0
    fetcher: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "fetch"))

    def work(self) -> float | None:
        connection = self.lease.run.connection
        provider: Provider | None = None
        try:
            self.streams = planning.plan(self.lease.run, provider_class(connection.provider))
            self.purse = Purse(budget_of(connection), self.streams)
            provider = open_provider(connection)
            greeting.greet(self.lease.run, provider)
            for stream in self.streams:
                self._stream(provider, stream)
            for stream in self.streams:
                self._missing(provider, stream)
        except _Cancelled:
            ending.finish(self.lease, Ending(SyncState.CANCELLED))
        except _Yield as pause:
            return pause.seconds
        except ProviderError as error:
            ending.finish(self.lease, ending.failure(error, self.streams))
        else:
            refresh_statistics(sum(stream.created + stream.updated for stream in self.streams))
            end = ending.complete(self.lease.run, self.streams, self.not_offered)
            ending.finish(self.lease, end, read_everything=not any(stream.short for stream in self.streams))
        finally:
            self.fetcher.shutdown(cancel_futures=True)
            if provider is not None:
                if self.purse.spent:
                    note_balance(connection, provider)
                if self.purse.spent and all(stream.complete for stream in self.streams):
                    note_listed(connection)
                write_down_pace(provider, pk=connection.pk)
                provider.close()
        return None

    def _stream(self, provider: Provider, stream: SyncStream) -> None:
        if stream.complete and not stream.pages:
            self.not_offered.append(stream.name)
        while not stream.complete:
            self._may_go_on()
            self._begin(stream)
            if stream.cursor is None:
                self.cursors.clear()
            page = self._fetch(provider, stream)
            if page is None:
                continue
            if page.next_cursor is not None and (page.next_cursor in self.cursors or stream.pages >= MOST_PAGES):
                raise Garbled("The provider's pages go round in a circle.", code="cursor_repeats")
            self.cursors.add(page.next_cursor or "")
            self._look_ahead(provider, stream, page)
            take_page(self.lease, stream, page)
            self._show_pace(provider)
            if self.progress:
                self.progress(stream)
            if page.pause_seconds and not stream.complete:
                self._wait(page.pause_seconds)

    def _missing(self, provider: Provider, stream: SyncStream) -> None:
        """Rows that no walk showed any more are called no longer listed, unless the source knows better."""
        misses = provider.gone_after.get(stream.name)
        if not misses or stream.name in self.not_offered:
            return
        found = missing.search(self.lease, stream, misses)
        if found is not None:
            while batch := found.batch():
                self._may_go_on()
                if not self._ask_about(provider, found, batch):
                    break
            found.close()
        if stream.name == "candidates":
            while missing.end_places(self.lease, stream, misses):
                self._may_go_on()

    def _ask_about(self, provider: Provider, found: Search, batch: list[str]) -> bool:
        """False: the source can't be asked now, and the next run goes on."""
        gone: list[str] = []
        there: list[str] = []
        refusal: ProviderError | None = None
        enough = time.monotonic() + ASKS_FOR
        for external_id in batch:
            if (gone or there) and time.monotonic() > enough:
                break
            try:
                (gone if provider.is_gone(found.stream.name, external_id) else there).append(external_id)
            except ProviderError as error:
                refusal = error
                break
        found.conclude(gone, there)
        if isinstance(refusal, Denied):
            raise refusal
        if isinstance(refusal, RateLimited):
            self._put_off(refusal)
        else:
            self._forget_waits()
        return refusal is None or isinstance(refusal, RateLimited)

    def _show_pace(self, provider: Provider) -> None:
        """Now and then: for people who watch."""
        if time.monotonic() >= self.shows_at:
            self.shows_at = time.monotonic() + SHOWS_EVERY
            write_down_pace(provider, pk=self.lease.run.connection_id)

    def _may_go_on(self) -> None:
        """Before each page: cancelled, paused, or time for somebody else?"""
        self.lease.renew()
        run = self.lease.run
        run.refresh_from_db(fields=["cancel_requested"])
        usable = Connection.objects.filter(pk=run.connection_id, paused=False, disconnected_at=None)
        if run.cancel_requested or not usable.exists():
            raise _Cancelled
        if time.monotonic() > self.until:
            self.lease.release()
            raise _Yield

    def _begin(self, stream: SyncStream) -> None:
        """The clock is read before the first request (kombo.md 7.4, point 1)."""
        if stream.started_at is None:
            stream.started_at = timezone.now()
            stream.save(update_fields=["started_at", "updated_at"])

    def _fetch(self, provider: Provider, stream: SyncStream) -> Page | None:
        """A page, or None when the stream's state has changed instead."""
        try:
            page = self._next(provider, stream)
        except NotOffered:
            self.not_offered.append(stream.name)
            stream.complete = True
            stream.save(update_fields=["complete", "updated_at"])
            return None
        except CursorExpired as error:
            self._restart(stream, error)
            return None
        except RateLimited as error:
            self._put_off(error)
            return None
        except Unavailable as error:
            self._leave_alone(error)
        self._forget_waits()
        return page

    def _look_ahead(self, provider: Provider, stream: SyncStream, page: Page) -> None:
        """Ask for the next page while this one is saved, unless the provider wants a pause."""
        self.ahead = None
        following = page.next_cursor
        if following is None or page.pause_seconds or time.monotonic() >= self.until:
            return
        if self.purse.open(provider, coming=page.cost):
            asked = self.fetcher.submit(provider.fetch, stream.name, cursor=following, since=stream.since)
            self.ahead = (following, asked)

    def _next(self, provider: Provider, stream: SyncStream) -> Page:
        ahead, self.ahead = self.ahead, None
        if ahead is not None and ahead[0] == stream.cursor:
            return ahead[1].result()
        self.purse.expect(provider)
        return provider.fetch(stream.name, cursor=stream.cursor, since=stream.since)

    def _restart(self, stream: SyncStream, error: CursorExpired) -> None:
        """From the stream's watermark; what was read is met again as unchanged."""
        if stream.restarts >= MOST_RESTARTS:
            raise Garbled(error.message, code="cursor_expired", exchange=error.exchange) from error
        stream.restarts += 1
        drift.begin_anew(stream)
        stream.save(update_fields=["restarts", "cursor", "total", "moved", "unrecorded", "updated_at"])

    def _put_off(self, error: RateLimited) -> None:
        if error.code == OWN_CEILING:
            self._wait(max(1.0, error.retry_after or 0.0), ours=True)
            return
        connection = self.lease.run.connection
        waits = int(connection.pace.get("waits", 0)) + 1
        if waits > MOST_WAITS:
            self._forget_waits()
            raise error
        self._pace(waits)
        unnamed = min(FIRST_WAIT * 2 ** (waits - 1), LONGEST_WAIT)
        self._wait(max(1.0, unnamed if error.retry_after is None else error.retry_after))

    def _leave_alone(self, error: Unavailable) -> NoReturn:
        """The provider gives no answer: the run waits without a worker, longer each time, and at last ends."""
        outages = circuit.note_outage(pk=self.lease.run.connection_id)
        if outages > circuit.MOST:
            raise error
        why = error.message if outages == 1 else f"{error.message} That was the {ordinal(outages)} time in a row."
        pause = circuit.alone_for(outages)
        ending.park(self.lease, timezone.now() + pause, why)
        raise _Yield(pause.total_seconds()) from error

    def _forget_waits(self) -> None:
        connection = self.lease.run.connection
        if connection.outages:
            connection.outages = 0
            circuit.note_answer(pk=connection.pk)
        if self.lease.run.connection.pace.get("waits"):
            self._pace(0)

    def _pace(self, waits: int) -> None:
        connection = self.lease.run.connection
        connection.refresh_from_db(fields=["pace"])
        connection.pace = {**connection.pace, "waits": waits}
        Connection.objects.filter(pk=connection.pk).update(pace=connection.pace)

    def _wait(self, seconds: float, *, ours: bool = False) -> None:
        """``ours``: our own ceiling, which says nothing about the connection and leaves room for pushes."""
        if seconds <= SHORT_WAIT:
            time.sleep(seconds)
            return
        until = timezone.now() + timedelta(seconds=seconds)
        if ours:
            self.lease.release(resume_at=until)
        else:
            ending.park(self.lease, until)
        raise _Yield(seconds)


def open_provider(connection: Connection) -> Provider:
    """Ready to be called. Raises Denied for an address or credentials that can't be used."""
    check_base_url(connection.provider, connection.base_url)
    try:
        credentials = Connection.objects.values_list("credentials", flat=True).get(pk=connection.pk)
    except SecretsUnreadable as error:
        raise Denied(str(error), code="credentials_unreadable") from None
    return get_provider(connection.provider, Account(connection.base_url, credentials, connection.options))
