"""Speaks HTTP to LinkUp: the action envelope, costs, offset pages, meaning of error codes. Knows no model of ours."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from integrations.errors import (
    Denied,
    Garbled,
    NotOffered,
    OutOfCredits,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.http import Answer, Http, by_status, retry_after, segment
from integrations.provider import Account

BASE_URL = "https://api.linkupapi.com"
HOSTS = frozenset({"api.linkupapi.com"})
READ_REPEATS = 2  # a page that was lost on its way may have been charged
PERSON_WAITS = 15.0  # seconds for a call that somebody watches
LIST_SECONDS, CV_SECONDS = 60.0, 60.0  # section 14
BATCH, BATCH_SECONDS = 50, 6.0  # LinkUp asks LinkedIn for 50 at a time (6.3): seconds for each batch beyond the second
LARGEST = 1000  # rows that one call gives (6.1)
PER_CREDIT = 10  # rows (section 4)
MESSAGE = 500  # characters of LinkUp's words that we show

# linkup.md 3.1. Codes that aren't here are not worth repeating.
DENIED = {"INVALID_API_KEY", "INVALID_ACCOUNT", "ACCOUNT_INACTIVE"}
NO_CREDITS, TOO_MANY, INTERNAL, NO_ACTION = "INSUFFICIENT_CREDITS", "RATE_LIMITED", "INTERNAL_ERROR", "INVALID_ACTION"
INVALID_PARAMS = "INVALID_PARAMS"
POST_LISTS = ("posts", "jobs", "job_posts")  # section 8: how the list may be called


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page as LinkUp sent it. ``next_offset`` None: the end. ``total``: of all pages, None where it isn't said."""

    rows: list[Any]
    next_offset: int | None
    total: int | None
    cost: int


@dataclass(frozen=True, slots=True)
class Cv:
    """``content`` empty: there is none. ``name`` is often empty or wrong (section 7)."""

    content: bytes
    name: str
    cost: int


class LinkUpClient:
    def __init__(
        self,
        account: Account,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.api_key = str(account.credentials.get("api_key", "")).strip()
        self.account_id = str(account.credentials.get("account_id", "")).strip()
        self.http = Http(
            account.base_url or BASE_URL,
            own_hosts=HOSTS,
            allowed_hosts=account.allowed_hosts,
            secrets=(self.api_key,),
            explain=explain,
            transport=transport,
            sleep=sleep,
            patience=seconds_for(LARGEST),
            hasty=False,
        )

    def close(self) -> None:
        self.http.close()

    def account(self) -> dict[str, Any]:
        """State of the connected LinkedIn account; free (11.1)."""
        path = f"/v2/accounts/{segment(self.account_id or '-')}"
        return _data(self.http.call("GET", path, headers=self._headers(), repeats=1, within=PERSON_WAITS))

    def credits(self) -> int | None:
        """What is left to spend; free. None where the answer, whose shape isn't documented, doesn't say it plainly."""
        data = _data(self.http.call("GET", "/v2/credits", headers=self._headers(), repeats=1, within=PERSON_WAITS))
        found = (data.get(name) for name in ("credits", "balance", "remaining", "credits_remaining", "available"))
        return next((number for value in found if (number := whole(value)) is not None), None)

    def candidates(self, job_id: str, *, count: int, offset: int) -> ListPage:
        """Applicants of one job (section 6). Raises Refused with code INVALID_PARAMS where LinkedIn lacks the job."""
        params = {"job_id": job_id, "count": count, "offset": offset}
        answer = self._act("get_candidates", params, within=seconds_for(count))
        data = _data(answer)
        rows, pages = data.get("candidates"), data.get("pagination")
        if not isinstance(rows, list) or not isinstance(pages, dict) or not {"has_more", "next_offset"} <= pages.keys():
            raise Garbled("The page lacks its parts.", code="bad_envelope", exchange=answer.exchange)
        following = _following(rows, pages, offset)
        return ListPage(rows, following, whole(data.get("total_available_results")), cost_of(answer))

    def posts(self, *, count: int, offset: int, job_id: str = "", within: float | None = None) -> ListPage:
        """Job postings (section 8), whose answer isn't documented: any list under ``data`` is taken, none is empty."""
        params: dict[str, Any] = {"job_id": job_id} if job_id else {}
        answer = self._act("get_posts", params | {"count": count, "offset": offset}, within=within or LIST_SECONDS)
        data = _data(answer)
        named = [data.get(name) for name in POST_LISTS]
        rows = next((value for value in [*named, *data.values()] if isinstance(value, list)), [])
        pages = data.get("pagination")
        following = _following(rows, pages if isinstance(pages, dict) else {}, offset)
        return ListPage(rows, following, whole(data.get("total_available_results")), cost_of(answer))

    def cv(self, application_id: str) -> Cv:
        """The CV of one application (section 7); slow."""
        answer = self._act("get_cv", {"application_id": application_id}, within=CV_SECONDS)
        cv = _data(answer).get("cv")
        cv = cv if isinstance(cv, dict) else {}
        content, name = cv.get("content"), cv.get("filename")
        if content is not None and not isinstance(content, str):
            raise Garbled("The CV can't be read.", code="bad_file", exchange=answer.exchange)
        try:
            decoded = base64.b64decode("".join((content or "").split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise Garbled("The CV can't be read.", code="bad_file", exchange=answer.exchange) from error
        return Cv(decoded, name if isinstance(name, str) else "", cost_of(answer))

    def _act(self, action: str, params: dict[str, Any], *, within: float) -> Answer:
        body = {"account_id": self.account_id, "action": action, "params": params}
        answer = self.http.call(
            "POST", "/v2/recruiter", headers=self._headers(), body=body, repeats=READ_REPEATS, within=within
        )
        meta = answer.data.get("metadata")
        named = meta.get("account_id") if isinstance(meta, dict) else None
        if isinstance(named, str) and named and named != self.account_id:
            raise Garbled("LinkUp answered for another account.", code="wrong_account", exchange=answer.exchange)
        return answer

    def _headers(self) -> dict[str, str]:
        for value, name in ((self.api_key, "API key"), (self.account_id, "account id")):
            if not value or not value.isascii() or not value.isprintable() or " " in value:
                message = f"The {name} has characters in it that none has." if value else f"The {name} is missing."
                raise Denied(message, code="bad_credential")
        return {"x-api-key": self.api_key}


def seconds_for(count: int) -> float:
    """Time for a page of so many rows: the more upstream batches, the slower it is (6.3)."""
    return LIST_SECONDS + max(0, -(-count // BATCH) - 2) * BATCH_SECONDS


def explain(answer: Answer) -> ProviderError | None:
    """The error that an answer stands for, by its code (3.1); by its status where it has none.

    Two of LinkUp's own errors are a 403, and Cloudflare, which stands before it, has a third, an HTML page, which
    passes: only JSON counts as LinkUp's word.
    """
    data = answer.data if isinstance(answer.data, dict) else {}
    error = data.get("error")
    if answer.status < 300 and data.get("success") is True and error is None:
        whole_answer = isinstance(data.get("data"), dict)
        return None if whole_answer else Garbled("The answer lacks its parts.", code="bad_envelope")
    error = error if isinstance(error, dict) else {}
    code = error.get("code") if isinstance(error.get("code"), str) else ""
    message = str(error["message"])[:MESSAGE] if isinstance(error.get("message"), str) else ""
    if code:
        return _by_code(code, message or f"LinkUp refused with {code[:60]} and no further word.", answer)
    if answer.status == httpx.codes.PAYMENT_REQUIRED:
        return _no_credits(message, answer)
    found = by_status(answer) or Garbled("The answer isn't what LinkUp promises.", code="bad_envelope")
    found.message, found.exchange = message or found.message, answer.exchange
    found.args = (found.message,)
    return found


def _by_code(code: str, message: str, answer: Answer) -> ProviderError:
    named: dict[str, Any] = {"code": code[:100], "exchange": answer.exchange}
    if code == TOO_MANY:
        return RateLimited(message, retry_after=retry_after(answer.headers), **named)
    if code == NO_CREDITS:
        return _no_credits(message, answer)
    if code == INTERNAL:
        return Unavailable(message, arrived=True, **named)
    if code == NO_ACTION:
        return NotOffered(message, **named)
    return (Denied if code in DENIED else Refused)(message, **named)


def _no_credits(message: str, answer: Answer) -> OutOfCredits:
    said = f" It says: {message}" if message else ""
    return OutOfCredits(f"No credits are left at LinkUp.{said}", code=NO_CREDITS, exchange=answer.exchange)


def cost_of(answer: Answer) -> int:
    """Credits that the call was charged (section 4); 0 where that isn't said."""
    meta = answer.data.get("metadata") if isinstance(answer.data, dict) else None
    return (whole(meta.get("credits_consumed")) if isinstance(meta, dict) else None) or 0


def whole(value: Any) -> int | None:
    """A number that counts something, also one written as text or with a point."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if fine else None


def _following(rows: list[Any], pages: dict[str, Any], offset: int) -> int | None:
    """Where the next page begins; None at the end, and for an offset that leads nowhere new (6.3)."""
    following = whole(pages.get("next_offset"))
    if not rows or pages.get("has_more") is not True or following is None or following <= offset:
        return None
    return following


def _data(answer: Answer) -> dict[str, Any]:
    data: dict[str, Any] = answer.data["data"]
    return data
