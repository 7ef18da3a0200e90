"""What is repeated, how long a call waits, and that threads can share a client."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from integrations.errors import (
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.http import Http, retry_after, segment
from tests.integrations import fakewire
from tests.integrations.calls import failure, mocked, real

# ---- repeats


def test_reads_are_repeated_until_an_answer_comes():
    broken = httpx.ConnectError("no")
    http, requests, pauses = mocked(
        broken, httpx.Response(502), httpx.Response(200, text="<"), httpx.Response(200, json=1)
    )

    assert http.call("GET", "/people", repeats=3).data == 1
    assert len(requests) == 4
    assert [0.25 <= pauses[0] <= 0.5, 0.5 <= pauses[1] <= 1, 1 <= pauses[2] <= 2] == [True, True, True]


def test_nothing_is_repeated_unless_the_caller_says_so():
    http, requests, pauses = mocked(httpx.Response(502))
    assert (type(failure(http, "POST")), len(requests), pauses) == (Unavailable, 1, [])


def test_a_plain_no_is_not_repeated():
    http, requests, _pauses = mocked(httpx.Response(422, json={}))
    assert (type(failure(http, repeats=3)), len(requests)) == (Refused, 1)


def test_retry_after_is_waited_for_when_it_is_short():
    http, _requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(200, json=1))
    assert http.call("GET", "/people", repeats=1).data == 1
    assert 2 <= pauses[0] <= 2.25


@pytest.mark.parametrize("seconds", ["11", "99999", "9" * 18])
def test_a_long_wait_is_handed_to_the_caller(seconds):
    http, requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": seconds}))
    error = failure(http, repeats=3)

    assert (error.retry_after, len(requests), pauses) == (min(float(seconds), 86_400.0), 1, [])


def test_a_call_never_sleeps_longer_than_ten_seconds_in_all():
    http, _requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "4"}))
    assert type(failure(http, repeats=9)) is RateLimited
    assert len(pauses) == 2


def test_a_repeat_that_the_deadline_forbids_is_left_out():
    http, requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "4"}), deadline=3.0)
    assert (type(failure(http, repeats=3)), len(requests), pauses) == (RateLimited, 1, [])


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("", None),
        ("0", 0.0),
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("-5", 0.0),
        ("100000", 86_400.0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 12:00:30", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("soon", None),
        ("inf", None),
        ("1e9", None),
        ("٣", None),
        ("Tue, 99 Nov 2026 99:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_every_form(text, seconds):
    headers = httpx.Headers([(b"retry-after", text.encode())])
    assert retry_after(headers, now=datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds


# ---- threads


def test_threads_share_one_client_and_keep_their_own_deadlines():
    def script(connection, asked, over) -> None:
        if asked.path.endswith("slow"):
            fakewire.silence(connection, asked, over)
        else:
            fakewire.answer(json.dumps(asked.path).encode())(connection, asked, over)

    with fakewire.fake_wire(script) as wire, ThreadPoolExecutor(8) as pool:
        http = real(wire)
        late = pool.submit(lambda: _kind(http, within=0.3))
        paths = [f"/{number}" for number in range(60)]
        found = list(pool.map(lambda path: http.call("GET", path, within=20).data, paths))

        assert found == paths
        assert late.result() == Unavailable
    assert threading.active_count() < 100


def _kind(http: Http, within: float) -> type[ProviderError] | None:
    try:
        http.call("GET", "/slow", within=within)
    except ProviderError as error:
        return type(error)
    return None


@pytest.mark.parametrize("value", ["", ".", "..", "   ", None, 5, "x" * 3_000])
def test_an_id_that_is_no_part_of_a_path_is_refused(value):
    with pytest.raises(Refused):
        segment(value)


def test_an_id_cannot_lead_to_another_path():
    assert segment("a/../b?c=d#e") == "a%2F..%2Fb%3Fc%3Dd%23e"
    assert segment("greenhouse:MASi45") == "greenhouse:MASi45"
