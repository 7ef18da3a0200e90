"""Talynce under our contract: what can be read, what can be told, and how well it keeps its word."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, ClassVar

import httpx

from candidates.domain.profiles import Unread, Unreads
from integrations.downloads import download
from integrations.errors import (
    AddressRefused,
    Denied,
    Exchange,
    Garbled,
    NotOffered,
    ProviderError,
    RateLimited,
    Refused,
)
from integrations.pacing import OWN_CEILING
from integrations.provider import Account, Check, Fetched, FileOrder, Order, Page
from integrations.providers.talynce import client, mapping, rows, statuses
from integrations.providers.talynce.client import TalynceClient
from integrations.providers.talynce.telling import WORDS, Teller

# A page of details is so many calls and one more: small, so that what was read is saved every few seconds.
DETAILS_PAGE = 20
AT_ONCE = 4  # calls for details in flight
MOST_CLIENTS = 20  # pages of employers' names
LARGEST_FILE = 25 * 1024 * 1024  # bytes
WRONG = {
    "unauthorized": ("wrong_key", "Talynce doesn't accept this API key."),
    "http_401": ("wrong_key", "Talynce doesn't accept this API key."),
    "forbidden": ("revoked", "This API key was revoked, or may not read."),
}


class Talynce:
    slug: ClassVar[str] = "talynce"
    label: ClassVar[str] = "Talynce"
    # People at once from the list, which has no statuses; then each one's details, which have (talynce.md 1).
    streams: ClassVar[tuple[str, ...]] = ("jobs", "candidates", "details")
    default_base_url: ClassVar[str] = client.BASE_URL
    hosts: ClassVar[frozenset[str]] = client.HOSTS
    # Every one of them is read before it is written, and what is so already isn't written again.
    repeatable: ClassVar[frozenset[str]] = frozenset({"move", "reject", "reopen", "note", "shortlist", "fields"})
    pushes: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("move", "reject", "reopen", "note", "shortlist", "fields"), ""),
        "tag": "Talynce has no tags on candidates.",
        "untag": "Talynce has no tags on candidates.",
    }
    by_status: ClassVar[Mapping[str, str]] = WORDS
    takes_fields: ClassVar[frozenset[str]] = frozenset(mapping.WRITERS)
    gone_after: ClassVar[Mapping[str, int]] = {"candidates": 2}
    always_whole: ClassVar[frozenset[str]] = frozenset(streams)
    requests_per_minute: ClassVar[int | None] = 60
    stage_of_status = staticmethod(statuses.stage_id)  # free words instead of stages: the stage map asks for them

    def __init__(
        self,
        account: Account,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = TalynceClient(account, transport, sleep)
        self.options = account.options
        self.allowed_hosts, self.transport = account.allowed_hosts, transport
        self.teller = Teller(self.client, account.options)
        self._clients: dict[str, str] | None = None

    def close(self) -> None:
        self.client.close()

    def check(self) -> Check:
        """There is no call for just that: the key may read the candidates, or it is of no use."""
        try:
            page = self.client.probe()
        except ProviderError as error:
            code, detail = WRONG.get(error.code, (error.code, ""))
            said = error.message if detail in ("", error.message) else f"{detail} It says: {error.message}"
            return Check(ok=False, code=code, detail=said)
        people = f"{page.total:,} candidate{'' if page.total == 1 else 's'}"
        return Check(
            ok=True,
            code="ok",
            detail=f"Connected to Talynce, with {people}.",
            capabilities=dict(self.pushes),
            facts={"system": "Talynce", "candidates": str(page.total)},
        )

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        """One page; Talynce can't be asked for changes only, so ``since`` makes no difference (talynce.md 1)."""
        if stream == "details":
            return self._details(cursor)
        if stream not in self.streams:
            raise NotOffered(f"Talynce has no {stream.replace('_', ' ')}.", code="not_offered")
        page = self.client.page(f"/{stream}", cursor=cursor)
        if stream == "jobs":
            employers = self._employers(page.rows)
            found = [rows.job(raw, employers) for raw in page.rows]
        else:
            found = [rows.listed(raw, self.options) for raw in page.rows]
        return Page(rows=Unreads(found), next_cursor=_cursor(page.next), total=page.total)

    def _details(self, cursor: str | None) -> Page:
        """The same list again, each person asked for. A page that has to stop keeps what it has got so far."""
        page = self.client.page("/candidates", cursor=cursor, limit=DETAILS_PAGE)
        found: list[Unread] = []
        done, pause = 0, 0.0
        with ThreadPoolExecutor(AT_ONCE, "details") as pool:
            asked = [pool.submit(self._person, raw) for raw in page.rows]
            for answer in asked:
                try:
                    person = answer.result()
                except ProviderError as error:
                    _call_off(asked)
                    if not done or isinstance(error, Denied):
                        raise
                    pause = _pause(error)
                    break
                done += 1
                found += [person] if person is not None else []
        start = int(cursor or 0)
        following = page.next if done == len(page.rows) else start + done
        return Page(rows=Unreads(found), next_cursor=_cursor(following), pause_seconds=pause)

    def _person(self, raw: Any) -> Unread | None:
        """None for somebody who vanished since the list was read, and for a row that the list has set aside."""
        identifier = rows.identifier(raw)
        if not identifier:
            return None
        try:
            whole = self.client.candidate(identifier)
        except Garbled:
            return rows.unreadable(raw)
        return None if whole is None else rows.detailed(whole, self.options)

    def _employers(self, jobs: list[Any]) -> Mapping[str, str]:
        """Names of clients by id, if any job has one. Optional: without the right to read them there are none."""
        if self._clients is None and any(isinstance(job, dict) and job.get("client_id") for job in jobs):
            self._clients = {}
            cursor: str | None = "0"
            try:
                for _ in range(MOST_CLIENTS):
                    page = self.client.page("/clients", cursor=cursor)
                    named = [row for row in page.rows if isinstance(row, dict) and isinstance(row.get("name"), str)]
                    self._clients |= {str(row.get("id")): row["name"] for row in named}
                    cursor = _cursor(page.next)
                    if cursor is None:
                        break
            except (Refused, Denied, NotOffered):
                return self._clients
        return self._clients or {}

    def push(self, order: Order) -> Exchange:
        if self.pushes.get(order.kind, "no"):
            raise NotOffered(self.pushes.get(order.kind) or "Talynce can't be told this.", code="not_offered")
        return self.teller.tell(order)

    def read_back(self, order: Order) -> bool | None:
        """Talynce's answers are no copy: what the detail shows is so."""
        return None if self.pushes.get(order.kind, "no") else self.teller.shows(order)

    def current(self, order: Order) -> dict[str, Any] | None:
        """Fresh from the detail, and not from a copy that lags."""
        return self.teller.position(order)

    def is_gone(self, stream: str, external_id: str) -> bool:
        """Only a 404 on the detail proves it (talynce.md 9)."""
        return stream in ("candidates", "details") and self.client.candidate(external_id) is None

    def forecast(self, known: Mapping[str, int]) -> int | None:
        return None

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        """From where the CV is today. Whoever sent it may have put it on any public host."""
        raw = self.client.candidate(file.candidate_id)
        link = raw.get("resume_url") if raw is not None else None
        if not isinstance(link, str) or not link:
            return None
        try:
            content = download(
                link, own_hosts=None, allowed_hosts=self.allowed_hosts, limit=LARGEST_FILE, transport=self.transport
            )
        except AddressRefused as error:
            # It says no to this one file: the links are whatever somebody put there.
            raise Refused(error.message, code=error.code, exchange=error.exchange) from error
        return None if content is None else Fetched(content, mapping.file_name(link))


def _cursor(offset: int | None) -> str | None:
    return None if offset is None else str(offset)


def _pause(error: ProviderError) -> float:
    """As long as Talynce says. Our own ceiling is met again by the next page, and holds nobody else up."""
    if not isinstance(error, RateLimited) or error.code == OWN_CEILING:
        return 0.0
    return error.retry_after or 0.0


def _call_off(asked: list[Future[Any]]) -> None:
    for answer in asked:
        answer.cancel()
