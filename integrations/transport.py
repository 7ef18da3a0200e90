"""The wire under every provider: connects only where it may, and gives up when the time of the call is over.

httpx counts its timeouts per read, so that a server which sends one byte a second is never late. Here every connect,
handshake, read and write is also held to one deadline for the whole call, answer's head and body included.
"""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from integrations import addresses

# When the call that this thread is in must be over, by time.monotonic().
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Hold everything that is sent and read inside to a deadline (a time.monotonic() value)."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(timeout: float | None, late: type[Exception]) -> float | None:
    """What remains for one step: its own timeout or the rest of the call, whichever is less."""
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    rest = deadline - time.monotonic()
    if rest <= 0:
        raise late("the time of the call is over")
    return rest if timeout is None else min(timeout, rest)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.SyncBackend):
    """Looks a host up once, asks whether its addresses may be called, and connects to exactly those.

    A name that answers differently the second time (rebinding) gains nothing: there is no second time.
    """

    def __init__(self, allowed_hosts: Collection[str], resolver: addresses.Resolver = addresses.resolve) -> None:
        self._allowed_hosts = frozenset(allowed_hosts)
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("the host has no address")
        for address in self._addresses(host, port):
            left = _left(timeout, httpcore.ConnectTimeout)
            try:
                return _TimedStream(super().connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        place = addresses.Place(host.lower().rstrip("."), port)
        try:
            found = self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses.is_allowed(place, self._allowed_hosts):
            addresses.check_public(place, found)
        return found


@functools.cache
def tls() -> ssl.SSLContext:
    """Verified TLS. Made once: reading the authorities takes tens of milliseconds."""
    return httpx.create_ssl_context(verify=True, trust_env=False)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport on a pool with our backend: httpx has no argument for it, so the pool is put in its place."""

    def __init__(
        self, allowed_hosts: Collection[str], *, connections: int = 10, resolver: addresses.Resolver = addresses.resolve
    ) -> None:
        super().__init__(verify=tls(), trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=30.0,
            network_backend=GuardedBackend(allowed_hosts, resolver),
        )
