"""The ledger, one push, what a person does with it, and fields on which both sides differ."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.domain import decisions
from candidates.enums import ConflictState, PushState
from candidates.models import OutboxEntry, PushAttempt
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import (
    make_application,
    make_candidate,
    make_conflict,
    make_job,
    make_member,
    make_push,
    make_record,
    make_source,
    mirror_job,
    stage_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def record(recruiter):
    """An application that Greenhouse knows."""
    source = make_source(recruiter.workspace, "Greenhouse")
    job = make_job(recruiter.workspace)
    mirror_job(source, job)
    return make_record(source, make_application(make_candidate(recruiter.workspace, "Mina Petrov"), job))


def move_push(record, member, state: str, stage: str = "Interview", **fields) -> OutboxEntry:
    target = stage_of(record.application.job, stage)
    payload = {"stage": str(target.pk), "stage_name": target.name, "stage_id": f"stage-{target.pk}"}
    return make_push(record, member, "move", state=state, payload=payload, **fields)


def ledger(member, query: str = "") -> list[str]:
    page = signed_in(member).get(reverse("candidates:pushes") + query).context["page"]
    return [entry.state for entry in page.rows]


class TestLedger:
    def test_what_needs_a_person_comes_first_and_each_tab_has_its_states(self, recruiter, record):
        for state in PushState.values:
            if state != PushState.SENDING:
                move_push(record, recruiter, state)
        answer = signed_in(recruiter).get(reverse("candidates:pushes"))

        assert {entry.state for entry in answer.context["page"].rows} == {"conflict", "unknown", "refused"}
        assert {(tab["label"], tab["count"]) for tab in answer.context["tabs"]} == {
            ("Needs a person", 3),
            ("On their way", 2),
            ("Done", None),
            ("Fields that differ", 0),
        }
        assert set(ledger(recruiter, "?tab=done")) == {"confirmed", "not_offered", "superseded", "cancelled"}

    def test_it_narrows_by_source_state_and_kind(self, recruiter, record):
        mine = move_push(record, recruiter, PushState.REFUSED)
        other = make_record(make_source(recruiter.workspace, "Lever"), record.candidate)
        make_push(other, recruiter, "tag", state=PushState.UNKNOWN, payload={"name": "remote"})

        for query in (f"?source={mine.source_id}", "?state=refused", "?kind=move"):
            assert ledger(recruiter, query) == ["refused"], query

    def test_nothing_moved_is_no_content_for_one_query_more_than_the_frame(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.WAITING)
        client, url = signed_in(recruiter), reverse("candidates:pushes")
        mark = client.get(url).context["mark"]
        again = f"{url}?seen={mark}"

        assert client.get(again, headers={"HX-Request": "true"}).status_code == 204
        entry.state = PushState.RETRYING
        entry.save()
        moved = client.get(again, headers={"HX-Request": "true"})
        assert moved.status_code == 200
        assert moved.content.decode().lstrip().startswith('<div class="stack" id="ledger"')

    def test_it_takes_as_many_queries_for_30_pushes_as_for_one(self, recruiter, record):
        client, url = signed_in(recruiter), reverse("candidates:pushes")
        move_push(record, recruiter, PushState.REFUSED)
        few = queries_of(client, url)
        for _number in range(30):
            person = make_candidate(recruiter.workspace)
            other = make_record(make_source(recruiter.workspace), make_application(person))
            make_push(other, make_member(recruiter.workspace), "reopen", state=PushState.REFUSED)

        assert queries_of(client, url) == few <= MOST

    def test_it_is_for_those_who_decide(self, recruiter, record):
        move_push(record, recruiter, PushState.REFUSED)
        reviewer = signed_in(make_member(recruiter.workspace, Role.REVIEWER))

        assert reviewer.get(reverse("candidates:pushes")).status_code == 403
        assert ledger(make_member()) == []


class TestDetail:
    def open(self, member, entry):
        return signed_in(member).get(reverse("candidates:push", args=[entry.pk]))

    @pytest.mark.parametrize(
        "state, acts",
        [
            (PushState.WAITING, {"cancel"}),
            (PushState.RETRYING, {"retry", "cancel"}),
            (PushState.CONFLICT, {"cancel", "resolve"}),
            (PushState.UNKNOWN, {"settle"}),
            (PushState.REFUSED, {"retry"}),
            (PushState.NOT_OFFERED, {"retry"}),
            (PushState.CONFIRMED, set()),
            (PushState.SUPERSEDED, set()),
            (PushState.CANCELLED, set()),
        ],
    )
    def test_a_person_can_do_what_the_state_allows(self, recruiter, record, state, acts):
        context = self.open(recruiter, move_push(record, recruiter, state)).context

        assert {name for name, may in context["may"].items() if may} == acts

    def test_every_attempt_shows_request_and_answer_and_nothing_is_markup(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.REFUSED, last_error_message="No <b>such</b> stage")
        PushAttempt.objects.create(
            workspace=recruiter.workspace,
            entry=entry,
            number=1,
            started_at=timezone.now(),
            method="PUT",
            path="/stage",
            request={"stage": "<script>x</script>"},
            status=400,
            response={"error": "王"},
        )

        page = self.open(recruiter, entry).content.decode()

        assert "<script>x" not in page
        assert "&quot;stage&quot;: &quot;&lt;script&gt;x&lt;/script&gt;&quot;" in page
        assert "&quot;error&quot;: &quot;王&quot;" in page
        assert "No &lt;b&gt;such&lt;/b&gt; stage" in page

    def test_a_conflict_names_the_stages_of_all_three_sides(self, recruiter, record):
        stages = {stage.name: f"stage-{stage.pk}" for stage in record.application.job.stages.all()}
        now = {"stage_id": stages["Offer"], "outcome": "active"}
        expected = {"stage_id": stages["Applied"], "outcome": "active"}
        entry = move_push(record, recruiter, PushState.CONFLICT, upstream_now={**now, "expected": expected})

        sides = self.open(recruiter, entry).context["sides"]

        assert sides == {"base": "Applied", "ours": "Interview", "theirs": "Offer"}

    def test_an_undo_is_offered_until_the_source_is_told(self, recruiter, record):
        decision = decisions.move(
            record.application, stage_of(record.application.job, "Offer"), member=recruiter, delay=60
        )
        (entry,) = decision.entries.all()

        undo = reverse("candidates:undo", args=[decision.pk])
        assert self.open(recruiter, entry).context["undo_url"] == undo
        assert self.open(make_member(recruiter.workspace), entry).context["undo_url"] == ""

    def test_a_strangers_push_is_not_there(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.REFUSED)

        assert self.open(make_member(), entry).status_code == 404


class TestActs:
    def act(self, member, entry, verb, **data):
        answer = signed_in(member).post(reverse(f"candidates:push_{verb}", args=[entry.pk]), data)
        entry.refresh_from_db()
        return answer

    def test_a_refused_one_is_sent_again(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.REFUSED)

        assert self.act(recruiter, entry, "retry").url == reverse("candidates:push", args=[entry.pk])
        assert entry.state == PushState.WAITING

    def test_a_waiting_one_is_called_off(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.WAITING)

        self.act(recruiter, entry, "cancel")

        assert entry.state == PushState.CANCELLED

    @pytest.mark.parametrize("said, state", [("yes", "confirmed"), ("no", "waiting"), ("maybe", "unknown")])
    def test_an_unknown_one_is_settled_by_a_word(self, recruiter, record, said, state):
        entry = move_push(record, recruiter, PushState.UNKNOWN)

        self.act(recruiter, entry, "settle", arrived=said)

        assert entry.state == state

    @pytest.mark.parametrize("keep, state", [("ours", "waiting"), ("theirs", "superseded"), ("both", "conflict")])
    def test_a_conflict_is_resolved_by_choosing(self, recruiter, record, keep, state):
        entry = move_push(record, recruiter, PushState.CONFLICT, upstream_now={"stage_id": "x", "outcome": "active"})

        self.act(recruiter, entry, "resolve", keep=keep)

        assert entry.state == state

    def test_one_that_has_moved_on_says_so_and_nothing_happens(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.CONFIRMED)
        client = signed_in(recruiter)

        page = client.post(reverse("candidates:push_cancel", args=[entry.pk]), follow=True).content.decode()

        assert "This push is “confirmed” by now." in page

    def test_a_look_changes_nothing(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.REFUSED)

        assert signed_in(recruiter).get(reverse("candidates:push_retry", args=[entry.pk])).status_code == 405

    def test_reviewers_may_not(self, recruiter, record):
        entry = move_push(record, recruiter, PushState.REFUSED)

        assert self.act(make_member(recruiter.workspace, Role.REVIEWER), entry, "retry").status_code == 403
        assert entry.state == PushState.REFUSED


class TestConflicts:
    def test_a_field_that_differs_shows_all_three_values(self, recruiter, record):
        old, new = [{"value": "a@x.org", "kind": ""}], [{"value": "b@x.org", "kind": "work"}]
        make_conflict(record.source, record.candidate, "emails", base=old, ours=[], theirs=new)

        ((_row, side),) = signed_in(recruiter).get(reverse("candidates:conflicts")).context["rows"]

        assert (side.label, side.base, side.ours, side.theirs) == ("E-mail", "a@x.org", "", "b@x.org (work)")

    def test_choosing_theirs_takes_it_over(self, recruiter, record):
        conflict = make_conflict(record.source, record.candidate, theirs="Head of Operations")

        signed_in(recruiter).post(reverse("candidates:conflict_resolve", args=[conflict.pk]), {"keep": "theirs"})

        conflict.refresh_from_db()
        record.candidate.refresh_from_db()
        assert (conflict.state, record.candidate.headline) == (ConflictState.THEIRS, "Head of Operations")

    def test_a_strangers_conflict_is_not_there(self, record):
        conflict = make_conflict(record.source, record.candidate)
        url = reverse("candidates:conflict_resolve", args=[conflict.pk])

        assert signed_in(make_member()).post(url, {"keep": "ours"}).status_code == 404

    def test_it_takes_as_many_queries_for_20_as_for_one(self, recruiter, record):
        client, url = signed_in(recruiter), reverse("candidates:conflicts")
        make_conflict(record.source, record.candidate)
        few = queries_of(client, url)
        for _number in range(20):
            make_conflict(make_source(recruiter.workspace), make_candidate(recruiter.workspace))

        assert queries_of(client, url) == few <= MOST
