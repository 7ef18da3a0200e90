"""A column's default is nobody's word: the first import takes what the source says."""

import pytest
from django.utils import timezone

from candidates.domain.intake import intake_candidates, intake_jobs
from candidates.domain.profiles import CandidateProfile, JobProfile
from candidates.enums import JobStatus
from candidates.models import Candidate, FieldConflict, Job
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_closed_job_comes_in_closed():
    source = make.make_source(make.make_workspace())
    intake_jobs(source, [JobProfile("j-1", {"title": "Planner", "status": "closed"})], now=timezone.now())
    assert Job.objects.get().status == JobStatus.CLOSED


def test_a_confidential_person_comes_in_confidential_and_without_a_conflict():
    source = make.make_source(make.make_workspace())
    profile = CandidateProfile("c-1", {"full_name": "Mina Petrov", "confidential": True})
    intake_candidates(source, [profile], now=timezone.now())
    assert Candidate.objects.get().confidential is True
    assert not FieldConflict.objects.exists()
