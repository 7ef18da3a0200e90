"""What is asked of Talynce, and what its answers mean (talynce.md section 1)."""

from __future__ import annotations

import httpx
import pytest

from integrations.errors import (
    AddressRefused,
    CursorExpired,
    Denied,
    Garbled,
    NotOffered,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.provider import Account
from integrations.providers.talynce.client import REVEAL
from tests.integrations.providers.talynce import rows
from tests.integrations.providers.talynce.wire import ACCOUNT, KEY, error, one, order, page, talynce


def fetching(*answers, stream="candidates", cursor=None) -> ProviderError:
    provider, _script = talynce(*answers)
    with pytest.raises(ProviderError) as caught:
        provider.fetch(stream, cursor=cursor, since=None)
    return caught.value


def pushing(answer) -> ProviderError:
    provider, script = talynce(one(rows.DETAIL), answer)
    with pytest.raises(ProviderError) as caught:
        provider.push(order("move", stage_id=f"{rows.JOB_ID}:Hired"))
    assert [asked.method for asked in script.asked[:2]] == ["GET", "PUT"]
    return caught.value


# ---- requests


def test_a_page_is_asked_for_with_the_key_and_its_place():
    provider, script = talynce(page())
    provider.fetch("candidates", cursor="200", since=None)

    asked = script.last
    assert asked.url.copy_with(query=None) == "https://talynce.com/api/v1/candidates"
    assert dict(asked.url.params) == {"limit": "100", "offset": "200"}
    assert (asked.headers["authorization"], asked.headers["accept"]) == (f"Bearer {KEY}", "application/json")


def test_header_and_prefix_are_settings_of_the_connection():
    provider, script = talynce(page(), auth_header="X-Api-Key", auth_prefix="")
    provider.fetch("candidates", cursor=None, since=None)
    assert script.last.headers["x-api-key"] == KEY
    assert "authorization" not in script.last.headers


@pytest.mark.parametrize("key", ["", "  ", "clé", "a b"])
def test_a_key_that_cannot_be_sent_is_not_sent(key):
    provider, script = talynce(page(), account=Account("", {"api_key": key}))
    with pytest.raises(Denied):
        provider.fetch("candidates", cursor=None, since=None)
    assert script.asked == []


def test_another_host_is_refused_before_the_key_leaves():
    provider, script = talynce(page(), account=Account("https://talynce.com.evil.example", ACCOUNT.credentials))
    with pytest.raises(AddressRefused):
        provider.fetch("candidates", cursor=None, since=None)
    assert script.asked == []


# ---- pages


@pytest.mark.parametrize(
    "given, total, cursor, following",
    [
        (3, 10, None, "3"),  # by what came, not by what was asked for
        (3, 10, "6", "9"),
        (1, 10, "9", None),
        (0, 10, "9", None),  # an empty page is the end, whatever the total says
        (0, 0, None, None),
    ],
)
def test_the_next_page_begins_behind_what_came(given, total, cursor, following):
    found = [{**rows.LISTED, "id": str(number)} for number in range(given)]
    provider, _script = talynce(page(*found, total=total, offset=int(cursor or 0)))
    got = provider.fetch("candidates", cursor=cursor, since=None)
    assert (got.next_cursor, got.total, len(got.rows)) == (following, total, given)


@pytest.mark.parametrize("meta", [None, {}, {"total": None}, {"total": "3"}, {"total": True}, {"total": -1}])
def test_a_page_without_its_total_is_no_end(meta):
    assert type(fetching(httpx.Response(200, json={"data": [], "meta": meta}))) is Garbled


@pytest.mark.parametrize("cursor", ["", "-1", "x", "1.5", "9" * 12])
def test_a_cursor_of_another_kind_starts_the_walk_again(cursor):
    assert type(fetching(page(), cursor=cursor)) is CursorExpired


# ---- errors


@pytest.mark.parametrize(
    "answer, kind, code",
    [
        (error(401, "unauthorized"), Denied, "unauthorized"),
        (error(403, "forbidden"), Denied, "forbidden"),
        (error(403, "something_new"), Refused, "something_new"),
        (httpx.Response(403, json={}), Refused, "http_403"),
        (httpx.Response(403, text="<html>firewall</html>"), Unavailable, "http_403"),
        (error(404, "not_found"), Refused, "not_found"),
        (error(400, "validation_error"), Refused, "validation_error"),
        (error(418, "teapot"), Refused, "teapot"),
        (error(500, "internal_error"), Unavailable, "internal_error"),
        (error(503, "something_new"), Unavailable, "something_new"),
        (httpx.Response(502, text="<html>"), Unavailable, "http_502"),
        (httpx.Response(401, json={}), Denied, "http_401"),
        (httpx.Response(200, json={"rows": []}), Garbled, "bad_envelope"),
        (error(200, "internal_error"), Unavailable, "internal_error"),
    ],
)
def test_the_code_decides(answer, kind, code):
    failure = fetching(answer)
    assert (type(failure), failure.code) == (kind, code)
    assert failure.exchange is not None


@pytest.mark.parametrize(
    "answer, kind, words",
    [
        (error(403, "forbidden"), NotOffered, "on trial"),
        (error(403, "talent_pool_reveal_required"), Refused, REVEAL),
        (error(403, "candidate_limit_reached"), Refused, "Said by Talynce."),
        (error(400, "invalid_pipeline_status", details={"status": "Hired"}), Refused, "status: Hired"),
        (error(500, "internal_error"), Unavailable, "Said by Talynce."),
    ],
)
def test_a_write_tells_the_three_refusals_apart(answer, kind, words):
    failure = pushing(answer)
    assert type(failure) is kind
    assert words in failure.message


def test_a_write_is_sent_once_and_a_read_is_repeated():
    provider, script = talynce(error(500, "internal_error"), one(rows.DETAIL), error(500, "internal_error"))
    with pytest.raises(Unavailable):
        provider.push(order("move", stage_id=f"{rows.JOB_ID}:Hired"))
    assert [asked.method for asked in script.asked] == ["GET", "GET", "PUT"]


@pytest.mark.parametrize("header, wait", [("7", 7.0), ("soon", 2.0), (None, 2.0)])
def test_too_many_requests_says_how_long_to_wait(header, wait):
    provider, _script = talynce(error(429, "rate_limit_exceeded", headers={"Retry-After": header} if header else {}))
    with pytest.raises(RateLimited) as caught:
        provider.client.update("x", {})
    assert caught.value.retry_after == wait


def test_without_a_time_the_waits_grow_until_a_call_gets_through():
    limited = error(429, "rate_limit_exceeded")
    provider, _script = talynce(limited, limited, limited, one({}), limited)
    waits = []
    for _ in range(5):
        try:
            provider.client.update("x", {})
        except RateLimited as failure:
            waits.append(failure.retry_after)
    assert waits == [2.0, 4.0, 8.0, 2.0]
