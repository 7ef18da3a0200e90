"""Outgoing HTTP, the same for every provider: bounded in time and size, no redirects, typed errors, no secrets.

A call ends in an ``Answer`` or in one of the errors of ``integrations.errors``, which carries the ``Exchange`` for the
ledger. A call never takes longer than its deadline, repeats and pauses between them included.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import quote

import httpx

from integrations.addresses import check_address, is_public, resolve
from integrations.bodies import EXCERPT, BadBody, excerpt, read_body, read_json, storable
from integrations.errors import Denied, Exchange, Garbled, ProviderError, RateLimited, Refused, Unavailable
from integrations.pacing import OWN_CEILING, Pace
from integrations.transport import GuardedTransport, until

__all__ = ["Answer", "Http", "by_status", "check_address", "is_public", "resolve", "retry_after", "segment"]

USER_AGENT = "Quorum/1.0"
MAX_BYTES = 32 * 1024 * 1024
DEADLINE = 60.0  # seconds for a call as a whole
LONGEST_PAUSE = 10.0  # seconds that a call may sleep in all; a longer wait is the caller's to plan
LONGEST_WAIT = 86_400.0  # seconds: a provider that says "in a year" is asked again tomorrow
LEDGER_BODY = 64 * 1024  # bytes up to which an answer is kept whole in its exchange
SHORTEST_SECRET = 4  # characters; hiding anything shorter would tear ordinary words apart
NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``data`` is the parsed JSON; None for an empty body, or when an error's body was no JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any
    exchange: Exchange


Explain = Callable[[Answer], ProviderError | None]


@dataclass
class Http:
    """One provider's connection pool, safe to share between threads.

    ``secrets`` are hidden wherever they turn up in what the provider sends. ``explain`` reads the provider's own error
    of an answer, or says None for an answer that is fine. ``pace`` says when a call may leave. ``patience``: seconds
    that may pass without a byte. ``hasty``: ask again soon after "too many" that names no time; otherwise the caller
    plans the wait.
    """

    base_url: str
    own_hosts: Collection[str] = ()
    allowed_hosts: Collection[str] = ()
    secrets: Collection[str] = field(default=(), repr=False)
    explain: Explain | None = None
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    deadline: float = DEADLINE
    patience: float = 30.0
    hasty: bool = True
    max_bytes: int = MAX_BYTES
    pace: Pace | None = field(default=None, repr=False)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self.base_url = self.base_url.rstrip("/")
        # The longest first: one secret may be the beginning of another.
        self._hidden = sorted({s for s in self.secrets if len(s) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._client = httpx.Client(
            transport=self.transport or GuardedTransport(self.allowed_hosts),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self.patience, connect=10.0),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        repeats: int = 0,
        within: float | None = None,
    ) -> Answer:
        """Ask once, and up to ``repeats`` times more while no usable answer comes. Only for what may be repeated.

        ``within`` seconds, when a person waits for it. Raises ProviderError with its exchange.
        """
        over, slept, attempt = self.clock() + (within or self.deadline), 0.0, 0
        while True:
            try:
                return self._once(method, path, headers, params, body, over)
            except (Unavailable, Garbled, RateLimited) as error:
                pause = _pause(error, attempt)
                slept += pause
                hopeless = slept > LONGEST_PAUSE or self.clock() + pause >= over or error.code == "redirected"
                hopeless |= error.code == OWN_CEILING  # somebody else may have the worker meanwhile
                hopeless |= not self.hasty and isinstance(error, RateLimited) and error.retry_after is None
                if attempt >= repeats or hopeless:
                    raise
            self.sleep(pause)
            attempt += 1

    def _once(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
        body: Any,
        over: float,
    ) -> Answer:
        check_address(self.base_url, self.allowed_hosts, own_hosts=self.own_hosts)
        request = self._request(method, path, headers or {}, params, body)
        shown = Exchange(method, self._hide(request.url.raw_path.decode("ascii")), self._hide(body))
        if self.pace is not None:
            self.pace.wait(self.sleep, shown)
        started = self.clock()
        with until(over):
            try:
                response = self._client.send(request, stream=True)
            except ProviderError as error:
                error.exchange = self._timed(shown, started)
                raise
            except NEVER_ARRIVED as error:
                raise _no_answer(error, arrived=False, exchange=self._timed(shown, started)) from error
            except httpx.TransportError as error:
                raise _no_answer(error, arrived=True, exchange=self._timed(shown, started)) from error
            try:
                return self._read(response, shown, started, over)
            finally:
                response.close()

    def _request(
        self, method: str, path: str, headers: Mapping[str, str], params: Mapping[str, str] | None, body: Any
    ) -> httpx.Request:
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            raise Denied("A credential has characters in it that can't be sent.", code="bad_credential")
        try:
            return self._client.build_request(
                method, self.base_url + path, headers=headers, params=params or None, json=body
            )
        except (ValueError, TypeError, RecursionError) as error:
            raise Refused("This has something in it that can't be sent.", code="cannot_send") from error

    def _read(self, response: httpx.Response, shown: Exchange, started: float, over: float) -> Answer:
        """The answer of a response, or the error that it stands for."""
        fault: BadBody | httpx.TransportError | None = None
        raw, data = b"", None
        try:
            raw = read_body(self._in_time(response, over), response.headers.get("content-encoding", ""), self.max_bytes)
            data = self._parsed(raw) if raw else None
        except BadBody as error:
            fault, raw = error, error.excerpt
        except httpx.TransportError as error:
            fault = error
        text = self._hide(excerpt(raw))
        shown = replace(self._timed(shown, started), status=response.status_code)
        shown = replace(shown, response=self._shown(data, raw, text))
        answer = Answer(response.status_code, response.headers, data, shown)
        if self.pace is not None:
            self.pace.learn(answer.headers)
        if 300 <= response.status_code < 400:
            raise Garbled("The provider redirected us to another address.", code="redirected", exchange=shown)
        if response.is_success:
            self._expect_whole(answer, fault, empty=not raw)
        refusal = (self.explain or by_status)(answer)
        if refusal is not None:
            refusal.exchange = refusal.exchange or shown
            if self.pace is not None and isinstance(refusal, RateLimited):
                self.pace.refused(refusal.retry_after)
            raise refusal
        return answer

    @staticmethod
    def _expect_whole(answer: Answer, fault: BadBody | httpx.TransportError | None, *, empty: bool) -> None:
        if isinstance(fault, httpx.TransportError):
            raise _no_answer(fault, arrived=True, exchange=answer.exchange) from fault
        if fault is not None:
            raise Garbled(str(fault), code=fault.code, exchange=answer.exchange) from fault
        if empty and answer.status != httpx.codes.NO_CONTENT:
            raise Garbled("The answer is empty.", code="empty", exchange=answer.exchange)

    def _in_time(self, response: httpx.Response, over: float) -> Iterator[bytes]:
        """The packed bytes as they arrive. A transport without real sockets keeps the deadline as well."""
        for chunk in cast(httpx.SyncByteStream, response.stream):
            if self.clock() >= over:
                raise httpx.ReadTimeout("the time of the call is over")
            yield chunk

    def _parsed(self, raw: bytes) -> Any:
        data = read_json(raw)
        if self._mentions_secret(raw):
            try:
                return self._hide(data)
            except RecursionError as error:
                raise BadBody("The answer is nested too deeply.", "not_json") from error
        return data

    def _mentions_secret(self, raw: bytes) -> bool:
        """Looked for in the bytes, because walking every page would be dear; a short body may hide it in escapes."""
        escaped = len(raw) <= LEDGER_BODY and b"\\" in raw
        return escaped or any(secret.encode("utf-8", "replace") in raw for secret in self._hidden)

    def _shown(self, data: Any, raw: bytes, text: str) -> Any:
        """What the ledger keeps of an answer: the parsed JSON of a short one, the beginning of any other."""
        if data is None or len(raw) > LEDGER_BODY:
            return text or None
        try:
            return storable(data)
        except RecursionError:
            return text

    def _timed(self, shown: Exchange, started: float) -> Exchange:
        return replace(shown, duration_ms=round((self.clock() - started) * 1000))

    def _hide(self, value: Any, depth: int = 0) -> Any:
        """The same value with every secret in its texts replaced."""
        if depth > 200:
            raise RecursionError("nested too deeply")
        if isinstance(value, str):
            for secret in self._hidden:
                for form in {secret, quote(secret, safe="")}:
                    value = value.replace(form, "[secret]")
            return value
        if isinstance(value, Mapping):
            return {self._hide(key, depth + 1): self._hide(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._hide(inner, depth + 1) for inner in value]
        return value


def by_status(answer: Answer) -> ProviderError | None:
    """What a status alone says: for providers without error codes, and for answers of something before the provider.

    A no counts only in the provider's own voice, as JSON. An HTML 403 comes from a firewall or proxy, and passes.
    """
    status = answer.status
    if status < 300:
        return None
    named: dict[str, Any] = {"code": f"http_{status}", "exchange": answer.exchange}
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return RateLimited("Too many requests.", retry_after=retry_after(answer.headers), **named)
    if status == httpx.codes.UNAUTHORIZED:
        return Denied("The provider doesn't accept these credentials.", **named)
    if status >= 500 or status == httpx.codes.REQUEST_TIMEOUT:
        return Unavailable(f"The provider failed (HTTP {status}).", arrived=True, **named)
    if not isinstance(answer.data, dict):
        return Unavailable(f"Something before the provider refused us (HTTP {status}).", arrived=False, **named)
    if status == httpx.codes.FORBIDDEN:
        return Denied("The provider doesn't permit this.", **named)
    return Refused(f"The provider refused (HTTP {status}).", **named)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that ``Retry-After`` asks for, between 0 and a day; None when it's absent or makes no sense."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,9})?", text, re.ASCII):
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = (moment - (now or datetime.now(UTC))).total_seconds()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def segment(value: str) -> str:
    """An id as one part of a path. Raises Refused for a text that would name another address."""
    if not isinstance(value, str) or not value.strip(". ") or len(value) > EXCERPT:
        raise Refused("This id can't be part of an address.", code="bad_id")
    return quote(value, safe=":")


def _pause(error: ProviderError, attempt: int) -> float:
    """Seconds before the next attempt: what the provider asks, or 0.5, 1, 2 ... with jitter."""
    jitter = random.random()  # noqa: S311  not a secret, only a way to keep callers apart
    if isinstance(error, RateLimited) and error.retry_after is not None:
        return error.retry_after + 0.25 * jitter
    return min(0.5 * 2**attempt, 4.0) * (0.5 + 0.5 * jitter)


def _no_answer(error: httpx.TransportError, *, arrived: bool, exchange: Exchange) -> Unavailable:
    if isinstance(error, httpx.TimeoutException):
        return Unavailable("The provider didn't answer in time.", arrived=arrived, code="timeout", exchange=exchange)
    if not arrived:
        return Unavailable("The provider can't be reached.", arrived=False, code="no_connection", exchange=exchange)
    return Unavailable("The provider broke off its answer.", arrived=True, code="broken_off", exchange=exchange)
