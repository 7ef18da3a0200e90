"""Django admin: every model, no secret, and no change where history is."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from candidates.domain import activity, decisions
from candidates.enums import PushState
from candidates.models import OutboxEntry
from integrations.models import Connection, SyncRun
from recruitment.models import ApiToken, User
from recruitment.tokens import digest
from tests import factories as make

pytestmark = pytest.mark.django_db

OURS = [
    model for app in ("recruitment", "candidates", "integrations") for model in apps.get_app_config(app).get_models()
]
CANARY = "canary-77d1c2"


@pytest.fixture
def staff(client):
    user = User.objects.create_superuser("staff@example.org", "x")
    client.force_login(user)
    return user


@pytest.fixture
def rows(staff):
    """One of nearly everything, in a workspace where the staff user is an admin."""
    workspace = make.make_workspace()
    member = make.make_member(workspace, "admin", user=staff)
    source = make.make_source(workspace)
    application = make.make_application(make.make_candidate(workspace), make.make_job(workspace))
    make.make_record(source, application)
    make.make_note(application.candidate, member)
    make.make_review(application, member)
    make.tag_candidate(application.candidate, make.make_tag(workspace))
    decisions.move(application, make.stage_of(application.job, "Offer"), member=member)
    activity.record("noted", actor=member, candidate=application.candidate, note="1")
    secret = make.make_token(member)
    Connection.objects.create(
        workspace=workspace,
        source=source,
        provider="kombo",
        name="Kombo",
        base_url="https://api.kombo.dev/v1",
        credentials={"api_key": CANARY},
    )
    return secret


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_and_its_rows_open_without_a_secret(client, rows, model):
    assert model in admin.site._registry
    answers = [client.get(page(model, "changelist"))]
    first = model.objects.first()
    if first is not None:
        answers.append(client.get(page(model, "change", first.pk)))
    ciphertext = Connection.objects.values_list("credentials", flat=True).get()
    assert ciphertext
    for answer in answers:
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert not [secret for secret in (CANARY, rows, digest(rows), "gAAAA") if secret in shown]


@pytest.mark.parametrize("name", ["Activity", "OutboxEntry", "SourceRecord", "Decision", "SyncRun", "PushAttempt"])
def test_history_cannot_be_changed_here(client, rows, name):
    model = next(model for model in OURS if model.__name__ == name)
    first = model.objects.first()
    assert client.get(page(model, "add")).status_code == 403
    if first is not None:
        assert client.post(page(model, "change", first.pk), {}).status_code == 403
        assert client.post(page(model, "delete", first.pk), {"post": "yes"}).status_code == 403


def test_a_push_can_be_sent_again(client, rows):
    OutboxEntry.objects.update(state=PushState.REFUSED, settled_at="2026-01-01T00:00:00Z")
    entry = OutboxEntry.objects.get()
    stage = entry.decision.application.job.stages.get(name="Offer")
    make.make_record(entry.source, stage)
    chosen = {"action": "retry", "_selected_action": [str(entry.pk)]}
    client.post(page(OutboxEntry, "changelist"), chosen)
    assert OutboxEntry.objects.get().state == PushState.WAITING


def test_an_import_can_be_asked_for(client, rows):
    chosen = {"action": "sync", "_selected_action": [str(Connection.objects.values_list("pk", flat=True).get())]}
    client.post(page(Connection, "changelist"), chosen)
    assert SyncRun.objects.count() == 1


def test_a_token_can_be_revoked(client, rows):
    token = ApiToken.objects.get()
    client.post(page(ApiToken, "changelist"), {"action": "revoke", "_selected_action": [str(token.pk)]})
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize("name", ["Candidate", "Application", "OutboxEntry", "Activity", "Note"])
def test_lists_take_the_same_queries_for_one_row_and_for_ten(client, rows, name, django_assert_max_num_queries):
    model = next(model for model in OURS if model.__name__ == name)
    with django_assert_max_num_queries(20) as one:
        client.get(page(model, "changelist"))
    workspace = make.make_workspace()
    member = make.make_member(workspace)
    source = make.make_source(workspace)
    for _ in range(9):
        application = make.make_application(make.make_candidate(workspace), make.make_job(workspace))
        make.make_record(source, application)
        make.make_note(application.candidate, member)
        decisions.move(application, make.stage_of(application.job, "Offer"), member=member)
    with django_assert_max_num_queries(20) as ten:
        client.get(page(model, "changelist"))
    assert len(ten) == len(one)
