"""Lists that show less than the whole, and fields that a source hides and shows again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from candidates.domain.intake import Counts, intake_candidates, intake_jobs
from candidates.domain.profiles import HIDDEN, Unread, Unreads
from candidates.models import Application, Candidate, CandidateIdentity, SourceRecord
from tests import factories as make
from tests.candidates.domain.profiles import a_job, a_person, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    source = make.make_source(make.make_member().workspace)
    intake_jobs(source, [a_job()], now=timezone.now())
    return source


def take(source, *unread) -> Counts:
    return intake_candidates(source, Unreads(list(unread)).unread, now=timezone.now())


def brief(fingerprint="p" * 32, **said) -> Unread:
    return Unread("c1", fingerprint, lambda: a_person(**said), is_brief=True)


def whole(fingerprint="p" * 32 + "q" * 32, **said) -> Unread:
    return Unread("c1", fingerprint, lambda: a_person(applications=[an_application()], **said))


def test_a_list_that_shows_less_brings_people_at_once_and_the_rest_follows(source):
    assert take(source, brief()).created == 1
    assert Application.objects.count() == 0
    take(source, whole())
    assert Application.objects.count() == 1


def test_an_unchanged_person_costs_no_write_in_either_list(source):
    take(source, brief())
    take(source, whole())
    before = SourceRecord.objects.get(external_id="c1").updated_at

    assert [take(source, brief()).unchanged, take(source, whole()).unchanged] == [1, 1]
    assert SourceRecord.objects.get(external_id="c1").updated_at == before


def test_news_in_the_short_list_is_taken_and_leaves_the_applications_alone(source):
    take(source, whole())
    counts = take(source, brief("r" * 32, fields={"current_title": "Lead"}))
    assert (counts.updated, Candidate.objects.get().current_title) == (1, "Lead")
    assert Application.objects.count() == 1
    assert SourceRecord.objects.get(external_id="a1").state == "listed"


def test_a_row_without_a_hash_is_looked_at_each_time(source):
    take(source, whole())
    assert take(source, brief("")).updated == 1


EMAIL = [{"value": "ada@example.org", "kind": ""}]


@pytest.mark.parametrize("known", [[], EMAIL], ids=["nothing known before", "known before"])
def test_a_masked_field_is_hidden_and_comes_back_when_it_is_revealed(source, known):
    take(source, whole("1" * 64, fields={"emails": known}))
    take(source, whole("2" * 64, fields={"emails": HIDDEN}, masked=True))
    person = Candidate.objects.get()
    assert (person.emails, person.provenance["emails"]["hidden"]) == (known, True)
    assert SourceRecord.objects.get(external_id="c1").state == "masked"

    take(source, whole("3" * 64, fields={"emails": EMAIL}))
    person = Candidate.objects.get()
    assert (person.emails, "hidden" in person.provenance["emails"]) == (EMAIL, False)
    assert CandidateIdentity.objects.filter(candidate=person, kind="email").count() == 1


def test_nobody_is_known_by_an_address_that_is_hidden(source):
    for number in range(2):
        row = Unread(f"m{number}", "1" * 64, lambda number=number: a_person(f"m{number}", fields={"emails": HIDDEN}))
        take(source, row)
    assert Candidate.objects.count() == 2
    assert CandidateIdentity.objects.count() == 0
