"""Making, checking, changing and taking away connections, over the sandbox's real HTTP."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.db import connection as database

from candidates.models import Activity, Candidate, OutboxEntry
from integrations.connections import (
    check_connection,
    create_connection,
    disconnect,
    edit_connection,
    pause,
    request_sync,
    resume,
    update_credentials,
)
from integrations.importing import run
from integrations.models import Connection, SyncRun
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.errors import Conflict, DomainError
from tests import factories as make

pytestmark = pytest.mark.django_db
KEYS = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}


@pytest.fixture
def admin():
    return make.make_member(role="admin")


@pytest.fixture
def upstream(settings):
    with Sandbox(people=20, read_delay=0) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def connect(admin, upstream):
    def go(credentials=KEYS, **options):
        given = {"provider": "kombo", "name": "Greenhouse", "base_url": f"{upstream.url}/kombo", **options}
        return create_connection(member=admin, credentials=credentials, **given)

    return go


def test_a_connection_is_tried_kept_and_asked_for_its_first_import(connect, admin):
    connection = connect()

    run_ = SyncRun.objects.get(connection=connection)
    assert (run_.mode, run_.trigger, run_.state, run_.requested_by) == ("full", "first", "queued", admin)
    assert connection.source.pushes["move"] == ""
    assert connection.source.pushes["reopen"] == "Kombo can't take a rejection back."
    assert connection.facts["system"] == "Greenhouse"
    assert Activity.objects.get(verb="connected").actor == admin


def test_credentials_are_ciphertext_in_the_database(connect):
    connection = connect({**KEYS, "webhook_secret": "hook-s3cret"})
    with database.cursor() as cursor:
        cursor.execute("SELECT credentials FROM integrations_connection")
        stored = cursor.fetchone()[0]

    assert API_KEY not in stored
    assert API_KEY not in repr(connection.credentials)
    connection.refresh_from_db()
    assert connection.credentials["webhook_secret"] == "hook-s3cret"


@pytest.mark.parametrize(
    "credentials, code",
    [
        ({"api_key": "wrong", "integration_id": INTEGRATION_ID}, "wrong_key"),
        ({"api_key": API_KEY, "integration_id": "greenhouse:nobody"}, "wrong_integration"),
        ({"api_key": API_KEY}, "required"),
        ({"api_key": API_KEY, "integration_id": ""}, "required"),
        ({**KEYS, "token": "x"}, "unknown"),
        ({"api_key": "a b", "integration_id": INTEGRATION_ID}, "invalid"),
        ({"api_key": ["x"], "integration_id": INTEGRATION_ID}, "invalid"),
    ],
)
def test_credentials_that_do_not_work_are_refused_and_nothing_is_kept(connect, credentials, code):
    with pytest.raises(DomainError) as refused:
        connect(credentials)

    assert (refused.value.code, refused.value.field) == (code, "credentials")
    assert (Connection.objects.count(), SyncRun.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest", "http://localhost:1/", "https://evil.example", "ftp://x", "file:///etc"],
)
def test_an_address_that_may_not_be_called_is_refused_before_anybody_calls(connect, address):
    with pytest.raises(DomainError) as refused:
        connect(base_url=address)

    assert refused.value.field == "base_url"


def test_a_provider_that_is_still_setting_up_is_kept_and_waits(connect, upstream):
    upstream.kombo.store.set("setup_status", "FINAL_SYNC_PENDING")
    connection = connect()

    assert connection.health == "waiting"
    assert connection.health_detail.startswith("Kombo is still setting up Greenhouse")


def test_checking_learns_what_is_switched_off_upstream(connect, upstream):
    connection = connect()
    upstream.kombo.switch("ats_reject_application", "DISABLED")
    check = check_connection(connection)
    connection.source.refresh_from_db()

    assert (check.ok, check.code) == (True, "ok")
    assert connection.source.pushes["move"] == ""
    assert connection.source.pushes["reject"] == "This is switched off in Kombo's settings of the integration."


def test_a_key_that_no_longer_works_asks_to_reconnect_and_a_new_one_lets_pushes_go_on(connect, upstream, admin):
    connection = connect()
    run(SyncRun.objects.get().pk)
    Connection.objects.update(credentials={**KEYS, "api_key": "revoked"})
    connection.refresh_from_db()
    assert check_connection(connection).code == "wrong_key"
    assert (connection.health, connection.next_sync_at) == ("reconnect", None)
    record = Candidate.objects.first().records.get(kind="candidate")
    entry = make.make_push(record, admin, "tag", state="retrying", payload={"name": "x"}, due_at=None)
    assert OutboxEntry.objects.get().due_at is None

    update_credentials(connection, {"api_key": API_KEY}, member=admin)

    connection.refresh_from_db()
    entry.refresh_from_db()
    assert (connection.health, connection.credentials["api_key"]) == ("waiting", API_KEY)
    assert connection.next_sync_at is not None
    assert entry.due_at is not None


def test_a_wrong_new_key_changes_nothing(connect, admin):
    connection = connect()
    with pytest.raises(DomainError):
        edit_connection(connection, {"credentials": {"api_key": "wrong"}, "name": "Other"}, member=admin)

    connection.refresh_from_db()
    assert (connection.name, connection.credentials["api_key"]) == ("Greenhouse", API_KEY)


def test_the_key_does_not_follow_to_another_address(connect, admin, settings):
    connection = connect()
    settings.UPSTREAM_ALLOWED_HOSTS.append("127.0.0.1:9")
    with pytest.raises(DomainError) as refused:
        edit_connection(connection, {"base_url": "http://127.0.0.1:9/kombo"}, member=admin)

    assert (refused.value.field, refused.value.code) == ("credentials", "required")


def test_renaming_renames_the_source(connect, admin):
    connection = connect()
    edit_connection(connection, {"name": "Lever", "sync_every_minutes": 30}, member=admin)

    connection.source.refresh_from_db()
    assert (connection.name, connection.source.name, connection.sync_every_minutes) == ("Lever", "Lever", 30)


def test_paused_connections_start_nothing_until_they_are_resumed(connect, admin):
    connection = connect()
    run(SyncRun.objects.get().pk)
    pause(connection, member=admin)
    with pytest.raises(Conflict) as refused:
        request_sync(connection)
    assert refused.value.code == "paused"

    resume(connection, member=admin)
    connection.refresh_from_db()
    assert request_sync(connection).state == "queued"


def test_disconnecting_forgets_the_key_and_keeps_people_and_history(connect, admin):
    connection = connect()
    run(SyncRun.objects.get().pk)
    record = Candidate.objects.first().records.get(kind="candidate")
    entry = make.make_push(record, admin, "tag", payload={"name": "x"})
    people = Candidate.objects.count()
    request_sync(connection)

    disconnect(connection, member=admin)

    connection.refresh_from_db()
    connection.source.refresh_from_db()
    entry.refresh_from_db()
    assert (dict(connection.credentials), connection.source.is_connected) == ({}, False)
    assert (Candidate.objects.count(), entry.state) == (people, "not_offered")
    assert sorted(SyncRun.objects.values_list("state", flat=True)) == ["cancelled", "succeeded"]
    assert Connection.objects.visible_to(admin).count() == 0
