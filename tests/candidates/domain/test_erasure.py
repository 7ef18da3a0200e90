"""Erased people don't come back with the next import, whatever name they come under."""

import pytest
from django.utils import timezone

from candidates.domain.erasure import erase_candidate
from candidates.domain.intake import intake_candidates
from candidates.domain.profiles import CandidateProfile
from candidates.models import Candidate
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.make_member(role="admin")


def imported(source, external_id, email, name="Ada Lovelace"):
    fields = {"full_name": name, "emails": [{"value": email, "kind": ""}]}
    return intake_candidates(source, [CandidateProfile(external_id=external_id, fields=fields)], now=timezone.now())


@pytest.mark.parametrize(
    "external_id, email", [("c-1", "ada@example.org"), ("c-1", "new@example.org"), ("c-2", "Ada@Example.org")]
)
def test_the_same_row_or_the_same_address_is_skipped(admin, external_id, email):
    source = make.make_source(admin.workspace)
    imported(source, "c-1", "ada@example.org")
    erase_candidate(Candidate.objects.get(), member=admin, confirm="Ada Lovelace")

    counts = imported(source, external_id, email)

    assert (counts.skipped, counts.created, counts.updated) == (1, 0, 0)
    assert Candidate.objects.present().count() == 0


def test_somebody_else_still_comes_in(admin):
    source = make.make_source(admin.workspace)
    imported(source, "c-1", "ada@example.org")
    erase_candidate(Candidate.objects.get(), member=admin, confirm="Ada Lovelace")

    imported(source, "c-2", "bob@example.org", "Bob Ross")

    assert [candidate.full_name for candidate in Candidate.objects.present()] == ["Bob Ross"]
