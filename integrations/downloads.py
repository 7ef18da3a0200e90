"""Fetching a file from where a provider says that it is: guarded like every call, and without any credential.

The host must be one of the provider's for files, or one that the operator allows, or, where a provider names none, any
public one; redirects aren't followed, and no more than the limit is read, whatever was announced.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import cast

import httpx

from integrations.addresses import PORTS, check_address, check_link
from integrations.bodies import BadBody, read_body
from integrations.errors import AddressRefused, Exchange, Garbled, ProviderError, RateLimited, Refused, Unavailable
from integrations.http import DEADLINE, NEVER_ARRIVED, USER_AGENT, retry_after
from integrations.transport import GuardedTransport, until

LONGEST_URL = 4_000  # characters
GONE = (404, 410)


def download(
    url: str,
    *,
    own_hosts: Collection[str] | None,
    allowed_hosts: Collection[str] = (),
    limit: int,
    transport: httpx.BaseTransport | None = None,
    deadline: float = DEADLINE,
) -> bytes | None:
    """The bytes; None when nothing is there (any more). ``own_hosts`` that begin with a dot stand for all below them;
    None: any host, by https and on a public address.

    Raises ProviderError: Refused with code ``link_refused`` when the link no longer opens, ``file_too_large`` above the
    limit; AddressRefused; Unavailable, RateLimited and Garbled as for every call.
    """
    _check_url(url, own_hosts, allowed_hosts)
    over = time.monotonic() + deadline
    client = httpx.Client(
        transport=transport or GuardedTransport(allowed_hosts, connections=1),
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(30.0, connect=10.0),
        follow_redirects=False,
        trust_env=False,
    )
    with client, until(over):
        try:
            with client.stream("GET", url) as response:
                return _body(response, limit, over)
        except ProviderError:
            raise
        except NEVER_ARRIVED as error:
            raise Unavailable("The file's host can't be reached.", arrived=False, code="no_connection") from error
        except httpx.TransportError as error:
            late = isinstance(error, httpx.TimeoutException)
            raise Unavailable(
                "The file didn't come in time.", arrived=True, code="timeout" if late else "broken_off"
            ) from error


def _check_url(url: str, own_hosts: Collection[str] | None, allowed_hosts: Collection[str]) -> None:
    """A link may carry a query, in which its signature is; all else is as for a connection's address."""
    place, _, _query = url.partition("?")
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused("The link to the file isn't an address.", code="address_refused")
    if own_hosts is None:
        check_link(place, allowed_hosts)
        return
    host = httpx.URL(place).host if place.startswith(tuple(f"{scheme}://" for scheme in PORTS)) else ""
    below = {host} if any(known.startswith(".") and host.endswith(known) for known in own_hosts) else set()
    check_address(place, allowed_hosts, own_hosts={*own_hosts, *below})


def _body(response: httpx.Response, limit: int, over: float) -> bytes | None:
    """Errors carry no part of the link: it opens the file to whoever has it."""
    exchange = Exchange("GET", "(file)", status=response.status_code)
    if response.status_code in GONE:
        return None
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait = retry_after(response.headers)
        raise RateLimited("Too many requests.", retry_after=wait, code="http_429", exchange=exchange)
    if response.status_code >= 500:
        raise Unavailable("The file's host failed.", arrived=True, code="unavailable", exchange=exchange)
    if 300 <= response.status_code < 400:
        raise Garbled("The link to the file leads somewhere else.", code="redirected", exchange=exchange)
    if not response.is_success:
        raise Refused("The link to the file no longer opens.", code="link_refused", exchange=exchange)
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit, exchange)
    try:
        return read_body(_in_time(response, over), response.headers.get("content-encoding", ""), limit)
    except BadBody as error:
        if error.code == "too_large":
            raise _too_large(limit, exchange) from error
        raise Garbled(str(error), code=error.code, exchange=exchange) from error


def _too_large(limit: int, exchange: Exchange) -> Refused:
    return Refused(f"A file has at most {limit // (1024 * 1024)} MB.", code="file_too_large", exchange=exchange)


def _in_time(response: httpx.Response, over: float) -> Iterator[bytes]:
    for chunk in cast(httpx.SyncByteStream, response.stream):
        if time.monotonic() >= over:
            raise httpx.ReadTimeout("the time of the call is over")
        yield chunk
