"""LinkUp under our contract: applicants of chosen LinkedIn jobs and their CVs, at a price; nothing can be told back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx

from candidates.domain.profiles import Unreads
from integrations.errors import Exchange, NotOffered, NotReady, ProviderError, Refused
from integrations.provider import Account, Check, Fetched, FileOrder, Order, Page
from integrations.providers.linkup import client, mapping, payloads
from integrations.providers.linkup.client import PER_CREDIT, LinkUpClient, ListPage
from integrations.providers.linkup.walking import MOST_ROWS, Job, Place, PostsPlace, chosen, place_of
from integrations.reading import line
from integrations.rows import plain_id, read_row, unread

PAGE_SIZE = 100  # 6.3; a larger page is slower, and costs more when it is lost
POSTS_PAGE = 100
# Goes into each row's hash. Raise it when the mapping says something else of the same row: all are read anew then.
MAPPING = "1"
# How LinkUp words an INVALID_PARAMS that means "LinkedIn no longer has it" (3.1).
GONE = re.compile(r"not found|no longer|no such|(does not|doesn.t) exist|removed|expired", re.IGNORECASE)
REFUSED = "job_refused"
NO_STAGES = "LinkedIn applicants have no stages, so the move is kept here."
ONLY_READ = "LinkUp can only be read, so this is kept here."
WRONG = {
    "INVALID_API_KEY": ("wrong_key", "LinkUp doesn't accept this API key."),
    "INVALID_ACCOUNT": ("wrong_account", "LinkUp has no such account for this API key."),
    "ACCOUNT_INACTIVE": ("reconnect", "LinkUp no longer gets into this LinkedIn account; reconnect it in LinkUp."),
    "http_401": ("wrong_key", "LinkUp doesn't accept this API key."),
}


class LinkUp:
    slug: ClassVar[str] = "linkup"
    label: ClassVar[str] = "LinkUp"
    streams: ClassVar[tuple[str, ...]] = ("jobs", "candidates")
    default_base_url: ClassVar[str] = client.BASE_URL
    hosts: ClassVar[frozenset[str]] = client.HOSTS
    repeatable: ClassVar[frozenset[str]] = frozenset()
    pushes: ClassVar[Mapping[str, str]] = {
        "move": NO_STAGES,
        "reject": "LinkUp can't reject anybody: a recruiter does it in LinkedIn. The rejection is kept here.",
        "reopen": ONLY_READ,
        "tag": ONLY_READ,
        "untag": ONLY_READ,
        "note": ONLY_READ,
        "shortlist": ONLY_READ,
        "fields": ONLY_READ,
    }  # section 12
    by_status: ClassVar[Mapping[str, str]] = {}
    takes_fields: ClassVar[frozenset[str]] = frozenset()
    gone_after: ClassVar[Mapping[str, int]] = {"candidates": 1}  # 6.4
    always_whole: ClassVar[frozenset[str]] = frozenset(streams)
    requests_per_minute: ClassVar[int | None] = 60  # section 5

    def __init__(
        self,
        account: Account,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = LinkUpClient(account, transport, sleep)
        self.jobs = chosen(account.options)
        # Credits that the next page may cost at most; None: any number. Whoever pays sets it before each page.
        self.allowance: int | None = None

    def close(self) -> None:
        self.client.close()

    def check(self) -> Check:
        """Whether key and account are good, and what is left to spend: both free (11.1)."""
        try:
            account = self.client.account()
        except ProviderError as error:
            code, detail = WRONG.get(error.code, (_own_code(error), ""))
            said = error.message if detail in ("", error.message) else f"{detail} It says: {error.message}"
            return Check(ok=False, code=code, detail=said)
        state, sentence = _state(account)
        left = self.credits_left() if state == "ok" else None
        facts = {"system": "LinkedIn", "company": _name(account), "status": _status(account), "credits_left": left}
        if left is not None:
            facts["credits_at"] = datetime.now(UTC).isoformat()
        return Check(
            ok=state == "ok",
            code=state,
            detail=sentence if left is None else f"{sentence} {left:,} credit{'' if left == 1 else 's'} left.",
            capabilities=dict(self.pushes),
            facts={name: value for name, value in facts.items() if value not in (None, "")},
        )

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        """One page. ``since`` is not used: LinkUp tells nobody what changed, so every walk is a whole one (6.4)."""
        if not self.jobs:
            raise NotReady("No job is chosen yet whose applicants should be read.", code="no_jobs")
        return self._jobs(cursor) if stream == "jobs" else self._candidates(cursor)

    def postings(self) -> list[Job]:
        """For choosing among them: the first hundred of the account, for a credit. Raises ProviderError."""
        page = self.client.posts(count=POSTS_PAGE, offset=0, within=client.PERSON_WAITS * 2)
        rows = [read_row(raw, payloads.Post, mapping.to_job, key="job_id") for raw in page.rows]
        return [Job(row.external_id, row.fields["title"]) for row in rows if hasattr(row, "fields")]

    def push(self, order: Order) -> Exchange:
        raise NotOffered(self.pushes.get(order.kind) or ONLY_READ, code="not_offered")

    def read_back(self, order: Order) -> bool | None:
        return None

    def current(self, order: Order) -> dict[str, Any] | None:
        return None

    def is_gone(self, stream: str, external_id: str) -> bool:
        """Nothing can be looked up by its id (6.1): that a complete walk didn't show it is all that can be known."""
        return True

    def forecast(self, known: Mapping[str, int]) -> int | None:
        """A credit for every ten applicants of each job, rounded up, and one for the list of postings (section 4).

        ``known`` may name the jobs one by one, as ``candidates/<job id>``; from a sum alone it is a little too low.
        """
        by_job = [known[key] for job in self.jobs if (key := f"candidates/{job.id}") in known]
        counts = by_job or [known.get("candidates", 0)]
        return 1 + sum(-(-count // PER_CREDIT) for count in counts)

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        """The CV, for a credit. None: there is none, or LinkedIn no longer has the application (section 7)."""
        try:
            cv = self.client.cv(mapping.application_id(file.file_id))
        except Refused as error:
            if error.code == client.INVALID_PARAMS and GONE.search(error.message):
                return None
            raise
        return Fetched(cv.content, cv.name, cv.cost) if cv.content else None

    def credits_left(self) -> int | None:
        """Free. Nice to know, and its answer is documented nowhere: a failure says nothing about the connection."""
        try:
            return self.client.credits()
        except ProviderError:
            return None

    def _jobs(self, cursor: str | None) -> Page:
        """The chosen jobs, as the list of postings has them; by their names, where it hasn't. Asked until all of them
        were shown, because each page costs a credit."""
        place = PostsPlace.of(cursor, self.jobs)
        try:
            page = self.client.posts(count=POSTS_PAGE, offset=place.offset)
        except (NotOffered, Refused):  # a list that the account can't give is no reason not to read the applicants
            page = ListPage(rows=[], next_offset=None, total=None, cost=0)
        listed = [read_row(raw, payloads.Post, mapping.to_job, key="job_id") for raw in page.rows]
        rows = [row for row in listed if getattr(row, "external_id", "") in place.missing]
        missing = [job_id for job_id in place.missing if job_id not in {row.external_id for row in rows}]
        if missing and page.next_offset is not None and page.next_offset < MOST_ROWS:
            return Page(rows=rows, next_cursor=str(PostsPlace(page.next_offset, missing)), cost=page.cost)
        named = [mapping.named_job(job.id, job.title) for job in self.jobs if job.id in missing]
        return Page(rows=[*rows, *named], next_cursor=None, cost=page.cost)

    def _candidates(self, cursor: str | None) -> Page:
        place = place_of(cursor, self.jobs)
        if place.at >= len(self.jobs):
            refused = ", ".join(place.refused)
            raise Refused(f"LinkUp couldn't read the applicants of {refused}. The other jobs were read.", code=REFUSED)
        job, count = self.jobs[place.at], self._count()
        try:
            page = self.client.candidates(job.id, count=count, offset=place.offset)
        except Refused as error:
            return self._without(job, place, error)
        rows = Unreads([_unread(raw, job.id) for raw in page.rows])
        seen = place.offset + len(page.rows)
        total = max(page.total, 0) if page.total is not None else seen
        if page.next_offset is not None and page.next_offset < MOST_ROWS:
            following: str | None = str(place.later(page.next_offset))
        else:
            following = self._onward(place.next_job(total))
        return Page(rows=rows, next_cursor=following, total=place.before + total, cost=page.cost)

    def _count(self) -> int:
        """As many rows as may be paid for."""
        return PAGE_SIZE if self.allowance is None else max(1, min(PAGE_SIZE, self.allowance * PER_CREDIT))

    def _without(self, job: Job, place: Place, error: Refused) -> Page:
        """A job that LinkedIn no longer has is read to its end. One that is refused for another reason is named when
        the others have been read, so that the walk doesn't count as complete."""
        following = place.next_job(0)
        if not (error.code == client.INVALID_PARAMS and GONE.search(error.message)):
            following = following.without(f"{job.title or f'job {job.id}'} ({error.message.rstrip('.')})")
        return Page(rows=[], next_cursor=self._onward(following), total=place.before)

    def _onward(self, place: Place) -> str | None:
        return str(place) if place.at < len(self.jobs) or place.refused else None


def _unread(raw: Any, job_id: str) -> Any:
    """The row doesn't name its job, which is part of its id and of its hash."""
    row = {**raw, "job_id": job_id} if isinstance(raw, dict) else raw
    own = plain_id(raw.get("application_id")) if isinstance(raw, dict) else ""
    return unread(
        row,
        mapping.external_id(job_id, own) if own else "",
        version=MAPPING,
        shape=payloads.Candidate,
        to_row=mapping.to_candidate,
        key="application_id",
    )


def _own_code(error: ProviderError) -> str:
    """A failure that passes says nothing about the credentials, whatever its code or status (3.1)."""
    passes = not error.permanent and (not error.code.islower() or error.code.startswith("http_"))
    return "unavailable" if passes else error.code


def _state(account: dict[str, Any]) -> tuple[str, str]:
    """A code and a sentence for the person who typed the credentials."""
    named = f" of {_name(account)}" if _name(account) else ""
    status = _status(account)
    platform = account.get("platform")
    if isinstance(platform, str) and platform.lower() not in ("", "linkedin"):
        return "wrong_account", f"This account is one of {line(platform, 40)}, not of LinkedIn."
    if status == "checkpoint_required":
        return "reconnect", f"LinkedIn asks for a confirmation before LinkUp gets into the account{named}."
    inactive = any(account.get(name) is False for name in ("active", "is_active"))
    if inactive or status not in ("", "connected", "active", "ok"):
        return "reconnect", f"LinkUp isn't connected to the LinkedIn account{named}; reconnect it in LinkUp."
    return "ok", f"Connected to the LinkedIn account{named}."


def _status(account: dict[str, Any]) -> str:
    status = account.get("status")
    return line(status, 40).lower() if isinstance(status, str) else ""


def _name(account: dict[str, Any]) -> str:
    found = (account.get(name) for name in ("account_name", "name", "linkedin_name"))
    return next((line(value, 100) for value in found if isinstance(value, str) and value.strip()), "")
