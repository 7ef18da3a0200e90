"""Where a day starts, for each role."""

import pytest
from django.urls import reverse

from candidates.enums import PushState
from recruitment.models import Role
from tests import factories as make
from tests.candidates.views.screens import MOST, fill, queries_of, signed_in

pytestmark = pytest.mark.django_db
HOME = reverse("home")


@pytest.fixture
def member():
    return make.make_member()


def shown(member):
    return signed_in(member).get(HOME).content.decode()


def test_a_reviewer_sees_who_waits_and_nothing_of_the_rest(member):
    reviewer = make.make_member(member.workspace, Role.REVIEWER)
    mine, other = make.make_job(member.workspace, "Data engineer"), make.make_job(member.workspace, "Head of sales")
    make.join_job(mine, reviewer)
    fill(mine, 2)
    fill(other, 1)
    page = shown(reviewer)
    assert "2 people wait" in page
    assert reverse("candidates:review_job", args=[mine.pk]) in page
    assert [
        words for words in ("Head of sales", "Lately", "import-progress", "Connect a source") if words in page
    ] == []


def test_a_recruiter_sees_what_needs_a_person(member):
    source = make.make_source(member.workspace)
    person = make.make_candidate(member.workspace)
    make.make_push(make.make_record(source, person), member, state=PushState.REFUSED)
    make.make_conflict(source, person)
    page = shown(member)
    assert "1 push needs you." in page
    assert "1 field differs." in page


def test_a_new_workspace_is_asked_to_connect_a_source_and_then_to_wait(member):
    assert "Connect a source" in shown(member)
    make.make_source(member.workspace)
    assert "Nobody has come in yet" in shown(member)
    make.make_candidate(member.workspace)
    page = shown(member)
    assert [words for words in ("Connect a source", "Nobody has come in yet") if words in page] == []


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN])
def test_home_takes_the_same_queries_for_one_row_and_for_thirty(role):
    member = make.make_member(role=role)

    def add():
        job = make.make_job(member.workspace)
        make.join_job(job, member)
        for application in fill(job, 3):
            make.make_push(application.records.get(), make.make_member(member.workspace), state=PushState.REFUSED)

    add()
    client = signed_in(member)
    one = queries_of(client, HOME)
    for _ in range(9):
        add()
    assert (queries_of(client, HOME), one <= MOST) == (one, True)
