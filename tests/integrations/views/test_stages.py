"""The stage map: what is tied to what, what isn't, and what is suggested."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain import decisions
from candidates.models import Activity, OutboxEntry, SourceRecord
from recruitment.models import Role
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.make_member(role=Role.ADMIN)


@pytest.fixture
def connection(admin):
    return make.make_connection(admin.workspace, "Greenhouse")


@pytest.fixture
def talynce(admin):
    told = dict.fromkeys(["move", "reject", "shortlist"], "")
    source = make.make_source(admin.workspace, "Talynce", provider="talynce", provider_label="Talynce", told=told)
    return make.make_connection(
        admin.workspace, "Talynce", source=source, provider="talynce", base_url="https://talynce.com/api/v1"
    )


@pytest.fixture
def job(connection):
    job = make.make_job(connection.workspace, "Planner")
    make.mirror_job(connection.source, job)
    return job


def url(connection, **query):
    return reverse("integrations:stages", args=[connection.pk], query=query or None)


def record_of(job, name):
    return SourceRecord.objects.get(kind="stage", stage=make.stage_of(job, name))


def save(member, connection, job, **fields):
    return signed_in(member).post(url(connection), {"job": str(job.pk), **fields})


def untie(job, name):
    record = record_of(job, name)
    SourceRecord.objects.filter(pk=record.pk).update(stage=None, imported={"name": name})
    return record


class TestShown:
    def test_everything_that_an_import_tied_is_tied(self, admin, connection, job):
        shown = signed_in(admin).get(url(connection)).content.decode()
        assert ("All tied" in shown, "Suggested" in shown) == (True, False)

    @pytest.mark.parametrize(
        "called, suggested",
        [("PHONE  screen", "Phone screen"), ("Panel interview", "Interview"), ("Vertrag", "Offer")],
    )
    def test_what_is_not_tied_comes_with_a_suggestion(self, admin, connection, job, called, suggested):
        record = untie(job, suggested)
        SourceRecord.objects.filter(pk=record.pk).update(imported={"name": called})
        (pipeline,) = signed_in(admin).get(url(connection)).context["pipelines"]
        (tie,) = [tie for tie in pipeline.ties if tie.is_guess]
        assert (tie.chosen.name, [stage.name for stage in pipeline.loose]) == (suggested, [suggested])

    def test_only_jobs_with_something_loose(self, admin, connection, job):
        other = make.make_job(connection.workspace, "Cook")
        make.mirror_job(connection.source, other)
        untie(other, "Offer")
        (pipeline,) = signed_in(admin).get(url(connection, untied="1")).context["pipelines"]
        assert pipeline.job == other

    def test_the_connection_counts_what_is_not_tied_in_open_jobs(self, admin, connection, job):
        untie(job, "Offer")
        make.make_stage(job, "Made here")
        closed = make.make_job(connection.workspace, "Old", status="closed")
        make.make_record(connection.source, closed)
        shown = signed_in(admin).get(connection.get_absolute_url()).content.decode()
        assert "2 not tied" in shown

    def test_a_source_that_cannot_be_told_lacks_nothing(self, admin, connection, job):
        connection.source.pushes = {"move": "No."}
        connection.source.save()
        untie(job, "Offer")
        assert signed_in(admin).get(connection.get_absolute_url()).context["overview"].untied == 0

    def test_it_takes_the_same_few_queries_with_1_job_and_with_30(self, admin, connection, job):
        client = signed_in(admin)
        one = queries_of(client, url(connection))
        for _ in range(30):
            make.mirror_job(connection.source, make.make_job(connection.workspace))
        assert queries_of(client, url(connection)) == one
        assert one <= MOST


class TestSaved:
    def test_a_choice_is_kept_and_told(self, admin, connection, job):
        record = untie(job, "Offer")
        save(admin, connection, job, **{f"tie-{record.pk}": str(make.stage_of(job, "Offer").pk)})
        record.refresh_from_db()
        assert record.stage == make.stage_of(job, "Offer")
        assert Activity.objects.get(verb="stages_tied").data["ties"] == [["Offer", "Offer"]]

    def test_a_stage_of_another_job_is_not_taken(self, admin, connection, job):
        record, other = untie(job, "Offer"), make.make_job(connection.workspace)
        save(admin, connection, job, **{f"tie-{record.pk}": str(make.stage_of(other, "Offer").pk)})
        record.refresh_from_db()
        assert record.stage is None

    def test_a_recruiter_reads_and_does_not_change(self, connection, job):
        recruiter = make.make_member(connection.workspace, Role.RECRUITER)
        assert signed_in(recruiter).get(url(connection)).status_code == 200
        assert save(recruiter, connection, job).status_code == 403

    @pytest.mark.parametrize("job_id", ["", "x", "00000000-0000-0000-0000-000000000000"])
    def test_a_job_that_is_none_is_404(self, admin, connection, job_id):
        assert signed_in(admin).post(url(connection), {"job": job_id}).status_code == 404


class TestPushes:
    def test_a_stage_that_is_not_tied_blocks_only_its_own_push_and_leads_to_the_map(self, admin, connection, job):
        application = make.make_application(make.make_candidate(connection.workspace), job)
        make.make_record(connection.source, application)
        untie(job, "Offer")
        decisions.move(application, make.stage_of(job, "Offer"), member=admin)
        decisions.move(application, make.stage_of(job, "Interview"), member=admin)
        untold, told = OutboxEntry.objects.order_by("pk")
        assert (untold.state, told.state) == ("not_offered", "waiting")
        page = signed_in(admin).get(reverse("candidates:push", args=[untold.pk])).content.decode()
        link = reverse("integrations:stages_of_source", args=[connection.source_id])
        assert f'href="{link}?job={job.pk}"' in page
        assert signed_in(admin).get(f"{link}?job={job.pk}").url == url(connection, job=job.pk)


class TestStatuses:
    @pytest.fixture
    def theirs(self, talynce):
        job = make.make_job(talynce.workspace, "Cook")
        make.make_record(talynce.source, job, "t-job")
        return job

    def test_a_typed_status_is_kept_byte_for_byte(self, admin, talynce, theirs):
        offer = make.stage_of(theirs, "Offer")
        save(admin, talynce, theirs, **{f"status-{offer.pk}": " on  Hold "})
        made = SourceRecord.objects.get(kind="stage", stage=offer)
        assert (made.external_id, made.imported["name"]) == ("t-job: on  Hold ", " on  Hold ")

    def test_seen_ones_are_offered(self, admin, talynce, theirs):
        save(admin, talynce, theirs, **{f"status-{make.stage_of(theirs, 'Offer').pk}": "Offered!"})
        assert '<option value="Offered!">' in signed_in(admin).get(url(talynce)).content.decode()

    def test_the_words_for_decisions_are_kept_byte_for_byte(self, admin, talynce):
        words = {"reject_status": "Not  Selected ", "shortlist_status": ""}
        signed_in(admin).post(reverse("integrations:statuses", args=[talynce.pk]), words)
        talynce.refresh_from_db()
        assert talynce.options == {"reject_status": "Not  Selected "}

    def test_the_api_takes_both(self, admin, talynce, theirs, connection):
        offer = make.stage_of(theirs, "Offer")
        body = {"stages": [{"stage": str(offer.pk), "upstream_status": "Offered "}], "reject_status": " No"}
        answer = Api(admin).put(f"connections/{talynce.pk}/stage-map/", body)
        assert (answer.status_code, answer.json()["reject_status"]) == (200, " No")
        assert [tie["upstream_name"] for tie in answer.json()["stages"]] == ["Offered "]
        refused = Api(admin).put(f"connections/{connection.pk}/stage-map/", {"reject_status": "No"})
        assert refused.status_code == 400
