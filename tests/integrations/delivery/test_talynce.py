"""Decisions told to Talynce: statuses, which are read before and after they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from candidates.domain import decisions, notes, pushes
from candidates.domain.people import edit_candidate
from candidates.domain.shortlists import put_on_shortlist, take_off_shortlist
from candidates.enums import PushState
from candidates.models import Application, Candidate, FieldConflict, OutboxEntry, SourceRecord
from integrations import delivery, offers
from integrations.importing import request_sync, run
from integrations.models import Connection
from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, identifier
from recruitment.models import Membership
from tests import factories as make
from tests.api import Api
from tests.conftest import forget_rates
from tests.integrations.delivery.conftest import states

pytestmark = pytest.mark.django_db
OPTIONS = {"reject_status": "Rejected", "shortlist_status": "shortlisted", "requests_per_minute": 100_000}
PLACE = 1  # of somebody with one application who isn't masked


@dataclass
class Told:
    """``talynce`` is the sandbox's inside; the application is in “Applied” on both sides."""

    talynce: Any
    connection: Connection
    member: Membership
    candidate: Candidate
    application: Application

    @property
    def link(self) -> dict[str, Any]:
        return self.talynce.applications(identifier("candidate", PLACE))[0]

    def stage(self, name: str) -> Any:
        return self.application.job.stages.get(name=name)

    def move(self, name: str) -> OutboxEntry:
        return decisions.move(self.application, self.stage(name), member=self.member).entries.get()

    def reject(self, note: str = "") -> OutboxEntry:
        reason = make.make_reason(self.member.workspace, "No SQL")
        return decisions.reject(self.application, reason, note=note, member=self.member).entries.get()

    def deliver(self) -> None:
        delivery.deliver_due()

    def written(self) -> list[Any]:
        """Bodies of the writes that Talynce took."""
        return [write["body"] for write in self.talynce.writes() if write["applied"]]

    def sync(self) -> None:
        run(request_sync(self.connection).pk)
        self.application.refresh_from_db()

    def release(self) -> None:
        OutboxEntry.objects.filter(settled_at=None).update(due_at=self.connection.created_at)
        Connection.objects.update(waiting_until=None)
        forget_rates()


@pytest.fixture
def upstream(settings) -> Iterator[Sandbox]:
    with Sandbox(people=160, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def told(upstream) -> Told:
    member = make.make_member(full_name="Ana Koc")
    source = make.make_source(member.workspace, "Talynce", provider="talynce", provider_label="Talynce")
    connection = make.make_connection(
        member.workspace,
        source=source,
        provider="talynce",
        base_url=f"{upstream.url}/talynce",
        credentials={"api_key": API_KEY},
        options=OPTIONS,
    )
    source.pushes = dict.fromkeys(["move", "reject", "reopen", "note", "shortlist", "fields"], "")
    source.save()
    offers.refresh(connection)
    link = upstream.talynce.applications(identifier("candidate", PLACE))[0]
    upstream.talynce.edit_application(link["id"], status="Applied", notes=None)
    run(request_sync(connection).pk)
    application = SourceRecord.objects.get(kind="application", external_id=link["id"]).application
    return Told(upstream.talynce, connection, member, application.candidate, application)


def test_a_move_arrives_as_the_status_of_the_pair(told: Told):
    told.move("Interview")
    told.deliver()
    assert states() == [PushState.CONFIRMED]
    assert told.written() == [{"application": {"job_id": told.link["job_id"], "status": "Interview"}}]
    assert told.link["status"] == "Interview"


def test_what_is_so_already_is_not_written(told: Told):
    told.talynce.edit_application(told.link["id"], status="Interview")
    told.move("Interview")
    told.deliver()
    assert (states(), told.written()) == ([PushState.CONFIRMED], [])


def test_somebody_who_was_moved_there_meanwhile_is_a_conflict(told: Told):
    entry = told.move("Interview")
    told.talynce.edit_application(told.link["id"], status="Offered")
    told.deliver()
    entry.refresh_from_db()
    assert (entry.state, entry.upstream_now["stage"], told.written()) == (PushState.CONFLICT, "Offered", [])

    pushes.resolve(entry, told.member, keep="ours")
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED], "Interview")


def test_talynce_is_no_copy_so_a_move_there_after_our_own_is_a_conflict_at_once(told: Told):
    told.move("Interview")
    told.deliver()
    told.talynce.edit_application(told.link["id"], status="Offered")
    told.move("Screening")
    told.deliver()
    assert states() == [PushState.CONFIRMED, PushState.CONFLICT]


def test_there_and_back_is_told_both_times(told: Told):
    for name in ("Interview", "Applied", "Interview"):
        told.move(name)
        told.deliver()
    assert states() == [PushState.CONFIRMED] * 3
    assert [body["application"]["status"] for body in told.written()] == ["Interview", "Applied", "Interview"]


def test_a_rejection_is_a_status_with_its_reason_in_the_text(told: Told):
    told.reject("A pity.")
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED], "Rejected")
    assert told.link["notes"].endswith(", Ana Koc] Rejected: No SQL\nA pity.")

    told.sync()
    assert (told.application.outcome, told.application.stage.name) == ("rejected", "Applied")
    assert told.application.upstream_status == "Rejected"


def test_a_reopened_application_goes_back_to_where_it_was(told: Told):
    told.reject()
    told.deliver()
    decisions.reopen(told.application, member=told.member)
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED] * 2, "Applied")
    told.sync()
    assert (told.application.outcome, told.application.stage.name) == ("active", "Applied")


def test_somebody_rejected_there_is_reopened_into_the_first_stage(told: Told):
    told.talynce.edit_application(told.link["id"], status="Rejected")
    told.sync()
    assert (told.application.outcome, told.application.stage.name) == ("rejected", "Rejected")
    decisions.reopen(told.application, member=told.member)
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED], "Applied")


def test_a_note_is_appended_with_the_status_that_is_there(told: Told):
    told.talynce.edit_application(told.link["id"], status="Interview", notes="Before.")
    notes.add_note(told.candidate, "Good talk.", member=told.member, application=told.application, push=True)
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED], "Interview")
    first, _, second = told.link["notes"].partition("\n\n[")
    assert (first, second.endswith(", Ana Koc] Good talk.")) == ("Before.", True)


@pytest.mark.parametrize("fault", ["timeout_done", "cut", "html"])
def test_a_lost_answer_is_settled_by_reading_and_never_told_twice(told: Told, fault):
    told.talynce.faults.set(fault, method="PUT", done=True)
    notes.add_note(told.candidate, "Good talk.", member=told.member, application=told.application, push=True)
    told.deliver()
    assert states() == [PushState.RETRYING]

    told.release()
    told.deliver()
    assert (states(), len(told.written())) == ([PushState.CONFIRMED], 1)


def test_a_write_that_never_arrived_is_sent_again(told: Told):
    told.talynce.faults.set("drop", method="PUT")
    told.move("Interview")
    told.deliver()
    told.release()
    told.deliver()
    assert (states(), told.link["status"], len(told.written())) == ([PushState.CONFIRMED], "Interview", 1)


def test_too_many_requests_wait_as_long_as_they_are_told(told: Told):
    told.talynce.faults.set("rate_limit", method="PUT", retry_after=30)
    entry = told.move("Interview")
    told.deliver()
    entry.refresh_from_db()
    assert entry.state == PushState.RETRYING
    assert 25 < (entry.due_at - entry.sent_at).total_seconds() < 40
    told.release()
    told.deliver()
    assert states() == [PushState.CONFIRMED]


def test_an_organization_on_trial_says_so_and_stays_connected(told: Told):
    told.talynce.switch(trial=True)
    entry = told.move("Interview")
    told.deliver()
    entry.refresh_from_db()
    told.connection.refresh_from_db()
    assert (entry.state, "on trial" in entry.last_error_message) == (PushState.NOT_OFFERED, True)
    assert told.connection.health != "reconnect"


def test_a_pair_that_is_gone_is_not_made_anew(told: Told):
    entry = told.move("Interview")
    told.talynce.delete_candidate(identifier("candidate", PLACE))
    told.deliver()
    entry.refresh_from_db()
    assert (entry.state, told.talynce.writes()) == (PushState.REFUSED, [])


def test_without_a_mapped_status_a_rejection_is_not_offered_before_any_call(told: Told):
    Connection.objects.update(options={"requests_per_minute": 100_000})
    told.connection.refresh_from_db()
    offers.refresh(told.connection)
    entry = told.reject()
    assert (entry.state, entry.last_error_message) == (
        PushState.NOT_OFFERED,
        "The stage map doesn't say which status of Talynce means rejected.",
    )


# ---- the shortlist, and a person's details


def test_a_shortlist_is_a_status_and_moves_the_person_here_too(told: Told):
    _entry, decision = put_on_shortlist(told.application, member=told.member)
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFIRMED], "shortlisted")
    assert decision.entries.count() == 1
    told.sync()
    assert told.application.stage.name == "shortlisted"


def test_somebody_moved_there_meanwhile_is_not_shortlisted_unasked(told: Told):
    put_on_shortlist(told.application, member=told.member)
    told.talynce.edit_application(told.link["id"], status="Offered")
    told.deliver()
    assert (states(), told.link["status"]) == ([PushState.CONFLICT], "Offered")


def test_moving_on_the_list_or_being_rejected_tells_nobody(told: Told):
    put_on_shortlist(told.application, member=told.member)
    assert put_on_shortlist(told.application, member=told.member, position=1)[1] is None
    take_off_shortlist(told.application, member=told.member)
    told.deliver()
    told.reject()
    told.application.refresh_from_db()
    assert put_on_shortlist(told.application, member=told.member)[1] is None


def test_a_move_takes_the_place_of_a_shortlist_that_has_not_left_yet(told: Told):
    put_on_shortlist(told.application, member=told.member, delay=60)
    told.move("Interview")
    told.deliver()
    assert states() == [PushState.SUPERSEDED, PushState.CONFIRMED]
    assert told.link["status"] == "Interview"


def test_a_changed_detail_arrives_and_nothing_else(told: Told):
    _person, decision = edit_candidate(
        told.candidate, {"current_company": "Banyan", "headline": "x"}, member=told.member
    )
    told.deliver()
    [entry] = decision.entries.all()
    assert (entry.state, pushes.describe(entry)) == (PushState.CONFIRMED, "Change current company")
    assert told.written() == [{"current_company": "Banyan"}]
    told.sync()
    told.candidate.refresh_from_db()
    assert (told.candidate.current_company, FieldConflict.objects.count()) == ("Banyan", 0)


def test_a_detail_that_no_source_takes_makes_no_push(told: Told):
    assert edit_candidate(told.candidate, {"headline": "Lead"}, member=told.member) == (told.candidate, None)


def test_a_detail_changed_there_meanwhile_needs_a_second_word(told: Told):
    edit_candidate(told.candidate, {"current_company": "Banyan"}, member=told.member)
    told.talynce.edit_candidate(identifier("candidate", PLACE), current_company="Theirs")
    told.deliver()
    entry = OutboxEntry.objects.get()
    assert (entry.state, entry.last_error_code, told.written()) == (PushState.REFUSED, "changed_upstream", [])

    pushes.retry(entry, told.member)
    told.deliver()
    assert (states(), told.written()) == ([PushState.CONFIRMED], [{"current_company": "Banyan"}])


def test_an_edit_sent_again_later_brings_what_we_have_by_then(told: Told):
    told.talynce.faults.set("error", method="PUT", code="validation_error")
    edit_candidate(told.candidate, {"current_company": "First"}, member=told.member)
    told.deliver()
    edit_candidate(told.candidate, {"current_company": "Second"}, member=told.member)
    told.deliver()
    pushes.retry(OutboxEntry.objects.order_by("pk").first(), told.member)
    told.deliver()
    assert told.talynce.candidate(identifier("candidate", PLACE))["current_company"] == "Second"


def test_a_masked_profile_waits_for_a_person_and_is_asked_exactly_once(told: Told):
    key = identifier("candidate", PLACE)
    told.talynce.mask(key)
    edit_candidate(told.candidate, {"phones": [{"value": "+91 1", "kind": ""}]}, member=told.member)
    for _ in range(2):
        told.deliver()
        told.release()
    entry = OutboxEntry.objects.get()
    assert (entry.state, entry.last_error_code) == (PushState.REFUSED, "talent_pool_reveal_required")
    assert "Reveal it there" in entry.last_error_message
    assert [write["status"] for write in told.talynce.writes()] == [403]

    told.talynce.reveal(key)
    pushes.retry(entry, told.member)
    told.deliver()
    assert told.talynce.candidate(key)["phone_number"] == "+91 1"


def test_the_api_says_what_an_edit_and_a_shortlist_made_a_source_hear(told: Told):
    api, person = Api(told.member), f"candidates/{told.candidate.pk}/"
    edited = api.patch(person, {"current_company": "Banyan"})
    listed = api.put(f"applications/{told.application.pk}/shortlist/", {})
    own = api.patch(person, {"headline": "Lead"})
    assert [answer.status_code for answer in (edited, listed, own)] == [200, 200, 200]
    assert [push["state"] for push in [*edited.json()["pushes"], *listed.json()["pushes"]]] == ["waiting", "waiting"]
    assert own.json()["pushes"] == []
