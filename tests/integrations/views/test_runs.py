"""Imports on screen: live, over, and listed; and what they set aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrations.models import StreamMark, SyncProblem, SyncRun
from recruitment.models import Role
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.factories import make_connection, make_member, make_problem, make_run, make_stream

pytestmark = pytest.mark.django_db
RUNS = "/connections/runs/"
PROGRESS = "/connections/progress/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def recruiter():
    return make_member(full_name="Leo Brandt")


@pytest.fixture
def connection(recruiter):
    return make_connection(recruiter.workspace, "Greenhouse")


@pytest.fixture
def running(connection):
    run = make_run(connection, state="running", started_at=timezone.now() - timedelta(seconds=10))
    make_stream(run, "jobs", 0, complete=True, pages=1, fetched=10, created=10)
    make_stream(
        run, "candidates", 1, started_at=run.started_at, pages=2, fetched=90, created=60, updated=20, set_aside=10
    )
    return run


def url_of(run: SyncRun) -> str:
    return reverse("integrations:run", args=[run.pk])


class TestRun:
    def test_numbers_of_all_lists_add_up(self, recruiter, running):
        totals = signed_in(recruiter).get(url_of(running)).context["progress"].totals
        parts = ("created", "updated", "unchanged", "set_aside", "skipped")
        assert totals["fetched"] == sum(totals[name] for name in parts) == 100

    def test_it_says_how_fast_and_how_long_still_where_a_total_is_known(self, recruiter, running):
        client = signed_in(recruiter)
        progress = client.get(url_of(running)).context["progress"]
        assert (progress.rate, progress.left) == (10, "")
        running.streams.filter(name="candidates").update(total=1090)
        progress = client.get(url_of(running)).context["progress"]
        assert (progress.expected, progress.left) == (1100, "1 min 40 s")

    def test_a_live_page_hears_nothing_until_something_moves_and_stops_at_the_end(self, recruiter, running):
        client = signed_in(recruiter)
        mark = client.get(url_of(running)).context["progress"].mark
        ask = f"{url_of(running)}?seen={mark}"
        assert client.get(ask, headers=HTMX).status_code == 204
        running.streams.filter(name="candidates").update(pages=3, fetched=340, created=310)
        assert 'hx-trigger="every 1s"' in client.get(ask, headers=HTMX).content.decode()
        SyncRun.objects.update(state="succeeded", finished_at=timezone.now())
        last = client.get(ask, headers=HTMX)
        assert "hx-trigger" not in last.content.decode()
        assert "is over" in last["HX-Trigger"]

    def test_waiting_says_until_when(self, recruiter, running):
        until = timezone.now() + timedelta(minutes=5)
        SyncRun.objects.update(resume_at=until)
        page = signed_in(recruiter).get(url_of(running)).content.decode()
        assert f"goes on at {until:%H:%M:%S} UTC" in page

    @pytest.mark.parametrize(
        "code, advice",
        [
            ("PLATFORM.AUTHENTICATION_INVALID", "A new API key has to be entered."),
            ("INTEGRATION.SETUP_SYNC_PENDING", "Nothing to do: the import goes on by itself when the setup is done."),
            ("timeout", "Nothing to do: the next import goes on where this one stopped."),
        ],
    )
    def test_a_failure_says_what_happened_and_what_to_do(self, recruiter, connection, code, advice):
        run = make_run(connection, state="failed", error_code=code, error_message="Kombo said <no>.")
        page = signed_in(recruiter).get(url_of(run)).content.decode()
        assert "Kombo said &lt;no&gt;." in page
        assert advice in page

    def test_jobs_without_people_are_explained_and_nobody_was_deleted(self, recruiter, connection):
        run = make_run(connection, mode="full")
        make_stream(run, "jobs", 0, complete=True, fetched=5, created=5)
        make_stream(run, "candidates", 1, complete=True)
        client = signed_in(recruiter)
        assert "sync only created candidates" in client.get(url_of(run)).content.decode()
        run.streams.filter(name="candidates").update(since=timezone.now())
        assert "sync only created candidates" not in client.get(url_of(run)).content.decode()

    def test_a_dry_run_speaks_in_the_conditional(self, recruiter, connection):
        run = make_run(connection, dry_run=True)
        make_stream(run, complete=True, fetched=5, created=5)
        page = signed_in(recruiter).get(url_of(run)).content.decode()
        assert "Would be new" in page
        assert "Nothing was written" in page

    def test_it_is_stopped_after_the_page_in_hand(self, recruiter, running):
        SyncRun.objects.update(lease_token=running.pk)
        signed_in(recruiter).post(reverse("integrations:run_cancel", args=[running.pk]))
        running.refresh_from_db()
        assert (running.state, running.cancel_requested) == ("running", True)

    def test_stopping_one_that_is_over_changes_nothing(self, recruiter, connection):
        run = make_run(connection)
        answer = signed_in(recruiter).post(reverse("integrations:run_cancel", args=[run.pk]), follow=True)
        assert "This import is over already." in answer.content.decode()

    def test_strangers_and_reviewers_see_none(self, running, recruiter):
        assert signed_in(make_member(role=Role.ADMIN)).get(url_of(running)).status_code == 404
        assert signed_in(make_member(recruiter.workspace, Role.REVIEWER)).get(url_of(running)).status_code == 403

    def test_it_takes_the_same_few_queries_for_1_and_for_30(self, recruiter, running):
        make_problem(running)
        client = signed_in(recruiter)
        one = queries_of(client, url_of(running))
        for number in range(29):
            make_problem(running, f"y{number}")
            make_stream(running, f"more{number}", 2 + number)
        assert queries_of(client, url_of(running)) == one <= MOST


class TestRuns:
    def listed(self, member, query: str = "") -> list[SyncRun]:
        return signed_in(member).get(RUNS + query).context["page"].rows

    def test_newest_first_by_connection_and_by_state(self, recruiter, connection):
        first = make_run(connection, state="failed")
        second = make_run(make_connection(recruiter.workspace, "Lever"))
        make_run(make_connection(make_member().workspace))
        assert self.listed(recruiter) == [second, first]
        assert self.listed(recruiter, f"?connection={connection.pk}") == [first]
        assert self.listed(recruiter, "?state=succeeded") == [second]
        assert self.listed(recruiter, "?state=nonsense&connection=nonsense") == [second, first]

    def test_it_takes_the_same_few_queries_for_1_and_for_30(self, recruiter, connection):
        make_stream(make_run(connection))
        client = signed_in(recruiter)
        one = queries_of(client, RUNS)
        for _ in range(29):
            make_stream(make_run(connection, requested_by=recruiter))
        assert queries_of(client, RUNS) == one <= MOST


class TestProgress:
    def test_home_hears_of_running_imports_until_they_are_over(self, recruiter, running):
        client = signed_in(recruiter)
        assert "was=running" in client.get(PROGRESS, headers=HTMX).content.decode()
        SyncRun.objects.update(state="succeeded")
        over = client.get(f"{PROGRESS}?was=running", headers=HTMX).content.decode()
        assert "The import is over." in over
        assert "hx-trigger" not in over
        assert client.get(PROGRESS, headers=HTMX).content.decode().strip() == '<div id="import-progress"></div>'

    def test_home_hears_of_connections_that_need_somebody(self, recruiter):
        make_connection(recruiter.workspace, "Lever", health="reconnect", health_detail="The key is wrong.")
        assert "The key is wrong." in signed_in(recruiter).get(PROGRESS).content.decode()

    def test_home_hears_of_rows_that_nobody_has_seen_to(self, recruiter):
        run = make_run(make_connection(recruiter.workspace))
        for external_id in ("x1", "x2"):
            make_problem(run, external_id)
        page = signed_in(recruiter).get(PROGRESS).content.decode()
        assert "2 rows could not be read." in page
        assert 'href="/connections/problems/"' in page

    def test_reviewers_and_strangers_hear_nothing(self, recruiter, running):
        for member in (make_member(recruiter.workspace, Role.REVIEWER), make_member()):
            assert signed_in(member).get(PROGRESS).content.decode().strip() == '<div id="import-progress"></div>'


class TestProblems:
    @pytest.fixture
    def run(self, connection):
        run = make_run(connection)
        make_stream(run, since=timezone.now() - timedelta(days=1), complete=True)
        return run

    def act(self, member, problem: SyncProblem, act: str):
        return signed_in(member).post(reverse("integrations:problem", args=[problem.pk]), {"act": act}, follow=True)

    def test_what_came_is_shown_escaped_with_the_reason(self, recruiter, run):
        make_problem(run, payload={"name": "<script>alert(1)</script>", "ø": [1, None]}, reason="No <b>id</b>.")
        page = signed_in(recruiter).get(url_of(run)).content.decode()
        assert "&quot;name&quot;: &quot;&lt;script&gt;alert(1)&lt;/script&gt;&quot;" in page
        assert "No &lt;b&gt;id&lt;/b&gt;." in page
        assert "<script>alert" not in page

    @pytest.mark.parametrize("act", ["resolved", "discarded"])
    def test_a_problem_is_closed_once(self, recruiter, run, act):
        problem = make_problem(run)
        self.act(recruiter, problem, act)
        problem.refresh_from_db()
        assert problem.state == act
        assert "Somebody has seen to this already." in self.act(recruiter, problem, "resolved").content.decode()

    def test_reading_again_goes_back_to_where_the_row_was_and_starts_an_import(self, recruiter, run, connection):
        stream = run.streams.get()
        now = timezone.now()
        mark = StreamMark.objects.create(
            workspace=connection.workspace, connection=connection, stream="candidates", read_until=now, full_at=now
        )
        problem = make_problem(run)

        self.act(recruiter, problem, "again")

        mark.refresh_from_db()
        problem.refresh_from_db()
        assert (mark.read_until, mark.full_at, problem.state) == (stream.since, now, "resolved")
        assert SyncRun.objects.filter(state="queued", requested_by=recruiter).count() == 1

    def test_after_a_walk_over_everything_everything_of_that_list_is_read_again(self, recruiter, run, connection):
        run.streams.update(since=None)
        now = timezone.now()
        mark = StreamMark.objects.create(
            workspace=connection.workspace, connection=connection, stream="candidates", read_until=now, full_at=now
        )
        self.act(recruiter, make_problem(run), "again")
        mark.refresh_from_db()
        assert mark.full_at is None

    def test_not_while_an_import_is_at_work(self, recruiter, run, connection):
        problem = make_problem(run)
        make_run(connection, state="running")
        assert "An import is at work." in self.act(recruiter, problem, "again").content.decode()
        problem.refresh_from_db()
        assert problem.state == "open"

    def test_a_stranger_has_no_problem(self, run):
        problem = make_problem(run)
        assert self.act(make_member(role=Role.ADMIN), problem, "resolved").status_code == 404
        problem.refresh_from_db()
        assert problem.state == "open"
