"""The feed: whole sentences, by day, within what one may see."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain import activity, decisions, people, reviews
from candidates.models import Activity
from candidates.personal import IDENTIFYING
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import join_job, make_application, make_candidate, make_job, make_member, stage_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recruiter():
    return make_member(full_name="Ana Koc")


@pytest.fixture
def reviewer(recruiter):
    return make_member(recruiter.workspace, Role.REVIEWER, full_name="Rita Okafor")


@pytest.fixture
def application(recruiter):
    job = make_job(recruiter.workspace, "Data engineer")
    return make_application(make_candidate(recruiter.workspace, "Mina Petrov"), job)


def feed(member, query: str = ""):
    return signed_in(member).get(reverse("candidates:activity") + query)


def verbs(member, query: str = "") -> list[str]:
    return [entry.verb for _day, rows in feed(member, query).context["days"] for entry in rows]


def test_an_entry_says_who_did_what_to_whom_from_what_to_what(recruiter, application):
    decisions.move(application, stage_of(application.job, "Interview"), member=recruiter)

    page = feed(recruiter).content.decode()

    person = f'<a href="{application.candidate.get_absolute_url()}"><bdi>Mina Petrov</bdi></a>'
    values = "from <b><bdi>Applied</bdi></b> to <b><bdi>Interview</bdi></b>"
    assert f"<b><bdi>Ana Koc</bdi></b> moved {person} {values}" in page


def test_an_edit_shows_before_and_after(recruiter, application):
    people.edit_candidate(application.candidate, {"headline": "Dispatcher"}, member=recruiter)

    assert "Headline: nothing → <bdi>Dispatcher</bdi>" in feed(recruiter).content.decode()


def test_imported_people_do_not_bury_what_was_decided(recruiter, application):
    decisions.move(application, stage_of(application.job, "Interview"), member=recruiter)
    activity.record("imported", actor=recruiter, candidate=application.candidate, source="Kombo")

    assert verbs(recruiter) == ["moved"]
    assert verbs(recruiter, "?kind=imports") == ["imported"]
    assert verbs(recruiter, "?kind=all") == ["imported", "moved"]


def test_it_narrows_by_kind_and_by_person(recruiter, application):
    other = make_member(recruiter.workspace)
    people.edit_candidate(application.candidate, {"headline": "Dispatcher"}, member=other)
    decisions.move(application, stage_of(application.job, "Interview"), member=recruiter)

    assert verbs(recruiter) == ["moved", "edited"]
    assert verbs(recruiter, "?kind=edits") == ["edited"]
    assert verbs(recruiter, f"?by={recruiter.pk}") == ["moved"]
    assert verbs(recruiter, "?by=nobody&kind=nothing") == ["moved", "edited"]


def test_a_review_that_is_still_hidden_is_not_told(recruiter, reviewer, application):
    join_job(application.job, reviewer)
    reviews.record_review(application, member=reviewer, verdict="no")

    assert verbs(recruiter) == []
    reviews.record_review(application, member=recruiter, verdict="yes")
    assert verbs(recruiter) == ["reviewed", "reviewed"]


def test_reviewers_read_of_their_own_people_alone(recruiter, reviewer, application):
    decisions.move(application, stage_of(application.job, "Interview"), member=recruiter)

    assert verbs(reviewer) == []
    join_job(application.job, reviewer)
    assert verbs(reviewer) == ["moved"]
    assert verbs(make_member()) == []


def test_an_anonymous_person_is_not_named(recruiter, reviewer, application):
    application.job.anonymised = True
    application.job.save()
    join_job(application.job, reviewer)
    people.edit_candidate(application.candidate, {"headline": "Queen of Sheba"}, member=recruiter)
    decisions.move(application, stage_of(application.job, "Interview"), member=recruiter)

    page = feed(reviewer).content.decode()

    assert verbs(reviewer) == ["moved"]
    assert "Mina" not in page
    assert "Sheba" not in page


@pytest.mark.parametrize("verb", IDENTIFYING)
def test_no_entry_that_tells_who_somebody_is_reaches_a_reviewer_of_an_anonymous_job(
    recruiter, reviewer, application, verb
):
    application.job.anonymised = True
    application.job.save()
    join_job(application.job, reviewer)
    activity.record(verb, actor=recruiter, candidate=application.candidate, source="Kombo", other="Mina Petrov")

    assert verbs(reviewer, "?kind=all") == []


def test_pages_lead_on_and_back(recruiter, application):
    for number in range(51):
        activity.record("tagged", actor=recruiter, candidate=application.candidate, tag=f"tag {number}")
    first = feed(recruiter).context["page"]
    second = feed(recruiter, first.next_url).context["page"]

    assert [entry.data["tag"] for entry in second.rows] == ["tag 0"]
    assert feed(recruiter, second.previous_url).context["page"].rows == first.rows


def test_it_takes_as_many_queries_for_30_entries_as_for_one(recruiter, application):
    client, url = signed_in(recruiter), reverse("candidates:activity")
    activity.record("tagged", actor=recruiter, application=application, tag="one")
    few = queries_of(client, url)
    for _number in range(30):
        person = make_candidate(recruiter.workspace)
        activity.record("tagged", actor=make_member(recruiter.workspace), application=make_application(person), tag="x")

    assert queries_of(client, url) == few <= MOST


def test_every_verb_that_is_written_has_its_sentence():
    """No entry falls back on the verb's own name."""
    from candidates.domain import sentences

    told = [
        verb.strip()
        for verb in activity.__doc__.split("Verbs and their ``data``:")[1].split("``")
        if verb.strip(" ;,.\n")
    ]
    names = {word.split()[0] for word in told if word[0].isalpha()} - {"undone"}
    assert names <= set(sentences.SENTENCES), names - set(sentences.SENTENCES)


@pytest.mark.parametrize(
    "verb, data, words",
    [
        ("moved", {"from": "", "to": "Offer"}, "moved ~ to Offer"),
        ("reviewed", {"answer": "verdict", "verdict": "strong_yes"}, "gave ~ Strong yes"),
        ("reviewed", {"answer": "recuse", "verdict": ""}, "recused themselves from ~"),
        ("undone", {"undone": "reject"}, "undid the rejection of ~"),
        ("push_refused", {"kind": "move", "message": "No {such} stage"}, "refused the move of ~: No {such} stage"),
        ("push_settled", {"kind": "note", "source": "X", "arrived": True}, "said that a note of ~ arrived in X"),
        ("something_new", {}, "something new ~"),
    ],
)  # fmt: skip
def test_a_sentence_is_plain(verb, data, words):
    from candidates.domain.sentences import sentence

    parts = sentence(Activity(verb=verb, data=data))

    assert "".join("~" if part.kind == "person" else part.text for part in parts) == words


def test_what_is_done_to_a_connection_is_told_of_the_connection(recruiter):
    activity.record("connection_paused", actor=recruiter, source="Greenhouse")
    assert "paused the connection of <b><bdi>Greenhouse</bdi></b>" in feed(recruiter).content.decode()
