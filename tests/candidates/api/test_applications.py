import pytest

from candidates.models import Activity, Application, OutboxEntry
from tests import factories as make
from tests.api import fault, ids


@pytest.fixture
def told(cast):
    """An application that one source knows, with its pipeline and a reason tied to upstream rows."""
    application = cast.applicant()
    source = make.make_source(cast.team)
    make.mirror_job(source, cast.job)
    make.make_record(source, application, "app-1")
    reason = make.make_reason(cast.team)
    make.make_record(source, reason, "reason-1")
    return application, source, reason


def test_an_application_shows_everything_the_design_names(cast, told):
    application, source, _reason = told
    Application.objects.filter(pk=application.pk).update(upstream_rating="4 / 5", upstream_score="64.50")

    shown = cast.ana.get(f"applications/{application.pk}/").json()

    assert (shown["candidate"]["full_name"], shown["job"]["title"]) == ("Ada Lovelace", "Data engineer")
    assert (shown["stage"]["name"], shown["outcome"], shown["shortlisted"]) == ("Applied", "active", False)
    upstream = shown["upstream"]
    assert (upstream["source"], upstream["provider"]) == (str(source.pk), "kombo")
    assert (upstream["rating"], upstream["score"], upstream["push_state"]) == ("4 / 5", 64.5, None)


def test_a_move_answers_with_the_new_stage_and_its_push(cast, told):
    application, source, _reason = told
    interview = make.stage_of(cast.job, "Interview")

    answer = cast.ana.post(f"applications/{application.pk}/move/", {"stage": str(interview.pk)})

    assert (answer.status_code, answer.json()["stage"]["name"]) == (200, "Interview")
    entry = OutboxEntry.objects.get()
    assert [(push["id"], push["state"], push["source"]) for push in answer.json()["pushes"]] == [
        (str(entry.pk), "waiting", str(source.pk))
    ]
    assert entry.payload["stage_id"] == f"stage-{interview.pk}"
    assert answer.json()["upstream"]["push_state"] == "waiting"
    assert Activity.objects.get().verb == "moved"


def test_a_rejection_and_its_reopening_each_answer_with_their_pushes(cast, told):
    application, _source, reason = told

    rejected = cast.ana.post(f"applications/{application.pk}/reject/", {"reason": str(reason.pk), "note": "Sorry."})
    reopened = cast.ana.post(f"applications/{application.pk}/reopen/")

    assert rejected.json()["outcome"] == "rejected"
    assert rejected.json()["rejection_reason"] == {"id": str(reason.pk), "name": reason.name}
    assert [push["state"] for push in rejected.json()["pushes"]] == ["waiting"]
    assert (reopened.json()["outcome"], reopened.json()["rejection_reason"]) == ("active", None)
    assert [push["state"] for push in reopened.json()["pushes"]] == ["not_offered"]


@pytest.mark.parametrize(
    "verb, body, field",
    [
        ("move", {}, "stage"),
        ("move", {"stage": "nonsense"}, "stage"),
        ("move", {"stage": 7}, "stage"),
        ("move", {"stage": "00000000-0000-7000-8000-000000000000"}, "stage"),
        ("reject", {}, "reason"),
        ("reject", {"reason": None}, "reason"),
        ("reject", {"reason": ["x"]}, "reason"),
    ],
)
def test_a_decision_names_what_it_could_not_use(cast, told, verb, body, field):
    answer = cast.ana.post(f"applications/{told[0].pk}/{verb}/", body)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert OutboxEntry.objects.count() == 0


def test_a_stage_of_another_job_and_one_of_another_workspace_are_refused(cast, told):
    foreign = make.make_job(cast.stranger.workspace).stages.first()

    for stage in (cast.other_job.stages.first(), foreign):
        answer = cast.ana.post(f"applications/{told[0].pk}/move/", {"stage": str(stage.pk)})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "stage")


def test_deciding_is_403_for_a_reviewer_and_404_for_a_stranger(cast, told):
    application, _source, reason = told
    stage = make.stage_of(cast.job, "Offer")
    requests = [
        ("post", "move/", {"stage": str(stage.pk)}),
        ("post", "reject/", {"reason": str(reason.pk)}),
        ("post", "reopen/", None),
        ("put", "shortlist/", {}),
        ("delete", "shortlist/", None),
    ]

    for verb, path, body in requests:
        address = f"applications/{application.pk}/{path}"
        assert getattr(cast.rob, verb)(address, body).status_code == 403, path
        assert getattr(cast.zoe, verb)(address, body).status_code == 404, path
    assert Application.objects.get(pk=application.pk).outcome == "active"


def test_a_move_from_a_stage_that_somebody_left_meanwhile_is_refused(cast, told):
    application, _source, _reason = told
    applied, offer = make.stage_of(cast.job, "Applied"), make.stage_of(cast.job, "Offer")
    cast.adam.post(f"applications/{application.pk}/move/", {"stage": str(offer.pk)})

    stale = {"stage": str(make.stage_of(cast.job, "Interview").pk), "expected_stage": str(applied.pk)}

    assert fault(cast.ana.post(f"applications/{application.pk}/move/", stale)) == (409, "moved_meanwhile", "stage")


def test_a_shortlist_keeps_its_order(cast):
    first, second = cast.applicant("Ada"), cast.applicant("Bob")

    def put(application, **body):
        return cast.ana.put(f"applications/{application.pk}/shortlist/", body).json()["position"]

    assert (put(first), put(second)) == (1, 2)
    assert put(second, position=1) == 1
    assert cast.ana.get(f"applications/{first.pk}/").json()["shortlisted"] is True
    assert cast.ana.delete(f"applications/{second.pk}/shortlist/").status_code == 204
    assert ids(cast.ana.get("applications/?shortlisted=true")) == [str(first.pk)]
    assert fault(cast.ana.delete(f"applications/{second.pk}/shortlist/")) == (409, "not_shortlisted", None)


def test_an_application_is_made_by_hand_once(cast):
    ada = make.make_candidate(cast.team)
    body = {"candidate": str(ada.pk), "job": str(cast.job.pk)}

    made = cast.ana.post("applications/", body)

    assert (made.status_code, made.json()["stage"]["name"], made.json()["upstream"]) == (201, "Applied", None)
    assert fault(cast.ana.post("applications/", body)) == (409, "already_applied", "job")
    assert cast.rob.post("applications/", body).status_code == 403


def test_filters_narrow(cast):
    ada = cast.applicant("Ada")
    bob = cast.applicant("Bob", job=cast.other_job, outcome="rejected")
    make.make_record(make.make_source(cast.team), ada)

    for query in (
        f"job={cast.job.pk}",
        f"candidate={ada.candidate_id}",
        f"stage={ada.stage_id}",
        "outcome=active",
        "source=kombo",
    ):
        assert ids(cast.ana.get(f"applications/?{query}")) == [str(ada.pk)], query
    assert ids(cast.ana.get("applications/?outcome=rejected")) == [str(bob.pk)]
    assert ids(cast.rob.get("applications/?waiting_for_me=true")) == [str(ada.pk)]
    assert ids(cast.ana.get("applications/?waiting_for_me=true")) == []
    assert fault(cast.ana.get("applications/?outcome=lost"))[2] == "outcome"
