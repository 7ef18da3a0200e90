"""The inbox of rows that were set aside: over all connections, narrowed, settled once, and told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.models import Activity
from recruitment.models import Role
from tests import factories as make
from tests.api import Api, ids
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db

INBOX = reverse("integrations:problems")


@pytest.fixture
def recruiter():
    return make.make_member(full_name="Lena Brandt")


@pytest.fixture
def run(recruiter):
    return make.make_run(make.make_connection(recruiter.workspace, "Greenhouse"))


def rows(member, query=""):
    return [problem.external_id for problem in signed_in(member).get(INBOX + query).context["rows"]]


def settle(member, problem, act, **data):
    return signed_in(member).post(reverse("integrations:problem", args=[problem.pk]), {"act": act, **data})


class TestInbox:
    def test_it_shows_open_rows_of_all_connections_the_newest_first(self, recruiter, run):
        other = make.make_run(make.make_connection(recruiter.workspace, "Lever"))
        make.make_problem(run, "a")
        make.make_problem(run, "b", state="discarded")
        make.make_problem(other, "c", stream="jobs")
        make.make_problem(make.make_run(make.make_connection(make.make_workspace())), "theirs")
        assert rows(recruiter) == ["c", "a"]
        assert rows(recruiter, f"?connection={run.connection_id}") == ["a"]
        assert rows(recruiter, "?stream=jobs") == ["c"]
        assert rows(recruiter, "?state=discarded") == ["b"]
        assert rows(recruiter, "?connection=x&stream=y&state=z") == ["c", "a"]

    def test_what_came_and_why_stand_there(self, recruiter, run):
        make.make_problem(run, "a", reason="No <b>id</b>.", payload={"name": "<script>x</script>"})
        shown = signed_in(recruiter).get(INBOX).content.decode()
        assert ("No &lt;b&gt;id&lt;/b&gt;." in shown, "<script>x" in shown) == (True, False)

    def test_home_and_the_connection_lead_there(self, recruiter, run):
        make.make_problem(run)
        client = signed_in(recruiter)
        assert f'href="{INBOX}"' in client.get(reverse("integrations:progress")).content.decode()
        shown = client.get(run.connection.get_absolute_url()).content.decode()
        assert f'href="{INBOX}?connection={run.connection_id}"' in shown

    def test_it_takes_the_same_few_queries_with_1_and_with_20(self, recruiter, run):
        make.make_problem(run)
        client = signed_in(recruiter)
        one = queries_of(client, INBOX)
        for number in range(20):
            make.make_problem(make.make_run(make.make_connection(recruiter.workspace)), f"y{number}")
        assert queries_of(client, INBOX) == one
        assert one <= MOST

    def test_a_reviewer_has_no_inbox(self, run):
        reviewer = make.make_member(run.workspace, Role.REVIEWER)
        assert signed_in(reviewer).get(INBOX).status_code == 403


class TestSettled:
    @pytest.mark.parametrize("act", ["resolved", "discarded", "again"])
    def test_it_is_told_who_settled_it(self, recruiter, run, act):
        settle(recruiter, make.make_problem(run, "a"), act)
        told = Activity.objects.get(verb="problem_settled")
        assert (str(told.actor), told.data["act"], told.data["external_id"]) == ("Lena Brandt", act, "a")

    def test_it_comes_back_to_the_inbox_as_it_was_narrowed(self, recruiter, run):
        back = f"{INBOX}?stream=jobs"
        assert settle(recruiter, make.make_problem(run), "resolved", next=back).url == back
        elsewhere = settle(recruiter, make.make_problem(run, "b"), "resolved", next="//evil.example")
        assert elsewhere.url == reverse("integrations:run", args=[run.pk])


class TestApi:
    def test_it_lists_narrows_and_settles(self, recruiter, run):
        api, problem = Api(recruiter), make.make_problem(run)
        make.make_problem(run, "done", state="resolved")
        assert ids(api.get("sync-problems/?state=open")) == [str(problem.pk)]
        settled = api.post(f"sync-problems/{problem.pk}/settle/", {"act": "discarded"})
        assert (settled.status_code, settled.json()["state"]) == (200, "discarded")
        assert api.post(f"sync-problems/{problem.pk}/settle/", {"act": "again"}).status_code == 409
        assert api.post(f"sync-problems/{problem.pk}/settle/", {"act": "burn"}).status_code == 400
