"""The list of people, a new one by hand, and what is done to many at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain.bulk import run_bulk
from candidates.enums import BulkState, Outcome
from candidates.models import BulkAction, Candidate
from recruitment.models import Role
from tests.candidates.views.screens import MOST, fill, queries_of, signed_in
from tests.factories import (
    join_job,
    make_application,
    make_candidate,
    make_job,
    make_member,
    make_pool,
    make_reason,
    make_record,
    make_review,
    make_source,
    make_tag,
    pool_candidate,
    shortlist,
    stage_of,
    tag_candidate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def reviewer(recruiter):
    return make_member(recruiter.workspace, Role.REVIEWER)


@pytest.fixture
def job(recruiter):
    return make_job(recruiter.workspace, "Data engineer")


def people_of(member, query: str = "") -> list[str]:
    page = signed_in(member).get(reverse("candidates:candidates") + query).context["page"]
    return [str(person) for person in page.rows]


class TestList:
    def test_the_last_changed_comes_first(self, recruiter):
        first, _second = make_candidate(recruiter.workspace, "Mina"), make_candidate(recruiter.workspace, "Deniz")
        first.save()

        assert people_of(recruiter) == ["Mina", "Deniz"]
        assert people_of(recruiter, "?sort=added") == ["Deniz", "Mina"]
        assert people_of(recruiter, "?sort=name") == ["Deniz", "Mina"]

    def test_each_facet_narrows(self, recruiter, job):
        mina = make_candidate(recruiter.workspace, "Mina Petrov", email="mina@example.org", confidential=True)
        application = make_application(mina, job, stage="Interview")
        deniz = make_candidate(recruiter.workspace, "Deniz Ar")
        make_application(deniz, make_job(recruiter.workspace), outcome=Outcome.REJECTED)
        tag, pool = make_tag(recruiter.workspace), make_pool(recruiter.workspace)
        tag_candidate(mina, tag)
        pool_candidate(mina, pool)
        source = make_source(recruiter.workspace)
        make_record(source, mina)
        make_review(application, recruiter, "yes")
        shortlist(application, recruiter)

        for facet in (
            "q=mina@ex",
            f"job={job.pk}",
            f"job={job.pk}&stage={application.stage_id}",
            "category=interview",
            "outcome=active",
            f"tag={tag.pk}",
            f"pool={pool.pk}",
            f"source={source.pk}",
            "verdict=yes",
            "shortlisted=yes",
            "confidential=yes",
        ):
            assert people_of(recruiter, f"?{facet}") == ["Mina Petrov"], facet

    def test_what_is_about_an_application_is_about_one_and_the_same(self, recruiter, job):
        mina = make_candidate(recruiter.workspace, "Mina")
        make_application(mina, job)
        make_application(mina, make_job(recruiter.workspace), outcome=Outcome.REJECTED)

        assert people_of(recruiter, f"?job={job.pk}&outcome=rejected") == []

    def test_an_address_with_nonsense_opens(self, recruiter):
        make_candidate(recruiter.workspace, "Mina")

        assert people_of(recruiter, "?job=x&tag=1&outcome=great&page=zzz&sort=age") == ["Mina"]

    def test_pages_lead_on_and_back(self, recruiter):
        for number in range(51):
            make_candidate(recruiter.workspace, f"Person {number:02}")
        client, url = signed_in(recruiter), reverse("candidates:candidates")

        first = client.get(f"{url}?sort=name").context["page"]
        second = client.get(url + first.next_url).context["page"]

        assert [str(one) for one in second.rows] == ["Person 50"]
        assert client.get(url + second.previous_url).context["page"].rows == first.rows

    def test_a_facet_can_be_taken_off_alone(self, recruiter, job):
        tag = make_tag(recruiter.workspace, "remote")
        url = reverse("candidates:candidates")

        chosen = (
            signed_in(recruiter).get(f"{url}?job={job.pk}&stage={job.stages.first().pk}&tag={tag.pk}").context["chosen"]
        )

        assert {facet["label"]: facet["url"] for facet in chosen} == {
            "Data engineer": f"{url}?tag={tag.pk}",
            "Applied": f"{url}?job={job.pk}&tag={tag.pk}",
            "remote": f"{url}?job={job.pk}&stage={job.stages.first().pk}",
        }

    def test_reviewers_see_the_people_of_their_jobs(self, recruiter, reviewer, job):
        join_job(job, reviewer)
        make_application(make_candidate(recruiter.workspace, "Mina"), job)
        make_application(make_candidate(recruiter.workspace, "Deniz"))

        assert people_of(reviewer) == ["Mina"]
        assert people_of(make_member()) == []

    def test_an_anonymous_person_has_no_name_and_is_not_found_by_it(self, recruiter, reviewer, job):
        job.anonymised = True
        job.save()
        join_job(job, reviewer)
        make_application(make_candidate(recruiter.workspace, "Mina Petrov", headline="Head of Mining"), job)

        page = signed_in(reviewer).get(reverse("candidates:candidates")).content.decode()

        assert "Mina" not in page
        assert "Mining" not in page
        assert people_of(reviewer, "?q=petrov") == []

    def test_it_takes_as_many_queries_for_30_people_as_for_one(self, recruiter, job):
        client, url = signed_in(recruiter), reverse("candidates:candidates")
        fill(job, 1, reviewer=recruiter)
        few = queries_of(client, f"{url}?job={job.pk}")
        fill(job, 30, reviewer=recruiter)

        assert queries_of(client, f"{url}?job={job.pk}") == few <= MOST

    def test_a_search_by_htmx_gets_the_results_alone(self, recruiter):
        answer = signed_in(recruiter).get(reverse("candidates:candidates") + "?q=x", headers={"HX-Request": "true"})

        assert answer.content.decode().lstrip().startswith('<div id="results">')

    @pytest.mark.parametrize("query, words", [("", "Nobody here yet"), ("?q=nobody", "Nobody matches")])
    def test_an_empty_list_says_why(self, recruiter, query, words):
        assert words in signed_in(recruiter).get(reverse("candidates:candidates") + query).content.decode()


class TestNew:
    def add(self, member, **data):
        return signed_in(member).post(reverse("candidates:candidate_new"), data)

    def test_a_person_is_added_with_an_application(self, recruiter, job):
        answer = self.add(
            recruiter, full_name="Mina Petrov", email="mina@example.org", link="example.org/mina", job=job.pk
        )

        mina = Candidate.objects.get()
        assert answer.url == mina.get_absolute_url()
        assert (mina.full_name, mina.emails[0]["value"], mina.links[0]["value"]) == (
            "Mina Petrov",
            "mina@example.org",
            "https://example.org/mina",
        )
        assert mina.applications.get().stage == stage_of(job, "Applied")

    def test_what_was_typed_stays_after_an_error(self, recruiter):
        answer = self.add(recruiter, headline="Dispatcher", email="not an address")

        assert answer.context["form"].errors["email"]
        assert 'value="Dispatcher"' in answer.content.decode()

    def test_somebody_without_name_and_address_is_not_made(self, recruiter):
        answer = self.add(recruiter, headline="Dispatcher")

        assert answer.context["form"].errors["full_name"] == ["Give a name or an e-mail address."]
        assert not Candidate.objects.exists()

    def test_reviewers_may_not(self, reviewer):
        assert self.add(reviewer, full_name="Mina").status_code == 403


class TestBulk:
    def post(self, member, query: str = "", htmx: bool = False, **data):
        headers = {"HX-Request": "true"} if htmx else {}
        return signed_in(member).post(reverse("candidates:bulk") + query, data, headers=headers)

    def test_it_asks_first(self, recruiter, job):
        ids = [one.candidate_id for one in fill(job, 3)]

        answer = self.post(recruiter, f"?job={job.pk}", action="move", ids=ids)

        assert (answer.context["number"], answer.context["must_type"]) == (3, False)
        assert not BulkAction.objects.exists()

    def test_it_moves_the_chosen_once_confirmed(self, recruiter, job):
        one, two, other = fill(job, 3)
        stage = stage_of(job, "Interview")

        answer = self.post(recruiter, f"?job={job.pk}", action="move", ids=[one.candidate_id, two.candidate_id],
                           confirmed="yes", expected_count="2", stage=stage.pk)  # fmt: skip
        started = BulkAction.objects.get()
        run_bulk(started.pk)

        assert answer.url == reverse("candidates:bulk_progress", args=[started.pk])
        assert set(stage.applications.all()) == {one, two}
        other.refresh_from_db()
        assert other.stage == stage_of(job, "Applied")

    def test_everybody_who_matches_on_every_page_is_meant(self, recruiter, job):
        fill(job, 55)

        answer = self.post(recruiter, f"?job={job.pk}", action="tag", all="yes", name="batch")

        assert (answer.context["number"], answer.context["must_type"]) == (55, True)

    @pytest.mark.parametrize("typed", ["", "54", "many"])
    def test_another_number_than_asked_does_nothing(self, recruiter, job, typed):
        fill(job, 55)

        answer = self.post(recruiter, action="tag", all="yes", name="batch", confirmed="yes", expected_count=typed)

        assert answer.status_code == 422
        assert answer.context["number"] == 55
        assert not BulkAction.objects.exists()

    def test_somebody_rejected_already_is_left_out_of_a_rejection(self, recruiter, job):
        one, two = fill(job, 2)
        two.outcome = Outcome.REJECTED
        two.save()
        make_reason(recruiter.workspace)

        answer = self.post(recruiter, f"?job={job.pk}", action="reject", ids=[one.candidate_id, two.candidate_id])

        assert (answer.context["number"], answer.context["left_out"]) == (1, 1)

    def test_moving_needs_a_job(self, recruiter, job):
        ids = [one.candidate_id for one in fill(job, 1)]

        answer = self.post(recruiter, action="move", ids=ids)

        assert answer.status_code == 422
        assert "Choose a job first" in answer.context["refusal"]

    def test_what_was_typed_stays_after_a_refusal(self, recruiter, job):
        (one,) = fill(job, 1)
        reason = make_reason(recruiter.workspace)

        typed = {"expected_count": "2", "reason": reason.pk, "note": "Thank you", "confirmed": "yes"}
        answer = self.post(recruiter, f"?job={job.pk}", htmx=True, action="reject", ids=one.candidate_id, **typed)

        page = answer.content.decode()
        assert page.lstrip().startswith('<form id="bulk-form"')
        assert "Thank you</textarea>" in page
        assert f'value="{reason.pk}" selected' in page

    def test_htmx_is_sent_to_the_progress(self, recruiter, job):
        (one,) = fill(job, 1)

        answer = self.post(recruiter, htmx=True, action="tag", ids=one.candidate_id, name="new", confirmed="yes",
                           expected_count="1")  # fmt: skip

        assert answer["HX-Redirect"] == reverse("candidates:bulk_progress", args=[BulkAction.objects.get().pk])

    def test_strangers_people_are_not_reached(self, recruiter, job):
        (one,) = fill(job, 1)

        assert self.post(make_member(), action="tag", ids=one.candidate_id).context["number"] == 0

    def test_reviewers_may_not(self, reviewer, job):
        join_job(job, reviewer)

        assert self.post(reviewer, action="tag", all="yes").status_code == 403


class TestProgress:
    @pytest.fixture
    def action(self, recruiter, job):
        one, two = fill(job, 2)
        reason = make_reason(recruiter.workspace)
        made = BulkAction.objects.create(
            workspace=recruiter.workspace,
            member=recruiter,
            action="reject",
            params={"reason": str(reason.pk), "note": ""},
            targets=[str(one.pk), str(two.pk)],
            total=2,
        )
        two.outcome = Outcome.REJECTED
        two.save()
        return made

    def test_it_says_how_far_it_is_and_for_whom_it_failed(self, recruiter, action):
        run_bulk(action.pk)

        context = signed_in(recruiter).get(reverse("candidates:bulk_progress", args=[action.pk])).context

        assert (context["bulk"].done, context["bulk"].failed, context["runs"]) == (2, 1, False)
        assert [row["reason"] for row in context["failures"]] == ["This application is rejected already."]

    def test_nothing_new_is_no_content(self, recruiter, action):
        url = reverse("candidates:bulk_progress", args=[action.pk])

        asked = signed_in(recruiter).get(f"{url}?seen=queued-0", headers={"HX-Request": "true"})

        assert asked.status_code == 204

    def test_it_can_be_stopped(self, recruiter, action):
        signed_in(recruiter).post(reverse("candidates:bulk_cancel", args=[action.pk]))

        action.refresh_from_db()
        assert action.state == BulkState.CANCELLED

    def test_another_workspace_has_no_such_action(self, action):
        assert signed_in(make_member()).get(reverse("candidates:bulk_progress", args=[action.pk])).status_code == 404
