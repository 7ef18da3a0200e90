"""Where a value came from: beside it, in the view “Where from”, and in the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.domain.intake import intake_candidates
from candidates.domain.people import edit_candidate
from candidates.domain.profiles import HIDDEN
from recruitment.models import Role
from tests import factories as make
from tests.api import Api
from tests.candidates.domain.profiles import a_person
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db

NOW = timezone.now()
MAIL = {"emails": [{"value": "mina@example.org", "kind": "work"}]}
LONG_AGO, EARLIER = NOW - timedelta(days=3), NOW - timedelta(hours=2, minutes=5)


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
def mina(job, source):
    """Imported three days ago; her row was seen again two hours ago."""
    intake_candidates(source, [a_person("c1", fields={"headline": "Runs dispatch", **MAIL})], now=LONG_AGO)
    record = source.records.get(kind="candidate")
    source.records.update(last_seen_at=EARLIER)
    return record.candidate


def view(member, candidate, **query):
    address = reverse("candidates:candidate", args=[candidate.pk], query={"tab": "origins", **query})
    return signed_in(member).get(address).content.decode()


def row(shown, field):
    return shown.split(f'<tr id="from-{field}">')[1].split("</tr>")[0]


class TestScreen:
    def test_a_value_of_a_source_says_since_when_and_when_it_was_last_confirmed(self, lena, mina):
        said = row(view(lena, mina), "headline")
        assert ("Runs dispatch" in said, "Kombo" in said) == (True, True)
        assert said.index("3 days ago") < said.index("2 h ago")

    def test_what_a_person_typed_names_the_person(self, lena, mina):
        edit_candidate(mina, {"headline": "Leads dispatch"}, member=lena)
        said = row(view(lena, mina), "headline")
        assert "Edited by Lena Brandt" in said
        assert ("Kombo</bdi> says" in said, "Runs dispatch" in said) == (True, True)

    def test_lists_are_lines_and_never_json(self, lena, mina):
        said = row(view(lena, mina), "emails")
        assert "<li><bdi>mina@example.org (work)</bdi></li>" in said

    def test_beside_the_value_it_is_a_link_into_the_view(self, lena, mina):
        address = reverse("candidates:candidate", args=[mina.pk])
        shown = signed_in(lena).get(address).content.decode()
        assert f'href="{address}?tab=origins#from-emails"' in shown
        assert "E-mail: </span>Kombo, <time" in shown

    def test_the_review_queue_has_it_as_well(self, lena, mina, job):
        make.join_job(job, lena)
        application = make.make_application(mina, job)
        address = reverse("candidates:review_application", args=[job.pk, application.pk], query={"tab": "origins"})
        assert "Runs dispatch" in row(signed_in(lena).get(address).content.decode(), "headline")

    def test_of_an_anonymous_person_nothing_is_told_that_names_them(self, mina, job):
        reviewer = make.make_member(job.workspace, Role.REVIEWER)
        job.anonymised = True
        job.save()
        make.join_job(job, reviewer)
        make.make_application(mina, job)
        shown = view(reviewer, mina)
        assert ("mina@example.org" in shown, 'id="from-full_name"' in shown) == (False, False)

    def test_it_takes_the_same_few_queries_with_1_source_and_with_30(self, lena, mina, job):
        application = make.make_application(mina, job)
        address = reverse("candidates:candidate", args=[mina.pk], query={"tab": "origins"})
        client = signed_in(lena)
        one = queries_of(client, address)
        for number in range(30):
            other = make.make_source(job.workspace, f"System {number}")
            make.make_record(other, mina, imported={"headline": f"Says {number}"})
            make.make_record(other, application, imported={"stage_name": f"Stage {number}"})
            make.make_conflict(other, mina)
        assert queries_of(client, address) == one
        assert one <= MOST


class TestHidden:
    def test_a_masked_field_is_hidden_by_its_provider(self, lena, source):
        intake_candidates(source, [a_person("c2", fields={"emails": HIDDEN})], now=NOW)
        masked = source.records.get(external_id="c2", kind="candidate").candidate
        assert "Hidden by Kombo" in row(view(lena, masked), "emails")
        profile = signed_in(lena).get(reverse("candidates:candidate", args=[masked.pk])).content.decode()
        assert "Hidden by Kombo" in profile

    def test_hiding_a_value_upstream_keeps_ours_and_whose_it_is(self, lena, mina, source):
        edit_candidate(mina, {"headline": "Leads dispatch"}, member=lena)
        intake_candidates(source, [a_person("c1", fields={"headline": HIDDEN, **MAIL})], now=NOW)
        mina.refresh_from_db()
        assert mina.headline == "Leads dispatch"
        assert (mina.provenance["headline"]["by"], mina.provenance["headline"]["hidden"]) == ("Lena Brandt", True)

    def test_a_value_that_is_shown_again_is_no_longer_hidden(self, mina, source):
        intake_candidates(source, [a_person("c1", fields={"headline": HIDDEN, **MAIL})], now=EARLIER)
        again = a_person("c1", fields={"headline": "Runs dispatch", **MAIL})
        intake_candidates(source, [again], now=NOW)
        mina.refresh_from_db()
        assert mina.provenance["headline"] == {"source": str(source.pk), "at": LONG_AGO.isoformat()}


class TestApi:
    def test_each_field_has_its_origin(self, lena, mina, source):
        edit_candidate(mina, {"current_title": "Lead"}, member=lena)
        shown = Api(lena).get(f"candidates/{mina.pk}/").json()["origins"]
        typed = shown["current_title"]
        assert (typed["source"], typed["edited_by"], typed["confirmed_at"]) == (None, "Lena Brandt", None)
        assert shown["headline"] == {
            "source": str(source.pk),
            "source_name": "Kombo",
            "edited_by": None,
            "since": LONG_AGO.isoformat().replace("+00:00", "Z"),
            "confirmed_at": EARLIER.isoformat().replace("+00:00", "Z"),
            "hidden": False,
            "words": "Kombo",
        }
