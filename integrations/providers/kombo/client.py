"""Speaks HTTP to Kombo: addresses, auth, paging, rate headers, meaning of error codes. Knows no model of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx

from integrations.downloads import download
from integrations.errors import (
    CursorExpired,
    Denied,
    Exchange,
    Garbled,
    NotOffered,
    NotReady,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.http import Answer, Http, by_status, retry_after, segment
from integrations.provider import Account

BASE_URL = "https://api.kombo.dev/v1"
HOSTS = frozenset({"api.kombo.dev", "api.us.kombo.dev"})
FILE_HOSTS = frozenset({".kombo.dev"})
PAGE_SIZE = 250
READ_REPEATS = 3
PERSON_WAITS = 15.0  # seconds for a call that somebody watches
LONGEST_PAUSE = 300.0  # seconds between two pages, whatever ratelimit-reset says
MESSAGE = 500  # characters of Kombo's words that we show

# kombo.md 3.1. A code that isn't here is read by its status.
DENIED = {
    "PLATFORM.AUTHENTICATION_INVALID",
    "PLATFORM.IP_NOT_WHITELISTED",
    "PLATFORM.INTEGRATION_NOT_FOUND",
    "INTEGRATION.AUTHENTICATION_INVALID",
    "INTEGRATION.INACTIVE",
}
NOT_READY = {"INTEGRATION.QA_FAILED", "INTEGRATION.SETUP_SYNC_PENDING", "INTEGRATION.SETUP_INCOMPLETE"}
NOT_OFFERED = {
    "INTEGRATION.MODEL_NOT_AVAILABLE",
    "INTEGRATION.MODEL_DISABLED",
    "INTEGRATION.ACTION_NOT_AVAILABLE",
    "INTEGRATION.ACTION_DISABLED",
}
REFUSED = {"PLATFORM.INPUT_INVALID", "REMOTE.INPUT_INVALID", "ATS.JOB_CLOSED", "ATS.APPLICATION_ALREADY_EXISTS"}
UNSURE = {"PLATFORM.TASK_TIMED_OUT", "PLATFORM.UNKNOWN_ERROR", "REMOTE.UNKNOWN_HTTP_ERROR"}
DOWN = "REMOTE.SERVICE_UNAVAILABLE"
TOO_MANY = "PLATFORM.RATE_LIMIT_EXCEEDED"
LIMITED = {TOO_MANY, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", "REMOTE.RATE_LIMIT_EXCEEDED"}
PERMISSION_MISSING = "INTEGRATION.PERMISSION_MISSING"


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page as Kombo sent it. ``pause`` in seconds before the next request."""

    results: list[Any]
    next: str | None
    pause: float


class KomboClient:
    def __init__(
        self,
        account: Account,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.api_key = str(account.credentials.get("api_key", "")).strip()
        self.allowed_hosts = account.allowed_hosts
        self.integration_id = str(account.credentials.get("integration_id", "")).strip()
        self.http = Http(
            account.base_url or BASE_URL,
            own_hosts=HOSTS,
            allowed_hosts=account.allowed_hosts,
            secrets=(self.api_key, str(account.credentials.get("webhook_secret", ""))),
            explain=explain,
            transport=transport,
            sleep=sleep,
        )

    def close(self) -> None:
        self.http.close()

    def check_key(self) -> dict[str, Any]:
        """The environment that the API key belongs to (13.1)."""
        return self._get("/check-api-key", within=PERSON_WAITS)

    def integration(self) -> dict[str, Any]:
        """State, tool and offered actions of the integration (13.4)."""
        return self._get(f"/integrations/{segment(self.integration_id)}", within=PERSON_WAITS)

    def page(self, path: str, *, cursor: str | None, since: datetime | None) -> ListPage:
        """One page of a model list. The filters go with every page: the cursor doesn't carry them (section 6)."""
        params = {"page_size": str(PAGE_SIZE), "include_deleted": "true"}
        if since is not None:
            params["updated_after"] = timestamp(since)
        if cursor is not None:
            params["cursor"] = cursor
        try:
            answer = self._call("GET", path, params=params, repeats=READ_REPEATS)
        except Refused as error:
            if cursor is None:
                raise
            # Page one was accepted with the same filters, so it's the cursor that Kombo no longer knows (section 18).
            raise CursorExpired(error.message, code=error.code, exchange=error.exchange) from error
        return _list_page(answer, cursor)

    def candidate(self, candidate_id: str) -> dict[str, Any] | None:
        """One person by id; None when Kombo doesn't know the id, for which it refuses the whole call (3.1)."""
        params = {"ids": candidate_id, "include_deleted": "true"}
        try:
            results = _list_page(self._call("GET", "/ats/candidates", params=params, repeats=1), None).results
        except Refused:
            return None
        return next((row for row in results if isinstance(row, dict) and row.get("id") == candidate_id), None)

    def attachments(self, candidate_id: str) -> list[Any]:
        """Files of the person and of all applications: a live action, which reaches the ATS (9.5)."""
        answer = self._call("GET", f"/ats/candidates/{segment(candidate_id)}/attachments", repeats=1)
        results = (_envelope(answer) or {}).get("results")
        if not isinstance(results, list):
            raise Garbled("The list of files lacks its parts.", code="bad_envelope", exchange=answer.exchange)
        return results

    def file(self, url: str, limit: int) -> bytes | None:
        """From Kombo's own host for files, without the key (9.5)."""
        return download(url, own_hosts=FILE_HOSTS, allowed_hosts=self.allowed_hosts, limit=limit)

    def set_stage(self, application_id: str, stage_id: str) -> Exchange:
        return self._write("PUT", f"/ats/applications/{segment(application_id)}/stage", {"stage_id": stage_id})

    def reject(self, application_id: str, reason_id: str, note: str) -> Exchange:
        body = {"rejection_reason_id": reason_id} | ({"note": note} if note else {})
        return self._write("POST", f"/ats/applications/{segment(application_id)}/reject", body)

    def add_note(self, application_id: str, text: str) -> Exchange:
        body = {"content": text, "content_type": "PLAIN_TEXT"}
        return self._write("POST", f"/ats/applications/{segment(application_id)}/notes", body)

    def add_tag(self, candidate_id: str, name: str) -> Exchange:
        return self._write("POST", f"/ats/candidates/{segment(candidate_id)}/tags", {"tag": {"name": name}})

    def remove_tag(self, candidate_id: str, name: str) -> Exchange:
        """A DELETE with a body (section 2)."""
        return self._write("DELETE", f"/ats/candidates/{segment(candidate_id)}/tags", {"tag": {"name": name}})

    def _get(self, path: str, *, within: float) -> dict[str, Any]:
        return _envelope(self._call("GET", path, repeats=1, within=within)) or {}

    def _write(self, method: str, path: str, body: dict[str, Any]) -> Exchange:
        """Sent once: repeats are the outbox's, which writes each of them down."""
        answer = self._call(method, path, body=body)
        return replace(answer.exchange, warnings=_warnings(answer.data))

    def _call(self, method: str, path: str, **options: Any) -> Answer:
        return self.http.call(method, path, headers=self._headers(path), **options)

    def _headers(self, path: str) -> dict[str, str]:
        """``X-Integration-Id`` goes with the data calls only; others name the integration in the path (section 2)."""
        for value, name in ((self.api_key, "API key"), (self.integration_id, "integration id")):
            if not value or not value.isascii() or not value.isprintable() or " " in value:
                message = f"The {name} has characters in it that none has." if value else f"The {name} is missing."
                raise Denied(message, code="bad_credential")
        headers = {"Authorization": f"Bearer {self.api_key}"}
        return headers | ({"X-Integration-Id": self.integration_id} if path.startswith("/ats/") else {})


def timestamp(moment: datetime) -> str:
    """The one form that Kombo takes: milliseconds and Z. A numeric offset is refused (section 5)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def explain(answer: Answer) -> ProviderError | None:
    """The error that an answer stands for, by its code; by its status where it has none.

    A success without its envelope is an error as well; found here, it is repeated like any other unreadable answer.
    """
    error = answer.data.get("error") if isinstance(answer.data, dict) else None
    if answer.status < 300 and error is None and not _says_error(answer.data):
        return None if _envelope(answer) is not None else Garbled("The answer lacks its parts.", code="bad_envelope")
    error = error if isinstance(error, dict) else {}
    code = error.get("code") if isinstance(error.get("code"), str) else ""
    message = next((str(error[key])[:MESSAGE] for key in ("message", "title") if isinstance(error.get(key), str)), "")
    known = _by_code(code, message or "Kombo refused without a word.", answer) if code else None
    if known is not None:
        return known
    fallback = by_status(answer) or Garbled("The answer says that it is an error, and not which.")
    fallback.message, fallback.code = message or fallback.message, code or fallback.code
    fallback.args, fallback.exchange = (fallback.message,), answer.exchange
    return fallback


def _by_code(code: str, message: str, answer: Answer) -> ProviderError | None:
    named: dict[str, Any] = {"code": code, "exchange": answer.exchange}
    if code in LIMITED:
        return RateLimited(message, retry_after=_wait(code, answer.headers), **named)
    if code in UNSURE or code == DOWN:
        return Unavailable(message, arrived=code != DOWN, **named)
    if code == PERMISSION_MISSING:
        # Without a read the connection is of no use; a single write that isn't permitted leaves the others alone.
        return (Denied if answer.exchange.method == "GET" else NotOffered)(message, **named)
    for codes, kind in ((DENIED, Denied), (NOT_READY, NotReady), (NOT_OFFERED, NotOffered), (REFUSED, Refused)):
        if code in codes:
            return kind(message, **named)
    return None


def _wait(code: str, headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` if it ever comes, else ``ratelimit-reset``, which speaks of Kombo's own window only (4.1)."""
    named = retry_after(headers)
    return named if named is not None or code != TOO_MANY else _number(headers, "ratelimit-reset")


def pause(headers: Mapping[str, str]) -> float:
    """Seconds to wait so that the last twentieth of a window stays free for people's decisions."""
    left, limit = _number(headers, "ratelimit-remaining"), _number(headers, "ratelimit-limit")
    if left is None or left > (limit or 0.0) // 20:
        return 0.0
    return min(_number(headers, "ratelimit-reset") or 0.0, LONGEST_PAUSE)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = headers.get(name, "").strip()
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _says_error(data: Any) -> bool:
    return isinstance(data, dict) and data.get("status") == "error"


def _envelope(answer: Answer) -> dict[str, Any] | None:
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    return data if isinstance(data, dict) else None


def _list_page(answer: Answer, cursor: str | None) -> ListPage:
    """A page is whole only with both of its parts: a missing ``next`` is no end of the list."""
    data = _envelope(answer) or {}
    results, following = data.get("results"), data.get("next", "")
    if not isinstance(results, list) or not (following is None or (isinstance(following, str) and following)):
        raise Garbled("The page lacks its parts.", code="bad_envelope", exchange=answer.exchange)
    if following is not None and following == cursor:
        raise Garbled("The page names itself as the next one.", code="cursor_repeats", exchange=answer.exchange)
    return ListPage(results, following, pause(answer.headers))


def _warnings(data: dict[str, Any]) -> list[str]:
    found = data.get("warnings")
    entries = found if isinstance(found, list) else []
    return [str(entry.get("message") if isinstance(entry, dict) else entry)[:MESSAGE] for entry in entries]
