"""What a dry run says that an import would do."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain.erasure import erase_candidate
from candidates.models import Activity, Candidate, SourceRecord
from integrations.models import SyncStream
from recruitment.models import Role
from tests.candidates.views.screens import signed_in
from tests.factories import make_member, make_token
from tests.integrations.importing.conftest import counts, stream
from tests.integrations.importing.scripted import job, people, person, scripted

pytestmark = pytest.mark.django_db


@pytest.fixture
def rehearsed(monkeypatch, sync):
    """30 people are there; two have changed meanwhile, one is new, and nothing of it has been written."""
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(30, applications=1)
        upstream.rows["jobs"] = [job(0)]
        sync(connection, mode="full")
        upstream.people[3] = person(3, applications=1, current_title="Chief <b>of</b> everything")
        upstream.people[14] = person(14, applications=1, emails=[{"value": "ada@example.org", "kind": "work"}])
        upstream.people.append(person(77, applications=1))
        upstream.rows["jobs"][0].fields["title"] = "Head of jobs"
        before = Activity.objects.count()
        done = sync(connection, mode="full", dry_run=True)
        assert (Candidate.objects.count(), Activity.objects.count()) == (30, before)
        yield connection, done


def test_it_counts_and_names_who_would_be_new_and_what_would_change(rehearsed):
    _connection, done = rehearsed
    assert counts(done) == {"fetched": 31, "created": 1, "updated": 2, "unchanged": 28}
    assert stream(done).examples == [
        {
            "change": "changed",
            "name": "Ada Number 3",
            "external_id": "c3",
            "fields": {"current_title": [None, "Chief <b>of</b> everything"]},
        },
        {
            "change": "changed",
            "name": "Ada Number 14",
            "external_id": "c14",
            "fields": {"emails": [None, "ada@example.org"]},
        },
        {"change": "new", "name": "Ada Number 77", "external_id": "c77", "fields": {}},
    ]
    assert [one["fields"] for one in stream(done, "jobs").examples] == [{"title": ["Job 0", "Head of jobs"]}]


def test_the_screen_and_the_api_show_the_examples(rehearsed, client):
    connection, done = rehearsed
    admin = make_member(connection.workspace, role=Role.ADMIN)
    page = signed_in(admin).get(reverse("integrations:run", args=[done.pk])).content.decode()
    assert "Ada Number 77" in page
    assert "Chief &lt;b&gt;of&lt;/b&gt; everything" in page
    assert "Would be new" in page

    headers = {"Authorization": f"Bearer {make_token(admin)}"}
    answer = client.get(f"/api/v1/sync-runs/{done.pk}/", headers=headers).json()
    found = {row["name"]: row["examples"] for row in answer["streams"]}
    assert found["candidates"] == stream(done).examples


def test_there_are_few_however_much_would_change(monkeypatch, sync):
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(60)
        done = sync(connection, mode="full", dry_run=True)
    assert (len(stream(done).examples), counts(done)["created"]) == (10, 60)


def test_an_import_keeps_no_examples(monkeypatch, sync):
    with scripted(monkeypatch) as (upstream, connection):
        upstream.rows["candidates"] = people(5)
        assert stream(sync(connection, mode="full")).examples == []


def test_whoever_is_erased_is_no_example_any_more(rehearsed):
    connection, _done = rehearsed
    someone = SourceRecord.objects.get(kind="candidate", external_id="c3").candidate
    erase_candidate(someone, member=make_member(connection.workspace, role=Role.ADMIN), confirm=someone.display_name)
    assert "Number 3" not in str(SyncStream.objects.values_list("examples", flat=True))
