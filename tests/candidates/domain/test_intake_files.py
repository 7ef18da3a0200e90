"""Which files a source has of people: rows that wait, versions that replace one another, and no work for the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import intake_candidates
from candidates.domain.profiles import ApplicationProfile, CandidateProfile, FileProfile
from candidates.models import Attachment, Candidate, SourceRecord
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make.make_source(make.make_workspace())


def take(source, *files, people=("c-1",), name="Ada Lovelace"):
    rows = [
        CandidateProfile(
            external_id=person,
            fields={"full_name": name},
            files=list(files),
            applications=[ApplicationProfile(f"a-{person}", None, job_title="Engineer")],
        )
        for person in people
    ]
    return intake_candidates(source, rows, now=timezone.now())


def state(*columns):
    return list(Attachment.objects.order_by("pk").values_list(*columns))


def test_files_of_a_row_wait_to_be_fetched(source):
    take(source, FileProfile("f-1", "../CV.pdf", "cv", "https://x/1", "1", "a-c-1"), FileProfile("f-2", kind="weird"))

    first, second = Attachment.objects.order_by("pk")
    person = Candidate.objects.get()
    assert (first.file_name, first.kind, first.state, first.url) == ("CV.pdf", "cv", "waiting", "https://x/1")
    assert first.due_at is not None
    assert (first.candidate, first.application) == (person, person.applications.get())
    assert (second.file_name, second.kind, second.application) == ("Other", "other", None)


def test_what_is_listed_again_costs_nothing_and_a_new_link_neither(source):
    take(source, FileProfile("f-1", "CV.pdf", "cv", "https://x/1?sig=a", "1"))
    before = list(Attachment.objects.values()), SourceRecord.objects.get(kind="candidate").fingerprint

    assert take(source, FileProfile("f-1", "CV.pdf", "cv", "https://x/1?sig=b", "1")).unchanged == 1
    with CaptureQueriesContext(connection) as seen:
        take(source, FileProfile("f-1", "CV.pdf", "cv", "https://x/1?sig=c", "1"), name="Ada Byron")

    assert list(Attachment.objects.values()) == before[0]
    assert not [query for query in seen if "candidates_attachment" in query["sql"]]


def test_a_new_version_is_a_new_file_and_the_old_one_is_kept(source):
    take(source, FileProfile("f-1", version="1"))
    Attachment.objects.update(state="stored", due_at=None)
    take(source, FileProfile("f-1", version="2"))

    assert state("version", "state") == [("1", "stored"), ("2", "waiting")]
    assert [replaced is not None for (replaced,) in state("replaced_at")] == [True, False]
    take(source, FileProfile("f-1", version="1"))
    assert [replaced is not None for (replaced,) in state("replaced_at")] == [False, True]
    assert state("version", "state") == [("1", "stored"), ("2", "waiting")]


def test_files_that_are_no_longer_listed_stay_and_silence_says_nothing(source):
    take(source, FileProfile("f-1"))
    take(source)
    intake_candidates(source, [CandidateProfile("c-1", {"full_name": "Ada"})], now=timezone.now())

    assert state("external_id", "replaced_at") == [("f-1", None)]
    take(source, FileProfile("f-1"))
    assert state("external_id", "replaced_at") == [("f-1", None)]


def test_ids_of_any_length_and_twice_in_one_list_are_taken_once(source):
    take(source, FileProfile("x" * 5_000, version="v" * 5_000), FileProfile("f"), FileProfile("f"), FileProfile(""))
    take(source, FileProfile("x" * 5_000, version="v" * 5_000), FileProfile("f"), name="Ada B")

    assert Attachment.objects.count() == 2


def test_thirty_people_cost_as_many_queries_as_one(source):
    def cost(people):
        with CaptureQueriesContext(connection) as seen:
            take(source, FileProfile("f", version=people[0], application_external_id=f"a-{people[0]}"), people=people)
        return len(seen)

    take(source, FileProfile("f", version="0"), people=("c-0",))
    assert cost([f"many-{number}" for number in range(30)]) == cost(["one"])


def test_erasing_takes_files_that_wait_along(source):
    take(source, FileProfile("f-1", "Ada's CV.pdf"))
    admin = make.make_member(source.workspace, "admin")

    erase_candidate(Candidate.objects.get(), member=admin, confirm="Ada Lovelace")

    assert Attachment.objects.count() == 0
    assert SourceRecord.objects.get(kind="candidate").imported == {}
