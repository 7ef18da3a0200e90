"""What goes wrong at the provider, and what a person reads of it (dangers F01-F32)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Candidate
from integrations import circuit
from integrations.importing import request_sync, run, sweep
from integrations.models import SyncProblem, SyncRun
from tests.conftest import forget_rates
from tests.integrations.importing.conftest import counts, stream

pytestmark = pytest.mark.django_db
PEOPLE = "/ats/candidates"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    """Repeats of one call come at once: the pauses between them are tested where they are made."""
    monkeypatch.setattr("integrations.http._pause", lambda error, attempt: 0.0)


def test_a_malformed_row_is_set_aside_and_the_run_says_so(upstream, connection, sync):
    body = '{"status": "success", "data": {"next": null, "results": [{"id": null}, 7]}}'
    upstream.kombo.faults.set("garbage", PEOPLE, body=body)

    done = sync(connection, mode="full")

    assert (done.state, connection.health) == ("partial", "partly_synced")
    assert connection.health_detail.startswith("2 rows were set aside.")
    assert counts(done) == {"fetched": 2, "set_aside": 2}
    assert sorted(SyncProblem.objects.values_list("reason", "payload__id")) == [
        ("The row has no usable id.", None),
        ("The row isn't an object.", None),
    ]


def test_a_short_rate_limit_is_sat_out(upstream, connection, sync, monkeypatch):
    waited = []
    monkeypatch.setattr("integrations.importing.working.time.sleep", waited.append)
    upstream.kombo.faults.set("rate_limit", PEOPLE, times=5, reset=2)

    done = sync(connection, mode="full")

    assert (done.state, waited) == ("succeeded", [2.0])
    assert Candidate.objects.count() == 600


def test_a_long_rate_limit_frees_the_worker_and_the_run_goes_on_at_the_same_page(upstream, connection, sync):
    upstream.kombo.faults.set("rate_limit", PEOPLE, times=1, skip=1, reset=600)

    waiting = sync(connection, mode="full")

    assert (waiting.state, waiting.lease_token, connection.health) == ("running", None, "waiting")
    assert timedelta(minutes=9) < waiting.resume_at - timezone.now() <= timedelta(minutes=10)
    assert connection.waiting_until == waiting.resume_at
    assert f"{waiting.resume_at:%H:%M}" in connection.health_detail
    assert (stream(waiting).pages, sweep()) == (1, 0)
    run(waiting.pk)  # too early: nobody calls
    assert stream(waiting).pages == 1

    forget_rates()
    SyncRun.objects.update(resume_at=timezone.now(), lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    run(waiting.pk)
    waiting.refresh_from_db()
    connection.refresh_from_db()
    assert (waiting.state, connection.health, connection.waiting_until) == ("succeeded", "healthy", None)
    assert counts(waiting) == {"fetched": 600, "created": 600}


def test_too_many_requests_for_ever_ends_the_run_and_the_next_one_goes_on(upstream, connection, sync, monkeypatch):
    monkeypatch.setattr("integrations.importing.working.MOST_WAITS", 2)
    monkeypatch.setattr("integrations.importing.working.time.sleep", lambda seconds: None)
    upstream.kombo.faults.set("rate_limit", PEOPLE, times=None, skip=1, reset=1)

    done = sync(connection, mode="full")
    assert (done.state, done.error_code, connection.health) == ("partial", "PLATFORM.RATE_LIMIT_EXCEEDED", "waiting")

    upstream.kombo.faults.clear()
    assert counts(sync(connection, mode="full")) == {"fetched": 350, "created": 350}


def test_an_outage_keeps_what_was_read_and_the_next_run_goes_on_there(upstream, connection, sync, monkeypatch):
    upstream.kombo.faults.set("drop", PEOPLE, times=None, skip=1)
    monkeypatch.setattr(circuit, "MOST", 0)

    down = sync(connection, mode="full")

    assert (down.state, connection.health, Candidate.objects.count()) == ("partial", "waiting", 250)
    assert connection.last_synced_at is None
    assert connection.next_sync_at <= timezone.now() + timedelta(minutes=15)
    upstream.kombo.faults.clear()
    assert counts(sync(connection)) == {"fetched": 350, "created": 350}


def test_a_web_page_instead_of_an_answer_is_no_end_of_the_list(upstream, connection, sync):
    upstream.kombo.faults.set("html", PEOPLE, times=None, skip=1, status=200)

    done = sync(connection, mode="full")

    assert (done.state, connection.health) == ("partial", "needs_attention")
    assert not stream(done).complete


def test_an_answer_that_was_cut_is_asked_for_again(upstream, connection, sync):
    upstream.kombo.faults.set("cut", PEOPLE, times=1, skip=1)

    assert sync(connection, mode="full").state == "succeeded"
    assert Candidate.objects.count() == 600


def test_a_wrong_key_stops_the_connection_in_the_providers_words(upstream, connection, sync):
    code = "PLATFORM.AUTHENTICATION_INVALID"
    upstream.kombo.faults.set("error", PEOPLE, times=None, skip=1, code=code, message="Bad key.")

    done = sync(connection, mode="full")

    assert (done.state, done.error_code, done.error_message) == ("failed", code, "Bad key.")
    assert (connection.health, connection.health_detail, connection.next_sync_at) == ("reconnect", "Bad key.", None)
    assert Candidate.objects.count() == 250


def test_a_provider_that_is_still_setting_up_is_waited_for(upstream, connection, sync):
    upstream.kombo.faults.set("setup_pending", times=None)

    done = sync(connection, mode="full")

    assert (done.state, connection.health) == ("failed", "waiting")
    assert connection.health_detail == "The first sync is still running."
    assert connection.next_sync_at > timezone.now()


def test_a_model_that_is_not_offered_is_left_out_and_said(upstream, connection, sync):
    upstream.kombo.switch("ats_rejection_reasons", "NOT_AVAILABLE")

    done = sync(connection, mode="full")

    assert (done.state, connection.health) == ("partial", "partly_synced")
    assert connection.health_detail == "Not offered by this connection: rejection reasons."
    assert Candidate.objects.count() == 600


def test_jobs_and_nobody_is_explained(upstream, connection, sync):
    upstream.kombo.faults.set("only_created", times=None)

    done = sync(connection, mode="full")

    assert (done.state, connection.health) == ("succeeded", "partly_synced")
    assert connection.health_detail.startswith("Jobs came, and no candidates. Kombo may be set to sync only")


def test_an_expired_cursor_starts_the_stream_again_and_nobody_twice(upstream, connection, sync):
    upstream.kombo.faults.set("expire_cursor", PEOPLE, times=1, skip=1)

    done = sync(connection, mode="full")

    assert (done.state, stream(done).restarts) == ("succeeded", 1)
    assert counts(done) == {"fetched": 850, "created": 600, "unchanged": 250}


def test_a_cursor_that_always_expires_is_given_up(upstream, connection, sync):
    upstream.kombo.faults.set("expire_cursor", PEOPLE, times=None, skip=1)

    done = sync(connection, mode="full")

    assert (done.state, done.error_code, stream(done).restarts) == ("partial", "cursor_expired", 3)
    assert connection.health == "needs_attention"


def test_a_cursor_that_leads_back_to_itself_is_noticed(upstream, connection, sync):
    upstream.kombo.faults.set("repeat_cursor", PEOPLE, times=None, skip=1)

    done = sync(connection, mode="full")

    assert (done.state, done.error_code, connection.health) == ("partial", "cursor_repeats", "needs_attention")
    assert stream(done).pages <= 3


def test_an_address_that_is_no_longer_allowed_is_not_called(upstream, connection, settings):
    settings.UPSTREAM_ALLOWED_HOSTS = []
    asked = request_sync(connection, mode="full")
    run(asked.pk)
    asked.refresh_from_db()

    assert (asked.state, asked.error_code) == ("failed", "address_refused")


def test_no_secret_is_in_what_a_run_leaves_behind(upstream, connection, sync):
    key = connection.credentials["api_key"]
    upstream.kombo.faults.set("error", PEOPLE, times=None, code="PLATFORM.UNKNOWN_ERROR", message=f"Key {key} failed")

    done = sync(connection, mode="full")

    assert key not in f"{done.error_message} {connection.health_detail}"
