"""Giving a verdict, and who may see it."""

import pytest

from candidates.domain import reviews
from candidates.enums import Answer, Verdict
from candidates.models import Activity, Application, Review, ReviewSkip
from recruitment.errors import Conflict, DomainError
from recruitment.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make.make_workspace()


@pytest.fixture
def job(workspace):
    return make.make_job(workspace, blind=True)


@pytest.fixture
def application(workspace, job):
    return make.make_application(make.make_candidate(workspace), job)


@pytest.fixture
def ana(workspace, job):
    member = make.make_member(workspace, Role.REVIEWER)
    make.join_job(job, member)
    return member


@pytest.fixture
def ben(workspace, job):
    member = make.make_member(workspace, Role.REVIEWER)
    make.join_job(job, member)
    return member


def seen_by(member):
    return {review.member for review in Review.objects.visible_to(member)}


def test_a_verdict_is_kept_with_comment_and_scores(application, ana, job):
    craft = make.make_criterion(job)
    review = reviews.record_review(
        application, member=ana, verdict=Verdict.YES, comment="Runs what we build.", scores={str(craft.pk): 4}
    )
    assert (review.verdict, review.comment) == (Verdict.YES, "Runs what we build.")
    assert list(review.scores.values_list("criterion", "value")) == [(craft.pk, 4)]


def test_a_second_verdict_of_one_member_changes_the_first(application, ana):
    reviews.record_review(application, member=ana, verdict=Verdict.YES)
    reviews.record_review(application, member=ana, verdict=Verdict.NO)
    assert list(Review.objects.values_list("verdict", "version")) == [(Verdict.NO, 2)]


@pytest.mark.parametrize(
    "given, field",
    [
        ({"verdict": ""}, "verdict"),
        ({"verdict": "brilliant"}, "verdict"),
        ({"answer": Answer.ABSTAIN, "verdict": Verdict.YES}, "verdict"),
        ({"answer": "shrug"}, "answer"),
        ({"verdict": Verdict.YES, "comment": "x" * 10_001}, "comment"),
        ({"verdict": Verdict.YES, "scores": {"nonsense": 3}}, "scores"),
    ],
)
def test_an_answer_that_makes_no_sense_names_its_field(application, ana, given, field):
    with pytest.raises(DomainError) as refusal:
        reviews.record_review(application, member=ana, **given)
    assert refusal.value.field == field
    assert not Review.objects.exists()


@pytest.mark.parametrize("value", [0, 5, True, "4", 2.5])
def test_a_score_is_a_whole_number_from_1_to_4(application, ana, job, value):
    craft = make.make_criterion(job)
    with pytest.raises(DomainError):
        reviews.record_review(application, member=ana, verdict=Verdict.YES, scores={str(craft.pk): value})


def test_a_second_tab_that_is_behind_is_told_and_loses_nothing(application, ana):
    reviews.record_review(application, member=ana, verdict=Verdict.YES)
    reviews.record_review(application, member=ana, verdict=Verdict.MAYBE, expected_version=1)
    with pytest.raises(Conflict):
        reviews.record_review(application, member=ana, verdict=Verdict.NO, expected_version=1)
    assert Review.objects.get().verdict == Verdict.MAYBE


def test_others_stay_hidden_until_my_own_verdict(application, ana, ben):
    reviews.record_review(application, member=ben, verdict=Verdict.STRONG_NO)
    assert seen_by(ana) == set()
    reviews.record_review(application, member=ana, verdict=Verdict.YES)
    assert seen_by(ana) == {ana, ben}


def test_abstaining_does_not_open_the_others(application, ana, ben):
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    reviews.record_review(application, member=ana, answer=Answer.ABSTAIN)
    assert seen_by(ana) == {ana}


def test_recusing_closes_the_others_even_where_the_job_is_not_blind(application, ana, ben, job):
    job.blind = False
    job.save()
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    assert seen_by(ana) == {ben}
    reviews.record_review(application, member=ana, answer=Answer.RECUSE)
    assert seen_by(ana) == {ana}


def test_withdrawing_my_verdict_hides_the_others_again(application, ana, ben):
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    reviews.record_review(application, member=ana, verdict=Verdict.NO)
    reviews.withdraw_review(application, member=ana)
    assert seen_by(ana) == set()


def test_blindness_holds_for_admins_until_they_lift_it_on_record(application, workspace, ben):
    admin = make.make_member(workspace, Role.ADMIN)
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    assert seen_by(admin) == set()
    reviews.lift_blindness(application, member=admin)
    assert seen_by(admin) == {ben}
    assert Activity.objects.filter(verb="blindness_lifted", actor=admin, application=application).exists()


def test_only_admins_can_lift_blindness(application, ana):
    with pytest.raises(DomainError):
        reviews.lift_blindness(application, member=ana)


def test_the_activity_tells_no_verdict_to_who_must_not_know(application, ana, ben):
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    assert not Activity.objects.visible_to(ana).filter(verb="reviewed").exists()
    reviews.record_review(application, member=ana, verdict=Verdict.NO)
    assert Activity.objects.visible_to(ana).filter(verb="reviewed").count() == 2


def test_a_bare_count_is_what_blindness_allows(application, ana, ben):
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    found = Application.objects.visible_to(ana).with_review_count().with_my_review(ana).get()
    assert (found.review_count, found.my_verdict) == (1, None)


def test_a_reviewer_sees_only_people_and_reviews_of_their_own_jobs(workspace, application, ana, ben):
    stranger = make.make_member(workspace, Role.REVIEWER)
    reviews.record_review(application, member=ben, verdict=Verdict.YES)
    assert not Application.objects.visible_to(stranger).exists()
    assert seen_by(stranger) == set()


def test_skipped_people_come_back_after_everybody_else(workspace, job, application, ana):
    second = make.make_application(make.make_candidate(workspace), job)
    third = make.make_application(make.make_candidate(workspace), job)
    reviews.skip(application, member=ana)
    reviews.skip(second, member=ana)
    queue = Application.objects.waiting_for(ana).in_review_order(ana)
    assert list(queue) == [third, application, second]


def test_answering_takes_the_skip_away(application, ana):
    reviews.skip(application, member=ana)
    reviews.record_review(application, member=ana, answer=Answer.ABSTAIN)
    assert not ReviewSkip.objects.exists()
    assert not Application.objects.waiting_for(ana).exists()
