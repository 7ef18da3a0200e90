"""Kombo's webhooks: only signed ones count, each once, and all that follows is an import (dangers F95–F101)."""

import json
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from candidates.models import Candidate
from integrations.hooks.receiving import MOST_A_MINUTE, REMEMBERED, ask_for_import, forget_old
from integrations.importing import run, start_due
from integrations.models import Connection, HookDelivery, SyncRun
from integrations.providers.kombo.hooks import sign
from integrations.sandbox.kombo.hooks import signature as sandbox_signature
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import signed_in

SECRET = "whsec-1"
KEYS = {"api_key": API_KEY, "integration_id": INTEGRATION_ID, "webhook_secret": SECRET}
pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Connection:
    later = timezone.now() + timedelta(hours=3)
    return make.make_connection(make.make_workspace(), credentials=KEYS, next_sync_at=later)


def body(kind="data-changed", identifier="Pti6vj8RsnqDXyCUshN6toSW", about=INTEGRATION_ID, **more) -> bytes:
    data = {"integration_id": about, "changed_models": [{"name": "ats_applications"}], **more}
    return json.dumps({"id": identifier, "type": kind, "data": data}).encode()


def send(line, raw, signature=None, **options):
    headers = {"X-Kombo-Signature": sign(raw, SECRET) if signature is None else signature}
    given = {"content_type": "application/json", "headers": headers, **options}
    return Client(enforce_csrf_checks=True).post(f"/hooks/kombo/{line.pk}/", raw, **given)


def due(line) -> bool:
    line.refresh_from_db()
    return line.next_sync_at <= timezone.now()


def test_a_signed_one_asks_for_an_import_and_for_nothing_more(line):
    assert send(line, body()).json() == {"detail": "Taken."}

    assert due(line)
    assert start_due() == 1
    assert SyncRun.objects.get().trigger == "webhook"
    assert SyncRun.objects.get().mode == "incremental"


@pytest.mark.parametrize(
    "raw, signature",
    [
        (body(), ""),
        (body(), "AAAA"),
        (body(), "ünicode"),
        (body(), sign(body(), "another-accounts-secret")),
        (body() + b" ", sign(body(), SECRET)),
        (body(), sign(body(), SECRET) + "="),
        (json.dumps(json.loads(body()), indent=1).encode(), sign(body(), SECRET)),
        (b"not json", "AAAA"),
        (b"", "AAAA"),
    ],
)
def test_a_wrong_signature_leaves_a_number_and_nothing_else(line, raw, signature):
    answer = send(line, raw, signature.encode().decode("latin-1"))

    assert answer.status_code == 401
    assert not due(line)
    assert (line.hooks_refused, line.told_at, HookDelivery.objects.count()) == (1, None, 0)


@pytest.mark.parametrize("credentials", [{**KEYS, "webhook_secret": ""}, {"api_key": "k", "integration_id": "i"}])
def test_without_a_secret_nobody_can_sign(line, credentials):
    Connection.objects.filter(pk=line.pk).update(credentials=credentials)

    assert send(line, body(), sign(body(), "")).status_code == 401


def test_an_unknown_or_disconnected_connection_answers_the_same(line):
    Connection.objects.filter(pk=line.pk).update(disconnected_at=timezone.now())
    stranger = make.make_connection(make.make_workspace(), provider="linkup", credentials=KEYS)

    for one in (line, stranger, make.make_workspace()):
        answer = send(one, body())
        assert (answer.status_code, answer.json()) == (401, {"detail": "The signature doesn't hold."})


def test_the_same_id_is_answered_and_has_no_second_effect(line):
    send(line, body())
    later = timezone.now() + timedelta(hours=1)
    Connection.objects.filter(pk=line.pk).update(next_sync_at=later)

    assert send(line, body()).status_code == 200
    assert not due(line)
    assert HookDelivery.objects.count() == 1
    assert send(line, body(identifier="another")).status_code == 200
    assert due(line)


@pytest.mark.parametrize("kind", ["integration-created", "connection-flow-failed", "unheard-of"])
def test_what_is_no_news_is_taken_and_has_no_effect(line, kind):
    assert send(line, body(kind)).status_code == 200
    assert not due(line)


def test_what_is_meant_for_another_integration_is_let_pass(line):
    assert send(line, body(about="greenhouse:other")).status_code == 200
    assert not due(line)
    assert HookDelivery.objects.count() == 0


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"id": 7}', b"\xff", b"[" * 100_000])
def test_a_signed_body_that_cannot_be_read_is_refused(line, raw):
    assert send(line, raw).status_code == 400
    assert not due(line)


def test_odd_values_are_bounded(line):
    for odd in ("x" * 5_000, "a\x00\ud800b"):
        raw = json.dumps({"id": odd, "type": ["data-changed"], "data": "text"}).encode()
        assert send(line, raw).status_code == 200

    known = HookDelivery.objects.order_by("pk").values_list("delivery_id", flat=True)
    assert list(known) == ["x" * 100, "a\ufffd\ufffdb"]


def test_both_secrets_hold_while_they_are_changed_and_the_old_one_dies(line):
    Connection.objects.filter(pk=line.pk).update(credentials={**KEYS, "webhook_secret": f"new,{SECRET}"})
    assert send(line, body()).status_code == 200
    assert send(line, body(), sign(body(), "new")).status_code == 200
    Connection.objects.filter(pk=line.pk).update(credentials={**KEYS, "webhook_secret": "new"})
    assert send(line, body()).status_code == 401
    assert send(line, body(), sign(body(), f"new,{SECRET}")).status_code == 401


def test_large_bodies_and_floods_are_turned_away_before_anything_is_read(line, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert send(line, b"x" * (1024 * 1024 + 1), "AAAA").status_code == 413
        assert send(line, b"x", CONTENT_LENGTH="many").status_code == 413
    for _ in range(MOST_A_MINUTE):
        last = send(line, b"x", "AAAA")
    with django_assert_num_queries(0):
        last = send(line, body())
    assert (last.status_code, last["Retry-After"]) == (429, "60")


def test_nothing_but_a_post_is_answered(line):
    assert Client().get(f"/hooks/kombo/{line.pk}/").status_code == 405
    assert send(line, body(), content_type="text/plain").status_code == 200


def test_many_webhooks_are_one_import_and_one_that_came_meanwhile_is_followed_up(line):
    send(line, body(identifier="1"))
    start_due()
    started = SyncRun.objects.get()
    for number in range(5):
        send(line, body(identifier=f"later-{number}"))
    assert start_due() == 0

    from integrations.importing import ending, leases

    lease = leases.take(started.pk)
    Connection.objects.filter(pk=line.pk).update(told_at=timezone.now())
    ending.finish(lease, ending.Ending(state="succeeded", health="healthy"), read_everything=True)

    line.refresh_from_db()
    assert timedelta() < line.next_sync_at - timezone.now() <= ending.AFTER_HOOK


def test_a_connection_that_is_paused_or_not_scheduled_is_left_alone(line):
    Connection.objects.filter(pk=line.pk).update(next_sync_at=None)
    send(line, body())
    line.refresh_from_db()
    assert (line.next_sync_at, line.told_at is not None) == (None, True)
    Connection.objects.filter(pk=line.pk).update(next_sync_at=timezone.now(), paused=True)
    ask_for_import(line)
    assert start_due() == 0


def test_old_ids_are_forgotten(line):
    send(line, body())
    HookDelivery.objects.update(received_at=timezone.now() - REMEMBERED - timedelta(days=1))
    send(line, body(identifier="young"))

    assert (forget_old(), HookDelivery.objects.get().delivery_id) == (1, "young")


def test_an_admin_sees_where_they_go_and_how_many_were_refused(line):
    send(line, body(), "AAAA")
    admin = make.make_member(line.workspace, "admin")

    page = signed_in(admin).get(f"/connections/{line.pk}/").content.decode()
    assert f"/hooks/kombo/{line.pk}/" in page
    assert "1 refused, their signature didn" in page
    shown = Api(admin).get(f"connections/{line.pk}/")
    assert (shown.json()["hooks_refused"], shown.json()["told_at"]) == (1, None)
    assert SECRET not in shown.content.decode() + page


def test_our_signature_is_the_one_of_the_provider():
    assert sign(b'{"a": 1}', SECRET) == sandbox_signature(SECRET, b'{"a": 1}')


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("database.vendor != 'postgresql'")
def test_fifty_at_once_have_one_effect(line):
    def one():
        send(line, body())
        database.close()

    threads = [threading.Thread(target=one) for _ in range(50)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert HookDelivery.objects.count() == 1
    assert (due(line), start_due()) == (True, 1)


@pytest.mark.django_db(transaction=True)
def test_a_change_upstream_comes_in_by_the_sandboxs_webhook_over_real_http(live_server, settings):
    with Sandbox(people=20, read_delay=0, lift_limits=True) as upstream:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(upstream.url).netloc]
        later = timezone.now() + timedelta(hours=3)
        line = make.make_connection(
            make.make_workspace(), credentials=KEYS, base_url=f"{upstream.url}/kombo", next_sync_at=later
        )
        upstream.kombo.set_hook(f"{live_server.url}/hooks/kombo/{line.pk}/", SECRET)
        upstream.kombo.add_candidate(first_name="Nadia", last_name="Novak", email_address="nadia@example.org")
        upstream.kombo.sync()
        arrived = threading.Event()
        for _ in range(100):
            if HookDelivery.objects.filter(connection=line).exists():
                break
            arrived.wait(0.1)

        assert start_due() == 1
        run(SyncRun.objects.get().pk)
        assert Candidate.objects.filter(full_name="Nadia Novak").exists()
