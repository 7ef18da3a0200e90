"""Django admin: every model, no secret, and no change where history is."""

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from candidates import models as domain
from candidates.domain import activity, decisions
from candidates.enums import PushState
from candidates.models import OutboxEntry, Tag
from integrations.models import Connection, HookDelivery, StreamMark, SyncProblem, SyncRun
from recruitment.models import ApiToken, IdempotentRequest, Invitation, User
from recruitment.tokens import digest
from tests import factories as make

pytestmark = pytest.mark.django_db

OURS = [
    model for app in ("recruitment", "candidates", "integrations") for model in apps.get_app_config(app).get_models()
]
HISTORY = [
    "OutboxEntry",
    "PushAttempt",
    "Decision",
    "Activity",
    "SourceRecord",
    "SyncRun",
    "SyncStream",
    "StreamMark",
    "IdempotentRequest",
    "AttachmentText",
    "FileLook",
    "HookDelivery",
    "Erasure",
    "SyncProblem",
    "Connection",
    "ApiToken",
    "BulkAction",
    "CandidateMerge",
    "Duplicate",
    "DuplicateSearch",
    "MatchKey",
]
CANARY = "canary-77d1c2"


@pytest.fixture
def staff(client):
    user = User.objects.create_superuser("staff@example.org", "x")
    client.force_login(user)
    return user


@pytest.fixture
def rows(staff):
    """One of everything, in a workspace where the staff user is an admin."""
    return one_of_everything(staff)


def one_of_everything(user):
    """Gives back what no page may show: secrets and the hashes of them."""
    workspace = make.make_workspace()
    member, job = make.make_member(workspace, "admin", user=user), make.make_job(workspace)
    connected = make.make_connection(workspace, credentials={"api_key": CANARY})
    application = make.make_application(make.make_candidate(workspace, email="mina@example.org"), job)
    make.make_reason(workspace)
    make.join_job(job, member)
    make.shortlist(application, member)
    make.make_conflict(connected.source, application.candidate)
    opinions(application, member)
    told(make.make_record(connected.source, application), member)
    imported(connected)
    secret, invited = make.make_token(member), str(workspace.pk)
    here = {"workspace": workspace}
    IdempotentRequest.objects.create(**here, member=member, key="k", fingerprint="f")
    Invitation.objects.create(
        **here, email="x@example.org", role="reviewer", token_hash=digest(invited), invited_by=member
    )
    domain.BulkAction.objects.create(**here, member=member, action="tag", total=0, state="done")
    domain.Erasure.objects.create(**here, key_hash="e" * 64)
    alike(application.candidate, member)
    return [CANARY, "gAAAA", secret, digest(secret), digest(invited)]


def alike(candidate, member):
    here, twin = {"workspace_id": candidate.workspace_id}, make.make_candidate(candidate.workspace)
    domain.Duplicate.objects.create(**here, first=candidate, second=twin, score=90)
    domain.MatchKey.objects.create(**here, candidate=candidate, key=f"place:{candidate.pk}")
    domain.CandidateMerge.objects.create(**here, survivor=candidate, other=twin, member=member)
    domain.DuplicateSearch.objects.get_or_create(**here)


def opinions(application, member):
    about = {"workspace_id": application.workspace_id, "application": application, "member": member}
    review, criterion = make.make_review(application, member), make.make_criterion(application.job)
    domain.ReviewScore.objects.create(
        workspace_id=application.workspace_id, review=review, criterion=criterion, value=3
    )
    domain.ReviewSkip.objects.create(**about, skipped_at=timezone.now())
    domain.ReviewReveal.objects.create(**about)
    make.make_note(application.candidate, member)
    attachment = make.make_attachment(application.candidate)
    domain.AttachmentText.objects.create(workspace=application.workspace, attachment=attachment, content="Words")
    make.tag_candidate(application.candidate, make.make_tag(application.workspace))
    make.pool_candidate(application.candidate, make.make_pool(application.workspace))


def told(record, member):
    """A decision with its push and an attempt at it."""
    job = record.application.job
    decisions.move(record.application, make.stage_of(job, "Offer"), member=member)
    activity.record("noted", actor=member, candidate=record.candidate, note="1")
    domain.FileLook.objects.create(workspace_id=record.workspace_id, record=record)
    domain.PushAttempt.objects.create(
        workspace_id=record.workspace_id, entry=record.entries.get(), number=1, started_at=timezone.now()
    )


def imported(connected):
    run = make.make_run(connected)
    make.make_stream(run)
    make.make_problem(run)
    HookDelivery.objects.create(
        workspace_id=connected.workspace_id, connection=connected, delivery_id="d-1", received_at=timezone.now()
    )
    StreamMark.objects.create(
        workspace_id=connected.workspace_id, connection=connected, stream="candidates", read_until=timezone.now()
    )


def page(model, name, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def act(client, model, name, *chosen):
    """Carry out an action on rows; the words that the next page shows."""
    ids = [str(pk) for pk in chosen or model.objects.values_list("pk", flat=True)]
    answer = client.post(page(model, "changelist"), {"action": name, "_selected_action": ids})
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_has_a_list_and_its_rows_open_without_a_secret(client, rows, model):
    assert model in admin.site._registry
    for address in (page(model, "changelist"), page(model, "change", model.objects.values_list("pk", flat=True)[0])):
        answer = client.get(address)
        assert answer.status_code == 200
        assert [secret for secret in rows if secret in answer.content.decode()] == []


def test_pages_open_where_the_keys_of_the_credentials_are_lost(client, rows, settings):
    pks = {model: model.objects.values_list("pk", flat=True)[0] for model in OURS}
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for model, pk in pks.items():
        addresses = page(model, "changelist"), page(model, "change", pk)
        assert [client.get(address).status_code for address in addresses] == [200, 200], model


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_pages_take_the_same_queries_for_one_row_and_for_ten(client, rows, staff, model):
    addresses = page(model, "changelist"), page(model, "change", model.objects.values_list("pk", flat=True)[0])
    one = [queries(client, address) for address in addresses]
    for _ in range(9):
        one_of_everything(staff if model is not User else make.make_user())
    assert model.objects.count() >= 10
    assert [queries(client, address) for address in addresses] == one


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", HISTORY)
def test_history_cannot_be_changed_here(client, rows, name):
    model = next(model for model in OURS if model.__name__ == name)
    pk = model.objects.values_list("pk", flat=True)[0]
    before = model.objects.count()
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "add"), {}).status_code == 403
    assert client.post(page(model, "change", pk), {}).status_code == 403
    assert client.post(page(model, "delete", pk), {"post": "yes"}).status_code == 403
    act(client, model, "delete_selected")
    assert model.objects.count() == before


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_nobody_but_staff_gets_in(client, rows, model):
    client.force_login(make.make_member(role="admin").user)
    assert client.get(page(model, "changelist")).status_code == 302


def test_a_push_can_be_sent_again(client, rows):
    OutboxEntry.objects.update(state=PushState.REFUSED, settled_at="2026-01-01T00:00:00Z")
    entry = OutboxEntry.objects.get()
    make.make_record(entry.source, entry.decision.application.job.stages.get(name="Offer"))
    assert act(client, OutboxEntry, "retry") == ["Sent again: 1."]
    assert OutboxEntry.objects.get().state == PushState.WAITING


def test_what_the_domain_refuses_is_said_in_words(client, rows):
    OutboxEntry.objects.update(state=PushState.CONFIRMED, settled_at="2026-01-01T00:00:00Z")
    assert act(client, OutboxEntry, "retry") == ["move to Acme ATS: This push is “confirmed” by now."]


@pytest.mark.parametrize("role", [None, "reviewer"])
def test_staff_that_may_not_decide_in_a_workspace_is_told_so(client, rows, staff, role):
    staff.memberships.update(**({"role": role} if role else {"is_active": False}))
    said = act(client, OutboxEntry, "retry")
    assert said == ["move to Acme ATS: You are no recruiter or admin of its workspace."]


def test_an_import_can_be_asked_for_once(client, rows):
    assert act(client, Connection, "sync") == ["Imports requested: 1."]
    assert act(client, Connection, "sync")[-1] == "Acme ATS: An import is at work already."
    assert SyncRun.objects.filter(state="queued").count() == 1


@pytest.mark.parametrize(
    "name, state, said",
    [
        ("resolve", "resolved", "Seen to: 1."),
        ("discard", "discarded", "Not wanted: 1."),
        ("replay", "resolved", "Read again with the next import: 1."),
    ],
)
def test_a_row_that_was_set_aside_can_be_seen_to(client, rows, name, state, said):
    assert act(client, SyncProblem, name) == [said]
    assert SyncProblem.objects.get().state == state
    assert act(client, SyncProblem, name)[-1] == "candidates x1: Somebody has seen to this already."


def test_a_token_can_be_revoked(client, rows):
    assert act(client, ApiToken, "revoke") == ["Revoked: 1."]
    assert ApiToken.objects.get().revoked_at is not None


def test_who_may_only_look_has_no_actions(client, rows):
    looker = make.make_user(is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(looker)
    for model, name in ((ApiToken, "revoke"), (OutboxEntry, "retry"), (Connection, "sync"), (SyncProblem, "discard")):
        assert client.get(page(model, "changelist")).status_code == 200
        act(client, model, name)
    assert ApiToken.objects.get().revoked_at is None
    assert SyncProblem.objects.get().state == "open"


def test_a_new_user_signs_in_with_the_address_in_lower_case(client, staff):
    given = {"email": "Ana@Example.org", "usable_password": "true", "password1": "pale-otter-9", "password2": ""}
    answer = client.post(page(User, "add"), {**given, "password2": given["password1"]})
    assert answer.status_code == 302
    assert User.objects.get(email="ana@example.org").check_password("pale-otter-9")


def test_a_password_can_be_changed_and_is_never_shown(client, staff):
    user = make.make_user(password="pale-otter-9")
    shown = client.get(page(User, "change", user.pk)).content.decode()
    assert user.password not in shown
    changed = {"usable_password": "true", "password1": "brave-heron-7", "password2": "brave-heron-7"}
    assert client.post(reverse("admin:auth_user_password_change", args=[user.pk]), changed).status_code == 302
    user.refresh_from_db()
    assert user.check_password("brave-heron-7")


def test_a_tag_is_one_in_all_its_spellings(client, staff):
    workspace = make.make_workspace()
    for name in ("Remote", "REMOTE"):
        answer = client.post(page(Tag, "add"), {"name": name, "workspace": str(workspace.pk)})
        assert answer.status_code == 302
    assert list(Tag.objects.values_list("name", "key")) == [("Remote", "remote")]
    assert [message.level_tag for message in get_messages(answer.wsgi_request)][-1] == "error"


def test_a_repaired_candidate_is_found_by_the_new_name(client, staff):
    candidate = make.make_candidate(make.make_workspace(), "Mina Petrov")
    form = client.get(page(domain.Candidate, "change", candidate.pk)).context["adminform"].form
    given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(page(domain.Candidate, "change", candidate.pk), {**given, "full_name": "Élodie Åkesson"})
    assert answer.status_code == 302
    found = client.get(page(domain.Candidate, "changelist"), {"q": "ÉLODIE akes"})
    assert [row.full_name for row in found.context["cl"].result_list] == ["Élodie Åkesson"]
    candidate.refresh_from_db()
    assert candidate.version == 2
