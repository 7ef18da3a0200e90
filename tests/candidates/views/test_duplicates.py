"""The screens on which two people become one, or stay two."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain.duplicates import look_for_duplicates
from candidates.domain.merges import merge_candidates
from candidates.domain.people import edit_candidate
from candidates.models import Candidate, CandidateMerge, Duplicate
from tests import factories as make
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db

LISTED = reverse("candidates:duplicates")


@pytest.fixture
def job():
    return make.make_job(make.make_workspace(), "Planner")


@pytest.fixture
def lena(job):
    return make.make_member(job.workspace, full_name="Lena Brandt")


@pytest.fixture
def pair(job):
    """The same e-mail, two spellings, both applied for one job."""
    source = make.make_source(job.workspace, "Greenhouse")
    people = [
        make.make_candidate(job.workspace, name, email="mina@example.org", headline=headline)
        for name, headline in (("Mina Petrov", "Planner"), ("M. Petrov", "Dispatcher"))
    ]
    for person in people:
        make.make_application(person, job)
        make.make_record(source, person)
    look(job.workspace)
    return people


def look(workspace):
    look_for_duplicates(workspace.pk, list(Candidate.objects.values_list("pk", flat=True)))


def merge_url(survivor, other):
    return reverse("candidates:merge", args=[survivor.pk, other.pk])


def page(member, url, status=200):
    answer = signed_in(member).get(url)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def seen(*people):
    return [f"{one.pk}:{Candidate.objects.get(pk=one.pk).version}" for one in people]


def test_the_list_says_who_may_be_one_and_why(lena, pair):
    shown = page(lena, LISTED)

    assert "Very likely" in shown
    assert "<span>The same e-mail address</span>" in shown
    assert f'href="{merge_url(*pair)}"' in shown
    assert "from Greenhouse" in shown


def test_the_list_takes_the_same_few_queries_for_1_and_for_30(lena, job, pair):
    client = signed_in(lena)
    queries_of(client, LISTED)
    one = queries_of(client, LISTED)
    for number in range(30):
        for _ in range(2):
            make.make_candidate(job.workspace, "Grace Hopper", email=f"g{number}@example.org")
    look(job.workspace)

    assert queries_of(client, LISTED) == one <= MOST


def test_the_pages_of_two_who_may_be_one_stay_within_the_budget(lena, pair):
    client = signed_in(lena)
    for url in (merge_url(*pair), pair[0].get_absolute_url()):
        queries_of(client, url)
        assert queries_of(client, url) <= MOST


def test_different_people_leave_the_list_for_good(lena, job, pair):
    url = reverse("candidates:duplicate_dismiss", args=[Duplicate.objects.get().pk])
    answer = signed_in(lena).post(url, {"next": "https://evil.example/"})

    assert answer.headers["Location"] == LISTED
    look(job.workspace)
    assert "Nobody seems to be here twice" in page(lena, LISTED)


def test_the_page_of_a_person_names_the_likely_twin(lena, job, pair):
    assert "This may be <bdi>M. Petrov</bdi> as well:" in page(lena, pair[0].get_absolute_url())
    reviewer = make.make_member(job.workspace, "reviewer")
    make.join_job(job, reviewer)
    assert "This may be" not in page(reviewer, pair[0].get_absolute_url())


def test_what_differs_is_chosen_and_both_become_one(lena, pair):
    shown = page(lena, merge_url(*pair))
    assert "Both applied for the same job." in shown
    assert 'name="keep-headline" value="ours" checked' in shown

    answer = signed_in(lena).post(merge_url(*pair), {"keep-headline": "theirs", "seen": seen(*pair)})

    assert answer.headers["Location"] == pair[0].get_absolute_url()
    pair[0].refresh_from_db()
    assert (pair[0].headline, pair[0].applications.count()) == ("Dispatcher", 2)
    old = signed_in(lena).get(pair[1].get_absolute_url())
    assert (old.status_code, old.headers["Location"]) == (302, pair[0].get_absolute_url())


def test_no_verdict_shows_before_the_merge(lena, job, pair):
    job.blind = True
    job.save()
    reviewer = make.make_member(job.workspace, full_name="Rob Ray")
    make.make_review(pair[0].applications.get(), reviewer, "strong_no", comment="Not him")

    shown = page(lena, merge_url(*pair))

    assert "Strong no" not in shown
    assert "Not him" not in shown
    assert "Rob Ray" not in shown


def test_whoever_was_edited_meanwhile_is_shown_again_with_the_choices(lena, pair):
    old = seen(*pair)
    edit_candidate(pair[1], {"headline": "Head of planning"}, member=lena)

    answer = signed_in(lena).post(merge_url(*pair), {"keep-headline": "theirs", "seen": old})

    assert answer.status_code == 409
    shown = " ".join(answer.content.decode().split())
    assert "Somebody changed one of them meanwhile" in shown
    assert "Head of planning" in shown
    assert 'name="keep-headline" value="theirs" checked' in shown
    assert not CandidateMerge.objects.exists()


@pytest.mark.parametrize("data", [{"keep-headline": "both"}, {"seen": "x"}, {"seen": "x:y"}])
def test_a_form_that_nobody_was_given_does_nothing(lena, pair, data):
    assert signed_in(lena).post(merge_url(*pair), data).status_code in (404, 422)
    assert not CandidateMerge.objects.exists()


def test_taking_apart_says_what_is_kept(lena, pair):
    merged = merge_candidates(*pair, member=lena)
    assert "With <bdi>M. Petrov</bdi>" in page(lena, pair[0].get_absolute_url())
    edit_candidate(pair[0], {"emails": [{"value": "new@example.org"}]}, member=lena)

    client = signed_in(lena)
    answer = client.post(reverse("candidates:unmerge", args=[merged.pk]), follow=True)

    shown = answer.content.decode()
    assert "Mina Petrov and M. Petrov are two again." in shown
    again = client.post(reverse("candidates:unmerge", args=[merged.pk]), headers={"HX-Request": "true"})
    assert again.headers["HX-Redirect"] == pair[0].get_absolute_url()
    assert Candidate.objects.present().count() == 2


def test_a_source_that_is_somebody_elses_is_split_off_after_a_question(lena, pair):
    record = make.make_record(
        make.make_source(lena.workspace, "Talynce"), pair[0], imported={"full_name": "Mina of Talynce"}
    )
    url = reverse("candidates:split", args=[pair[0].pk, record.pk])
    assert f'href="{url}"' in page(lena, pair[0].get_absolute_url())
    assert "Not the same person?" in page(lena, url)

    answer = signed_in(lena).post(url)

    made = Candidate.objects.get(full_name="Mina of Talynce")
    assert answer.headers["Location"] == made.get_absolute_url()
    assert signed_in(lena).get(url).status_code == 404
    only = reverse("candidates:split", args=[pair[0].pk, pair[0].records.get().pk])
    assert signed_in(lena).post(only).headers["Location"] == pair[0].get_absolute_url()
