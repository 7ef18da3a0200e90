import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.domain import bulk as domain
from candidates.models import Application, BulkAction, Candidate, OutboxEntry
from candidates.tasks import sweep
from tests import factories as make
from tests.api import fault


@pytest.fixture
def three(cast):
    return [cast.applicant(f"Person {number}") for number in range(3)]


def start(api, action, params, *, expected_count=3, **targets):
    return api.post(
        "applications/bulk/", {"action": action, "params": params, "expected_count": expected_count, **targets}
    )


def names(three):
    return [str(application.pk) for application in three]


def finish(answer):
    domain.run_bulk(answer.json()["id"])


def test_an_action_is_accepted_at_once_and_worked_off_with_progress(cast, three):
    offer = make.stage_of(cast.job, "Offer")

    accepted = start(cast.ana, "move", {"stage": str(offer.pk)}, ids=names(three))

    path = f"applications/bulk/{accepted.json()['id']}/"
    assert (accepted.status_code, accepted.json()["state"], accepted.json()["total"]) == (202, "queued", 3)
    assert cast.ana.get(path).json()["done"] == 0
    finish(accepted)
    after = cast.ana.get(path).json()
    assert (after["state"], after["done"], after["failed"], after["failures"]) == ("done", 3, 0, [])
    assert {application.stage for application in Application.objects.all()} == {offer}


def test_a_filter_takes_whom_the_list_shows(cast, three):
    cast.applicant(job=cast.other_job)

    finish(start(cast.ana, "tag", {"name": "Later"}, filter={"job": str(cast.job.pk)}))

    assert Candidate.objects.filter(candidate_tags__tag__key="later").count() == 3


def test_another_number_than_expected_does_nothing(cast, three):
    differs = start(cast.ana, "shortlist", {}, ids=names(three), expected_count=2)

    assert (fault(differs), differs.json()["count"]) == ((409, "count_differs", "expected_count"), 3)
    gone = names(three)[:2] + ["00000000-0000-7000-8000-000000000000"]
    assert start(cast.ana, "shortlist", {}, ids=gone).json()["count"] == 2
    assert BulkAction.objects.count() == 0


def test_every_push_of_a_bulk_action_is_accounted_for(cast, three):
    source = make.make_source(cast.team)
    reason = make.make_reason(cast.team)
    make.make_record(source, reason)
    for application in three:
        make.make_record(source, application)

    finish(start(cast.ana, "reject", {"reason": str(reason.pk), "note": "Thank you."}, ids=names(three)))

    assert [entry.state for entry in OutboxEntry.objects.all()] == ["waiting"] * 3


def test_what_could_not_be_done_is_named_and_the_rest_goes_on(cast, three):
    offer = make.stage_of(cast.job, "Offer")
    Application.objects.filter(pk=three[1].pk).update(outcome="rejected")

    accepted = start(cast.ana, "move", {"stage": str(offer.pk)}, ids=names(three))
    finish(accepted)

    after = cast.ana.get(f"applications/bulk/{accepted.json()['id']}/").json()
    assert (after["state"], after["done"], after["failed"]) == ("done", 3, 1)
    assert after["failures"] == [
        {"application": str(three[1].pk), "reason": "Reopen this application before moving it."}
    ]


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(cast, three, monkeypatch):
    accepted = start(cast.ana, "tag", {"name": "Later"}, ids=names(three))
    real, calls = domain.add_tag, []

    def die_on_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(domain, "add_tag", die_on_the_second)
        with pytest.raises(KeyboardInterrupt):
            finish(accepted)
    assert (BulkAction.objects.get().done, BulkAction.objects.get().state) == (1, "running")
    finish(accepted)  # its lease still holds: nobody else may go on
    assert BulkAction.objects.get().done == 1

    BulkAction.objects.update(lease_until=make.timezone.now(), created_at=make.timezone.now() - domain.LEASE)
    monkeypatch.setattr("candidates.tasks.run.delay", lambda bulk_id: domain.run_bulk(bulk_id))
    sweep()

    after = BulkAction.objects.get()
    assert (after.state, after.done, after.failed) == ("done", 3, 0)


def test_a_member_who_lost_the_role_decides_nothing_more(cast, three):
    accepted = start(cast.ana, "tag", {"name": "Later"}, ids=names(three))
    type(cast.recruiter).objects.filter(pk=cast.recruiter.pk).update(role="reviewer")

    finish(accepted)

    assert (BulkAction.objects.get().failed, Candidate.objects.filter(candidate_tags__isnull=False).count()) == (3, 0)


def test_an_action_can_be_stopped(cast, three):
    accepted = start(cast.ana, "tag", {"name": "Later"}, ids=names(three))
    path = f"applications/bulk/{accepted.json()['id']}/"

    assert cast.ana.delete(path).json()["state"] == "cancelled"
    finish(accepted)

    assert (cast.ana.get(path).json()["done"], fault(cast.ana.delete(path))[0]) == (0, 409)


@pytest.mark.parametrize(
    "body, field",
    [
        ({"action": "hire"}, "action"),
        ({"action": "move", "params": {}}, "params.stage"),
        ({"action": "move", "params": {"stage": "x"}}, "params.stage"),
        ({"action": "reject", "params": {"reason": []}}, "params.reason"),
        ({"action": "tag", "params": {"name": 5}}, "params.name"),
        ({"action": "tag", "params": []}, "params"),
        ({"action": "tag", "ids": ["x"]}, "ids.0"),
        ({"action": "tag", "ids": []}, "ids"),
        ({"action": "tag", "filter": {}}, "ids"),
        ({"action": "tag", "expected_count": 0}, "expected_count"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(cast, three, body, field):
    answer = cast.ana.post("applications/bulk/", {"ids": names(three), "expected_count": 3, **body})

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)


def test_others_may_neither_start_nor_watch(cast, three):
    accepted = start(cast.ana, "shortlist", {}, ids=names(three))

    assert start(cast.rob, "shortlist", {}, ids=names(three)).status_code == 403
    assert start(cast.zoe, "shortlist", {}, ids=names(three)).json()["count"] == 0
    for outsider in (cast.rob, cast.zoe):
        assert outsider.get(f"applications/bulk/{accepted.json()['id']}/").status_code == 404


def test_thousands_are_accepted_in_as_many_queries_as_a_few(cast):
    people = Candidate.objects.bulk_create(
        Candidate(workspace=cast.team, full_name=f"Person {number}") for number in range(3_000)
    )
    stage = make.stage_of(cast.job, "Applied")
    many = Application.objects.bulk_create(
        Application(workspace=cast.team, candidate=person, job=cast.job, stage=stage) for person in people
    )
    offer = {"stage": str(make.stage_of(cast.job, "Offer").pk)}

    start(cast.ana, "move", offer, ids=names(many[:1]))  # notes that the token was used
    with CaptureQueriesContext(connection) as few:
        assert start(cast.ana, "move", offer, ids=names(many[:3]), expected_count=3).status_code == 202
    with CaptureQueriesContext(connection) as all_of_them:
        assert start(cast.ana, "move", offer, ids=names(many), expected_count=3_000).status_code == 202
    assert len(all_of_them) == len(few)
