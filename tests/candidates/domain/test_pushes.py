"""What a person does with a push."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.domain import decisions, pushes
from candidates.enums import PushState
from candidates.models import Activity, OutboxEntry
from recruitment.errors import Conflict, DomainError
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make.make_member(full_name="Ana Koc")


@pytest.fixture
def application(member):
    source = make.make_source(member.workspace)
    found = make.make_application(make.make_candidate(member.workspace))
    make.make_record(source, found, "app-1", imported={"stage_external_id": "s-0", "outcome": "active"})
    make.mirror_job(source, found.job)
    return found


def push(application, member, state, kind="note", **fields):
    given = {"payload": {"text": "Hello."}, "last_error_code": "x", "last_error_message": "No.", **fields}
    return make.make_push(application.records.get(), member, kind, state=state, **given)


ALL = set(PushState.values)


@pytest.mark.parametrize("state", sorted(ALL))
@pytest.mark.parametrize(
    "verb, allowed",
    [
        ("retry", {"refused", "not_offered", "retrying"}),
        ("cancel", {"waiting", "retrying", "conflict"}),
        ("settle", {"unknown"}),
        ("resolve", {"conflict"}),
    ],
)
def test_each_verb_takes_a_push_only_from_where_it_makes_sense(application, member, verb, allowed, state):
    lease = {"lease_token": "0" * 32, "lease_until": timezone.now()} if state == "sending" else {}
    entry = push(application, member, state, **lease)
    more = {"settle": {"arrived": True}, "resolve": {"keep": "ours"}}.get(verb, {})
    if state in allowed:
        assert getattr(pushes, verb)(entry, member, **more).state != state
    else:
        with pytest.raises(Conflict) as caught:
            getattr(pushes, verb)(entry, member, **more)
        assert caught.value.code == "push_changed"
        entry.refresh_from_db()
        assert entry.state == state


def test_trying_again_makes_it_due_now_and_is_on_record(application, member):
    entry = push(application, member, "refused")
    pushes.retry(entry, member)
    entry.refresh_from_db()
    assert (entry.state, entry.settled_at, entry.last_error_code) == (PushState.WAITING, None, "")
    assert OutboxEntry.objects.due().get() == entry
    noted = Activity.objects.get(verb="push_retried")
    assert (noted.actor, noted.application) == (member, application)
    assert noted.data == {"kind": "note", "source": "Acme ATS", "entry": str(entry.pk)}


def test_a_stage_that_was_tied_meanwhile_can_be_told(application, member):
    target = make.make_stage(application.job, "Trial day", position=9)
    entry = decisions.move(application, target, member=member).entries.get()
    assert entry.state == PushState.NOT_OFFERED
    with pytest.raises(DomainError) as caught:
        pushes.retry(entry, member)
    assert (caught.value.code, "isn't tied" in caught.value.message) == ("not_offered", True)

    make.make_record(entry.source, target, "s-trial")
    pushes.retry(entry, member)
    entry.refresh_from_db()
    assert (entry.state, entry.payload["stage_id"]) == (PushState.WAITING, "s-trial")


def test_a_decision_that_was_overtaken_or_undone_is_not_sent_after_all(application, member):
    first = decisions.move(application, make.stage_of(application.job, "Interview"), member=member)
    OutboxEntry.objects.update(state="refused", settled_at=timezone.now(), due_at=None)
    second = decisions.move(application, make.stage_of(application.job, "Offer"), member=member)
    with pytest.raises(Conflict) as caught:
        pushes.retry(first.entries.get(), member)
    assert caught.value.code == "replaced"

    OutboxEntry.objects.filter(decision=second).update(state="refused", settled_at=timezone.now(), due_at=None)
    decisions.undo(second, member=member)
    with pytest.raises(Conflict) as caught:
        pushes.retry(second.entries.get(), member)
    assert caught.value.code == "undone"


def test_cancelling_sends_nothing_and_leaves_the_decision(application, member):
    decision = decisions.move(application, make.stage_of(application.job, "Offer"), member=member)
    entry = pushes.cancel(decision.entries.get(), member)
    application.refresh_from_db()
    assert (entry.state, entry.settled_by, application.stage.name) == (PushState.CANCELLED, member, "Offer")
    assert not OutboxEntry.objects.due().exists()
    assert pushes.describe(entry) == "Move to Offer (not sent; the decision here stands)"
    assert Activity.objects.filter(verb="push_cancelled").count() == 1


def test_saying_that_it_arrived_confirms_it_by_name(application, member):
    entry = pushes.settle(push(application, member, "unknown", due_at=None), member, arrived=True)
    entry.refresh_from_db()
    assert (entry.state, entry.settled_by) == (PushState.CONFIRMED, member)
    assert Activity.objects.get(verb="push_settled").data["arrived"] is True


def test_saying_that_it_did_not_arrive_sends_it_again(application, member):
    entry = push(application, member, "unknown", due_at=None, requested_at=timezone.now() - timedelta(days=9))
    pushes.settle(entry, member, arrived=False)
    assert OutboxEntry.objects.due().get().state == PushState.WAITING


def test_one_must_keep_one_of_both(application, member):
    with pytest.raises(DomainError):
        pushes.resolve(push(application, member, "conflict"), member, keep="both")


def test_taking_theirs_rejects_here_too(application, member):
    said = {"stage": "Applied", "stage_id": "unheard-of", "outcome": "rejected"}
    entry = push(application, member, "conflict", "move", upstream_now=said, payload={"stage_name": "Offer"})
    stage = application.stage
    pushes.resolve(entry, member, keep="theirs")
    application.refresh_from_db()
    assert (application.outcome, application.stage) == ("rejected", stage)
    assert application.rejected_at is not None


@pytest.mark.parametrize(
    "kind, payload, words",
    [
        ("move", {"stage_name": "Phone screen"}, "Move to Phone screen"),
        ("reject", {"reason_name": "Missing skills"}, "Reject: Missing skills"),
        ("reopen", {}, "Reopen"),
        ("tag", {"name": "remote"}, "Tag “remote”"),
        ("untag", {"name": "remote"}, "Remove the tag “remote”"),
        ("note", {"text": "x"}, "Add a note"),
        ("shortlist", {}, "Put on the shortlist"),
        ("fields", {}, "Change the candidate's details"),
    ],
)
def test_the_ledger_says_what_a_source_is_to_hear(kind, payload, words):
    assert pushes.describe(OutboxEntry(kind=kind, payload=payload)) == words
