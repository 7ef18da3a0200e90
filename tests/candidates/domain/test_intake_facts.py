"""Answers, interviews and offers of applications: taken as the source has them, and touched only where they differ."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import intake_facts
from candidates.domain.profiles import FactsProfile
from candidates.models import Application
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import signed_in

pytestmark = pytest.mark.django_db
INTERVIEW = {
    "title": "With <b>the</b> team",
    "starts_at": "2026-03-04T09:00:00.000Z",
    "ends_at": "",
    "place": "Room 2",
    "cancelled": True,
}
ANSWERS = [{"question": "Right to work?", "type": "boolean", "answer": False}]


@pytest.fixture
def source():
    return make.make_source(make.make_workspace())


def known(source, external_id="a-1"):
    application = make.make_application(make.make_candidate(source.workspace, "Ada Lovelace"))
    make.make_record(source, application, external_id)
    return application


def take(source, *profiles):
    return intake_facts(source, list(profiles), now=timezone.now())


def test_facts_are_taken_and_where_nothing_is_said_kept(source):
    application = known(source)
    said = FactsProfile("a-1", ANSWERS, [INTERVIEW], [{"status": "sent", "starts_on": ""}])

    assert take(source, said, FactsProfile("unknown", ANSWERS)).updated == 1
    assert take(source, FactsProfile("a-1")).unchanged == 1
    application.refresh_from_db()
    assert (application.screening_answers, application.interviews) == (ANSWERS, [INTERVIEW])
    assert application.provenance["screening_answers"]["source"] == str(source.pk)
    take(source, FactsProfile("a-1", interviews=[], offers=[]))
    application.refresh_from_db()
    assert (application.screening_answers, application.interviews, application.offers) == (ANSWERS, [], [])


def test_what_is_the_same_is_not_written_and_thirty_cost_as_many_queries_as_one(source):
    rows = [FactsProfile(f"a-{number}", ANSWERS, [INTERVIEW], []) for number in range(30)]
    for row in rows:
        known(source, row.external_id)

    def cost(*some):
        with CaptureQueriesContext(connection) as seen:
            take(source, *some)
        return len(seen)

    assert cost(rows[0]) == cost(*rows[1:])
    before = list(Application.objects.values())
    assert take(source, *rows).unchanged == 30
    assert list(Application.objects.values()) == before


def test_erased_people_get_nothing_back(source):
    application = known(source)
    take(source, FactsProfile("a-1", ANSWERS, [INTERVIEW], []))
    erase_candidate(application.candidate, member=make.make_member(source.workspace, "admin"), confirm="Ada Lovelace")

    assert take(source, FactsProfile("a-1", ANSWERS, [INTERVIEW], [])).skipped == 1
    application.refresh_from_db()
    assert (application.screening_answers, application.interviews, application.offers) == ([], [], [])


def test_the_page_and_the_api_show_them(source):
    application = known(source)
    take(source, FactsProfile("a-1", ANSWERS, [INTERVIEW], [{"status": "sent", "starts_on": "2026-05-01"}]))
    ana = make.make_member(source.workspace)

    for tab in ("profile", "answers"):
        page = signed_in(ana).get(f"/candidates/{application.candidate_id}/?tab={tab}").content.decode()
        for words in ("With &lt;b&gt;the&lt;/b&gt; team", "Cancelled", "4 March 2026, 09:00 UTC", "Offer: <bdi>sent"):
            assert words in page
        assert "starts 1 May 2026" in page
        assert "<bdi>No</bdi>" in page
    shown = Api(ana).get(f"applications/{application.pk}/").json()
    assert (shown["interviews"], shown["offers"]) == ([INTERVIEW], [{"status": "sent", "starts_on": "2026-05-01"}])


def test_whoever_is_reviewed_anonymously_shows_no_interviews(source):
    application = known(source)
    take(source, FactsProfile("a-1", interviews=[INTERVIEW], offers=[]))
    rob = make.make_member(source.workspace, "reviewer")
    make.join_job(application.job, rob)
    application.job.anonymised = True
    application.job.save()

    page = signed_in(rob).get(f"/candidates/{application.candidate_id}/").content.decode()
    assert "With &lt;b&gt;" not in page
