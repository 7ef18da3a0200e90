"""CVs of LinkedIn applicants cost a credit each: one is fetched when somebody asks for it, and typed by its content."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from candidates.domain.fetching import ask_for_attachment
from candidates.models import Attachment
from integrations import fetching
from integrations.importing import request_sync, run
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, POSTINGS
from integrations.sandbox.server import Sandbox
from tests import factories as make

JOB = POSTINGS[0].job_id
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def upstream(settings, tmp_path, db):
    """Applicants of one job, imported."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    with Sandbox(people=80) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        connection = make.make_connection(
            make.make_workspace(),
            "LinkedIn",
            provider="linkup",
            base_url=f"{running.url}/linkup",
            credentials={"api_key": API_KEY, "account_id": ACCOUNT_ID},
            options={"job_ids": [JOB]},
        )
        run(request_sync(connection).pk)
        yield running


def cv(upstream, case: str) -> Attachment:
    return Attachment.objects.get(external_id=f"{JOB}:{upstream.linkup.special(case)}")


def test_nobodys_cv_is_fetched_before_somebody_asks(upstream):
    spent = upstream.linkup.store.spent
    fetching.fetch_due()

    assert Attachment.objects.count() == len(upstream.linkup.listed(JOB))
    assert set(Attachment.objects.values_list("state", "due_at")) == {("waiting", None)}
    assert upstream.linkup.store.spent == spent


def test_a_cv_that_is_asked_for_costs_a_credit_once_and_is_what_its_bytes_say(upstream):
    spent = upstream.linkup.store.spent
    mislabelled, none = cv(upstream, "word as pdf"), cv(upstream, "no cv")
    for wanted in (mislabelled, none):
        ask_for_attachment(wanted)
    while fetching.fetch_due():
        pass
    mislabelled.refresh_from_db()
    none.refresh_from_db()

    assert (mislabelled.state, mislabelled.content_type, mislabelled.kind) == ("stored", WORD, "cv")
    assert (none.state, none.failure != "") == ("failed", True)
    assert upstream.linkup.store.spent == spent + 2
    assert fetching.fetch_due() == 0
