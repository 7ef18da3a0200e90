import threading

import pytest
from django.db import connection

from candidates.models import Review
from tests import factories as make
from tests.api import Api, fault, ids


def review(api, application, **body):
    return api.put(f"applications/{application.pk}/review/", body)


def summary(api, application):
    return api.get(f"applications/{application.pk}/").json()["review_summary"]


def test_my_review_is_given_changed_and_withdrawn(cast):
    application = cast.applicant()
    craft = make.make_criterion(cast.job)

    given = review(cast.rob, application, verdict="yes", comment="Solid.", scores={str(craft.pk): 3})
    changed = review(cast.rob, application, verdict="strong_yes", version=given.json()["version"])

    assert given.status_code == 200
    assert (given.json()["verdict"], given.json()["comment"]) == ("yes", "Solid.")
    assert given.json()["scores"] == {str(craft.pk): 3}
    assert (changed.json()["verdict"], changed.json()["version"]) == ("strong_yes", 2)
    assert changed.json()["scores"] == {str(craft.pk): 3}
    assert cast.rob.get(f"applications/{application.pk}/review/").json() == changed.json()
    assert cast.rob.delete(f"applications/{application.pk}/review/").status_code == 204
    assert fault(cast.rob.get(f"applications/{application.pk}/review/")) == (404, "not_found", None)


def test_a_review_changed_in_another_window_is_not_overwritten(cast):
    application = cast.applicant()
    review(cast.rob, application, verdict="yes")
    review(cast.rob, application, verdict="no")

    stale = review(cast.rob, application, verdict="maybe", version=1)

    assert fault(stale) == (409, "changed_meanwhile", "verdict")
    assert Review.objects.get().verdict == "no"


@pytest.mark.parametrize(
    "body, field",
    [
        ({}, "verdict"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"verdict": "yes", "abstain": True}, "abstain"),
        ({"abstain": True, "recuse": True}, "recuse"),
        ({"verdict": "yes", "comment": "x" * 10_001}, "comment"),
        ({"verdict": "yes", "comment": 5}, "comment"),
        ({"verdict": "yes", "scores": []}, "scores"),
        ({"verdict": "yes", "scores": {"nonsense": 3}}, "scores"),
        ({"verdict": "yes", "version": "x"}, "version"),
    ],
)
def test_a_review_that_does_not_fit_is_refused_by_field(cast, body, field):
    answer = review(cast.rob, cast.applicant(), **body)

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, field)
    assert Review.objects.count() == 0


@pytest.mark.parametrize("score", [0, 5, "x", True, None, 2.5])
def test_a_score_is_from_one_to_four(cast, score):
    craft = make.make_criterion(cast.job)

    answer = review(cast.rob, cast.applicant(), verdict="yes", scores={str(craft.pk): score})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"].startswith("scores")


def test_blind_means_blind_until_my_own_verdict(cast):
    application = cast.applicant()
    review(cast.ana, application, verdict="strong_no", comment="secret words")
    review(cast.adam, application, verdict="yes")

    before = cast.rob.get(f"applications/{application.pk}/reviews/").json()
    assert (before["results"], before["reviewed"], before["hidden_count"]) == ([], 2, 2)
    assert summary(cast.rob, application) == {
        "reviewed": 2,
        "mine": None,
        "my_answer": None,
        "hidden": True,
        "verdicts": None,
    }
    for path in ("applications/", "candidates/", "activity/", f"candidates/{application.candidate_id}/activity/"):
        assert "strong_no" not in cast.rob.get(path).content.decode(), path

    review(cast.rob, application, verdict="maybe")

    after = cast.rob.get(f"applications/{application.pk}/reviews/").json()
    assert sorted(row["verdict"] for row in after["results"]) == ["maybe", "strong_no", "yes"]
    assert after["hidden_count"] == 0
    assert summary(cast.rob, application)["verdicts"] == {
        "strong_yes": 0,
        "yes": 1,
        "maybe": 1,
        "no": 0,
        "strong_no": 1,
    }


@pytest.mark.parametrize("answer", ["abstain", "recuse"])
def test_neither_abstaining_nor_recusing_opens_others_reviews(cast, answer):
    application = cast.applicant()
    review(cast.ana, application, verdict="no")

    mine = review(cast.rob, application, **{answer: True})

    assert (mine.json()["answer"], mine.json()[answer], mine.json()["verdict"]) == (answer, True, None)
    seen = cast.rob.get(f"applications/{application.pk}/reviews/").json()
    assert ([row["answer"] for row in seen["results"]], seen["hidden_count"]) == ([answer], 1)
    assert summary(cast.rob, application)["verdicts"] is None


def test_the_verdict_filter_counts_only_what_i_may_see(cast):
    application = cast.applicant()
    review(cast.ana, application, verdict="no")

    assert ids(cast.rob.get("candidates/?verdict=no")) == []
    assert ids(cast.adam.get("candidates/?verdict=no")) == []
    assert ids(cast.ana.get("candidates/?verdict=no")) == [str(application.candidate_id)]
    review(cast.rob, application, verdict="yes")
    assert ids(cast.rob.get("candidates/?verdict=no")) == [str(application.candidate_id)]


def test_an_admin_may_lift_blindness_and_everybody_can_read_that(cast):
    application = cast.applicant()
    review(cast.ana, application, verdict="no")

    assert cast.ana.post(f"applications/{application.pk}/reveal/").status_code == 403
    assert cast.adam.post(f"applications/{application.pk}/reveal/").status_code == 204

    assert cast.adam.get(f"applications/{application.pk}/reviews/").json()["hidden_count"] == 0
    verbs = [row["verb"] for row in cast.rob.get(f"candidates/{application.candidate_id}/activity/").json()["results"]]
    assert verbs == ["blindness_lifted"]


def test_a_stranger_finds_no_review(cast):
    application = cast.applicant(job=cast.other_job)

    for outsider in (cast.rob, cast.zoe):
        for verb in ("get", "put", "delete"):
            assert getattr(outsider, verb)(f"applications/{application.pk}/review/", {}).status_code == 404
        assert outsider.get(f"applications/{application.pk}/reviews/").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs real concurrency")
def test_two_first_answers_at_once_leave_one_review(transactional_db):
    team = make.make_workspace()
    member = make.make_member(team, "admin")
    application = make.make_application(make.make_candidate(team))
    apis, answers = [Api(member) for _ in range(4)], []

    def answer(api):
        answers.append(review(api, application, verdict="yes").status_code)
        connection.close()

    threads = [threading.Thread(target=answer, args=[api]) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 4
    assert Review.objects.count() == 1
