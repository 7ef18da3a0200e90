"""The review queue as its users meet it, without a browser."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.domain.reviews import COMMENT_LIMIT
from candidates.enums import Answer, Score, Verdict
from candidates.models import Activity, Review, ReviewReveal, ReviewScore, ReviewSkip
from recruitment.models import Role
from tests import factories as make

pytestmark = pytest.mark.django_db

SCREEN_QUERIES = 12  # design section 9


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


HTMX = {"HX-Request": "true", "HX-Target": "review"}


def save_and_take_undo(client, application, **typed):
    """The address of the undo in the toast."""
    answer = client.post(url("review_save", application), {"verdict": "yes", **typed}, headers=HTMX)
    return json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]


def test_undo_takes_a_first_verdict_back_and_leads_to_the_person(client, reviewer, people):
    undo = save_and_take_undo(client, people[0])
    assert client.post(undo).url == url("review_application", people[0])
    assert not Review.objects.exists()


def test_undo_puts_the_person_back_in_place_on_the_open_screen(client, reviewer, people):
    undo = save_and_take_undo(client, people[0])
    here = "http://testserver" + url("review_application", people[1])
    answer = client.post(undo, headers={"HX-Request": "true", "HX-Current-URL": here})
    assert answer.headers["HX-Retarget"] == "#review"
    assert answer.headers["HX-Push-Url"] == url("review_application", people[0])
    assert answer.content.decode().startswith('<div id="review"')


def test_undo_brings_a_changed_verdict_back_with_its_scores(client, reviewer, people, job):
    craft = make.make_criterion(job)
    make.make_review(people[0], reviewer, Verdict.MAYBE, comment="First thought")
    ReviewScore.objects.create(workspace=job.workspace, review=Review.objects.get(), criterion=craft, value=2)
    undo = save_and_take_undo(client, people[0], comment="Second", version="1", **{f"score-{craft.pk}": "4"})
    client.post(undo)
    assert list(Review.objects.values_list("verdict", "comment")) == [(Verdict.MAYBE, "First thought")]
    assert list(ReviewScore.objects.values_list("value", flat=True)) == [2]


def test_undo_holds_the_longest_comment(client, reviewer, people):
    make.make_review(people[0], reviewer, Verdict.MAYBE, comment="é" * COMMENT_LIMIT)
    undo = save_and_take_undo(client, people[0], comment="Short")
    assert len(undo) < 300
    client.post(undo)
    assert Review.objects.get().comment == "é" * COMMENT_LIMIT


def test_undo_works_once(client, reviewer, people):
    undo = save_and_take_undo(client, people[0])
    client.post(undo)
    client.post(url("review_save", people[0]), {"verdict": "no"})
    client.post(undo)
    assert Review.objects.get().verdict == Verdict.NO


def test_an_older_undo_leaves_a_newer_verdict_alone(client, reviewer, people):
    undo = save_and_take_undo(client, people[0])
    save_and_take_undo(client, people[0], verdict="no")
    client.post(undo)
    assert Review.objects.get().verdict == Verdict.NO


def test_a_made_up_undo_and_a_colleagues_change_nothing(client, reviewer, people, job):
    undo = save_and_take_undo(client, people[0])
    client.post(url("review_undo", people[0]) + "?token=made-up")
    colleague = make.make_member(job.workspace, Role.REVIEWER)
    make.join_job(job, colleague)
    client.force_login(colleague.user)
    client.post(undo)
    assert Review.objects.count() == 1


def test_saving_twice_is_one_review_and_goes_on(client, reviewer, people):
    typed = {"verdict": "yes", "comment": "Fine", "version": ""}
    answers = [client.post(url("review_save", people[0]), typed).url for _ in range(2)]
    assert answers == [url("review_application", people[1])] * 2
    assert Review.objects.get().version == 1


def test_a_review_given_in_another_window_is_not_overwritten_by_a_first_one(client, reviewer, people):
    make.make_review(people[0], reviewer, Verdict.NO, comment="From the other tab")
    answer = client.post(url("review_save", people[0]), {"verdict": "yes", "version": ""})
    assert answer.status_code == 409
    assert Review.objects.get().verdict == Verdict.NO


def test_a_preload_writes_nothing(client, reviewer, people):
    before = Activity.objects.count()
    answer = client.get(url("review_application", people[1]), headers={"HX-Request": "true", "HX-Preloaded": "true"})
    assert answer.content.decode().startswith('<div id="review"')
    assert (Activity.objects.count(), ReviewSkip.objects.count()) == (before, 0)


def test_an_admin_looks_anyway_on_record(client, people, job):
    admin = make.make_member(job.workspace, Role.ADMIN)
    make.make_review(people[0], make.make_member(job.workspace, Role.REVIEWER), comment="Not at all")
    client.force_login(admin.user)
    assert "Not at all" not in client.get(url("review_application", people[0])).content.decode()
    client.post(url("review_look", people[0]))
    assert "Not at all" in client.get(url("review_application", people[0])).content.decode()
    assert ReviewReveal.objects.count() == 1
    assert Activity.objects.filter(verb="blindness_lifted", actor=admin).count() == 1


def test_a_reviewer_cannot_look_anyway(client, reviewer, people, job):
    make.make_review(people[0], make.make_member(job.workspace, Role.REVIEWER), comment="Not at all")
    client.post(url("review_look", people[0]))
    assert "Not at all" not in client.get(url("review_application", people[0])).content.decode()


def test_recusing_closes_others_for_good(client, reviewer, people, job):
    make.make_review(people[0], make.make_member(job.workspace, Role.REVIEWER), comment="Not at all")
    client.post(url("review_save", people[0]), {"answer": "recuse"})
    page = client.get(url("review_application", people[0])).content.decode()
    assert "Not at all" not in page
    assert "You recused yourself, so theirs stay closed." in page


def test_criteria_keep_their_scores(client, reviewer, people, job):
    craft = make.make_criterion(job)
    client.post(url("review_save", people[0]), {"verdict": "yes", f"score-{craft.pk}": "3"})
    assert list(ReviewScore.objects.values_list("criterion", "value")) == [(craft.pk, 3)]


@pytest.mark.parametrize(
    "typed", [{"score-": "3"}, {"score-nonsense": "3"}, {"verdict": "perhaps"}, {"answer": "later"}]
)
def test_nonsense_is_refused_and_keeps_the_comment(client, reviewer, people, typed):
    answer = client.post(url("review_save", people[0]), {"verdict": "yes", "comment": "Long thought", **typed})
    assert answer.status_code == 422
    assert "Long thought" in answer.content.decode()
    assert not Review.objects.exists()


def test_somebody_anonymous_elsewhere_is_anonymous_in_this_list_too(client, reviewer, people, job):
    hidden_job = make.make_job(job.workspace, "Quiet search", anonymised=True)
    make.join_job(hidden_job, reviewer)
    make.make_application(people[1].candidate, hidden_job)
    page = client.get(url("review_application", people[0])).content.decode()
    assert ("Mina Petrov" in page, "王芳" in page) == (True, False)


@pytest.mark.parametrize("tab", ["profile", "cv", "answers", "discussion", "activity"])
def test_an_anonymous_person_has_no_contact_place_source_or_file(client, reviewer, people, job, tab):
    job.anonymised = True
    job.save()
    person = people[0].candidate
    person.location, person.headline = {"raw": "Lyon"}, "Mina's headline"
    person.emails = [{"value": "mina@example.org", "kind": ""}]
    person.custom_fields, person.source_label = {"passport": "X1234"}, "Friend of Ana"
    person.save()
    make.make_record(make.make_source(job.workspace, "Greenhouse"), person, url="https://ats.example/mina")
    make.make_attachment(person, "Mina Petrov.pdf")
    page = client.get(url("review_application", people[0]) + f"?tab={tab}").content.decode()
    secrets = ["Mina", "Lyon", "mina@example.org", "X1234", "Friend of Ana", "ats.example"]
    assert [word for word in secrets if word in page] == []


def test_a_person_about_whom_nothing_is_known_has_a_page(client, reviewer, job):
    nobody = make.make_candidate(job.workspace)
    nobody.full_name = ""
    nobody.save()
    application = make.make_application(nobody, job)
    page = client.get(url("review_application", application)).content.decode()
    assert "No name" in page
    assert "No source says anything about experience." in page


def test_a_masked_name_says_so(client, reviewer, job):
    masked = make.make_candidate(job.workspace, provenance={"full_name": {"source": "", "hidden": True}})
    masked.full_name = ""
    masked.save()
    page = client.get(url("review_application", make.make_application(masked, job))).content.decode()
    assert "Name hidden by provider" in page


def test_an_unknown_tab_is_404(client, reviewer, people):
    assert client.get(url("review_application", people[0]) + "?tab=secrets").status_code == 404


def test_an_application_of_another_job_is_404_under_this_one(client, reviewer, people, job):
    other = make.make_job(job.workspace)
    make.join_job(other, reviewer)
    address = reverse("candidates:review_application", args=[other.pk, people[0].pk])
    assert client.get(address).status_code == 404


def test_the_list_is_capped_and_the_counts_are_not(client, reviewer, job):
    made = [make.make_application(make.make_candidate(job.workspace), job) for _ in range(33)]
    page = client.get(url("review_application", made[0])).content.decode()
    assert "33 left of 33" in page
    assert page.count("data-go-to") == 30


def test_the_overview_counts_who_waits_in_each_of_my_open_jobs(client, reviewer, people, job):
    make.join_job(make.make_job(job.workspace, "Closed one", status="closed"), reviewer)
    page = client.get(reverse("candidates:review")).content.decode()
    assert "3 people wait for your verdict." in page
    assert "Closed one" not in page


def test_the_overview_says_that_nothing_waits(client, reviewer):
    assert "Nothing waits for you" in client.get(reverse("candidates:review")).content.decode()


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


def full(job, member, number):
    """People with all that the screen shows of one: sources, a push, my review and a colleague's with scores."""
    source = make.make_source(job.workspace, f"Source {number}")
    made = []
    for _ in range(number):
        person = make.make_candidate(job.workspace, current_title="Engineer")
        application = make.make_application(person, job)
        make.make_record(source, person)
        make.make_push(make.make_record(source, application), member, "move", state="confirmed")
        make.tag_candidate(person, make.make_tag(job.workspace, f"tag of {person.pk}"))
        given = make.make_review(application, make.make_member(job.workspace, Role.REVIEWER))
        ReviewScore.objects.create(
            workspace=job.workspace, review=given, criterion=job.criteria.first(), value=Score.STRONG
        )
        made.append(application)
    return made


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.RECRUITER])
@pytest.mark.parametrize("tab", ["profile", "cv", "answers", "discussion", "activity"])
def test_the_screen_takes_the_same_few_queries_for_1_and_for_30(client, job, role, tab):
    member = make.make_member(job.workspace, role)
    make.join_job(job, member)
    make.make_criterion(job)
    client.force_login(member.user)
    first = full(job, member, 1)[0]
    make.make_review(first, member)  # so that the colleague's is visible
    address = url("review_application", first) + f"?tab={tab}"
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for application in full(job, member, 29)[:9]:
        make.make_review(application, member)
    with CaptureQueriesContext(connection) as thirty:
        client.get(address)
    assert len(one) == len(thirty)
    assert len(thirty) <= SCREEN_QUERIES
