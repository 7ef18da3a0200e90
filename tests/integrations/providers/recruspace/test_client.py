"""What is sent to Recruspace, and what its answers mean."""

from __future__ import annotations

import httpx
import pytest

from integrations.errors import Denied, Garbled, NotOffered, ProviderError, RateLimited, Refused, Unavailable
from integrations.provider import Account, Order
from integrations.providers.recruspace.provider import Recruspace
from tests.integrations.providers.recruspace.wire import KEY, ok, recruspace, said

THROTTLED = "Request was throttled. Expected available in {} second{}."
NOTE = Order("note", {"text": "Strong."}, candidate_id="9001", application_id="9001", reference="0190-abcdef12")
TAG = Order("tag", {"name": "panel-yes"}, candidate_id="9001")


def reading(*answers) -> ProviderError:
    provider, _script = recruspace(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.fetch("talent_pools", cursor=None, since=None)
    return caught.value


def pushing(order: Order, *answers) -> ProviderError:
    provider, _script = recruspace(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.push(order)
    return caught.value


# ---- requests


@pytest.mark.parametrize(
    "stream, path",
    [("talent_pools", "/api/v1/client/talent-pools/"), ("jobs", "/api/v1/client/job-posts/")],
)
def test_a_list_is_asked_for_with_the_key_a_trailing_slash_and_a_hundred_rows(stream, path):
    provider, script = recruspace(ok([]))
    provider.fetch(stream, cursor=None, since=None)
    [asked] = script.asked
    assert str(asked.url) == f"https://api.recruspace.com{path}?page=1&page_size=100"
    assert asked.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "key, words", [("", "missing"), ("  ", "missing"), ("a b", "characters"), ("schlüssel", "characters")]
)
def test_a_key_that_cannot_be_one_is_not_sent(key, words):
    def nobody(_request: httpx.Request) -> httpx.Response:
        raise AssertionError("something was sent")

    provider = Recruspace(Account("", {"api_key": key}), transport=httpx.MockTransport(nobody))
    with pytest.raises(Denied) as caught:
        provider.fetch("jobs", cursor=None, since=None)
    assert (caught.value.code, words in caught.value.message) == ("bad_credential", True)


# ---- the rate limit


@pytest.mark.parametrize(
    "answer, seconds",
    [
        (said(429, THROTTLED.format(1, "")), 1.0),
        (said(429, THROTTLED.format(42, "s")), 42.0),
        (said(429, THROTTLED.format(42, "s"), **{"Retry-After": "7"}), 7.0),
        (said(429, THROTTLED.format(999_999_999, "s")), 3_600.0),
        (said(429, "Slow down."), None),
        (httpx.Response(429, text="<html>"), None),
    ],
)
def test_too_many_requests_says_how_long_to_wait(answer, seconds):
    failure = pushing(TAG, answer)
    assert (type(failure), failure.retry_after) == (RateLimited, seconds)


def test_a_short_wait_is_waited_and_the_page_comes():
    provider, script = recruspace(said(429, THROTTLED.format(2, "s")), ok([{"id": 1, "name": "P"}]))
    assert [row.name for row in provider.fetch("talent_pools", cursor=None, since=None).rows] == ["P"]
    [pause] = script.pauses
    assert 2.0 <= pause <= 2.5


# ---- errors


@pytest.mark.parametrize(
    "answer, kind, message",
    [
        (
            said(401, "Authentication credentials were not provided."),
            Denied,
            "The provider doesn't accept these credentials.",
        ),
        (httpx.Response(401, text="<html>"), Denied, "The provider doesn't accept these credentials."),
        (said(403, "No."), Denied, "The provider doesn't permit this."),
        (httpx.Response(403, text="<html>"), Unavailable, "Something before the provider refused us (HTTP 403)."),
        (said(400, "Bad page."), Refused, "Bad page."),
        (ok({"page": ["Not a number.", 3], "odd": {"a": 1}}, 400), Refused, "page: Not a number."),
        (ok({}, 400), Refused, "The provider refused (HTTP 400)."),
        (said(404, "Not found."), Refused, "Not found."),
        (httpx.Response(502, text="<html>"), Unavailable, "The provider failed (HTTP 502)."),
        (httpx.Response(500, json={"detail": "Oops."}), Unavailable, "Oops."),
        (ok("rows"), Garbled, "The answer lacks its parts."),
        (ok({"results": None}), Garbled, "The page lacks its parts."),
        (httpx.Response(200, text="<html>"), Garbled, None),
        (httpx.Response(301, headers={"location": "https://evil.example/"}), Garbled, None),
    ],
)
def test_what_an_answer_means(answer, kind, message):
    failure = reading(answer)
    assert type(failure) is kind
    assert message in (None, failure.message)
    assert failure.exchange is not None


@pytest.mark.parametrize("status", [404, 405])
def test_job_posts_are_optional(status):
    provider, _script = recruspace(said(status))
    with pytest.raises(NotOffered):
        provider.fetch("jobs", cursor=None, since=None)


def test_an_unreadable_page_is_asked_for_again():
    provider, script = recruspace(ok("rows"), httpx.Response(500), ok([{"id": 1}]))
    assert len(provider.fetch("talent_pools", cursor=None, since=None).rows) == 1
    assert len(script.pauses) == 2


# ---- writes


@pytest.mark.parametrize("wrap", [False, True], ids=["bare", "wrapped"])
@pytest.mark.parametrize(
    "order, path, body",
    [
        (TAG, "/api/v1/client/candidates/add-tag/", {"candidate_id": 9001, "title": "panel-yes"}),
        (
            NOTE,
            "/api/v1/client/candidates/add-note/",
            {"candidate_id": 9001, "text": "Strong.\n\n(Quorum abcdef12)"},
        ),
    ],
    ids=["tag", "note"],
)
def test_what_a_push_sends(order, path, body, wrap):
    made = {"id": 3301, "created_at": "2026-01-06T12:00:00.000Z"}
    provider, script = recruspace(ok({"success": "OK", "content": made} if wrap else made, 201))
    exchange = provider.push(order)
    assert (script.paths, script.bodies) == ([path], [body])
    assert (exchange.method, exchange.path, exchange.request, exchange.status) == ("POST", path, body, 201)


def test_a_tag_that_is_there_already_is_done():
    provider, _script = recruspace(said(409, "The candidate already has this tag."))
    assert provider.push(TAG).status == 409


@pytest.mark.parametrize(
    "order, answer, kind, arrived",
    [
        (NOTE, said(409), Refused, None),
        (NOTE, said(404, "Candidate not found."), Refused, None),
        (TAG, said(404, "Candidate not found."), Refused, None),
        (NOTE, httpx.Response(500), Unavailable, True),
        (NOTE, ok({}, 201), Garbled, True),
        (NOTE, ok([], 201), Garbled, True),
        (NOTE, httpx.Response(503, text="<html>"), Unavailable, True),
    ],
)
def test_a_push_that_is_not_taken_or_whose_answer_nobody_understands(order, answer, kind, arrived):
    failure = pushing(order, answer)
    assert (type(failure), getattr(failure, "arrived", None)) == (kind, arrived)


def test_a_push_is_sent_once_per_attempt():
    provider, script = recruspace(httpx.Response(500))
    with pytest.raises(Unavailable):
        provider.push(TAG)
    assert (len(script.asked), script.pauses) == (1, [])
