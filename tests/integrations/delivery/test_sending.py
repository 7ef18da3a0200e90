"""Each push arrives once, whatever becomes of the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.enums import PushState
from candidates.models import Activity, OutboxEntry, PushAttempt
from integrations import delivery
from integrations.delivery.outcomes import backoff
from integrations.models import Connection
from integrations.providers.kombo.provider import Kombo
from tests.integrations.delivery.conftest import World, states

pytestmark = pytest.mark.django_db


def test_each_kind_arrives_once_and_ends_confirmed(world: World):
    world.tag("On call")
    world.note("Knows SQL.")
    world.move(1)
    assert world.deliver() == 3
    world.untag("On call")
    world.reject("Not this time.")
    assert world.deliver() == 2

    assert states() == [PushState.CONFIRMED] * 5
    assert sorted(world.applied()) == sorted(
        [
            ("tag", "On call"),
            ("untag", "On call"),
            ("note", "Knows SQL."),
            ("move", f"to {world.stages[1].name}"),
            ("reject", f"{world.reason.name}: Not this time."),
        ]
    )
    assert world.upstream() == (world.stage_id(1), "DECLINED")
    assert world.deliver() == 0


def test_the_ledger_keeps_request_and_answer_without_the_key(world: World):
    entry = world.move(1)
    world.deliver()

    attempt = PushAttempt.objects.get(entry=entry)
    assert (attempt.number, attempt.method, attempt.status) == (1, "PUT", 200)
    assert attempt.path.endswith(f"/ats/applications/{world.application_id}/stage")
    assert attempt.request == {"stage_id": world.stage_id(1)}
    assert attempt.response["status"] == "success"
    assert attempt.finished_at >= attempt.started_at
    entry.refresh_from_db()
    assert (entry.attempts, entry.due_at, entry.lease_token, entry.last_error_code) == (1, None, None, "")
    assert entry.settled_at is not None


def test_the_person_s_history_says_that_the_source_was_told(world: World):
    entry = world.tag()
    world.deliver()
    told = Activity.objects.get(verb="push_confirmed")
    assert (told.candidate, told.actor_label) == (world.candidate, "Acme ATS")
    assert told.data == {"kind": "tag", "source": "Acme ATS", "entry": str(entry.pk)}


def test_a_lost_answer_to_a_move_ends_in_one_stage_and_confirmed(world: World):
    world.kombo.faults.set("timeout_done", "/stage$")
    entry = world.move(1)
    world.deliver()
    assert states() == [PushState.RETRYING]

    world.kombo.sync()  # the copy shows it now: no second write
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.applied() == [("move", f"to {world.stages[1].name}")]


def test_a_lost_answer_to_a_move_is_repeated_while_the_copy_lags(world: World):
    world.kombo.faults.set("timeout_done", "/stage$")
    entry = world.move(1)
    world.deliver()
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.upstream() == (world.stage_id(1), "PENDING")


def test_a_lost_answer_to_a_tag_is_read_back(world: World):
    world.kombo.faults.set("timeout_done", "/tags$")
    entry = world.tag("On call")
    world.deliver()
    world.kombo.sync()
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.applied() == [("tag", "On call")]


def test_a_read_back_that_may_be_old_news_is_not_believed(world: World):
    """Tagged, untagged, tagged again: a copy that shows the tag may show the first one."""
    world.tag("On call")
    world.deliver()
    world.kombo.sync()
    world.untag("On call")
    world.deliver()
    world.kombo.faults.set("drop", "/tags$")
    again = world.tag("On call")
    world.deliver()
    world.release(again)
    world.deliver()
    assert "On call" in world.kombo.tags(world.person_id)
    assert states() == [PushState.CONFIRMED] * 3


def test_a_note_without_an_answer_is_never_sent_again_by_itself(world: World):
    world.kombo.faults.set("timeout_done", "/notes$")
    entry = world.note("Knows SQL.")
    world.deliver()
    assert states() == [PushState.UNKNOWN]

    world.release(entry)
    world.deliver()
    world.release(entry)
    world.deliver()
    assert states() == [PushState.UNKNOWN]
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]
    assert Activity.objects.filter(verb="push_unknown").count() == 1


def test_a_rejection_without_an_answer_is_confirmed_once_the_copy_shows_it(world: World):
    world.kombo.faults.set("timeout_done", "/reject$")
    entry = world.reject()
    world.deliver()
    assert states() == [PushState.UNKNOWN]

    world.kombo.sync()
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert len(world.applied()) == 1


@pytest.mark.parametrize("fault", ["cut", "garbage"])
def test_an_answer_that_cannot_be_read_counts_as_lost(world: World, fault: str):
    world.kombo.faults.set(fault, "/notes$", done=True)
    world.note("Knows SQL.")
    world.deliver()
    assert states() == [PushState.UNKNOWN]
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]


def test_a_provider_that_cannot_be_reached_is_tried_again_later(world: World, sandbox, settings):
    entry = world.note()
    settings.UPSTREAM_ALLOWED_HOSTS.append("127.0.0.1:9")
    Connection.objects.update(base_url="http://127.0.0.1:9/kombo/v1")
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.last_error_code) == (PushState.RETRYING, "no_connection")
    assert entry.due_at > timezone.now()

    Connection.objects.update(base_url=f"{sandbox.url}/kombo/v1")
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]


def test_a_repeatable_push_dropped_before_it_was_done_is_sent_again(world: World):
    world.kombo.faults.set("drop", "/stage$")
    entry = world.move(1)
    world.deliver()
    assert states() == [PushState.RETRYING]
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.applied() == [("move", f"to {world.stages[1].name}")]


def test_too_many_requests_wait_as_long_as_the_provider_asks(world: World):
    world.kombo.faults.set("rate_limit", "/notes$", reset=40)
    entry = world.note()
    before = timezone.now()
    world.deliver()
    entry.refresh_from_db()
    world.connection.refresh_from_db()
    assert (entry.state, entry.last_error_code) == (PushState.RETRYING, "PLATFORM.RATE_LIMIT_EXCEEDED")
    assert before + timedelta(seconds=40) <= entry.due_at <= before + timedelta(seconds=45)
    assert world.connection.waiting_until >= before + timedelta(seconds=40)

    world.tag()  # nobody else calls either
    assert world.deliver() == 0
    world.release(entry)
    assert world.deliver() == 2
    assert states() == [PushState.CONFIRMED] * 2
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]


def test_too_many_actions_at_once_are_tried_again_with_patience(world: World):
    world.kombo.faults.set("concurrency_limit", "/notes$")
    entry = world.note()
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.last_error_code) == (PushState.RETRYING, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED")
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]


@pytest.mark.parametrize("code", ["REMOTE.SERVICE_UNAVAILABLE", "INTEGRATION.SETUP_SYNC_PENDING"])
def test_a_note_that_surely_did_not_arrive_is_sent_again_by_itself(world: World, code: str):
    world.kombo.faults.set("error", "/notes$", code=code, status=503)
    entry = world.note()
    world.deliver()
    assert states() == [PushState.RETRYING]
    world.release(entry)
    world.deliver()
    assert states() == [PushState.CONFIRMED]
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]


def test_a_refusal_keeps_the_provider_s_words_and_is_not_repeated(world: World):
    world.kombo.faults.set("error", "/reject$", code="REMOTE.INPUT_INVALID", message="Reason is not for this job.")
    entry = world.reject()
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.due_at) == (PushState.REFUSED, None)
    assert (entry.last_error_code, entry.last_error_message) == ("REMOTE.INPUT_INVALID", "Reason is not for this job.")
    assert Activity.objects.get(verb="push_refused").data["message"] == "Reason is not for this job."
    assert world.deliver() == 0
    assert world.applied() == []


def test_an_action_that_was_switched_off_is_not_offered(world: World):
    world.kombo.faults.set("error", "/tags$", code="INTEGRATION.ACTION_DISABLED", message="Switched off.")
    entry = world.tag()
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.last_error_message) == (PushState.NOT_OFFERED, "Switched off.")


def test_a_week_old_decision_is_not_sent_without_asking(world: World):
    entry = world.move(1)
    OutboxEntry.objects.update(requested_at=timezone.now() - timedelta(days=8))
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.last_error_code) == (PushState.UNKNOWN, "too_old")
    assert world.kombo.writes() == []


def test_an_undo_window_holds_the_push_back(world: World):
    entry = world.move(1, delay=6)
    assert world.deliver() == 0
    assert not delivery.deliver(entry.pk)
    world.release(entry)
    assert delivery.deliver(entry.pk)


def test_what_the_ledger_keeps_is_bounded(world: World):
    world.note("ä" * 9_000)
    world.deliver()
    kept = PushAttempt.objects.get().request
    assert isinstance(kept, str)
    assert len(kept.encode()) <= 8 * 1024


def test_a_fault_of_ours_does_not_repeat_a_note(world: World, monkeypatch):
    honest = Kombo.push

    def push(self, order):
        honest(self, order)
        raise ZeroDivisionError

    monkeypatch.setattr(Kombo, "push", push)
    entry = world.note()
    world.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.last_error_code) == (PushState.UNKNOWN, "internal_error")
    assert world.kombo.notes(world.person_id) == ["Knows SQL."]


def test_waits_grow_to_a_quarter_of_an_hour():
    waits = [backoff(number) for number in range(1, 40)]
    assert all(1.5 <= wait <= 900 * 1.25 for wait in waits)
    assert 1.5 <= waits[0] <= 2.5
    assert 6 <= waits[2] <= 10
    assert min(waits[12:]) >= 675
