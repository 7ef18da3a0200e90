"""Recruspace under the contract: checking, telling, reading back, files."""

from __future__ import annotations

import httpx
import pytest

from candidates.enums import PushKind
from integrations.errors import NotOffered, Refused
from integrations.provider import FileOrder, Order
from tests.integrations.providers.recruspace import rows
from tests.integrations.providers.recruspace.wire import KEY, ok, recruspace, said

USERS = ok([rows.USER])
POOLS = ok([rows.POOL, {"id": 13, "name": None, "candidate_count": None}])


def order(kind: str, **payload: str) -> Order:
    return Order(kind, payload, candidate_id="9001", application_id="9001", reference="x-abcdef12")


# ---- the check


def test_a_good_key_says_which_pools_there_are_to_choose_from():
    provider, script = recruspace(USERS, POOLS)
    check = provider.check()
    assert (check.ok, check.code, check.detail) == (True, "ok", "Connected to Recruspace: 2 talent pools.")
    assert check.facts == {
        "system": "Recruspace",
        "pools": [
            {"id": "12", "name": "Backend 2026", "candidates": 41},
            {"id": "13", "name": "Pool 13", "candidates": None},
        ],
    }
    assert [path.partition("?")[0] for path in script.paths] == [
        "/api/v1/client/companies/users/",
        "/api/v1/client/talent-pools/",
    ]


@pytest.mark.parametrize(
    "answers, code, words",
    [
        ([said(401, f"No key {KEY}.")], "wrong_key", "doesn't accept this API key"),
        ([said(403)], "not_permitted", "doesn't permit"),
        ([USERS, said(500, "Down.")], "unavailable", "Down."),
        ([said(429, "Expected available in 30 seconds.")], "ratelimited", "available in 30"),
        ([httpx.Response(200, text="<html>")], "garbled", "a web page"),
        ([ok({})], "garbled", "lacks its parts"),
    ],
)
def test_a_bad_key_is_an_answer_in_words(answers, code, words):
    check = recruspace(*answers)[0].check()
    assert (check.ok, check.code, words in check.detail, KEY in check.detail) == (False, code, True, False)


def test_chosen_pools_that_are_gone_are_said_to_be():
    assert recruspace(USERS, POOLS, pools=["1"])[0].check().code == "pools_missing"
    assert recruspace(USERS, POOLS, pools=["1", "13"])[0].check().ok is True


def test_what_can_be_told():
    capabilities = recruspace(USERS, POOLS)[0].check().capabilities
    assert set(capabilities) == set(PushKind.values)
    assert {kind for kind, why in capabilities.items() if not why} == {"tag", "note"}


# ---- telling


def test_a_shortlist_is_a_tag_where_an_admin_named_one():
    provider, script = recruspace(ok({"id": 1, "title": "Shortlist"}, 201), shortlist_tag=" Shortlist ")
    provider.push(order("shortlist"))
    assert script.bodies == [{"candidate_id": 9001, "title": "Shortlist"}]


@pytest.mark.parametrize("kind", ["move", "reject", "reopen", "untag", "shortlist", "fields", "unheard of"])
def test_what_it_cannot_be_told_is_not_sent(kind):
    provider, script = recruspace(ok({"id": 1}))
    with pytest.raises(NotOffered) as caught:
        provider.push(order(kind))
    assert (bool(caught.value.message), script.asked) == (True, [])


@pytest.mark.parametrize(
    "told, code",
    [
        (order("note", text=" "), "text_missing"),
        (order("note"), "text_missing"),
        (order("note", text="x" * 1_983), "text_too_long"),
        (order("tag", name=""), "name_missing"),
        (order("tag", name="x" * 101), "name_too_long"),
    ],
)
def test_what_does_not_fit_is_refused_here(told, code):
    provider, script = recruspace(ok({"id": 1}))
    with pytest.raises(Refused) as caught:
        provider.push(told)
    assert (caught.value.code, script.asked) == (code, [])


def test_a_note_of_two_thousand_characters_with_its_reference_goes():
    provider, script = recruspace(ok({"id": 1}, 201))
    provider.push(order("note", text="x" * 1_981))
    assert len(script.bodies[0]["text"]) == 2_000


def test_notes_of_one_moment_have_references_that_differ():
    provider, script = recruspace(ok({"id": 1}, 201))
    for reference in ("0190a1b2-c3d4-7000-8000-00000000aaaa", "0190a1b2-c3d4-7000-8000-00000000bbbb"):
        provider.push(Order("note", {"text": "Same."}, candidate_id="1", reference=reference))
    first, second = (body["text"] for body in script.bodies)
    assert first != second


# ---- reading back


@pytest.mark.parametrize(
    "told, answer, arrived",
    [
        (order("tag", name="python"), ok(rows.DETAIL), True),
        (order("tag", name=" python "), ok({"success": "OK", "content": rows.DETAIL}), True),
        (order("tag", name="Python"), ok(rows.DETAIL), False),  # compared exactly (4.2)
        (order("tag", name="python"), ok({"id": 9001}), None),
        (order("tag", name="python"), ok({"id": 9001, "tags": ["python", None]}), False),
        (order("tag", name="python"), said(404), None),
        (order("shortlist"), ok(rows.DETAIL), True),
    ],
)
def test_a_tag_can_be_looked_for(told, answer, arrived):
    provider, script = recruspace(answer, shortlist_tag="remote")
    assert provider.read_back(told) is arrived
    assert script.paths == ["/api/v1/client/candidates/9001/"]


def test_a_note_cannot_be_read_back_and_nothing_is_asked():
    provider, script = recruspace(ok(rows.DETAIL))
    assert (provider.read_back(order("note", text="x")), provider.current(order("move")), script.asked) == (
        None,
        None,
        [],
    )


@pytest.mark.parametrize("answer, gone", [(ok(rows.DETAIL), False), (said(404), True)])
def test_only_a_candidate_that_cannot_be_found_is_gone(answer, gone):
    assert recruspace(answer)[0].is_gone("candidates", "9001") is gone


def test_only_what_is_harmless_twice_is_repeatable_and_nothing_costs_credits():
    provider, _script = recruspace(ok([]))
    assert (provider.repeatable, provider.forecast({})) == ({"tag"}, None)
    assert (provider.gone_after, provider.requests_per_minute) == ({"candidates": 2}, 100)


# ---- files


def test_a_file_is_fetched_by_a_fresh_link_and_without_the_key():
    provider, script = recruspace(ok(rows.DETAIL), httpx.Response(200, content=b"%PDF-1.7"))
    fetched = provider.fetch_file(FileOrder("9001", "9001", "501"))
    assert (fetched.content, fetched.name) == (b"%PDF-1.7", "deniz.pdf")
    assert str(script.asked[1].url) == "https://files.example/deniz.pdf?sig=abc"
    assert "authorization" not in script.asked[1].headers


@pytest.mark.parametrize(
    "answers, file_id",
    [
        ([said(404)], "501"),
        ([ok(rows.DETAIL)], "777"),  # another CV by now
        ([ok({**rows.DETAIL, "cv": None})], "501"),
        ([ok({**rows.DETAIL, "cv": {"id": 501, "presigned_url": None}})], "501"),
        ([ok(rows.DETAIL), httpx.Response(404)], "501"),
    ],
)
def test_a_file_that_is_not_there_is_none(answers, file_id):
    assert recruspace(*answers)[0].fetch_file(FileOrder("9001", None, file_id)) is None


def test_a_photo_is_found_by_its_id_as_well():
    provider, _script = recruspace(ok(rows.DETAIL), httpx.Response(200, content=b"\xff\xd8\xff"))
    assert provider.fetch_file(FileOrder("9001", None, "502")).name == "deniz.jpg"
