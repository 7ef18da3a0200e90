"""A provider that says what a test tells it to: for promises of the import that no sandbox can be brought to test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from candidates.domain.profiles import ApplicationProfile, CandidateProfile, JobProfile, Row
from integrations import registry
from integrations.errors import Exchange
from integrations.models import Connection
from integrations.provider import Account, Check, Fetched, FileOrder, Order, Page
from integrations.providers.kombo.provider import Kombo
from tests import factories as make


@dataclass
class Upstream:
    """What the provider has. Lists are read by offset; ``before_page`` runs before each page is cut."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {"jobs": [], "candidates": []})
    size: int = 10
    says_total: bool = True
    gone: Callable[[str], bool] = lambda external_id: True
    before_page: Callable[[str, int], None] = lambda stream, offset: None
    asked: list[tuple[str, str | None]] = field(default_factory=list)  # stream and cursor, or stream and id
    gone_after: Mapping[str, int] = field(default_factory=lambda: {"jobs": 1, "candidates": 2})

    @property
    def people(self) -> list[Row]:
        return self.rows["candidates"]

    def page(self, stream: str, cursor: str | None) -> Page:
        offset = int(cursor or 0)
        self.asked.append((stream, cursor))
        self.before_page(stream, offset)
        rows = self.rows[stream]
        following = offset + self.size
        return Page(
            rows=rows[offset:following],
            next_cursor=str(following) if following < len(rows) else None,
            total=len(rows) if self.says_total else None,
        )


class Scripted:
    slug: ClassVar[str] = "scripted"
    label: ClassVar[str] = "Scripted"
    streams: ClassVar[tuple[str, ...]] = ("jobs", "candidates")
    default_base_url: ClassVar[str] = "https://scripted.example"
    hosts: ClassVar[frozenset[str]] = frozenset({"127.0.0.1"})
    repeatable: ClassVar[frozenset[str]] = frozenset()
    pushes: ClassVar[Mapping[str, str]] = Kombo.pushes
    gone_after: ClassVar[Mapping[str, int]] = {}
    always_whole: ClassVar[frozenset[str]] = frozenset()
    requests_per_minute: ClassVar[int | None] = None
    upstream: ClassVar[Upstream]

    def __init__(self, account: Account) -> None:
        self.account = account

    def check(self) -> Check:
        return Check(ok=True, code="ok", detail="")

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        return self.upstream.page(stream, cursor)

    def push(self, order: Order) -> Exchange:
        return Exchange("POST", "/")

    def read_back(self, order: Order) -> bool | None:
        return None

    def current(self, order: Order) -> dict[str, Any] | None:
        return None

    def is_gone(self, stream: str, external_id: str) -> bool:
        self.upstream.asked.append((f"is_gone {stream}", external_id))
        return self.upstream.gone(external_id)

    def forecast(self, known: Mapping[str, int]) -> int | None:
        return None

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        return None

    def close(self) -> None:
        pass


@contextmanager
def scripted(monkeypatch: Any, **upstream: Any) -> Iterator[tuple[Upstream, Connection]]:
    """A connection to it in a workspace of its own."""
    known = Upstream(**upstream)

    class Here(Scripted):
        gone_after = known.gone_after

    Here.upstream = known
    with monkeypatch.context() as patched:
        patched.setitem(registry.PROVIDERS, "scripted", Here)
        patched.setattr("integrations.importing.working.check_base_url", lambda *_: None)
        yield known, make.make_connection(make.make_workspace(), "Northwind", provider="scripted", base_url="http://x")


def person(number: int, *, applications: int = 0, **fields: Any) -> CandidateProfile:
    """``applications`` of them, each for a job of its own that no list shows."""
    return CandidateProfile(
        f"c{number}",
        {"first_name": "Ada", "last_name": f"Number {number}", **fields},
        applications=[
            ApplicationProfile(f"a{number}-{place}", f"j{place}", job_title=f"Job {place}")
            for place in range(applications)
        ],
    )


def people(count: int, **options: Any) -> list[Row]:
    return [person(number, **options) for number in range(count)]


def job(number: int) -> JobProfile:
    return JobProfile(f"j{number}", {"title": f"Job {number}"})
