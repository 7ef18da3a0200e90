"""The walk through pools over real sockets, in every shape that a list can come in (recruspace.md section 1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from integrations.errors import CursorExpired, Garbled, ProviderError, Unavailable
from integrations.provider import Page
from integrations.providers.recruspace.provider import Recruspace
from tests.integrations import fakewire
from tests.integrations.providers.recruspace.rows import crowd
from tests.integrations.providers.recruspace.wire import account, company

INVALID = (404, {"detail": "Invalid page."})


def cut(rows: list[Any], page: int, size: int) -> list[Any]:
    return rows[(page - 1) * size : page * size]


def bare(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
    return 200, cut(rows, page, size)


def bare_with_404(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
    return (200, cut(rows, page, size)) if page == 1 or cut(rows, page, size) else INVALID


def envelope(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
    """``next`` is absent at the end."""
    body: dict[str, Any] = {"count": len(rows), "results": cut(rows, page, size)}
    more = {"next": f"https://elsewhere.example/?page={page + 1}"} if page * size < len(rows) else {}
    before = {"previous": f"https://elsewhere.example/?page={page - 1}"} if page > 1 else {}
    return (200, body | more | before) if page == 1 or body["results"] else INVALID


def envelope_with_nulls(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
    status, body = envelope(rows, page, size)
    return status, {"next": None, "previous": None, **body} if status == 200 else body


def wrapped(inner: Callable[..., tuple[int, Any]]) -> Callable[..., tuple[int, Any]]:
    def shape(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
        status, body = inner(rows, page, size)
        return (status, {"success": "OK", "content": body}) if status == 200 else (status, body)

    return shape


def ignores_page(inner: Callable[..., tuple[int, Any]]) -> Callable[..., tuple[int, Any]]:
    return lambda rows, _page, size: inner(rows, 1, size)


SHAPES = {
    "bare": bare,
    "bare with 404": bare_with_404,
    "envelope": envelope,
    "envelope with nulls": envelope_with_nulls,
    "wrapped bare": wrapped(bare),
    "wrapped envelope": wrapped(envelope),
}
in_every_shape = pytest.mark.parametrize("shape", list(SHAPES.values()), ids=list(SHAPES))


def over(wire: fakewire.Wire, **options: Any) -> Recruspace:
    """The provider at this wire, which doesn't sleep between repeats."""
    provider = Recruspace(replace(account(**options), base_url=wire.url, allowed_hosts=frozenset({"127.0.0.1"})))
    provider.client.http.sleep = lambda _seconds: None
    return provider


def walked(wire: fakewire.Wire, *, fresh: bool = False, **options: Any) -> list[Page]:
    """All pages of people. ``fresh``: each is asked for by a provider that knows nothing but the cursor."""
    pages, cursor, provider = [], None, over(wire, **options)
    while len(pages) < 50:
        provider = over(wire, **options) if fresh else provider
        pages.append(provider.fetch("candidates", cursor=cursor, since=None))
        cursor = pages[-1].next_cursor
        if cursor is None:
            return pages
    raise AssertionError("the walk doesn't end")


def ids(pages: list[Page]) -> list[str]:
    return [row.external_id for page in pages for row in page.rows.unread]


def paths(wire: fakewire.Wire) -> list[str]:
    return [asked.path.removeprefix("/api/v1/client/talent-pools/") for asked in wire.asked]


@in_every_shape
@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 250])
def test_every_row_of_a_pool_comes_once(shape, size):
    with fakewire.fake_wire(company({7: crowd(1, size)}, shape)) as wire:
        pages = walked(wire)
    assert ids(pages) == [str(number) for number in range(1, size + 1)]
    assert [page.total for page in pages] == [size] * len(pages)


@in_every_shape
def test_pool_after_pool_from_any_cursor_on(shape):
    pools = {7: crowd(1, 130), 9: [], 8: crowd(1001, 100), 6: crowd(5, 3)}
    with fakewire.fake_wire(company(pools, shape)) as wire:
        pages = walked(wire, fresh=True)

    assert ids(pages) == [str(row["id"]) for rows in pools.values() for row in rows]
    assert {page.total for page in pages} == {233}
    assert [row.also_in for row in pages[0].rows.unread[:1] + pages[-1].rows.unread] == [("7",)] + [("6",)] * 3
    assert all(len(page.next_cursor or "") < 200 for page in pages)


@in_every_shape
def test_a_list_that_ignores_the_page_ends(shape):
    with fakewire.fake_wire(company({7: crowd(1, 250), 8: crowd(900, 2)}, ignores_page(shape))) as wire:
        pages = walked(wire, fresh=True)
    assert ids(pages) == [str(number) for number in [*range(1, 101), 900, 901]]
    assert pages[-1].total == 252  # so that whoever counts knows that rows are missing


def test_a_list_whose_pages_go_round_ends():
    """Page three is page one again."""

    def round_and_round(rows: list[Any], page: int, size: int) -> tuple[int, Any]:
        return 200, cut(rows, 1 + (page - 1) % 2, size)

    with fakewire.fake_wire(company({7: crowd(1, 200)}, round_and_round)) as wire:
        assert len(ids(walked(wire))) == 200


def test_a_list_that_ignores_the_page_and_its_size_ends():
    with fakewire.fake_wire(company({7: crowd(1, 250)}, lambda rows, _page, _size: (200, rows))) as wire:
        assert len(ids(walked(wire))) == 250
    assert len(wire.asked) == 2


def test_the_next_page_is_asked_for_where_we_are_and_not_where_an_answer_leads():
    with fakewire.fake_wire(company({7: crowd(1, 101)}, envelope)) as wire:
        walked(wire)
    assert paths(wire) == [
        "?page=1&page_size=100",
        "7/candidates/?page=1&page_size=100",
        "7/candidates/?page=2&page_size=100",
    ]


# ---- which pools


@pytest.mark.parametrize(
    "options, walked_pools",
    [
        ({}, "789"),
        ({"pools": []}, "789"),
        ({"pools": None}, "789"),
        ({"pools": ["9", 7]}, "79"),
        ({"pools": ["9", "1"]}, "9"),
    ],
)
def test_the_admin_chooses_the_pools(options, walked_pools):
    pools = {7: crowd(10, 1), 8: crowd(20, 1), 9: crowd(30, 1)}
    with fakewire.fake_wire(company(pools, bare)) as wire:
        pages = walked(wire, **options)
        listed = over(wire, **options).fetch("talent_pools", cursor=None, since=None)
    assert "".join(row.also_in[0] for page in pages for row in page.rows.unread) == walked_pools
    assert "".join(row.external_id for row in listed.rows) == walked_pools
    assert pages[-1].total == len(walked_pools)


def test_a_company_without_pools_has_nobody():
    with fakewire.fake_wire(company({}, bare)) as wire:
        [page] = walked(wire)
    assert (list(page.rows), page.total) == ([], 0)


def test_chosen_pools_of_which_none_is_left_are_a_mistake_and_not_an_empty_company():
    with fakewire.fake_wire(company({7: crowd(1, 1)}, bare)) as wire, pytest.raises(ProviderError) as caught:
        walked(wire, pools=["1"])
    assert (caught.value.code, "Choose again" in caught.value.message) == ("pools_missing", True)


# ---- the total


@pytest.mark.parametrize(
    "shape, counts, total",
    [
        (bare, {7: 40, 8: 2}, 42),
        (envelope, {7: 40, 8: 2}, 5),
        (bare, {7: None, 8: 2}, None),
        (envelope, {7: None, 8: 2}, None),
    ],
)
def test_the_total_is_what_the_pools_say_and_an_envelope_says_it_better(shape, counts, total):
    with fakewire.fake_wire(company({7: crowd(1, 2), 8: crowd(5, 3)}, shape, counts=counts)) as wire:
        assert walked(wire)[-1].total == total


# ---- pages that fail


def failing(at: str, script: fakewire.Script) -> fakewire.Script:
    """A company whose answer to requests with ``at`` in their path is another one."""
    works = company({7: crowd(1, 150), 8: crowd(900, 2)}, bare)
    return lambda connection, asked, over: (script if at in asked.path else works)(connection, asked, over)


@pytest.mark.parametrize(
    "script, kind",
    [
        (fakewire.answer(b"oops", status="500 Oops"), Unavailable),
        (fakewire.answer(b"<html>", content_type="text/html"), Garbled),
        (fakewire.answer(b'{"count": 3}'), Garbled),
        (fakewire.answer(b'{"results": {"id": 1}}'), Garbled),
        (fakewire.answer(b'"rows"'), Garbled),
        (fakewire.answer(b'{"success": "OK", "content": null}'), Garbled),
        (fakewire.cut(json.dumps(crowd(1, 3)).encode(), 20), Unavailable),
        (fakewire.answer(b"<html>", status="404 Not Found", content_type="text/html"), Unavailable),
    ],
)
def test_a_page_that_fails_is_not_the_end(script, kind):
    with fakewire.fake_wire(failing("7/candidates/?page=2", script)) as wire, pytest.raises(kind):
        walked(wire)


def test_a_pool_that_is_deleted_meanwhile_makes_the_walk_begin_anew():
    gone = fakewire.answer(b'{"detail": "Not found."}', status="404 Not Found")
    with fakewire.fake_wire(failing("8/candidates", gone)) as wire, pytest.raises(CursorExpired) as caught:
        walked(wire)
    assert caught.value.code == "pool_gone"


def test_a_walk_that_began_with_other_pools_begins_anew():
    with fakewire.fake_wire(company({7: crowd(1, 150), 8: crowd(900, 2)}, bare)) as wire:
        cursor = over(wire, pools=["7"]).fetch("candidates", cursor=None, since=None).next_cursor
        assert len(over(wire, pools=["7"]).fetch("candidates", cursor=cursor, since=None).rows) == 50
        with pytest.raises(CursorExpired):
            over(wire).fetch("candidates", cursor=cursor, since=None)


@pytest.mark.parametrize("cursor", ["", "x", "[]", "{}", '{"left":[],"total":1,"place":{}}', '{"page":1}'])
@pytest.mark.parametrize("stream", ["candidates", "jobs"])
def test_a_cursor_that_nobody_can_read_begins_anew(stream, cursor):
    with fakewire.fake_wire(company({}, bare)) as wire, pytest.raises(CursorExpired):
        over(wire).fetch(stream, cursor=cursor, since=None)
    assert wire.asked == []
