"""What LinkUp's answers mean, and how long and how often it is asked."""

from __future__ import annotations

import json

import httpx
import pytest

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
from integrations.provider import Account, FileOrder
from integrations.providers.linkup.client import seconds_for, whole
from integrations.providers.linkup.provider import LinkUp
from tests.integrations import fakewire
from tests.integrations.providers.linkup import rows
from tests.integrations.providers.linkup.wire import ACCOUNT_ID, JOB, KEY, error, linkup, ok, page

FILE = FileOrder(f"{JOB}:27110045981", f"{JOB}:27110045981", f"{JOB}:27110045981")


def failing(*answers) -> tuple[ProviderError, int]:
    """What reading a page over these answers ends in, and how often was asked."""
    provider, script = linkup(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.client.candidates(JOB, count=100, offset=0)
    return caught.value, len(script.asked)


def test_every_call_is_an_action_with_the_account_and_without_empty_parameters():
    provider, script = linkup(page())
    provider.fetch("candidates", cursor=None, since=None)
    provider.client.posts(count=10, offset=0)

    assert script.last.method, str(script.last.url) == ("POST", "https://api.linkupapi.com/v2/recruiter")
    assert script.last.headers["x-api-key"] == KEY
    assert "authorization" not in script.last.headers
    assert script.last.headers["user-agent"].startswith("Quorum/")
    assert script.bodies == [
        {
            "account_id": ACCOUNT_ID,
            "action": "get_candidates",
            "params": {"job_id": JOB, "count": 100, "offset": 0},
        },
        {"account_id": ACCOUNT_ID, "action": "get_posts", "params": {"count": 10, "offset": 0}},
    ]


@pytest.mark.parametrize(
    "status, code, kind, asked",
    [
        (403, "INVALID_API_KEY", Denied, 1),
        (404, "INVALID_ACCOUNT", Denied, 1),
        (403, "ACCOUNT_INACTIVE", Denied, 1),
        (402, "INSUFFICIENT_CREDITS", OutOfCredits, 1),
        (402, None, OutOfCredits, 1),
        (400, "INVALID_PARAMS", Refused, 1),
        (400, "INVALID_ACTION", NotOffered, 1),
        (429, "RATE_LIMITED", RateLimited, 1),
        (429, None, RateLimited, 1),
        (500, "INTERNAL_ERROR", Unavailable, 3),
        (502, "CHANNEL_ERROR", Refused, 1),
        (500, "A_CODE_OF_TOMORROW", Refused, 1),
        (200, "INVALID_ACCOUNT", Denied, 1),
        (403, None, Denied, 1),
    ],
)
def test_what_each_code_means_and_whether_it_is_worth_repeating(status, code, kind, asked):
    failure, times = failing(error(status, code))
    assert (type(failure), times) == (kind, asked)
    assert failure.message.endswith("Said by LinkUp.")
    assert failure.exchange is not None


def test_a_page_of_cloudflare_is_no_wrong_key():
    wall = httpx.Response(403, text="<html>error code: 1010</html>", headers={"content-type": "text/html"})
    failure, times = failing(wall)
    assert (type(failure), failure.arrived, times) == (Unavailable, False, 3)

    provider, _script = linkup(wall)
    check = provider.check()
    assert (check.ok, check.code) == (False, "unavailable")
    assert "Something before the provider refused us" in check.detail


def test_too_many_without_a_time_is_left_to_whoever_plans_the_wait():
    assert failing(error(429, "RATE_LIMITED"))[0].retry_after is None
    failure, times = failing(error(429, "RATE_LIMITED", headers={"retry-after": "90"}))
    assert (failure.retry_after, times) == (90.0, 1)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"success": True}),
        httpx.Response(200, json={"success": True, "data": []}),
        httpx.Response(200, json={"data": {"candidates": []}}),
        httpx.Response(200, json={"success": "true", "data": {}}),
        ok({}),
        ok({"candidates": {}}),
        ok({"candidates": []}),
        ok({"candidates": [], "pagination": {"has_more": False}}),
        ok({"candidates": [], "pagination": {"has_more": False, "next_offset": None}}, account_id="somebody-else"),
    ],
)
def test_an_answer_that_is_not_whole_is_no_end_of_the_list(answer):
    assert type(failing(answer)[0]) is Garbled


@pytest.mark.parametrize("count, seconds", [(1, 60.0), (100, 60.0), (150, 66.0), (1000, 168.0)])
def test_large_pages_are_given_more_time(count, seconds):
    assert seconds_for(count) == seconds


def test_no_step_of_a_call_is_given_up_before_the_call_itself():
    provider, _script = linkup(page())
    assert provider.client.http.patience >= seconds_for(1000)


@pytest.mark.parametrize(
    "value, expected",
    [(0, 0), (81, 81), ("81", 81), (81.0, 81), (None, None), (True, None), (-1, None), ("x", None), (2**40, None)],
)
def test_numbers_are_read_however_they_are_written(value, expected):
    assert whole(value) == expected


@pytest.mark.parametrize(
    "content, expected",
    [
        ("JVBERi0xLjQK", b"%PDF-1.4\n"),
        ("JVBE\nRi0x\nLjQK", b"%PDF-1.4\n"),
    ],
)
def test_a_cv_comes_as_its_bytes(content, expected):
    provider, script = linkup(ok({"cv": {"content": content, "content_type": "text/plain", "filename": "Mina.doc"}}, 3))
    found = provider.fetch_file(FILE)
    assert (found.content, found.name, found.cost) == (expected, "Mina.doc", 3)
    assert script.bodies[0]["params"] == {"application_id": "27110045981"}


@pytest.mark.parametrize("data", [{}, {"cv": None}, {"cv": {}}, {"cv": {"content": ""}}, {"cv": {"content": None}}])
def test_a_cv_that_is_missing_is_none_and_no_error(data):
    assert linkup(ok(data))[0].fetch_file(FILE) is None


def test_an_application_that_linkedin_no_longer_has_has_no_cv():
    assert linkup(error(400, "INVALID_PARAMS", "application not found"))[0].fetch_file(FILE) is None
    with pytest.raises(Refused):
        linkup(error(400, "INVALID_PARAMS", "application_id must be text"))[0].fetch_file(FILE)


@pytest.mark.parametrize("content", ["not base64!", "JVBER", 17])
def test_a_cv_that_cannot_be_read_is_said_to_be_so(content):
    with pytest.raises(Garbled):
        linkup(ok({"cv": {"content": content}}))[0].fetch_file(FILE)


# ---- over real sockets


def real(url: str) -> LinkUp:
    account = Account(
        url, {"api_key": KEY, "account_id": ACCOUNT_ID}, {"job_ids": [JOB]}, allowed_hosts=frozenset({"127.0.0.1"})
    )
    return LinkUp(account, sleep=lambda seconds: None)


GOOD = json.dumps(
    {
        "success": True,
        "data": {
            "candidates": [rows.CANDIDATE],
            "total_available_results": 1,
            "pagination": {"next_offset": None, "has_more": False},
        },
        "metadata": {"credits_consumed": 1},
    }
).encode()


@pytest.mark.parametrize(
    "script, kind, asked",
    [
        pytest.param(
            fakewire.answer(b"<html>error code: 1010", status="403 Forbidden", content_type="text/html"),
            Unavailable,
            3,
            id="cloudflare",
        ),
        pytest.param(fakewire.cut(GOOD, 60), Unavailable, 3, id="cut"),
        pytest.param(fakewire.gzipped(GOOD, keep=-6), Garbled, 3, id="cut gzip"),
        pytest.param(fakewire.reset, Unavailable, 3, id="reset"),
        pytest.param(
            fakewire.answer(
                b'{"success": false, "error": {"code": "INSUFFICIENT_CREDITS", "message": "No credits left"}}',
                status="402 Payment Required",
            ),
            OutOfCredits,
            1,
            id="no credits",
        ),
        pytest.param(
            fakewire.answer(
                b'{"success": false, "error": {"code": "RATE_LIMITED", "message": "slow down"}}',
                status="429 Too Many Requests",
            ),
            RateLimited,
            1,
            id="too many",
        ),
    ],
)
def test_faults_on_the_wire_are_typed_and_never_the_end_of_the_list(script, kind, asked):
    with fakewire.fake_wire(script) as wire:
        provider = real(wire.url)
        with pytest.raises(ProviderError) as caught:
            provider.fetch("candidates", cursor=None, since=None)
        provider.close()
    assert (type(caught.value), len(wire.asked)) == (kind, asked)
    assert KEY not in repr(caught.value.exchange)


def test_a_page_that_got_lost_once_is_asked_for_again():
    turns = iter([fakewire.reset, fakewire.cut(GOOD, 60), fakewire.answer(GOOD)])
    with fakewire.fake_wire(lambda *call: next(turns)(*call)) as wire:
        provider = real(wire.url)
        found = provider.fetch("candidates", cursor=None, since=None)
        provider.close()
    assert ([row.external_id for row in found.rows], found.cost) == ([f"{JOB}:27110045981"], 1)
