import pytest

from candidates.models import Criterion, Job, Stage
from tests import factories as make
from tests.api import fault, ids


def test_a_job_is_made_with_the_usual_pipeline(cast):
    made = cast.ana.post("jobs/", {"title": "Analyst", "criteria": [{"name": "Craft"}]}).json()

    assert [(stage["name"], stage["category"], stage["position"]) for stage in made["stages"]] == [
        ("New", "new", 0),
        ("Screening", "screening", 1),
        ("Interview", "interview", 2),
        ("Offer", "offer", 3),
        ("Hired", "hired", 4),
    ]
    assert (made["status"], made["blind"], [row["name"] for row in made["criteria"]]) == ("open", True, ["Craft"])
    assert (made["team"], made["sources"], made["active_count"]) == ([], [], 0)


def test_a_team_decides_which_jobs_a_reviewer_sees(cast):
    path = f"jobs/{cast.other_job.pk}/"
    assert ids(cast.rob.get("jobs/")) == [str(cast.job.pk)]
    assert cast.rob.get(path).status_code == 404

    answer = cast.ana.patch(path, {"team": [{"member": str(cast.reviewer.pk), "role": "Interviewer"}]})

    assert answer.json()["team"] == [{"member": str(cast.reviewer.pk), "name": "Rob Ray", "role": "Interviewer"}]
    assert cast.rob.get(path).status_code == 200
    assert cast.rob.patch(path, {"title": "Mine"}).status_code == 403
    assert cast.zoe.patch(path, {"title": "Mine"}).status_code == 404


def test_only_an_admin_opens_a_blind_job(cast):
    path = f"jobs/{cast.job.pk}/"

    assert cast.ana.patch(path, {"blind": False}).status_code == 403
    assert cast.ana.patch(path, {"blind": True, "title": "Same"}).status_code == 200
    assert cast.adam.patch(path, {"blind": False}).json()["blind"] is False


def test_what_is_left_out_disappears_unless_history_names_it(cast):
    application = cast.applicant(stage="Interview")
    kept, gone = make.make_criterion(cast.job, "Craft"), make.make_criterion(cast.job, "Style")
    cast.rob.put(f"applications/{application.pk}/review/", {"verdict": "yes", "scores": {str(kept.pk): 4}})
    offer = make.stage_of(cast.job, "Offer")

    answer = cast.ana.patch(
        f"jobs/{cast.job.pk}/",
        {"criteria": [], "stages": [{"id": str(offer.pk), "name": "Offer out", "category": "offer"}]},
    )

    assert answer.status_code == 200
    assert answer.json()["criteria"] == []
    assert list(Criterion.objects.values_list("pk", "is_active")) == [(kept.pk, False)]
    assert not Criterion.objects.filter(pk=gone.pk).exists()
    assert set(Stage.objects.filter(job=cast.job).values_list("name", "is_active")) == {
        ("Offer out", True),
        ("Interview", False),
    }


def test_a_stage_named_by_its_source_keeps_the_name_and_takes_a_category(cast):
    make.mirror_job(make.make_source(cast.team), cast.job)
    rows = [{"id": str(stage.pk), "name": stage.name, "category": "interview"} for stage in cast.job.stages.all()]

    fine = cast.ana.patch(f"jobs/{cast.job.pk}/", {"stages": rows})
    renamed = cast.ana.patch(f"jobs/{cast.job.pk}/", {"stages": [{**rows[0], "name": "Other"}, *rows[1:]]})

    assert {stage["category"] for stage in fine.json()["stages"]} == {"interview"}
    assert fault(renamed) == (400, "named_upstream", "stages")


@pytest.mark.parametrize(
    "body, field",
    [
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"status": "lost"}, "status"),
        ({"blind": "perhaps"}, "blind"),
        ({"stages": []}, "stages"),
        ({"stages": "x"}, "stages"),
        ({"stages": [{"id": "00000000-0000-7000-8000-000000000000", "name": "x"}]}, "stages"),
        ({"criteria": [{"name": ""}]}, "criteria.0.name"),
        ({"team": [{"member": "00000000-0000-7000-8000-000000000000"}]}, "team.0.member"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_nothing_changes(cast, body, field):
    answer = cast.ana.patch(f"jobs/{cast.job.pk}/", body)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert Job.objects.get(pk=cast.job.pk).title == "Data engineer"
    assert cast.job.stages.count() == 5


def test_jobs_are_found_by_status_and_title(cast):
    Job.objects.filter(pk=cast.other_job.pk).update(status="closed")

    assert ids(cast.ana.get("jobs/?status=closed")) == [str(cast.other_job.pk)]
    assert ids(cast.ana.get("jobs/?search=DATA")) == [str(cast.job.pk)]
