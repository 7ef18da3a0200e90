"""The walk over jobs and their applicants, what it costs, and the check."""

from __future__ import annotations

import json

import httpx
import pytest

from candidates.domain.profiles import Malformed
from integrations.errors import CursorExpired, Denied, NotOffered, NotReady, OutOfCredits, Refused
from integrations.provider import Order
from integrations.providers.linkup.provider import LinkUp
from integrations.providers.linkup.walking import chosen
from tests.integrations.providers.linkup import rows
from tests.integrations.providers.linkup.wire import ACCOUNT_ID, JOB, error, linkup, ok, page


def applicants(first: int, number: int) -> list[dict]:
    return [rows.candidate(application_id=str(27_000_000_000 + first + place)) for place in range(number)]


def walk(provider: LinkUp, stream: str = "candidates") -> tuple[list, list]:
    """All rows, and the pages as they came."""
    found, pages, cursor = [], [], None
    while True:
        pages.append(provider.fetch(stream, cursor=cursor, since=None))
        found += pages[-1].rows
        cursor = pages[-1].next_cursor
        if cursor is None:
            return found, pages


# ---- applicants


def test_the_jobs_are_walked_one_after_the_other_by_the_offsets_that_linkup_names():
    provider, script = linkup(
        page(*applicants(0, 100), total=130, following=97, cost=10),
        page(*applicants(97, 33), total=130, cost=4),
        page(*applicants(500, 7), total=7),
        options={"job_ids": ["11", {"id": "22", "title": "Cook"}]},
    )
    found, pages = walk(provider)

    assert [(body["params"]["job_id"], body["params"]["offset"]) for body in script.bodies] == [
        ("11", 0),
        ("11", 97),
        ("22", 0),
    ]
    assert len({row.external_id for row in found}) == 130 + 7
    assert [each.total for each in pages] == [130, 130, 137]
    assert [each.cost for each in pages] == [10, 4, 1]
    assert all(isinstance(json.loads(each.next_cursor), dict) for each in pages[:-1])


def test_the_same_application_id_in_two_jobs_is_two_applications():
    provider, _script = linkup(page(rows.CANDIDATE, total=1), options={"job_ids": ["11", "22"]})
    assert [row.external_id for row in walk(provider)[0]] == ["11:27110045981", "22:27110045981"]


def test_the_same_row_has_the_same_hash_and_another_job_another_one():
    provider, _script = linkup(page(rows.CANDIDATE, total=1), options={"job_ids": ["11", "22"]})
    first, second = (provider.fetch("candidates", cursor=None, since=None).rows.unread[0] for _ in range(2))
    other = walk(provider)[1][1].rows.unread[0]
    assert first.fingerprint == second.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "pages",
    [
        {"has_more": False, "next_offset": 100},
        {"has_more": True, "next_offset": None},
        {"has_more": True, "next_offset": 0},
        {"has_more": "yes", "next_offset": 100},
    ],
)
def test_a_walk_ends_however_the_end_is_said(pages):
    provider, _script = linkup(ok({"candidates": [rows.CANDIDATE], "total_available_results": 1, "pagination": pages}))
    assert len(walk(provider)[1]) == 1


def test_an_empty_page_that_says_more_is_an_end_and_its_total_tells_what_is_missing():
    data = {"candidates": [], "total_available_results": 80, "pagination": {"has_more": True, "next_offset": 50}}
    _found, pages = walk(linkup(ok(data, 0))[0])
    assert ([each.total for each in pages], pages[0].cost) == ([80], 0)


def test_a_page_that_repeats_its_offset_for_ever_is_left():
    provider, script = linkup(page(*applicants(0, 10), total=500, following=10))
    walk(provider)
    assert len(script.asked) == 2


def test_what_may_be_spent_bounds_the_page():
    provider, script = linkup(page())
    for allowance in (None, 3, 40, 0):
        provider.allowance = allowance
        provider.fetch("candidates", cursor=None, since=None)
    assert [body["params"]["count"] for body in script.bodies] == [100, 30, 100, 1]


def test_a_job_that_linkedin_no_longer_has_is_read_to_its_end():
    gone = error(400, "INVALID_PARAMS", "Job not found on LinkedIn")
    provider, _script = linkup(gone, page(rows.CANDIDATE, total=1), options={"job_ids": ["11", "22"]})
    found, pages = walk(provider)
    assert ([row.external_id for row in found], pages[-1].total) == (["22:27110045981"], 1)


@pytest.mark.parametrize("status, code", [(400, "INVALID_PARAMS"), (502, "CHANNEL_ERROR")])
def test_a_job_that_is_refused_keeps_no_other_from_being_read_and_the_walk_from_being_whole(status, code):
    no = error(status, code, "job_id must be a number.")
    provider, _script = linkup(
        no, page(rows.CANDIDATE, total=1), options={"job_ids": [{"id": "x1", "title": "Cook"}, "22"]}
    )
    first = provider.fetch("candidates", cursor=None, since=None)
    second = provider.fetch("candidates", cursor=first.next_cursor, since=None)
    with pytest.raises(Refused) as caught:
        provider.fetch("candidates", cursor=second.next_cursor, since=None)

    assert [row.external_id for row in second.rows] == ["22:27110045981"]
    assert caught.value.code == "job_refused"
    assert "Cook (job_id must be a number)" in caught.value.message


@pytest.mark.parametrize(
    "answer, kind",
    [(error(402, "INSUFFICIENT_CREDITS"), OutOfCredits), (error(403, "ACCOUNT_INACTIVE"), Denied)],
)
def test_what_concerns_every_job_ends_the_walk_at_once(answer, kind):
    provider, script = linkup(answer, options={"job_ids": ["11", "22"]})
    with pytest.raises(kind):
        provider.fetch("candidates", cursor=None, since=None)
    assert len(script.asked) == 1


def test_a_cursor_of_other_jobs_or_of_nobody_starts_the_walk_anew():
    begun = linkup(page(*applicants(0, 100), total=130, following=100))[0]
    cursor = begun.fetch("candidates", cursor=None, since=None).next_cursor
    for provider, text in (
        (linkup(page(), options={"job_ids": ["11"]})[0], cursor),
        (begun, "not json"),
        (begun, "[]"),
        (begun, '{"unknown": 1}'),
    ):
        with pytest.raises(CursorExpired):
            provider.fetch("candidates", cursor=text, since=None)


def test_a_row_that_is_none_is_set_aside_and_its_neighbours_are_not():
    provider, _script = linkup(page("surprise", {"first_name": "Nobody"}, rows.CANDIDATE, total=3))
    found, _pages = walk(provider)
    assert [isinstance(row, Malformed) for row in found] == [True, True, False]


# ---- which jobs


def test_without_a_job_nothing_is_asked():
    provider, script = linkup(page(), options={"job_ids": []})
    for stream in provider.streams:
        with pytest.raises(NotReady) as caught:
            provider.fetch(stream, cursor=None, since=None)
        assert caught.value.code == "no_jobs"
    assert script.asked == []


@pytest.mark.parametrize(
    "given, expected",
    [
        (["11", 22, " 11 "], [("11", ""), ("22", "")]),
        ([{"id": "11", "title": "Cook"}, {"job_id": 22}], [("11", "Cook"), ("22", "")]),
        ([None, True, "", {}, {"id": None}, ["11"], 1.5], []),
        ("11", []),
        (None, []),
    ],
)
def test_jobs_are_named_by_id_or_by_id_and_title(given, expected):
    assert [(job.id, job.title) for job in chosen({"job_ids": given})] == expected


def test_jobs_take_their_titles_from_the_list_of_postings_or_from_the_admin():
    listing = page(rows.post(job_id="11", title="Cook"), rows.post(job_id="99"), following=100, key="posts")
    provider, script = linkup(listing, page(key="posts"), options={"job_ids": ["11", {"id": "22", "title": "Baker"}]})
    found, pages = walk(provider, "jobs")

    assert [(row.external_id, row.fields["title"]) for row in found] == [("11", "Cook"), ("22", "Baker")]
    assert [body["params"]["offset"] for body in script.bodies] == [0, 100]
    assert [each.cost for each in pages] == [1, 1]


def test_the_list_of_postings_is_read_no_further_than_needed():
    listing = page(rows.post(job_id=JOB), following=100, total=900, key="posts")
    provider, script = linkup(listing)
    walk(provider, "jobs")
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        error(400, "INVALID_ACTION"),
        error(502, "CHANNEL_ERROR"),
        ok({"nothing": "of the kind"}),
        ok({"posts": ["text", 3, None, {"title": "no id"}]}),
    ],
)
def test_jobs_have_a_name_even_where_the_list_of_postings_cannot_be_read(answer):
    provider, _script = linkup(answer, options={"job_ids": ["11", {"id": "22", "title": "Baker"}]})
    found, _pages = walk(provider, "jobs")
    assert [(row.external_id, row.fields["title"]) for row in found] == [("11", "LinkedIn job 11"), ("22", "Baker")]


@pytest.mark.parametrize("key", ["posts", "jobs", "job_posts", "anything"])
def test_postings_are_found_under_any_likely_name(key):
    provider, _script = linkup(page(rows.post(job_id="11", title="Cook"), "text", key=key))
    assert [(job.id, job.title) for job in provider.postings()] == [("11", "Cook")]


# ---- money


@pytest.mark.parametrize(
    "known, expected",
    [
        ({}, 1),
        ({"candidates": 800}, 81),
        ({"candidates": 812}, 83),
        ({"candidates": 32, "candidates/11": 11, "candidates/22": 21, "candidates/gone": 500}, 1 + 2 + 3),
    ],
)
def test_a_walk_costs_a_credit_for_ten_applicants_of_each_job(known, expected):
    assert linkup(page(), options={"job_ids": ["11", "22"]})[0].forecast(known) == expected


# ---- telling


def test_nothing_can_be_told_and_each_kind_says_why():
    provider, script = linkup(page())
    for kind, why in provider.pushes.items():
        with pytest.raises(NotOffered) as caught:
            provider.push(Order(kind, {}, "c"))
        assert (caught.value.message, why.endswith(".")) == (why, True)
    assert script.asked == []
    assert (provider.read_back(Order("move", {}, "c")), provider.current(Order("move", {}, "c"))) == (None, None)


def test_a_row_that_no_walk_showed_is_gone_because_nobody_can_be_asked():
    assert linkup(page())[0].is_gone("candidates", f"{JOB}:1") is True
    assert LinkUp.gone_after == {"candidates": 1}


# ---- the check


def test_a_check_is_free_and_says_what_is_left():
    provider, script = linkup(
        ok({"account_id": ACCOUNT_ID, "status": "connected", "active": True, "account_name": "Mina Petrov"}, 0),
        ok({"credits": 482}, 0),
    )
    check = provider.check()

    assert (check.ok, check.code) == (True, "ok")
    assert check.detail == "Connected to the LinkedIn account of Mina Petrov. 482 credits left."
    assert check.facts.pop("credits_at")
    assert check.facts == {
        "system": "LinkedIn",
        "company": "Mina Petrov",
        "status": "connected",
        "credits_left": 482,
    }
    assert check.capabilities == LinkUp.pushes
    assert [(each.method, each.url.path) for each in script.asked] == [
        ("GET", f"/v2/accounts/{ACCOUNT_ID}"),
        ("GET", "/v2/credits"),
    ]


@pytest.mark.parametrize(
    "account, code",
    [
        ({"status": "checkpoint_required"}, "reconnect"),
        ({"status": "disconnected"}, "reconnect"),
        ({"status": "connected", "active": False}, "reconnect"),
        ({"status": "connected", "platform": "whatsapp"}, "wrong_account"),
    ],
)
def test_an_account_that_linkup_cannot_use_is_said_to_be_so(account, code):
    check = linkup(ok(account, 0))[0].check()
    assert (check.ok, check.code, check.detail.endswith(".")) == (False, code, True)


@pytest.mark.parametrize(
    "answer, code, words",
    [
        (error(403, "INVALID_API_KEY", "Bad key"), "wrong_key", "LinkUp doesn't accept this API key. It says: Bad key"),
        (error(404, "INVALID_ACCOUNT", "No such account"), "wrong_account", "It says: No such account"),
        (error(403, "ACCOUNT_INACTIVE", "Logged out"), "reconnect", "It says: Logged out"),
    ],
)
def test_a_refusal_is_told_with_linkups_own_words(answer, code, words):
    check = linkup(answer)[0].check()
    assert (check.ok, check.code) == (False, code)
    assert words in check.detail


def test_a_balance_that_cannot_be_read_is_no_reason_to_refuse():
    check = linkup(ok({"status": "connected"}, 0), httpx.Response(404, json={"detail": "Not Found"}))[0].check()
    assert (check.ok, check.detail) == (True, "Connected to the LinkedIn account.")
