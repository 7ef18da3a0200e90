"""Whatever a provider does to an answer, a call ends in time, in bounded space and with a typed error."""

from __future__ import annotations

import json
import time
import tracemalloc

import httpx
import pytest

from integrations.errors import (
    Garbled,
    Unavailable,
)
from tests.integrations import fakewire
from tests.integrations.calls import FINE, failure, mocked, real

# ---- time


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fakewire.silence, id="black hole"),
        pytest.param(fakewire.drip(fakewire.head(4)), id="head drips"),
        pytest.param(
            lambda connection, asked, over: (
                connection.sendall(fakewire.head(1_000)),
                fakewire.drip(b" " * 1_000)(connection, asked, over),
            ),
            id="body drips",
        ),
    ],
)
def test_a_call_ends_at_its_deadline_however_the_answer_trickles(script):
    with fakewire.fake_wire(script) as wire:
        started = time.monotonic()
        error = failure(real(wire, deadline=0.4), repeats=5)
        took = time.monotonic() - started

    assert (type(error), error.code, error.arrived) == (Unavailable, "timeout", True)
    assert 0.35 < took < 15  # a deadline for each read would let it go on
    assert error.exchange.status in (None, 200)


def test_a_deadline_that_is_over_before_the_connection_stands_never_arrived():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        error = failure(real(wire, deadline=1e-9))

    assert (type(error), error.code, error.arrived, wire.asked) == (Unavailable, "timeout", False, [])


# ---- broken answers


def test_a_refused_connection_never_arrived():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        pass
    error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived) == (Unavailable, "no_connection", False)
    assert (error.exchange.path, error.exchange.status) == ("/people", None)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fakewire.reset, id="reset"),
        pytest.param(fakewire.cut(FINE, 0), id="no byte of the body"),
        pytest.param(fakewire.cut(FINE, 9), id="half of the body"),
        pytest.param(lambda connection, _asked, _over: connection.shutdown(2), id="hang up at once"),
    ],
)
def test_an_answer_that_breaks_off_may_have_arrived(script):
    with fakewire.fake_wire(script) as wire:
        error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived) == (Unavailable, "broken_off", True)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "script, code",
    [
        pytest.param(fakewire.answer(b""), "empty", id="empty"),
        pytest.param(
            lambda connection, _a, _o: connection.sendall(fakewire.head(9) + FINE), "not_json", id="length too short"
        ),
        pytest.param(fakewire.gzipped(FINE * 50, keep=-9), "cut", id="gzip cut, length right"),
        pytest.param(fakewire.gzipped(FINE, keep=5), "cut", id="gzip cut in its head"),
        pytest.param(fakewire.answer(b"plain", "Content-Encoding: gzip"), "bad_gzip", id="not gzip at all"),
        pytest.param(fakewire.answer(FINE, "Content-Encoding: br"), "unknown_encoding", id="brotli"),
        pytest.param(fakewire.answer(b"<html>Sign in</html>", content_type="text/html"), "web_page", id="web page"),
        pytest.param(fakewire.answer(b"  <!doctype html>"), "web_page", id="web page called JSON"),
    ],
)
def test_an_answer_that_is_no_data_is_garbled(script, code):
    with fakewire.fake_wire(script) as wire:
        error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived, error.exchange.status) == (Garbled, code, True, 200)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": 1e999}', id="beyond a double"),
        pytest.param(b'{"a": ' + b"9" * 5_000 + b"}", id="5000 digits"),
        pytest.param(b"[" * 100_000, id="open brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="nested 100000 deep"),
        pytest.param(b'{"a": 1', id="cut"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b'{"a": "\xe9"}', id="latin-1"),
        pytest.param(b"{'a': 1}", id="quotes"),
    ],
)
def test_json_is_read_strictly(body):
    http, _requests, _pauses = mocked(httpx.Response(200, content=body))
    error = failure(http)

    assert (type(error), error.code) == (Garbled, "not_json")
    assert len(error.exchange.response) <= 2_000


def test_whole_gzip_is_read_also_in_several_parts():
    with fakewire.fake_wire(fakewire.gzipped(b'{"text": "' + b"x" * 1_000_000 + b'"}')) as wire:
        assert len(real(wire).call("GET", "/people").data["text"]) == 1_000_000


def test_a_gzip_bomb_is_stopped_at_the_cap_and_costs_little_memory():
    """300 MB in 300 KB."""
    with fakewire.fake_wire(fakewire.gzipped(b" " * 300_000_000)) as wire:
        http = real(wire, max_bytes=4_000_000)
        tracemalloc.start()
        error = failure(http)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (type(error), error.code) == (Garbled, "too_large")
    assert peak < 20_000_000


def test_a_body_over_the_cap_is_refused_and_one_of_exactly_its_size_is_read():
    body = json.dumps({"text": "x" * 100}).encode()
    http, _requests, _pauses = mocked(httpx.Response(200, content=body), max_bytes=len(body))
    assert http.call("GET", "/people").status == 200

    http, _requests, _pauses = mocked(httpx.Response(200, content=body), max_bytes=len(body) - 1)
    assert failure(http).code == "too_large"
