"""What the tests of screens share: a job with people, a signed-in client, and counted queries."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candidates.models import Application, Job, Tag
from recruitment.models import Membership
from tests.factories import (
    make_application,
    make_candidate,
    make_record,
    make_review,
    make_source,
    make_tag,
    tag_candidate,
)

MOST = 12  # queries of a screen (design section 9)


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def fill(job: Job, number: int, *, reviewer: Membership | None = None) -> list[Application]:
    """People with all that a row can show: a title, a tag, a source, a review."""
    workspace = job.workspace
    source = make_source(workspace, "Greenhouse") if number else None
    tag = make_tag(workspace, f"tag {Tag.objects.count()}") if number else None
    made = []
    for index in range(number):
        person = make_candidate(
            workspace, f"Person {index:03}", current_title="Engineer", current_company="Blue Freight"
        )
        tag_candidate(person, tag)
        application = make_application(person, job)
        make_record(source, person)
        make_record(source, application)
        if reviewer:
            make_review(application, reviewer)
        made.append(application)
    return made


def queries_of(client: Client, url: str, **headers: Any) -> int:
    """How many queries the screen takes; it must answer 200."""
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url, headers=headers)
    assert response.status_code == 200
    return len(seen)
