"""Speaks HTTP to Recruspace: addresses, auth, list shapes, meaning of answers. Knows no model of ours."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from integrations.errors import Denied, Exchange, Garbled, ProviderError, RateLimited, Refused
from integrations.http import Answer, Http, by_status, segment
from integrations.provider import Account

BASE_URL = "https://api.recruspace.com"
HOSTS = frozenset({"api.recruspace.com"})
PREFIX = "/api/v1/client"
PAGE_SIZE = 100  # the most that a page has
READ_REPEATS = 3
PERSON_WAITS = 15.0  # seconds for a call that somebody watches
LONGEST_WAIT = 3_600.0  # seconds, whatever the words of a 429 say
MESSAGE = 500  # characters of Recruspace's words that we show
AVAILABLE_IN = re.compile(r"available in (\d{1,9}) second")  # the only place where it says how long (section 1)
NOT_FOUND, CONFLICT = "http_404", "http_409"


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. ``total`` where the page's envelope counts."""

    rows: list[Any]
    has_next: bool
    total: int | None
    exchange: Exchange


class RecruspaceClient:
    def __init__(
        self,
        account: Account,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.api_key = str(account.credentials.get("api_key", "")).strip()
        self.http = Http(
            account.base_url or BASE_URL,
            own_hosts=HOSTS,
            allowed_hosts=account.allowed_hosts,
            secrets=(self.api_key,),
            explain=explain,
            transport=transport,
            sleep=sleep,
        )

    def close(self) -> None:
        self.http.close()

    def users(self) -> list[Any]:
        """The cheapest call that needs the key: none is documented for checking it (section 1)."""
        return self._list("/companies/users/", 1, within=PERSON_WAITS).rows

    def job_posts(self, number: int) -> ListPage:
        return self._list("/job-posts/", number)

    def talent_pools(self, number: int, *, within: float | None = None) -> ListPage:
        return self._list("/talent-pools/", number, within=within)

    def pool_candidates(self, pool_id: str, number: int) -> ListPage:
        """Raises Refused with the code of a 404 when there is no such pool."""
        return self._list(f"/talent-pools/{segment(pool_id)}/candidates/", number)

    def candidate(self, candidate_id: str) -> dict[str, Any] | None:
        """One row with fresh links to its files; None when Recruspace doesn't know the id."""
        try:
            answer = self._call("GET", f"/candidates/{segment(candidate_id)}/", repeats=1)
        except Refused as error:
            if error.code == NOT_FOUND:
                return None
            raise
        return _object(answer)

    def add_note(self, candidate_id: str, text: str) -> Exchange:
        body = {"candidate_id": _number(candidate_id), "text": text}
        return self._write("/candidates/add-note/", body)

    def add_tag(self, candidate_id: str, title: str) -> Exchange:
        """That the candidate carries the tag already is success as well (4.2)."""
        try:
            return self._write("/candidates/add-tag/", {"candidate_id": _number(candidate_id), "title": title})
        except Refused as error:
            if error.code == CONFLICT and error.exchange is not None:
                return error.exchange
            raise

    def _write(self, path: str, body: dict[str, Any]) -> Exchange:
        """Sent once: repeats are the outbox's, which writes each of them down."""
        answer = self._call("POST", path, body=body)
        _object(answer)
        return answer.exchange

    def _list(self, path: str, number: int, *, within: float | None = None) -> ListPage:
        params = {"page": str(number), "page_size": str(PAGE_SIZE)}
        try:
            answer = self._call("GET", path, params=params, repeats=READ_REPEATS, within=within)
        except Refused as error:
            if error.code == NOT_FOUND and number > 1 and error.exchange is not None:
                return ListPage([], False, None, error.exchange)  # beyond the last page (section 1)
            raise
        return _list_page(answer)

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        if not self.api_key or not self.api_key.isascii() or not self.api_key.isprintable() or " " in self.api_key:
            message = "The API key has characters in it that none has." if self.api_key else "The API key is missing."
            raise Denied(message, code="bad_credential")
        headers = {"Authorization": f"Bearer {self.api_key}"}
        return self.http.call(method, PREFIX + path, headers=headers, **options)


def explain(answer: Answer) -> ProviderError | None:
    """The error that an answer stands for: by its status, in Recruspace's own words where it has any."""
    if answer.status < 300:
        readable = isinstance(unwrapped(answer.data), dict | list)
        return None if readable else Garbled("The answer lacks its parts.", code="bad_shape")
    found = by_status(answer)
    if found is None:
        return None
    said = words(answer.data)
    if isinstance(found, RateLimited) and found.retry_after is None:
        found.retry_after = _seconds(said)
    if said and not isinstance(found, Denied):
        found.message, found.args = said, (said,)
    return found


def unwrapped(data: Any) -> Any:
    """What stands inside ``{"success": ..., "content": ...}``, the third of the shapes (section 1)."""
    return data["content"] if isinstance(data, dict) and {"success", "content"} <= data.keys() else data


def words(data: Any) -> str:
    """``{"detail": text}``, or ``{field: [text, ...]}``, as one sentence or more."""
    if not isinstance(data, Mapping):
        return ""
    detail = data.get("detail")
    if isinstance(detail, str):
        return detail[:MESSAGE]
    told = [(name, said if isinstance(said, list) else [said]) for name, said in data.items()]
    parts = [f"{name}: {one}" for name, said in told for one in said if isinstance(one, str)]
    return " ".join(parts)[:MESSAGE]


def _seconds(text: str) -> float | None:
    found = AVAILABLE_IN.search(text)
    return min(float(found.group(1)), LONGEST_WAIT) if found else None


def _number(candidate_id: str) -> int | str:
    """Ids are integers there and text here. What is none goes as it is, to be refused by those who know."""
    plain = candidate_id.isascii() and candidate_id.isdigit() and len(candidate_id) < 20
    return int(candidate_id) if plain else candidate_id


def _object(answer: Answer) -> dict[str, Any]:
    """A single thing, which always has an id."""
    data = unwrapped(answer.data)
    if not isinstance(data, dict) or data.get("id") is None:
        raise Garbled("The answer lacks its parts.", code="bad_shape", exchange=answer.exchange)
    return data


def _list_page(answer: Answer) -> ListPage:
    """Of all shapes. A bare array says by its length whether it was the last one: a short page ends the list."""
    data = unwrapped(answer.data)
    if isinstance(data, list):
        return ListPage(data, len(data) == PAGE_SIZE, None, answer.exchange)
    rows = data.get("results") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise Garbled("The page lacks its parts.", code="bad_shape", exchange=answer.exchange)
    count = data.get("count")
    total = count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
    return ListPage(rows, data.get("next") is not None, total, answer.exchange)
