"""Speaks HTTP to Talynce: addresses, auth, paging, meaning of error codes. Knows no model of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from integrations.errors import (
    CursorExpired,
    Denied,
    Exchange,
    Garbled,
    NotOffered,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.http import Answer, Http, by_status, retry_after, segment
from integrations.provider import Account

BASE_URL = "https://talynce.com/api/v1"
HOSTS = frozenset({"talynce.com"})
PAGE_SIZE = 100  # the most that Talynce gives (talynce.md 1, pagination)
READ_REPEATS = 3
PERSON_WAITS = 15.0  # seconds for a call that somebody watches
MESSAGE = 500  # characters of Talynce's words that we show
# The name and the scheme of the auth header aren't documented (talynce.md 9): a connection's options may say otherwise.
AUTH_HEADER, AUTH_PREFIX = "Authorization", "Bearer"
# Statuses that say more than a code which nobody knows yet. Every other 4xx is a no (talynce.md 1).
UNSURE = (401, 408, 429)
FIRST_WAIT, LONGEST_WAIT = 2.0, 120.0  # seconds, where a 429 names no time

REVEAL = "This profile is masked in Talynce's talent pool. Reveal it there, then send this again."
TRIAL = "Talynce takes no changes from this organization. It is on trial, or the key may only read."


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page as Talynce sent it. ``next`` is the offset of the following page, None at the end."""

    rows: list[Any]
    next: int | None
    total: int


class TalynceClient:
    """Safe to share between threads: a page of details asks for several people at once."""

    def __init__(
        self,
        account: Account,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.api_key = str(account.credentials.get("api_key", "")).strip()
        self.header = str(account.options.get("auth_header") or AUTH_HEADER)
        self.prefix = str(account.options.get("auth_prefix", AUTH_PREFIX) or "")
        self.limited = 0  # answers "too many requests" in a row that named no time
        self.http = Http(
            account.base_url or BASE_URL,
            own_hosts=HOSTS,
            allowed_hosts=account.allowed_hosts,
            secrets=(self.api_key,),
            explain=self._explain,
            transport=transport,
            sleep=sleep,
        )

    def close(self) -> None:
        self.http.close()

    def probe(self) -> ListPage:
        """The cheapest call that needs the key; there is none for just that (talynce.md 1)."""
        return _list_page(self._call("GET", "/candidates", params={"limit": "1"}, repeats=1, within=PERSON_WAITS), 0)

    def page(self, path: str, *, cursor: str | None, limit: int = PAGE_SIZE) -> ListPage:
        """One page of a list, from the offset that ``cursor`` names."""
        offset = _offset(cursor)
        params = {"limit": str(limit), "offset": str(offset)}
        return _list_page(self._call("GET", path, params=params, repeats=READ_REPEATS), offset)

    def candidate(self, candidate_id: str) -> dict[str, Any] | None:
        """One person with the applications; None when Talynce has no such person (any more)."""
        try:
            return self.detail(candidate_id).data["data"]
        except Refused as error:
            if error.code != "not_found":
                raise
            return None

    def detail(self, candidate_id: str) -> Answer:
        """The same with the exchange. Raises Refused ``not_found``."""
        answer = self._call("GET", f"/candidates/{segment(candidate_id)}", repeats=READ_REPEATS)
        if not isinstance(answer.data["data"], dict):
            raise Garbled("The answer lacks its parts.", code="bad_envelope", exchange=answer.exchange)
        return answer

    def update(self, candidate_id: str, body: Mapping[str, Any]) -> Exchange:
        """Sent once: repeats are the outbox's, which writes each of them down."""
        return self._call("PUT", f"/candidates/{segment(candidate_id)}", body=dict(body)).exchange

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        answer = self.http.call(method, path, headers=self._headers(), **options)
        self.limited = 0
        return answer

    def _headers(self) -> dict[str, str]:
        if not self.api_key or not self.api_key.isascii() or not self.api_key.isprintable() or " " in self.api_key:
            message = "The API key has characters in it that none has." if self.api_key else "The API key is missing."
            raise Denied(message, code="bad_credential")
        return {self.header: f"{self.prefix} {self.api_key}".strip()}

    def _explain(self, answer: Answer) -> ProviderError | None:
        """The error that an answer stands for, by its code; by its status where it has none.

        A success without its envelope is an error as well; found here, it is repeated like any other unreadable answer.
        """
        data = answer.data if isinstance(answer.data, dict) else {}
        error = data.get("error")
        if answer.status < 300 and error is None:
            return None if "data" in data else Garbled("The answer lacks its parts.", code="bad_envelope")
        error = error if isinstance(error, dict) else {}
        code = error["code"] if isinstance(error.get("code"), str) else ""
        message = error["message"][:MESSAGE] if isinstance(error.get("message"), str) else ""
        found = self._by_code(code, message or "Talynce refused without a word.", answer) if code else None
        return found or self._by_status(code, message, answer)

    def _by_code(self, code: str, message: str, answer: Answer) -> ProviderError | None:
        """Three different things answer 403: the code decides, never the status alone (talynce.md 1)."""
        named: dict[str, Any] = {"code": code, "exchange": answer.exchange}
        if code == "rate_limit_exceeded":
            return RateLimited(message, retry_after=self._wait(answer), **named)
        if code == "unauthorized":
            return Denied(message, **named)
        if code == "forbidden":
            # A key that may not even read is revoked; one that may only not write belongs to a trial.
            return Denied(message, **named) if answer.exchange.method == "GET" else NotOffered(TRIAL, **named)
        if code == "internal_error":
            return Unavailable(message, arrived=True, **named)
        if code == "talent_pool_reveal_required":
            return Refused(REVEAL, **named)
        if 400 <= answer.status < 500 and answer.status not in UNSURE:
            return Refused(_with_details(message, answer), **named)
        return None

    def _by_status(self, code: str, message: str, answer: Answer) -> ProviderError:
        """What no code of Talynce's explains: something before it, or a code that nobody knows yet."""
        found = by_status(answer) or Garbled("The answer says that it is an error, and not which.")
        if isinstance(found, Denied) and answer.status == httpx.codes.FORBIDDEN:
            found = Refused(found.message, code=found.code)
        if isinstance(found, RateLimited):
            found.retry_after = self._wait(answer)
        found.message, found.code = message or found.message, code or found.code
        found.args, found.exchange = (found.message,), answer.exchange
        return found

    def _wait(self, answer: Answer) -> float:
        """``Retry-After`` if it can be read, else 2 s, and twice as long each time (talynce.md 1)."""
        named = retry_after(answer.headers)
        if named is not None:
            return named
        self.limited += 1
        return min(FIRST_WAIT * 2.0 ** (self.limited - 1), LONGEST_WAIT)


def _with_details(message: str, answer: Answer) -> str:
    """Talynce names the field or the status that it didn't take beside its sentence."""
    details = answer.data["error"].get("details")
    parts = [f"{key}: {value}" for key, value in details.items()] if isinstance(details, dict) else []
    return f"{message} ({'; '.join(parts)})"[:MESSAGE] if parts else message


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise CursorExpired("This isn't a place in a list.", code="bad_cursor")
    return int(cursor)


def _list_page(answer: Answer, offset: int) -> ListPage:
    """A page is whole only with its rows and its total: a missing total is no end of the list.

    Stepping by what came, not by what was asked for (talynce.md 1): Talynce may give less.
    """
    rows, meta = answer.data["data"], answer.data.get("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    if not isinstance(rows, list) or not isinstance(total, int) or isinstance(total, bool) or total < 0:
        raise Garbled("The page lacks its parts.", code="bad_envelope", exchange=answer.exchange)
    following = offset + len(rows)
    return ListPage(rows, following if rows and following < total else None, total)
