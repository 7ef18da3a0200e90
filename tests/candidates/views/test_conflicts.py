"""Fields on which a source and we differ: on the person's page, in the list, chosen, and gone by themselves."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from candidates.domain import decisions
from candidates.domain.people import edit_candidate
from candidates.models import Activity, FieldConflict
from recruitment.models import Role
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db

LISTED = reverse("candidates:conflicts")
THEIRS = [{"value": "mina@work.example", "kind": "work"}]


@pytest.fixture
def job():
    return make.make_job(make.make_workspace(), "Planner")


@pytest.fixture
def lena(job):
    return make.make_member(job.workspace, Role.RECRUITER, full_name="Lena Brandt")


@pytest.fixture
def source(job):
    return make.make_source(job.workspace, "Greenhouse")


@pytest.fixture
def mina(job, lena):
    person = make.make_candidate(job.workspace, "Mina Petrov", headline="was")
    edit_candidate(person, {"headline": "ours"}, member=lena)
    person.refresh_from_db()
    return person


@pytest.fixture
def conflict(mina, source):
    return make.make_conflict(source, mina)


def origins_of(person):
    return reverse("candidates:candidate", args=[person.pk], query={"tab": "origins"})


def resolve(member, conflict, keep, **data):
    address = reverse("candidates:conflict_resolve", args=[conflict.pk])
    return signed_in(member).post(address, {"keep": keep, **data})


def state_of(conflict):
    conflict.refresh_from_db()
    return conflict.state


class TestShown:
    @pytest.mark.parametrize("page", ["person", "list"])
    def test_all_three_sides_stand_beside_each_other_with_who(self, lena, mina, conflict, page):
        shown = signed_in(lena).get(origins_of(mina) if page == "person" else LISTED).content.decode()
        sides = shown.split('<div class="sides">')[1].split("</article>")[0]
        assert re.findall(r'"value"><bdi>(.*?)</bdi>', sides) == ["old", "ours", "theirs"]
        assert "Ours, edited by Lena Brandt, <time" in sides
        assert "Greenhouse</bdi>, noticed <time" in sides

    def test_lists_and_objects_are_lines(self, lena, mina, source):
        make.make_conflict(source, mina, "emails", base=[], ours=[], theirs=[*THEIRS, {"value": "m@x.example"}])
        make.make_conflict(source, mina, "location", base=None, ours={}, theirs={"raw": "Ulm", "country": "Germany"})
        shown = signed_in(lena).get(LISTED).content.decode()
        assert "mina@work.example (work)\nm@x.example</bdi>" in shown
        assert "Ulm\nGermany</bdi>" in shown

    def test_the_list_narrows_to_a_source(self, lena, mina, conflict):
        other = make.make_conflict(make.make_source(mina.workspace, "Lever"), mina)
        rows = signed_in(lena).get(f"{LISTED}?source={other.source_id}").context["rows"]
        assert [row for row, _side in rows] == [other]

    def test_a_reviewer_sees_no_choice(self, mina, conflict, job):
        reviewer = make.make_member(job.workspace, Role.REVIEWER)
        make.join_job(job, reviewer)
        make.make_application(mina, job)
        assert "Keep ours" not in signed_in(reviewer).get(origins_of(mina)).content.decode()

    def test_the_list_takes_the_same_few_queries_with_1_and_with_20(self, lena, conflict):
        client = signed_in(lena)
        one = queries_of(client, LISTED)
        for number in range(20):
            person = make.make_candidate(conflict.workspace)
            application = make.make_application(person, make.make_job(conflict.workspace))
            source = make.make_source(conflict.workspace, f"System {number}")
            make.make_conflict(source, person, "stage", application=application, theirs={"id": "x", "name": "Offer"})
        assert queries_of(client, LISTED) == one
        assert one <= MOST


class TestChoice:
    def test_it_comes_back_to_the_page_it_was_made_on(self, lena, mina, conflict):
        assert resolve(lena, conflict, "ours", next=origins_of(mina)).url == origins_of(mina)

    def test_it_does_not_lead_to_another_host(self, lena, conflict):
        assert resolve(lena, conflict, "ours", next="https://evil.example/").url == LISTED

    def test_taking_theirs_is_told_with_before_and_after(self, lena, mina, conflict):
        resolve(lena, conflict, "theirs")
        told = Activity.objects.get(verb="conflict_resolved")
        assert (str(told.actor), told.data["fields"]) == ("Lena Brandt", {"headline": ["ours", "theirs"]})

    def test_taking_one_source_s_word_settles_another_s_that_is_the_same(self, lena, mina, conflict):
        same = make.make_conflict(make.make_source(mina.workspace, "Lever"), mina)
        resolve(lena, conflict, "theirs")
        assert state_of(same) == "ours"


class TestGoneByItself:
    def test_typing_what_they_say_ends_it(self, lena, mina, conflict):
        edit_candidate(mina, {"headline": "theirs"}, member=lena)
        assert state_of(conflict) == "ours"

    def test_typing_something_else_leaves_it_open_with_the_new_value(self, lena, mina, conflict):
        edit_candidate(mina, {"headline": "Something else"}, member=lena)
        assert (state_of(conflict), conflict.ours) == ("open", "Something else")

    def test_moving_to_where_they_are_ends_it(self, lena, mina, job, source):
        application = make.make_application(mina, job)
        offer = make.stage_of(job, "Offer")
        theirs = {"id": str(offer.pk), "external_id": "s4", "name": "Offer"}
        conflict = make.make_conflict(source, mina, "stage", application=application, theirs=theirs)
        decisions.move(application, offer, member=lena)
        assert state_of(conflict) == "ours"

    def test_rejecting_here_what_is_rejected_there_ends_it(self, lena, mina, job, source):
        application = make.make_application(mina, job)
        conflict = make.make_conflict(source, mina, "outcome", application=application, theirs="rejected")
        decisions.reject(application, make.make_reason(job.workspace), member=lena)
        assert state_of(conflict) == "ours"


def test_the_api_says_who_gave_ours(lena, conflict):
    shown = Api(lena).get("conflicts/").json()["results"][0]
    assert (shown["ours_by"], shown["ours"]) == ("Lena Brandt", "ours")
    assert FieldConflict.objects.get().target.provenance["headline"]["at"] == shown["ours_since"]
