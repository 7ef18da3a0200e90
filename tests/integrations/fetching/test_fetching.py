"""Files come from the source over real HTTP: once, a few at a time, through the one door, and with reasons."""

import base64
import threading
from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.utils import timezone

from candidates.domain import file_texts
from candidates.domain.fetching import ask_for_attachment, ask_for_files, plan_looks
from candidates.models import Attachment, Candidate, FileLook, SourceRecord
from integrations import connections, fetching
from integrations.fetching import queue, working
from integrations.importing import request_sync, run
from integrations.models import Connection
from integrations.provider import Fetched
from integrations.providers.kombo.provider import Kombo
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox
from recruitment.errors import Conflict
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import MOST, queries_of, signed_in
from tests.hostile import REFUSED
from tests.integrations.sandbox.conftest import Caller

KEYS = {"api_key": API_KEY, "integration_id": INTEGRATION_ID}


@pytest.fixture
def upstream(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    with Sandbox(people=15, read_delay=0, lift_limits=True) as running:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
        yield running


@pytest.fixture
def line(upstream, db) -> Connection:
    workspace = make.make_workspace()
    return make.make_connection(workspace, base_url=f"{upstream.url}/kombo", credentials=KEYS)


@pytest.fixture
def someone(upstream, line):
    """One person of the source, known here and not yet asked for files; with the files that the source has."""
    kombo = Caller(upstream.url)
    for row in kombo.rows("/ats/candidates"):
        files = kombo.get(f"/ats/candidates/{row['id']}/attachments").json()["data"]["results"]
        if files:
            break
    kombo.http.close()
    person = make.make_candidate(line.workspace, "Ada Lovelace")
    line.source.lists_files = True
    line.source.save()
    return make.make_record(line.source, person, row["id"]), files


def give(upstream, record, name, content, content_type="application/octet-stream"):
    kombo = Caller(upstream.url)
    data = base64.b64encode(content).decode()
    file = {"name": name, "type": "CV", "content_type": content_type, "data": data}
    assert (
        kombo.send("POST", f"/ats/candidates/{record.external_id}/attachments", {"attachment": file}).status_code == 200
    )
    kombo.http.close()


def test_people_who_may_have_to_be_reviewed_are_asked_for_and_their_files_are_kept(line):
    run(request_sync(line).pk)
    active = Candidate.objects.filter(applications__outcome="active").distinct()
    assert FileLook.objects.count() == active.count() > 0

    while fetching.fetch_due():
        pass

    assert set(Attachment.objects.values_list("state", flat=True)) == {"stored"}
    assert not FileLook.objects.exclude(due_at=None).exists()
    file_texts.read_due()
    assert set(Attachment.objects.values_list("text_state", flat=True)) == {"read"}
    before = list(Attachment.objects.values("pk", "updated_at"))
    run(request_sync(line, mode="full").pk)
    assert fetching.fetch_due() == 0
    assert list(Attachment.objects.values("pk", "updated_at")) == before


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "nothing.pdf"])
def test_what_the_door_refuses_says_why_and_leaves_no_bytes(upstream, someone, tmp_path, name):
    record, files = someone
    give(upstream, record, name, REFUSED[name][0])
    plan_looks([record])

    while fetching.fetch_due():
        pass

    bad = Attachment.objects.get(file_name=name)
    assert (bad.state, bad.failure[-1], bad.due_at) == ("refused", ".", None)
    assert Attachment.objects.filter(state="stored").count() == len(files)
    assert not (tmp_path / f"attachments/{bad.workspace_id}/{bad.pk}").exists()


def waiting(record, **fields):
    now = timezone.now()
    given = {"state": "waiting", "record": record, "external_id": "f-1", "due_at": now, **fields}
    return make.make_attachment(record.candidate, **given)


def test_an_expired_link_is_read_anew(upstream, someone):
    record, files = someone
    gone = f"{upstream.url}/kombo/files/nothing.pdf"
    file = waiting(record, external_id=files[0]["id"], url=gone)

    fetching.fetch_due()

    file.refresh_from_db()
    assert (file.state, file.size > 0, file.attempts) == ("stored", True, 0)


def test_a_file_that_the_source_no_longer_has_says_so(someone):
    file = waiting(someone[0])

    fetching.fetch_due()

    file.refresh_from_db()
    assert (file.state, file.failure) == ("failed", "The source doesn't have this file.")


@pytest.mark.parametrize(
    "code, state, words, stops",
    [
        ("REMOTE.SERVICE_UNAVAILABLE", "waiting", True, False),
        ("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", "waiting", False, True),
        ("INTEGRATION.PERMISSION_MISSING", "waiting", True, True),
        ("INTEGRATION.MODEL_NOT_AVAILABLE", "failed", True, False),
    ],
)
def test_faults_put_off_or_end_and_are_told_in_words(upstream, someone, code, state, words, stops):
    upstream.kombo.faults.set("error", "/attachments", times=None, code=code, message="No files now.")
    first, second = waiting(someone[0]), waiting(someone[0], external_id="f-2")

    fetching.fetch_due()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.failure, second.attempts) == (state, "No files now." if words else "", 0 if stops else 1)
    assert (first.due_at is None) == (state == "failed")
    assert first.due_at is None or first.due_at > timezone.now()
    assert (first.lease_token, first.lease_until) == (None, None)


def test_after_many_attempts_it_is_given_up(upstream, someone):
    fault = {"code": "REMOTE.SERVICE_UNAVAILABLE", "message": "The ATS is down."}
    upstream.kombo.faults.set("error", "/attachments", times=None, **fault)
    file = waiting(someone[0], attempts=working.MOST_ATTEMPTS - 1)

    fetching.fetch_due()

    file.refresh_from_db()
    assert (file.state, file.failure) == ("failed", "The ATS is down.")
    ask_for_attachment(file)
    assert (file.state, file.failure, file.attempts, file.asked_for) == ("waiting", "", 0, True)


@pytest.mark.parametrize("closed", [{"paused": True}, {"health": "reconnect"}, {"waiting_until": "2999-01-01T00:00Z"}])
def test_a_connection_that_may_not_be_called_is_not_called(line, someone, closed):
    file = waiting(someone[0])
    Connection.objects.filter(pk=line.pk).update(**closed)

    assert fetching.fetch_due() == 0
    file.refresh_from_db()
    assert (file.state, file.attempts) == ("waiting", 0)


def test_what_waits_when_the_connection_is_taken_away_says_so(line, someone):
    file = waiting(someone[0])
    connections.disconnect(line, member=make.make_member(line.workspace, "admin"))

    file.refresh_from_db()
    assert (file.state, file.due_at) == ("failed", None)
    assert file.failure == "Acme ATS was disconnected before this was fetched."
    with pytest.raises(Conflict):
        ask_for_attachment(file)


def test_where_each_file_costs_only_what_somebody_asks_for_is_fetched(someone, monkeypatch):
    monkeypatch.setattr(Kombo, "forecast", lambda _self, _known: 1)
    monkeypatch.setattr(Kombo, "fetch_file", lambda _self, order: Fetched(b"Hello", f"{order.file_id}.txt", 1))
    quiet, wanted = waiting(someone[0]), waiting(someone[0], external_id="f-2")
    ask_for_attachment(wanted)

    assert fetching.fetch_due() == 1

    quiet.refresh_from_db()
    wanted.refresh_from_db()
    assert (quiet.state, quiet.due_at, wanted.state) == ("waiting", None, "stored")
    member = make.make_member(quiet.workspace)
    page = signed_in(member).get(f"/candidates/{quiet.candidate_id}/?tab=cv").content.decode()
    assert "Waiting to be fetched, until somebody asks for it" in page


def test_two_are_in_flight_at_most_and_none_twice(someone):
    record, _files = someone
    files = [waiting(record, external_id=f"f-{number}") for number in range(3)]
    now = timezone.now()

    claims = [queue.claim(queue.waiting(), record.source_id, timezone.now()) for _ in range(3)]

    assert [claim and claim[0] for claim in claims] == [files[0].pk, files[1].pk, None]
    assert queue.sources_with_work(now) == [record.source_id]


def test_a_worker_that_lost_its_lease_keeps_nothing(someone, monkeypatch, tmp_path):
    file = waiting(someone[0])

    def slow(_self, _order):
        Attachment.objects.filter(pk=file.pk).update(lease_token=None)
        return Fetched(b"late", "late.txt")

    monkeypatch.setattr(Kombo, "fetch_file", slow)
    fetching.fetch_due()

    file.refresh_from_db()
    assert (file.state, file.size) == ("waiting", 0)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("database.vendor != 'postgresql'")
def test_two_workers_fetch_each_file_once(someone, monkeypatch):
    calls = []
    both = threading.Barrier(2, timeout=20)

    def fetch(_self, order):
        calls.append(order.file_id)
        if len(calls) <= 2:
            both.wait()
        return Fetched(b"Hello", "a.txt")

    monkeypatch.setattr(Kombo, "fetch_file", fetch)
    for number in range(6):
        waiting(someone[0], external_id=f"f-{number}")

    def work():
        fetching.fetch_due()
        database.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]

    assert sorted(calls) == [f"f-{number}" for number in range(6)]
    assert set(Attachment.objects.values_list("state", flat=True)) == {"stored"}


def test_a_person_is_asked_for_on_demand_by_api_and_screen(upstream, someone):
    record, files = someone
    ana = make.make_member(record.workspace)
    client, api = signed_in(ana), Api(ana)
    path = f"/candidates/{record.candidate_id}/"

    assert "Ask for files" in client.get(f"{path}?tab=cv").content.decode()
    assert api.post(f"candidates/{record.candidate_id}/attachments/fetch/").json() == {"asked": 1}
    assert "The source is being asked" in client.get(f"{path}?tab=cv").content.decode()
    while fetching.fetch_due():
        pass
    shown = api.get(f"candidates/{record.candidate_id}/attachments/").json()["results"]
    assert sorted((row["file_name"], row["state"]) for row in shown) == sorted(
        (row["file_name"], "stored") for row in files
    )
    assert api.post(f"attachments/{shown[0]['id']}/fetch/").status_code == 409
    answer = client.post(f"{path}attachments/fetch/", follow=True)
    assert "The files are being fetched." in answer.content.decode()


def test_the_tab_takes_the_same_queries_with_one_file_and_with_thirty(someone):
    record, _files = someone
    client = signed_in(make.make_member(record.workspace))
    waiting(record)
    one = queries_of(client, f"/candidates/{record.candidate_id}/?tab=cv")
    for number in range(30):
        waiting(record, external_id=f"more-{number}", state="failed", failure="The ATS is down.")

    assert queries_of(client, f"/candidates/{record.candidate_id}/?tab=cv") == one <= MOST


def test_merged_rows_bring_their_files_to_whom_the_row_is_tied_now(someone):
    record, _files = someone
    other = make.make_candidate(record.workspace, "Ada B")
    SourceRecord.objects.filter(pk=record.pk).update(candidate=other)
    plan_looks([record])

    fetching.fetch_due()

    assert set(Attachment.objects.values_list("candidate", flat=True)) == {other.pk}
    assert ask_for_files(other) == 1
