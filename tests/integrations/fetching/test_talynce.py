"""CVs that Talynce only names an address of: fetched from where they are, and not from within."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from candidates.models import Attachment, SourceRecord
from integrations import fetching
from integrations.importing import request_sync, run
from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, identifier
from integrations.sandbox.talynce.population import MASKED
from tests import factories as make

INSIDE = "http://169.254.169.254/latest/cv.pdf"


@pytest.fixture
def upstream(settings, tmp_path, db):
    """People imported; the address of one CV leads inside."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    with Sandbox(people=160, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        running.talynce.edit_candidate(identifier("candidate", 1), resume_url=INSIDE)
        connection = make.make_connection(
            make.make_workspace(),
            "Talynce",
            provider="talynce",
            base_url=f"{running.url}/talynce",
            credentials={"api_key": API_KEY},
            options={"requests_per_minute": 100_000},
        )
        run(request_sync(connection).pk)
        yield running


def files_of(place: int) -> list[Attachment]:
    record = SourceRecord.objects.get(kind="candidate", external_id=identifier("candidate", place))
    return list(Attachment.objects.filter(record=record))


def test_cvs_come_from_where_they_are_and_not_from_within(upstream):
    while fetching.fetch_due():
        pass
    [refused] = files_of(1)
    assert (refused.state, refused.failure != "") == ("failed", True)
    others = Attachment.objects.exclude(pk=refused.pk)
    assert set(others.values_list("state", "content_type", "kind")) == {("stored", "application/pdf", "cv")}
    assert [files_of(place) for place in MASKED] == [[], []]
