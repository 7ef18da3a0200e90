"""Imports and what they set aside, as the API shows them; budget and stage map of a connection."""

from candidates.models import Job, SourceRecord
from integrations.models import Connection
from tests import factories as make
from tests.api import fault, ids


def test_a_run_says_what_each_stream_did(cast, connection):
    run = make.make_run(connection, state="partial", error_code="rate_limited", error_message="Too many requests.")
    make.make_stream(run, "candidates", 1, pages=2, fetched=5, created=3, unchanged=1, set_aside=1)
    make.make_stream(run, "jobs", 0, fetched=1, created=1)

    shown = cast.ana.get(f"sync-runs/{run.pk}/").json()

    assert (shown["state"], shown["connection"]) == ("partial", str(connection.pk))
    assert shown["error"] == {"code": "rate_limited", "message": "Too many requests."}
    assert [stream["name"] for stream in shown["streams"]] == ["jobs", "candidates"]
    assert {
        name: shown["streams"][1][name]
        for name in ("pages", "fetched", "created", "updated", "unchanged", "set_aside", "vanished", "cost")
    } == {
        "pages": 2,
        "fetched": 5,
        "created": 3,
        "updated": 0,
        "unchanged": 1,
        "set_aside": 1,
        "vanished": 0,
        "cost": 0,
    }


def test_runs_are_found_by_connection_and_state(cast, connection):
    run = make.make_run(connection)
    other = make.make_run(make.make_connection(cast.team, "Second"), state="failed")

    assert ids(cast.ana.get(f"sync-runs/?connection={connection.pk}")) == [str(run.pk)]
    assert ids(cast.ana.get("sync-runs/?state=failed")) == [str(other.pk)]
    assert fault(cast.ana.get("sync-runs/?connection=x")) == (400, "invalid", "connection")


def test_what_was_set_aside_is_there_with_what_came_and_why(cast, connection):
    run = make.make_run(connection)
    make.make_problem(run, "c-9", reason="The name is missing.", payload={"id": "c-9"})

    shown = cast.ana.get(f"sync-runs/{run.pk}/problems/").json()["results"]

    assert [{name: row[name] for name in ("stream", "external_id", "reason", "payload", "state")} for row in shown] == [
        {
            "stream": "candidates",
            "external_id": "c-9",
            "reason": "The name is missing.",
            "payload": {"id": "c-9"},
            "state": "open",
        }
    ]


def test_reviewers_and_strangers_see_nothing_of_imports(cast, connection):
    run = make.make_run(connection)

    assert cast.rob.get("sync-runs/").status_code == 403
    assert ids(cast.zoe.get("sync-runs/")) == []
    for path in (
        f"connections/{connection.pk}/budget/",
        f"connections/{connection.pk}/stage-map/",
        f"sync-runs/{run.pk}/",
        f"sync-runs/{run.pk}/problems/",
    ):
        for outsider in (cast.rob, cast.zoe):
            assert outsider.get(path).status_code == 404, path


def test_the_budget_is_what_the_provider_last_said(cast, connection):
    Connection.objects.filter(pk=connection.pk).update(pace={"limit": 600, "remaining": 12}, options={})

    assert cast.ana.get(f"connections/{connection.pk}/budget/").json() == {
        "requests_per_minute": {"limit": 600, "remaining": 12, "resets_at": None},
        "credits": None,
        "waiting_until": None,
    }


def test_a_stage_map_names_each_upstream_stage_and_can_be_tied_anew(cast, connection):
    make.mirror_job(connection.source, cast.job)
    path = f"connections/{connection.pk}/stage-map/"
    interview, offer = make.stage_of(cast.job, "Interview"), make.stage_of(cast.job, "Offer")

    shown = cast.ana.get(path).json()
    assert [tie["stage_name"] for tie in shown["stages"]] == ["Applied", "Phone screen", "Interview", "Offer", "Hired"]
    assert (shown["reject_status"], shown["shortlist_status"]) == (None, None)

    tied = {"stages": [{"stage": str(offer.pk), "upstream_id": f"stage-{interview.pk}"}], "reject_status": None}
    assert cast.ana.put(path, tied).status_code == 403
    assert cast.adam.put(path, tied).status_code == 200
    assert SourceRecord.objects.get(external_id=f"stage-{interview.pk}").stage == offer


def test_a_stage_map_refuses_what_cannot_be(cast, connection):
    make.mirror_job(connection.source, cast.job)
    path = f"connections/{connection.pk}/stage-map/"
    interview = make.stage_of(cast.job, "Interview")
    foreign = make.make_job(cast.stranger.workspace).stages.first()
    other = Job.objects.get(pk=cast.other_job.pk).stages.first()

    def put(stage, upstream_id=f"stage-{interview.pk}"):
        return fault(cast.adam.put(path, {"stages": [{"stage": str(stage.pk), "upstream_id": upstream_id}]}))

    assert put(other) == (400, "stage_of_another_job", "stages")
    assert put(interview, "stage-9") == (400, "does_not_exist", "stages")
    assert put(foreign) == (400, "does_not_exist", "stages.0.stage")
    assert fault(cast.adam.put(path, {"reject_status": "Rejected"})) == (400, "invalid", "reject_status")
