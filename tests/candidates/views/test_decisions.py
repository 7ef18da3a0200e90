"""Moving, rejecting, tagging and noting by the small forms that every screen opens."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from candidates.enums import DecisionKind, Outcome, PushState, Visibility
from candidates.models import Application, Decision, Note, OutboxEntry, ShortlistEntry
from recruitment.models import Role
from tests import factories as make
from tests.candidates.views.screens import signed_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job():
    return make.make_job(make.make_workspace(), "Planner")


@pytest.fixture
def recruiter(job):
    return make.make_member(job.workspace, Role.RECRUITER, full_name="Lena Brandt")


@pytest.fixture
def reviewer(job):
    member = make.make_member(job.workspace, Role.REVIEWER)
    make.join_job(job, member)
    return member


@pytest.fixture
def application(job):
    return make.make_application(make.make_candidate(job.workspace, "Mina Petrov"), job)


@pytest.fixture
def kombo(job, application):
    """A source that knows the application and the job's stages."""
    source = make.make_source(job.workspace, "Greenhouse")
    make.mirror_job(source, job)
    make.make_record(source, application)
    return source


def url(name, thing, **query):
    return reverse(f"candidates:{name}", args=[thing.pk], query=query or None)


def toast(answer):
    return json.loads(answer.headers["HX-Trigger"])["toast"]


class TestMove:
    def test_for_htmx_it_answers_with_a_toast_and_the_event_that_screens_listen_to(
        self, recruiter, application, job, kombo, settings
    ):
        settings.PUSH_UNDO_SECONDS = 6
        answer = signed_in(recruiter).post(
            url("move", application), {"stage": make.stage_of(job, "Interview").pk}, headers=HTMX
        )
        decision = Decision.objects.get()
        assert answer.status_code == 204
        assert toast(answer) == {
            "text": "Moved Mina Petrov to Interview",
            "detail": "tells Kombo in 6 s",
            "undo": url("undo", decision),
            "seconds": 6,
            "level": "",
        }
        assert json.loads(answer.headers["HX-Trigger"])["application-changed"] == {"id": str(application.pk)}
        assert OutboxEntry.objects.get().state == PushState.WAITING

    def test_without_javascript_it_leads_back_to_the_person(self, recruiter, application, job):
        answer = signed_in(recruiter).post(url("move", application), {"stage": make.stage_of(job, "Interview").pk})
        assert (answer.status_code, answer.url) == (302, application.get_absolute_url())

    def test_opened_from_the_review_it_leads_back_there(self, recruiter, application, job):
        data = {"stage": make.stage_of(job, "Interview").pk, "from": "review"}
        answer = signed_in(recruiter).post(url("move", application), data)
        assert answer.url == reverse("candidates:review_application", args=[job.pk, application.pk])

    def test_a_colleague_who_was_faster_is_a_409_in_words(self, recruiter, application, job):
        seen = application.stage_id
        Application.objects.update(stage=make.stage_of(job, "Offer"))
        data = {"stage": make.stage_of(job, "Interview").pk, "expected": seen}
        answer = signed_in(recruiter).post(url("move", application), data, headers=HTMX)
        assert answer.status_code == 409
        assert "Somebody moved this person to “Offer” meanwhile." in answer.content.decode()

    @pytest.mark.parametrize("stage", ["", "nonsense"])
    def test_no_stage_is_a_422_with_the_form(self, recruiter, application, stage):
        answer = signed_in(recruiter).post(url("move", application), {"stage": stage}, headers=HTMX)
        assert answer.status_code == 422
        assert "Choose a stage." in answer.content.decode()

    def test_a_stage_of_another_job_is_not_found(self, recruiter, application, job):
        other = make.stage_of(make.make_job(job.workspace), "Interview")
        assert signed_in(recruiter).post(url("move", application), {"stage": other.pk}).status_code == 404

    def test_pressing_twice_moves_once(self, recruiter, application, job):
        data = {"stage": make.stage_of(job, "Interview").pk, "expected": application.stage_id}
        client = signed_in(recruiter)
        assert [client.post(url("move", application), data, headers=HTMX).status_code for _ in range(2)] == [204, 409]
        assert Decision.objects.count() == 1

    def test_a_stage_that_nobody_tied_says_so_before_the_click(self, recruiter, application, job, kombo):
        make.make_stage(job, "Only here", position=9)
        page = signed_in(recruiter).get(url("move", application), headers=HTMX).content.decode()
        assert page.count("not tied in Kombo, so it stays here") == 1
        assert "Goes to Kombo." in page

    def test_the_form_is_a_page_without_javascript(self, recruiter, application):
        page = signed_in(recruiter).get(url("move", application)).content.decode()
        assert page.lstrip().startswith("<!doctype html>")
        assert "Phone screen" in page

    def test_an_application_without_a_job_says_why_it_cannot_move(self, recruiter, application):
        Application.objects.update(job=None, stage=None)
        page = signed_in(recruiter).get(url("move", application), headers=HTMX).content.decode()
        assert "This application names no job, so there is no pipeline." in page


class TestReject:
    def test_it_needs_a_reason_and_keeps_the_note(self, recruiter, application):
        data = {"reason": "", "note": "Long thought"}
        answer = signed_in(recruiter).post(url("reject", application), data, headers=HTMX)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert ("Choose a reason." in page, "Long thought" in page) == (True, True)
        assert not Decision.objects.exists()

    def test_it_rejects(self, recruiter, application, job):
        reason = make.make_reason(job.workspace)
        answer = signed_in(recruiter).post(url("reject", application), {"reason": reason.pk}, headers=HTMX)
        application.refresh_from_db()
        assert (answer.status_code, application.outcome) == (204, Outcome.REJECTED)

    def test_a_reason_that_nobody_tied_says_so_before_the_click(self, recruiter, application, job, kombo):
        make.make_record(kombo, make.make_reason(job.workspace, "Tied"))
        make.make_reason(job.workspace, "Loose")
        page = signed_in(recruiter).get(url("reject", application), headers=HTMX).content.decode()
        assert "Loose (not tied in Kombo, so it stays here)" in page
        assert "Tied (" not in page


class TestReopenAndUndo:
    def test_a_rejection_is_undone_within_the_window_and_nobody_is_told(self, recruiter, application, job, kombo):
        reason = make.make_reason(job.workspace)
        make.make_record(kombo, reason)
        client = signed_in(recruiter)
        undo = toast(client.post(url("reject", application), {"reason": reason.pk}, headers=HTMX))["undo"]
        answer = client.post(undo, headers=HTMX)
        application.refresh_from_db()
        assert (answer.status_code, application.outcome) == (204, Outcome.ACTIVE)
        assert OutboxEntry.objects.get().state == PushState.CANCELLED

    def test_undo_after_the_source_was_told_is_refused_in_words(self, recruiter, application, job, kombo):
        client = signed_in(recruiter)
        stage = make.stage_of(job, "Interview")
        undo = toast(client.post(url("move", application), {"stage": stage.pk}, headers=HTMX))["undo"]
        OutboxEntry.objects.update(attempts=1)
        answer = client.post(undo, headers=HTMX)
        assert answer.status_code == 409
        assert toast(answer)["text"] == "Greenhouse has been told already. Decide anew instead."

    def test_a_colleagues_decision_is_not_mine_to_undo(self, recruiter, application, job):
        decision = make.make_decision(application.candidate, make.make_member(job.workspace), application=application)
        assert signed_in(recruiter).post(url("undo", decision)).status_code == 404

    def test_a_rejected_person_is_reopened(self, recruiter, application):
        Application.objects.update(outcome=Outcome.REJECTED)
        signed_in(recruiter).post(url("reopen", application), headers=HTMX)
        assert Application.objects.get().outcome == Outcome.ACTIVE

    def test_reopening_an_active_one_is_refused_in_words(self, recruiter, application):
        answer = signed_in(recruiter).post(url("reopen", application), headers=HTMX)
        assert (answer.status_code, toast(answer)["level"]) == (409, "error")


class TestShortlist:
    def test_on_and_off(self, recruiter, application):
        client = signed_in(recruiter)
        client.post(url("shortlist", application), headers=HTMX)
        assert ShortlistEntry.objects.get().position == 1
        client.post(url("shortlist", application), {"off": "1"}, headers=HTMX)
        assert not ShortlistEntry.objects.exists()

    def test_twice_is_once(self, recruiter, application):
        client = signed_in(recruiter)
        assert [client.post(url("shortlist", application), headers=HTMX).status_code for _ in range(2)] == [204, 204]
        assert ShortlistEntry.objects.count() == 1


class TestTags:
    def test_a_tag_is_added_and_taken_off(self, recruiter, application):
        person, client = application.candidate, signed_in(recruiter)
        client.post(url("tag", person), {"name": " Remote  first "}, headers=HTMX)
        tag = person.candidate_tags.get().tag
        assert tag.name == "Remote first"
        client.post(reverse("candidates:untag", args=[person.pk, tag.pk]), headers=HTMX)
        assert not person.candidate_tags.exists()

    def test_an_empty_name_is_a_422(self, recruiter, application):
        assert (
            signed_in(recruiter).post(url("tag", application.candidate), {"name": " "}, headers=HTMX).status_code == 422
        )


class TestNotes:
    def test_a_reviewer_writes_to_the_team(self, reviewer, application):
        data = {"text": "Met her", "visibility": "team", "application": application.pk}
        answer = signed_in(reviewer).post(url("note", application.candidate), data, headers=HTMX)
        note = Note.objects.get()
        assert (answer.status_code, note.text, note.application) == (204, "Met her", application)

    def test_a_recruiter_writes_it_upstream_as_well(self, recruiter, application, kombo):
        data = {"text": "Met her", "application": application.pk, "push": "1"}
        signed_in(recruiter).post(url("note", application.candidate), data, headers=HTMX)
        assert list(OutboxEntry.objects.values_list("kind", "state")) == [("note", PushState.WAITING)]

    def test_a_reviewer_cannot_write_upstream(self, reviewer, application, kombo):
        data = {"text": "Met her", "application": application.pk, "push": "1"}
        assert signed_in(reviewer).post(url("note", application.candidate), data).status_code == 403
        assert not Note.objects.exists()

    def test_a_private_note_goes_nowhere(self, recruiter, application, kombo):
        data = {"text": "Hm", "visibility": Visibility.PRIVATE, "application": application.pk, "push": "1"}
        answer = signed_in(recruiter).post(url("note", application.candidate), data, headers=HTMX)
        assert answer.status_code == 422
        assert "isn&#x27;t told to anybody" in answer.content.decode()

    def test_the_composer_keeps_its_own_text_when_refused(self, recruiter, application):
        data = {"text": " ", "inline": "1"}
        answer = signed_in(recruiter).post(url("note", application.candidate), data, headers=HTMX)
        assert (answer.status_code, answer.content, toast(answer)["text"]) == (422, b"", "Write something first.")

    def test_the_form_says_where_it_goes(self, recruiter, application, kombo):
        address = url("note", application.candidate, application=application.pk)
        page = signed_in(recruiter).get(address, headers=HTMX).content.decode()
        assert "Goes to Kombo." in page
        assert "the reviewers of <bdi>Planner</bdi>" in page


@pytest.mark.parametrize("name", ["move", "reject", "reopen", "shortlist"])
def test_a_reviewer_sees_the_person_but_may_not_decide(reviewer, application, name):
    assert signed_in(reviewer).post(url(name, application)).status_code == 403
    assert not Decision.objects.filter(kind=DecisionKind.MOVE).exists()


@pytest.mark.parametrize("name", ["move", "reject", "reopen", "shortlist", "decide"])
def test_a_stranger_finds_nothing(application, name):
    stranger = signed_in(make.make_member(role=Role.ADMIN))
    answer = stranger.get(url(name, application)) if name == "decide" else stranger.post(url(name, application))
    assert answer.status_code == 404


def test_the_panel_comes_anew_with_the_state_of_the_push(recruiter, application, job, kombo):
    client = signed_in(recruiter)
    client.post(url("move", application), {"stage": make.stage_of(job, "Interview").pk}, headers=HTMX)
    panel = client.get(url("decide", application), headers={"HX-Request": "true", "HX-Target": "decide"})
    chip = client.get(url("decide", application), headers={"HX-Request": "true", "HX-Target": "stage-chip"})
    assert panel.content.decode().startswith('<div class="pane-section" id="decide"')
    assert 'hx-swap-oob="true"' in panel.content.decode()
    assert chip.content.decode().startswith('<span id="stage-chip"')
    assert "Kombo will be told" in chip.content.decode()


def test_a_fragment_without_a_session_sends_the_page_to_sign_in(client, application):
    answer = client.post(url("move", application), headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(reverse("recruitment:login"))
