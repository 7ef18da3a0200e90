"""The list of jobs, a new one by hand, and a job's settings."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.enums import Outcome, StageCategory
from candidates.models import Job
from recruitment.models import Role
from tests.candidates.views.screens import MOST, fill, queries_of, signed_in
from tests.factories import (
    join_job,
    make_application,
    make_candidate,
    make_criterion,
    make_job,
    make_member,
    make_review,
    make_source,
    mirror_job,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def reviewer(recruiter):
    return make_member(recruiter.workspace, Role.REVIEWER, full_name="Rita Okafor")


@pytest.fixture
def job(recruiter):
    return make_job(recruiter.workspace, "Data engineer")


def listed(client, query: str = "") -> list[Job]:
    return client.get(reverse("candidates:jobs") + query).context["page"].rows


def test_open_jobs_come_by_title(recruiter, job):
    make_job(recruiter.workspace, "Accountant")
    make_job(recruiter.workspace, "Chemist", status="closed")

    assert [row.title for row in listed(signed_in(recruiter))] == ["Accountant", "Data engineer"]
    assert [row.title for row in listed(signed_in(recruiter), "?status=closed")] == ["Chemist"]
    assert len(listed(signed_in(recruiter), "?status=all")) == 3


def test_every_word_of_the_search_has_to_be_somewhere(recruiter, job):
    make_job(recruiter.workspace, "Data analyst", department="Finance")

    assert [row.title for row in listed(signed_in(recruiter), "?q=data+fin")] == ["Data analyst"]


def test_counts_are_of_people_who_are_there(recruiter, job):
    join_job(job, recruiter)
    active, *others = fill(job, 4)
    Application = type(active)
    Application.objects.filter(pk=others[0].pk).update(outcome=Outcome.REJECTED)
    others[1].candidate.merged_into = active.candidate
    others[1].candidate.save()
    make_review(active, recruiter)

    row = listed(signed_in(recruiter))[0]

    assert (row.active, row.total, row.to_review) == (2, 3, 1)


def test_reviewers_see_their_own_jobs_only(recruiter, reviewer, job):
    mine = make_job(recruiter.workspace, "Mine")
    join_job(mine, reviewer)

    assert listed(signed_in(reviewer)) == [mine]


def test_another_workspace_is_not_there(job):
    stranger = signed_in(make_member())

    assert listed(stranger) == []
    assert stranger.get(reverse("candidates:job_settings", args=[job.pk])).status_code == 404


def test_the_list_takes_as_many_queries_for_30_jobs_as_for_one(recruiter, job):
    client, url = signed_in(recruiter), reverse("candidates:jobs")
    fill(job, 1)
    mirror_job(make_source(recruiter.workspace, "Other"), job)
    few = queries_of(client, url)
    for number in range(29):
        more = make_job(recruiter.workspace, f"Job {number:02}")
        fill(more, 1)

    assert queries_of(client, url) == few <= MOST


def test_pages_lead_on_and_back(recruiter):
    for number in range(31):
        make_job(recruiter.workspace, f"Job {number:02}")
    client = signed_in(recruiter)

    first = client.get(reverse("candidates:jobs")).context["page"]
    second = client.get(reverse("candidates:jobs") + first.next_url).context["page"]
    back = client.get(reverse("candidates:jobs") + second.previous_url).context["page"]

    assert [row.title for row in second.rows] == ["Job 30"]
    assert back.rows == first.rows
    assert (first.previous_url, second.next_url) == ("", "")


def test_an_htmx_search_gets_the_results_alone(recruiter, job):
    answer = signed_in(recruiter).get(reverse("candidates:jobs") + "?q=data", headers={"HX-Request": "true"})

    assert answer.content.decode().lstrip().startswith('<div id="results">')


def test_a_new_job_starts_with_a_pipeline(recruiter):
    answer = signed_in(recruiter).post(reverse("candidates:job_new"), {"title": "Designer", "status": "open"})

    made = Job.objects.get(title="Designer")
    assert answer.url == reverse("candidates:job_settings", args=[made.pk])
    assert [stage.name for stage in made.stages.all()] == ["New", "Screening", "Interview", "Offer", "Hired"]


def test_a_job_without_a_title_is_asked_for_one(recruiter):
    answer = signed_in(recruiter).post(reverse("candidates:job_new"), {"department": "Design", "status": "open"})

    assert answer.context["form"].errors["title"]
    assert 'value="Design"' in answer.content.decode()


def test_reviewers_may_not_change_jobs(reviewer, job):
    join_job(job, reviewer)
    client = signed_in(reviewer)

    assert client.get(reverse("candidates:job_new")).status_code == 403
    assert client.get(reverse("candidates:job_settings", args=[job.pk])).status_code == 403


class TestSettings:
    def save(self, member, job, **data):
        return signed_in(member).post(reverse("candidates:job_settings", args=[job.pk]), data)

    def rows(self, things, **extra):
        fields = {"pk": [str(one.pk) for one in things], "name": [one.name for one in things]}
        return {
            **fields,
            "extra": [getattr(one, "category", getattr(one, "description", "")) for one in things],
            **extra,
        }

    def test_details_are_saved(self, recruiter, job):
        self.save(recruiter, job, section="details", title="Analyst", status="closed", department="Finance")

        job.refresh_from_db()
        assert (job.title, job.status, job.department) == ("Analyst", "closed", "Finance")

    def test_only_an_admin_lifts_blindness(self, recruiter, job):
        admin = make_member(recruiter.workspace, Role.ADMIN)
        details = {"section": "details", "title": job.title, "status": job.status}

        self.save(recruiter, job, **details)
        job.refresh_from_db()
        assert job.blind
        self.save(admin, job, **details)
        job.refresh_from_db()
        assert not job.blind

    def test_a_criterion_is_added_renamed_and_moved(self, recruiter, job):
        craft, care = make_criterion(job, "Craft"), make_criterion(job, "Care", position=1)
        rows = self.rows([craft, care], section="criteria", up=str(care.pk))
        rows["name"] = ["Craftsmanship", "Care", "Clarity"]
        rows["pk"].append("")
        rows["extra"].append("Writes so that others understand")

        self.save(recruiter, job, **rows)

        found = [(one.name, one.description) for one in job.criteria.all()]
        assert found == [("Care", ""), ("Craftsmanship", ""), ("Clarity", "Writes so that others understand")]

    def test_a_criterion_with_scores_is_put_out_of_sight(self, recruiter, job):
        craft = make_criterion(job)
        review = make_review(make_application(make_candidate(job.workspace), job), recruiter)
        review.scores.create(workspace_id=job.workspace_id, criterion=craft, value=3)

        self.save(recruiter, job, **self.rows([craft], section="criteria", drop=str(craft.pk)))

        craft.refresh_from_db()
        assert not craft.is_active

    def test_a_category_that_a_person_chose_stays_theirs(self, recruiter, job):
        stages = list(job.stages.all())
        rows = self.rows(stages, section="pipeline")
        rows["extra"][1] = StageCategory.INTERVIEW

        self.save(recruiter, job, **rows)

        stage = job.stages.get(pk=stages[1].pk)
        assert (stage.category, stage.category_is_ours) == (StageCategory.INTERVIEW, True)

    def test_a_stage_named_by_its_source_keeps_its_name(self, recruiter, job):
        mirror_job(make_source(recruiter.workspace), job)
        rows = self.rows(list(job.stages.all()), section="pipeline")
        rows["name"][0] = "Renamed"

        answer = self.save(recruiter, job, **rows)

        assert answer.context["error"] == "“Applied” is named by its source."
        assert job.stages.first().name == "Applied"

    def test_a_stage_out_of_use_can_be_used_again(self, recruiter, job):
        old = job.stages.last()
        old.is_active = False
        old.save()
        rest = list(job.stages.filter(is_active=True))

        self.save(recruiter, job, **self.rows(rest, section="pipeline", again=str(old.pk)))

        old.refresh_from_db()
        assert old.is_active

    def test_the_team_grows_and_shrinks(self, recruiter, reviewer, job):
        join_job(job, recruiter, "Recruiter")

        self.save(recruiter, job, section="team", pk=str(recruiter.pk), extra="", drop=str(recruiter.pk),
                  add=str(reviewer.pk), add_role="Hiring manager")  # fmt: skip

        assert [(row.member, row.role) for row in job.team.all()] == [(reviewer, "Hiring manager")]

    def test_a_member_of_another_workspace_cannot_join(self, recruiter, job):
        self.save(recruiter, job, section="team", add=str(make_member().pk))

        assert not job.team.exists()

    def test_the_screen_takes_a_constant_number_of_queries(self, recruiter, reviewer, job):
        url, client = reverse("candidates:job_settings", args=[job.pk]), signed_in(recruiter)
        make_criterion(job)
        few = queries_of(client, url)
        for number in range(30):
            join_job(job, make_member(recruiter.workspace, Role.REVIEWER))
            make_criterion(job, f"Criterion {number}")

        assert queries_of(client, url) == few <= MOST
