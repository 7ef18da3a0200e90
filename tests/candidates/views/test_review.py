"""The review queue as its users meet it, without a browser."""

import pytest
from django.urls import reverse

from candidates.enums import Answer, Verdict
from candidates.models import Review, ReviewSkip
from recruitment.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

SCREEN_QUERIES = 15


@pytest.fixture
def job():
    return make.make_job(make.make_workspace(), "Planner")


@pytest.fixture
def reviewer(job, client):
    member = make.make_member(job.workspace, Role.REVIEWER, full_name="Ana Koc")
    make.join_job(job, member)
    client.force_login(member.user)
    return member


@pytest.fixture
def people(job):
    names = ["Mina Petrov", "王芳", "Jean-Baptiste Grégoire Lefèvre-Montmorency"]
    return [make.make_application(make.make_candidate(job.workspace, name), job) for name in names]


def url(name, application):
    return reverse(f"candidates:{name}", args=[application.job_id, application.pk])


def test_starting_leads_to_who_waits_longest(client, reviewer, people, job):
    answer = client.get(reverse("candidates:review_job", args=[job.pk]))
    assert answer.url == url("review_application", people[0])


def test_the_screen_shows_the_person_the_queue_and_what_is_left(client, reviewer, people):
    page = client.get(url("review_application", people[0])).content.decode()
    assert "Mina Petrov" in page
    assert "王芳" in page
    assert "3 left of 3" in page


def test_a_verdict_is_kept_and_the_next_person_comes_back_at_once(client, reviewer, people):
    answer = client.post(
        url("review_save", people[0]),
        {"verdict": "yes", "comment": "Runs it."},
        headers={"HX-Request": "true", "HX-Target": "review"},
    )
    review = Review.objects.get()
    assert (review.verdict, review.comment, review.member) == (Verdict.YES, "Runs it.", reviewer)
    assert answer.content.decode().startswith('<div id="review"')
    assert answer.headers["HX-Push-Url"] == url("review_application", people[1])


def test_without_javascript_saving_redirects_to_the_next(client, reviewer, people):
    answer = client.post(url("review_save", people[0]), {"verdict": "no"})
    assert (answer.status_code, answer.url) == (302, url("review_application", people[1]))


def test_saving_without_a_verdict_keeps_what_was_typed(client, reviewer, people):
    answer = client.post(url("review_save", people[0]), {"comment": "Long thought"})
    assert answer.status_code == 422
    assert "Long thought" in answer.content.decode()
    assert not Review.objects.exists()


def test_a_second_tab_that_is_behind_sees_both_texts(client, reviewer, people):
    make.make_review(people[0], reviewer, Verdict.NO, comment="From the other tab", version=4)
    answer = client.post(url("review_save", people[0]), {"verdict": "yes", "comment": "From this tab", "version": "3"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the other tab" in page
    assert "From this tab" in page
    assert Review.objects.get().verdict == Verdict.NO


def test_skipping_goes_on_and_does_not_bounce_back(client, reviewer, people):
    for person, following in zip(people, [*people[1:], people[0]], strict=True):
        assert client.post(url("review_skip", person)).url == url("review_application", following)
    assert ReviewSkip.objects.count() == 3


@pytest.mark.parametrize("kind", [Answer.ABSTAIN, Answer.RECUSE])
def test_abstaining_and_recusing_are_answers_of_their_own(client, reviewer, people, kind):
    client.post(url("review_save", people[0]), {"answer": kind})
    assert (Review.objects.get().answer, Review.objects.get().verdict) == (kind, "")


def test_the_last_answer_ends_the_queue(client, reviewer, people, job):
    for person in people:
        last = client.post(url("review_save", person), {"verdict": "yes"})
    assert last.url == reverse("candidates:review_job", args=[job.pk])
    assert "Nobody waits for you here" in client.get(last.url).content.decode()


def test_undo_takes_a_first_verdict_back(client, reviewer, people):
    client.post(url("review_save", people[0]), {"verdict": "yes"})
    page = client.get(url("review_application", people[1])).content.decode()
    undo = page.split('hx-post="' + url("review_undo", people[0]))[1].split('"')[0].replace("&amp;", "&")
    assert client.post(url("review_undo", people[0]) + undo).url == url("review_application", people[0])
    assert not Review.objects.exists()


def test_undo_brings_a_changed_verdict_back(client, reviewer, people):
    make.make_review(people[0], reviewer, Verdict.MAYBE, comment="First thought")
    client.post(url("review_save", people[0]), {"verdict": "yes", "comment": "Second"})
    page = client.get(url("review_application", people[1])).content.decode()
    undo = page.split('hx-post="' + url("review_undo", people[0]))[1].split('"')[0].replace("&amp;", "&")
    client.post(url("review_undo", people[0]) + undo)
    assert list(Review.objects.values_list("verdict", "comment")) == [(Verdict.MAYBE, "First thought")]


def test_a_forged_undo_changes_nothing(client, reviewer, people):
    make.make_review(people[0], reviewer)
    client.post(url("review_undo", people[0]) + "?was=bnVsbA:forged")
    assert Review.objects.count() == 1


def test_others_are_a_bare_count_until_my_verdict(client, reviewer, people, job):
    other = make.make_member(job.workspace, Role.REVIEWER, full_name="Ben Ode")
    make.make_review(people[0], other, Verdict.STRONG_NO, comment="Not at all")
    before = client.get(url("review_application", people[0])).content.decode()
    client.post(url("review_save", people[0]), {"verdict": "yes"})
    after = client.get(url("review_application", people[0])).content.decode()
    assert "1 has reviewed. You see theirs after yours." in before
    assert ("Not at all" in before, "Ben Ode" in before) == (False, False)
    assert ("Not at all" in after, "Ben Ode" in after) == (True, True)


def test_reviewers_have_no_decisions_on_the_screen(client, reviewer, people):
    assert 'id="decide"' not in client.get(url("review_application", people[0])).content.decode()


def test_recruiters_read_where_a_decision_goes_before_the_click(client, people, job):
    recruiter = make.make_member(job.workspace, Role.RECRUITER)
    client.force_login(recruiter.user)
    make.make_record(make.make_source(job.workspace), people[0])
    deaf = make.make_source(job.workspace, "LinkedIn", provider="linkup", provider_label="LinkedIn", told={})
    make.make_record(deaf, people[0])
    page = client.get(url("review_application", people[0])).content.decode()
    assert "Goes to Kombo. LinkedIn can&#x27;t be told this." in page


def test_a_reviewer_of_another_job_gets_404_everywhere(client, people, job):
    stranger = make.make_member(job.workspace, Role.REVIEWER)
    client.force_login(stranger.user)
    assert client.get(reverse("candidates:review_job", args=[job.pk])).status_code == 404
    assert client.get(url("review_application", people[0])).status_code == 404
    assert client.post(url("review_save", people[0]), {"verdict": "yes"}).status_code == 404


def test_an_anonymised_job_shows_no_name_anywhere(client, reviewer, people, job):
    job.anonymised = True
    job.save()
    page = client.get(url("review_application", people[0])).content.decode()
    assert ("Mina Petrov" in page, "王芳" in page) == (False, False)


def test_the_screen_takes_the_same_few_queries_for_1_and_for_30(client, reviewer, job, django_assert_max_num_queries):
    first = make.make_application(make.make_candidate(job.workspace), job)
    with django_assert_max_num_queries(SCREEN_QUERIES) as one:
        client.get(url("review_application", first))
    for _ in range(29):
        make.make_application(make.make_candidate(job.workspace), job)
    with django_assert_max_num_queries(SCREEN_QUERIES) as thirty:
        client.get(url("review_application", first))
    assert len(one) == len(thirty)
