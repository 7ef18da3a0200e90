"""One ceiling a key, for whoever asks, from whatever process."""

from __future__ import annotations

import multiprocessing
import os
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from integrations import registry
from integrations.connections import check_connection
from integrations.errors import Exchange, RateLimited
from integrations.importing import request_sync, run
from integrations.models import SyncRun
from integrations.paces import write_down_pace
from integrations.pacing import Pace, pace_for
from integrations.pacing.rules import admit
from integrations.pacing.stores import FileStore, RedisStore, store
from integrations.provider import Account
from recruitment.models import Role
from tests.factories import make_connection, make_member, make_token, make_workspace
from tests.integrations import fakewire

NOW = 1_700_000_000.0
EXCHANGE = Exchange("GET", "/")


def go(folder, count: int, allowed) -> None:
    """As a worker process: ask, and say how often one was let through."""
    kept = FileStore(folder)
    allowed.put(sum(not kept.change("k", lambda state: admit(state, NOW, 50, urgent=True)) for _try in range(count)))


def test_processes_share_one_ceiling(tmp_path):
    allowed = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=go, args=(tmp_path, 40, allowed)) for _worker in range(3)]
    for worker in workers:
        worker.start()
    assert sum(allowed.get(timeout=60) for _worker in workers) == 50
    for worker in workers:
        worker.join()


@pytest.mark.services
def test_machines_share_one_ceiling_over_redis():
    import redis

    allowed: list[int] = []

    def ask() -> None:
        kept = RedisStore(redis.Redis.from_url(os.environ["TEST_REDIS_URL"]))
        allowed.append(sum(not kept.change("k", lambda state: admit(state, NOW, 50, urgent=True)) for _ in range(40)))

    threads = [threading.Thread(target=ask) for _machine in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 50
    assert isinstance(store(), RedisStore)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sent": 1}', "null"])
def test_what_cannot_be_read_starts_anew_or_lets_the_call_go(tmp_path, text):
    (tmp_path / "k.json").write_text(text)
    Pace("k", 60, store=FileStore(tmp_path)).wait(lambda _seconds: None, EXCHANGE)


def test_a_store_that_is_away_stops_no_call(tmp_path):
    (tmp_path / "file").write_text("")
    pace = Pace("k", 1, store=FileStore(tmp_path / "file"))
    for _call in range(3):
        pace.wait(lambda _seconds: pytest.fail("waited"), EXCHANGE)
    assert pace.shown() == {"resets_at": None}


def test_a_short_wait_is_sat_out_and_a_long_one_frees_the_worker(tmp_path):
    now, slept = [NOW], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace("k", 30, clock=lambda: now[0], store=FileStore(tmp_path))
    for _request in range(6):
        pace.wait(sleep, EXCHANGE)
    assert slept == pytest.approx([60 / 27, 60 / 27])
    pace = replace(pace, ceiling=2)
    with pytest.raises(RateLimited) as refused:
        pace.wait(sleep, EXCHANGE)
    assert (refused.value.code, refused.value.retry_after > 5, refused.value.exchange) == (
        "own_ceiling",
        True,
        EXCHANGE,
    )


def test_a_wait_that_the_provider_asked_for_is_called_so(tmp_path):
    pace = Pace("k", None, clock=lambda: NOW, store=FileStore(tmp_path))
    pace.refused(600)
    with pytest.raises(RateLimited) as refused:
        pace.wait(lambda seconds: None, EXCHANGE)
    assert (refused.value.code, refused.value.retry_after) == ("rate_limited", 600)


@pytest.mark.parametrize(
    "headers, remaining, seconds",
    [
        ({"ratelimit-limit": "100", "ratelimit-remaining": "3", "ratelimit-reset": "20"}, 3, 20),
        ({"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW + 20:.0f}"}, 0, 20),
        ({"x-ratelimit-remaining": "many", "x-ratelimit-reset": "20"}, None, None),
        ({"x-ratelimit-remaining": "-1", "x-ratelimit-reset": "9" * 40}, None, None),
    ],
)
def test_headers_teach_under_any_of_their_names(tmp_path, headers, remaining, seconds):
    pace = Pace("k", None, clock=lambda: NOW, store=FileStore(tmp_path))
    pace.learn(headers)
    shown = pace.store.change("k", lambda state: (state.remaining, state.resets_at - NOW if state.resets_at else None))
    assert shown == (remaining, seconds)


def test_the_ceiling_is_the_admins_number_else_the_contracts(settings):
    def ceiling(options):
        return pace_for("x", "https://x", "key", 60, options, urgent=False).ceiling

    settings.UPSTREAM_CEILINGS = True
    assert [ceiling({}), ceiling({"requests_per_minute": 10}), ceiling({"requests_per_minute": True})] == [60, 10, 60]
    settings.UPSTREAM_CEILINGS = False  # benchmarks
    assert [ceiling({}), ceiling({"requests_per_minute": 10})] == [None, 10]


def test_one_key_is_one_pace_whoever_has_it():
    def key(slug="x", url="https://x", secret="secret"):
        return pace_for(slug, url, secret, 60, {}, urgent=False).key

    assert key() == key(url="https://x/")
    assert len({key(), key(slug="y"), key(url="https://y"), key(secret="other")}) == 4
    assert "secret" not in key()


@pytest.mark.parametrize("slug", sorted(registry.PROVIDERS))
def test_every_call_of_every_provider_keeps_it(slug, settings):
    """Imports, pushes, checks and files: all of them go through one door."""
    keys = dict.fromkeys(("api_key", "account_id", "integration_id"), "a-credential-that-nobody-may-see")
    with fakewire.fake_wire(fakewire.answer(b"{}")) as wire:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(wire.url).netloc]
        account = Account(wire.url, keys, {"requests_per_minute": 2, "job_ids": ["1"]})
        for _time in range(4):
            provider = registry.get_provider(slug, account, urgent=True)
            provider.client.http.sleep = lambda seconds: None
            provider.check()
            provider.close()
    assert len(wire.asked) <= 2


# An import


@pytest.fixture
def limited(db, settings):
    """A connection over a real socket to a Kombo whose lists are empty, at 12 requests a minute."""
    body = b'{"status": "success", "data": {"next": null, "results": []}}'
    with fakewire.fake_wire(fakewire.answer(body)) as wire:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(wire.url).netloc]
        connection = make_connection(make_workspace(), base_url=wire.url, options={"requests_per_minute": 12})
        yield wire, connection


def test_an_import_over_the_ceiling_waits_without_a_worker_and_says_nothing_ill(limited):
    wire, connection = limited
    asked = request_sync(connection, mode="full")
    run(asked.pk)  # one, and the next in five and a half seconds

    asked.refresh_from_db()
    connection.refresh_from_db()
    assert (asked.state, asked.lease_token, len(wire.asked)) == ("running", None, 1)
    assert asked.resume_at is not None
    assert (connection.health, connection.waiting_until) == ("healthy", None)
    assert (connection.pace["limit"], connection.pace["remaining"]) == (12, 11)


def test_a_check_goes_before_the_import(limited):
    wire, connection = limited
    request = request_sync(connection, mode="full")
    run(request.pk)
    check_connection(connection)
    assert len(wire.asked) > 1


def test_the_api_and_the_screen_show_what_is_left(limited, client):
    _wire, connection = limited
    run(request_sync(connection, mode="full").pk)
    member = make_member(connection.workspace, role=Role.ADMIN)
    address = f"/api/v1/connections/{connection.pk}/budget/"

    answer = client.get(address, headers={"Authorization": f"Bearer {make_token(member)}"})

    rate = answer.json()["requests_per_minute"]
    assert (rate["limit"], rate["remaining"]) == (12, 11)
    assert rate["resets_at"] == connection.__class__.objects.get().pace["resets_at"]
    client.force_login(member.user)
    assert "11 of 12" in client.get(connection.get_absolute_url()).content.decode()


def test_writing_the_pace_down_keeps_what_else_is_noted(limited):
    _wire, connection = limited
    connection.pace = {"waits": 3}
    connection.save()
    provider = registry.get_provider("kombo", Account(connection.base_url, {"api_key": "k"}, connection.options))
    write_down_pace(provider, pk=connection.pk)
    connection.refresh_from_db()
    assert (connection.pace["waits"], connection.pace["limit"]) == (3, 12)
    assert SyncRun.objects.count() == 0
