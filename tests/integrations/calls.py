"""Clients for the tests of outgoing HTTP: over real sockets, and over a script of answers."""

from __future__ import annotations

import httpx
import pytest

from integrations.errors import (
    ProviderError,
)
from integrations.http import Http
from tests.integrations import fakewire

KEY = "k3y/with+signs"
LOCAL = frozenset({"127.0.0.1"})
FINE = b'{"fine": true}'


def real(wire: fakewire.Wire, **options) -> Http:
    """A client over real sockets, allowed to call this machine."""
    return Http(wire.url, allowed_hosts=LOCAL, secrets=(KEY,), **options)


def mocked(*answers: httpx.Response | Exception, **options) -> tuple[Http, list[httpx.Request], list[float]]:
    """A client whose provider gives these answers in turn, the last one for ever; its requests and its pauses."""
    requests: list[httpx.Request] = []
    pauses: list[float] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        chosen = answers[min(len(requests), len(answers)) - 1]
        if isinstance(chosen, Exception):
            raise chosen
        return chosen

    http = Http(
        "https://api.example.com/v1",
        own_hosts={"api.example.com"},
        secrets=(KEY,),
        transport=httpx.MockTransport(handle),
        sleep=pauses.append,
        **options,
    )
    return http, requests, pauses


def failure(http: Http, method: str = "GET", **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        http.call(method, "/people", **options)
    return caught.value
