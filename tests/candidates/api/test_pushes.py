import pytest

from candidates.models import Application, Candidate, OutboxEntry
from tests import factories as make
from tests.api import fault, ids


@pytest.fixture
def record(cast):
    return make.make_record(make.make_source(cast.team), cast.applicant().candidate, "up-1")


def test_a_push_says_how_its_telling_went(cast, record):
    entry = make.make_push(
        record, cast.recruiter, "tag", state="refused", last_error_code="nope", last_error_message="No such tag."
    )

    shown = cast.ana.get(f"pushes/{entry.pk}/").json()

    assert {name: shown[name] for name in ("kind", "state", "source", "candidate", "attempts", "last_error")} == {
        "kind": "tag",
        "state": "refused",
        "source": str(record.source_id),
        "candidate": str(record.candidate_id),
        "attempts": 0,
        "last_error": {"code": "nope", "message": "No such tag."},
    }
    assert shown["requested_by"] == {"id": str(cast.recruiter.pk), "name": "Ana Koc"}
    assert shown["settled_at"] is not None
    assert shown["tries"] == []


def test_the_ledger_is_for_those_who_decide(cast, record):
    entry = make.make_push(record, cast.recruiter)

    assert ids(cast.ana.get("pushes/")) == [str(entry.pk)]
    assert cast.rob.get("pushes/").status_code == 403
    assert cast.rob.get(f"pushes/{entry.pk}/").status_code == 404
    assert ids(cast.zoe.get("pushes/")) == []
    for verb in ("retry", "cancel", "resolve", "settle"):
        for outsider in (cast.rob, cast.zoe):
            assert outsider.post(f"pushes/{entry.pk}/{verb}/", {}).status_code == 404


def test_filters_narrow(cast, record):
    waiting = make.make_push(record, cast.recruiter, "tag")
    refused = make.make_push(record, cast.recruiter, "untag", state="refused")

    assert ids(cast.ana.get("pushes/?state=refused")) == [str(refused.pk)]
    assert ids(cast.ana.get("pushes/?kind=tag")) == [str(waiting.pk)]
    assert len(ids(cast.ana.get(f"pushes/?source=kombo&candidate={record.candidate_id}"))) == 2
    assert fault(cast.ana.get("pushes/?state=lost")) == (400, "invalid_choice", "state")


def test_a_push_is_cancelled_retried_and_settled(cast, record):
    entry = make.make_push(record, cast.recruiter, payload={"name": "remote"})

    assert cast.ana.post(f"pushes/{entry.pk}/cancel/").json()["state"] == "cancelled"
    assert fault(cast.ana.post(f"pushes/{entry.pk}/cancel/")) == (409, "push_changed", None)
    refused = make.make_push(record, cast.recruiter, payload={"name": "remote"}, state="refused")
    assert cast.ana.post(f"pushes/{refused.pk}/retry/").json()["state"] == "waiting"
    unknown = make.make_push(record, cast.recruiter, "note", state="unknown", due_at=None)
    assert fault(cast.ana.post(f"pushes/{unknown.pk}/settle/", {}))[2] == "arrived"
    settled = cast.ana.post(f"pushes/{unknown.pk}/settle/", {"arrived": True}).json()
    assert (settled["state"], settled["settled_by"]["name"]) == ("confirmed", "Ana Koc")


def test_a_conflicting_push_wants_to_know_which_side_to_keep(cast):
    application = cast.applicant()
    record = make.make_record(make.make_source(cast.team), application)
    entry = make.make_push(record, cast.recruiter, "move", state="conflict", due_at=None)

    assert fault(cast.ana.post(f"pushes/{entry.pk}/resolve/", {"keep": "both"})) == (400, "invalid_choice", "keep")
    assert cast.ana.post(f"pushes/{entry.pk}/resolve/", {"keep": "ours"}).json()["state"] == "waiting"
    assert OutboxEntry.objects.get().due_at is not None


def test_a_field_conflict_shows_all_three_texts_and_ends_with_ours(cast, record):
    ada = record.candidate
    conflict = make.make_conflict(record.source, ada, "headline", base="a", ours="b", theirs="c")

    shown = cast.ana.get("conflicts/").json()["results"][0]
    assert {name: shown[name] for name in ("candidate", "field", "base", "ours", "theirs", "source", "state")} == {
        "candidate": str(ada.pk),
        "field": "headline",
        "base": "a",
        "ours": "b",
        "theirs": "c",
        "source": str(record.source_id),
        "state": "open",
    }
    kept = cast.ana.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "ours"})
    assert (kept.json()["state"], Candidate.objects.get(pk=ada.pk).headline) == ("ours", "")
    assert fault(cast.ana.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "theirs"})) == (
        409,
        "already_resolved",
        None,
    )


def test_taking_theirs_writes_it_with_its_origin_and_makes_it_findable(cast, record):
    conflict = make.make_conflict(record.source, record.candidate, "full_name", theirs="Ada King")

    cast.ana.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "theirs"})

    shown = cast.ana.get("candidates/?search=king").json()["results"][0]
    assert (shown["full_name"], shown["provenance"]) == ("Ada King", {"full_name": str(record.source_id)})


def test_taking_their_stage_moves_without_telling_them(cast):
    application = cast.applicant()
    source = make.make_source(cast.team)
    make.mirror_job(source, cast.job)
    offer = make.stage_of(cast.job, "Offer")
    conflict = make.make_conflict(
        source, application.candidate, "stage", application=application, theirs=f"stage-{offer.pk}"
    )

    assert cast.ana.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "theirs"}).status_code == 200

    assert Application.objects.get(pk=application.pk).stage == offer
    assert OutboxEntry.objects.count() == 0


def test_conflicts_are_for_those_who_decide(cast, record):
    conflict = make.make_conflict(record.source, record.candidate)

    assert cast.rob.get("conflicts/").status_code == 403
    assert ids(cast.zoe.get("conflicts/")) == []
    for outsider in (cast.rob, cast.zoe):
        assert outsider.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "ours"}).status_code == 404


def test_taking_their_rejection_takes_their_reason(cast):
    application = cast.applicant()
    source, reason = make.make_source(cast.team), make.make_reason(cast.team, "Overqualified")
    make.make_record(source, application, imported={"rejection_reason_name": "Overqualified"})
    conflict = make.make_conflict(source, application.candidate, "outcome", application=application, theirs="rejected")

    assert cast.ana.post(f"conflicts/{conflict.pk}/resolve/", {"keep": "theirs"}).status_code == 200

    shown = cast.ana.get(f"applications/{application.pk}/").json()
    assert (shown["outcome"], shown["rejection_reason"]["id"]) == ("rejected", str(reason.pk))
    assert shown["rejected_at"] is not None
