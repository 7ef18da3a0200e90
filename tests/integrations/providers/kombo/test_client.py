"""What is asked of Kombo, and what its answers mean (kombo.md sections 2 to 6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from integrations.errors import (
    AddressRefused,
    CursorExpired,
    Denied,
    Garbled,
    NotOffered,
    NotReady,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.provider import Account, Order
from integrations.providers.kombo.client import pause, timestamp
from tests.integrations.providers.kombo.wire import INTEGRATION, KEY, done, error, kombo, ok, page

NOTE = Order("note", {"text": "Well done."}, candidate_id="c", application_id="a")
MOVE = Order("move", {"stage_id": "s"}, candidate_id="c", application_id="a")
SINCE = datetime(2026, 3, 1, 12, 5, 0, 987_654, tzinfo=UTC)


def fetching(*answers, stream="tags", cursor=None) -> ProviderError:
    provider, _script = kombo(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.fetch(stream, cursor=cursor, since=None)
    return caught.value


def pushing(*answers, order=NOTE) -> ProviderError:
    provider, _script = kombo(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.push(order)
    return caught.value


# ---- requests


def test_a_page_is_asked_for_with_key_integration_and_filters():
    provider, script = kombo(page())
    provider.fetch("rejection_reasons", cursor=None, since=SINCE)

    asked = script.last
    assert asked.url.copy_with(query=None) == "https://api.kombo.dev/v1/ats/rejection-reasons"
    assert dict(asked.url.params) == {
        "page_size": "250",
        "include_deleted": "true",
        "updated_after": "2026-03-01T12:00:00.987Z",  # five minutes of overlap
    }
    assert (asked.headers["authorization"], asked.headers["x-integration-id"]) == (f"Bearer {KEY}", INTEGRATION)


def test_the_filters_are_repeated_with_every_cursor():
    provider, script = kombo(page(following="p2"), page())
    first = provider.fetch("candidates", cursor=None, since=SINCE)
    last = provider.fetch("candidates", cursor=first.next_cursor, since=SINCE)

    assert (first.next_cursor, last.next_cursor) == ("p2", None)
    one, two = (dict(request.url.params) for request in script.asked)
    assert two == {**one, "cursor": "p2"}


def test_a_full_walk_asks_for_everything_deleted_ones_too():
    provider, script = kombo(page())
    provider.fetch("jobs", cursor=None, since=None)
    assert dict(script.last.url.params) == {"page_size": "250", "include_deleted": "true"}


@pytest.mark.parametrize(
    "moment, text",
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00.000Z"),
        (datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T23:00:00.000Z"),
        (datetime(2026, 3, 1, 1, 2, 3, 999_999, tzinfo=UTC), "2026-03-01T01:02:03.999Z"),
    ],
)
def test_times_go_out_in_the_one_form_that_kombo_takes(moment, text):
    assert timestamp(moment) == text


def test_other_regions_are_called_at_their_own_address():
    account = Account("https://api.us.kombo.dev/v1/", {"api_key": KEY, "integration_id": INTEGRATION})
    provider, script = kombo(page(), account=account)
    provider.fetch("tags", cursor=None, since=None)
    assert script.last.url.host == "api.us.kombo.dev"


@pytest.mark.parametrize(
    "base_url", ["http://api.kombo.dev/v1", "https://kombo.evil.example/v1", "http://127.0.0.1:80"]
)
def test_the_key_goes_to_no_other_address(base_url):
    provider, script = kombo(page(), account=Account(base_url, {"api_key": KEY, "integration_id": INTEGRATION}))
    with pytest.raises(AddressRefused):
        provider.fetch("tags", cursor=None, since=None)
    assert script.asked == []


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"api_key": KEY},
        {"api_key": "", "integration_id": INTEGRATION},
        {"api_key": "two words", "integration_id": INTEGRATION},
        {"api_key": "schlüssel", "integration_id": INTEGRATION},
        {"api_key": "a\r\nX-Evil: b", "integration_id": INTEGRATION},
        {"api_key": KEY, "integration_id": "a\x00b"},
    ],
)
def test_credentials_that_cannot_be_right_are_denied_without_a_call(credentials):
    provider, script = kombo(page(), account=Account("", credentials))
    with pytest.raises(Denied) as caught:
        provider.fetch("tags", cursor=None, since=None)
    assert (caught.value.code, script.asked) == ("bad_credential", [])


def test_spaces_around_a_pasted_key_do_no_harm():
    account = Account("", {"api_key": f" {KEY}\n", "integration_id": f"{INTEGRATION} "})
    provider, script = kombo(page(), account=account)
    provider.fetch("tags", cursor=None, since=None)
    assert script.last.headers["authorization"] == f"Bearer {KEY}"


# ---- pages


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"status": "success"},
        {"status": "success", "data": None},
        {"status": "success", "data": []},
        {"status": "success", "data": {}},
        {"status": "success", "data": {"results": []}},
        {"status": "success", "data": {"next": None}},
        {"status": "success", "data": {"next": None, "results": None}},
        {"status": "success", "data": {"next": None, "results": {}}},
        {"status": "success", "data": {"next": "", "results": []}},
        {"status": "success", "data": {"next": 2, "results": []}},
        "text",
    ],
)
def test_a_page_without_its_parts_is_no_end_of_the_list(body):
    found = fetching(httpx.Response(200, json=body))
    assert (type(found), found.code) == (Garbled, "bad_envelope")


def test_a_page_that_names_itself_as_the_next_is_an_error():
    assert fetching(page(following="p2"), cursor="p2").code == "cursor_repeats"


@pytest.mark.parametrize(
    "answer",
    [
        error(400, "PLATFORM.INPUT_INVALID", "Unknown cursor."),
        error(404, None),
        error(410, None),
        error(422, "PLATFORM.CURSOR_GONE"),
    ],
)
def test_a_refused_cursor_starts_the_walk_again(answer):
    assert type(fetching(answer, cursor="old")) is CursorExpired
    assert type(fetching(answer, cursor=None)) is Refused


# ---- error codes, table 3.1


@pytest.mark.parametrize(
    "code, status, reading, writing",
    [
        ("PLATFORM.RATE_LIMIT_EXCEEDED", 429, RateLimited, RateLimited),
        ("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", 429, RateLimited, RateLimited),
        ("PLATFORM.INTEGRATION_NOT_FOUND", 404, Denied, Denied),
        ("PLATFORM.INPUT_INVALID", 400, Refused, Refused),
        ("PLATFORM.UNKNOWN_ERROR", 500, Unavailable, Unavailable),
        ("PLATFORM.IP_NOT_WHITELISTED", 403, Denied, Denied),
        ("PLATFORM.AUTHENTICATION_INVALID", 401, Denied, Denied),
        ("PLATFORM.TASK_TIMED_OUT", 504, Unavailable, Unavailable),
        ("INTEGRATION.PERMISSION_MISSING", 403, Denied, NotOffered),
        ("INTEGRATION.AUTHENTICATION_INVALID", 401, Denied, Denied),
        ("INTEGRATION.QA_FAILED", 409, NotReady, NotReady),
        ("INTEGRATION.SETUP_SYNC_PENDING", 409, NotReady, NotReady),
        ("INTEGRATION.SETUP_INCOMPLETE", 409, NotReady, NotReady),
        ("INTEGRATION.INACTIVE", 409, Denied, Denied),
        ("INTEGRATION.MODEL_NOT_AVAILABLE", 404, NotOffered, NotOffered),
        ("INTEGRATION.MODEL_DISABLED", 403, NotOffered, NotOffered),
        ("INTEGRATION.ACTION_NOT_AVAILABLE", 404, NotOffered, NotOffered),
        ("INTEGRATION.ACTION_DISABLED", 403, NotOffered, NotOffered),
        ("REMOTE.SERVICE_UNAVAILABLE", 503, Unavailable, Unavailable),
        ("REMOTE.RATE_LIMIT_EXCEEDED", 429, RateLimited, RateLimited),
        ("REMOTE.INPUT_INVALID", 400, Refused, Refused),
        ("REMOTE.UNKNOWN_HTTP_ERROR", 502, Unavailable, Unavailable),
        ("ATS.JOB_CLOSED", 422, Refused, Refused),
        ("ATS.APPLICATION_ALREADY_EXISTS", 409, Refused, Refused),
    ],
)
@pytest.mark.parametrize("moved_to", [None, 400, 503])
def test_the_code_decides_whatever_the_status(code, status, reading, writing, moved_to):
    """Statuses moved once (409 was 503), and may again."""
    answer = error(moved_to or status, code)
    read, written = fetching(answer), pushing(answer)

    assert (type(read), type(written)) == (reading, writing)
    assert (written.code, written.message) == (code, "Said by Kombo.")
    assert (written.exchange.status, written.exchange.request) == (
        moved_to or status,
        {"content": "Well done.", "content_type": "PLAIN_TEXT"},
    )


@pytest.mark.parametrize(
    "code, arrived",
    [
        ("PLATFORM.TASK_TIMED_OUT", True),
        ("PLATFORM.UNKNOWN_ERROR", True),
        ("REMOTE.UNKNOWN_HTTP_ERROR", True),
        ("REMOTE.SERVICE_UNAVAILABLE", False),
    ],
)
def test_a_failed_write_says_whether_it_may_have_been_done(code, arrived):
    assert pushing(error(500, code)).arrived is arrived


@pytest.mark.parametrize(
    "answer, kind",
    [
        (error(401, None), Denied),
        (error(403, None), Denied),
        (error(404, None), Refused),
        (error(409, None), Refused),
        (error(429, None), RateLimited),
        (error(500, None), Unavailable),
        (error(503, None), Unavailable),
        (error(400, "REMOTE.SOMETHING_NEW"), Refused),
        (error(502, "REMOTE.SOMETHING_NEW"), Unavailable),
        (error(200, "REMOTE.INPUT_INVALID"), Refused),
        (error(200, None), Garbled),
        (httpx.Response(200, json={"status": "error"}), Garbled),
        (httpx.Response(200, json={"status": "error", "error": "down"}), Garbled),
        (httpx.Response(400, json={"error": {"code": 7, "message": ["x"]}}), Refused),
        (httpx.Response(400, json=["x"]), Unavailable),
        (httpx.Response(502, text="<html>Bad gateway</html>"), Unavailable),
        (httpx.Response(403, text="<html>Blocked</html>"), Unavailable),
        (httpx.Response(429, text="slow down"), RateLimited),
        (httpx.Response(200, text="<html>Sign in</html>"), Garbled),
        (httpx.Response(302, headers={"Location": "https://evil.example"}), Garbled),
    ],
)
def test_without_a_known_code_the_status_decides(answer, kind):
    assert type(pushing(answer)) is kind


def test_the_key_is_hidden_in_what_kombo_says():
    found = pushing(error(401, "PLATFORM.AUTHENTICATION_INVALID", f"The key {KEY} and hook-secret-4711 are unknown."))
    assert found.message == "The key [secret] and [secret] are unknown."
    assert KEY not in f"{found.exchange}"


def test_kombos_words_are_bounded():
    assert len(pushing(error(400, "REMOTE.INPUT_INVALID", "x" * 5_000)).message) == 500


# ---- limits, section 4


@pytest.mark.parametrize(
    "code, headers, wait",
    [
        ("PLATFORM.RATE_LIMIT_EXCEEDED", {"ratelimit-reset": "57"}, 57.0),
        ("PLATFORM.RATE_LIMIT_EXCEEDED", {"ratelimit-reset": "57", "retry-after": "12"}, 12.0),
        ("PLATFORM.RATE_LIMIT_EXCEEDED", {"ratelimit-reset": "soon"}, None),
        ("PLATFORM.RATE_LIMIT_EXCEEDED", {}, None),
        ("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", {"ratelimit-reset": "57"}, None),
        ("REMOTE.RATE_LIMIT_EXCEEDED", {"ratelimit-reset": "57"}, None),
        ("REMOTE.RATE_LIMIT_EXCEEDED", {"retry-after": "90"}, 90.0),
    ],
)
def test_a_limit_says_when_to_come_back(code, headers, wait):
    assert pushing(error(429, code, headers=headers)).retry_after == wait


def test_a_read_waits_for_a_short_window_and_hands_a_long_one_on():
    limited = error(429, "PLATFORM.RATE_LIMIT_EXCEEDED", headers={"ratelimit-reset": "3"})
    provider, script = kombo(limited, page())
    provider.fetch("tags", cursor=None, since=None)
    assert 3 <= script.pauses[0] <= 3.25

    limited = error(429, "PLATFORM.RATE_LIMIT_EXCEEDED", headers={"ratelimit-reset": "57"})
    assert fetching(limited).retry_after == 57


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({"ratelimit-limit": "300", "ratelimit-remaining": "298", "ratelimit-reset": "57"}, 0.0),
        ({"ratelimit-limit": "300", "ratelimit-remaining": "16", "ratelimit-reset": "57"}, 0.0),
        ({"ratelimit-limit": "300", "ratelimit-remaining": "15", "ratelimit-reset": "57"}, 57.0),
        ({"ratelimit-remaining": "1", "ratelimit-reset": "57"}, 0.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "57"}, 57.0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "999999"}, 300.0),
        ({"ratelimit-remaining": "0"}, 0.0),
        ({"ratelimit-remaining": "-1", "ratelimit-reset": "x"}, 0.0),
        ({}, 0.0),
    ],
)
def test_the_last_of_a_window_is_left_to_peoples_decisions(headers, seconds):
    assert pause(headers) == seconds
    provider, _script = kombo(page(headers=headers))
    assert provider.fetch("tags", cursor=None, since=None).pause_seconds == seconds


# ---- repeats


def test_reads_are_repeated_and_writes_are_sent_once():
    provider, script = kombo(error(502, None), error(500, "PLATFORM.UNKNOWN_ERROR"), page())
    provider.fetch("tags", cursor=None, since=None)
    assert len(script.asked) == 3

    for order in (NOTE, MOVE):
        provider, script = kombo(error(502, None), done())
        with pytest.raises(Unavailable):
            provider.push(order)
        assert len(script.asked) == 1


def test_a_write_needs_its_envelope():
    for answer in (httpx.Response(200, json={}), httpx.Response(204), ok(None), httpx.Response(200, text="")):
        assert type(pushing(answer)) is Garbled
