"""Recruspace over real HTTP: imports through the engine, pushes through the outbox, files by fresh links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection as db
from django.test.utils import CaptureQueriesContext

from candidates.domain import notes, tags
from candidates.domain.shortlists import put_on_shortlist, take_off_shortlist
from candidates.models import Application, Candidate, OutboxEntry, SourceRecord, Stage, TalentPool
from integrations import delivery
from integrations.connections import edit_connection
from integrations.errors import RateLimited
from integrations.importing import request_sync, run
from integrations.models import Connection, SyncRun
from integrations.provider import Account, FileOrder
from integrations.providers.recruspace.provider import Recruspace
from integrations.sandbox.recruspace.company import API_KEY, POOLS
from integrations.sandbox.recruspace.population import FIRST_ID, NO_CV, POOL_ONLY, SAME_PERSON, TWO_POOLS
from integrations.sandbox.recruspace.sandbox import RecruspaceSandbox
from integrations.sandbox.server import Sandbox
from tests import factories as make

pytestmark = pytest.mark.django_db
KEYS = {"api_key": API_KEY}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=450, seed=1, lift_limits=True) as sandbox:
        yield sandbox


@pytest.fixture
def upstream(running: Sandbox, settings) -> RecruspaceSandbox:
    running.recruspace.reset()
    settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(running.url).netloc]
    return running.recruspace


@pytest.fixture
def connection(running, upstream) -> Connection:
    return make.make_connection(
        make.make_workspace(),
        "Recruspace",
        provider="recruspace",
        base_url=f"{running.url}/recruspace",
        credentials=KEYS,
    )


@pytest.fixture
def sync(connection) -> Callable[..., SyncRun]:
    def go() -> SyncRun:
        asked = request_sync(connection)
        run(asked.pk)
        connection.refresh_from_db()
        asked.refresh_from_db()
        return asked

    return go


def counts(done: SyncRun, stream: str = "candidates") -> dict[str, int]:
    row = done.streams.get(name=stream)
    names = ("created", "updated", "unchanged", "set_aside", "vanished")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def by_id(number: int) -> Candidate:
    return SourceRecord.objects.get(kind="candidate", external_id=str(number)).candidate


def places(upstream: RecruspaceSandbox) -> set[tuple[str, int]]:
    names = {number: row["name"] for number, row in upstream.store.rows["pools"].items()}
    rows = upstream.store.rows["candidates"].values()
    return {(names[pool], row["id"]) for row in rows for pool in row["pools"]}


def local_places() -> set[tuple[str, int]]:
    found = SourceRecord.objects.filter(kind="pool_place", state="listed")
    return {(name, int(key.split("/")[1])) for name, key in found.values_list("pool__name", "external_id")}


# ---- imports


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"envelope": True},
        {"envelope": True, "nulls": True},
        {"wrap_lists": True},
        {"bare_jobs": True, "no_jobs": True},
    ],
    ids=["bare", "envelope", "nulls", "wrapped", "without jobs"],
)
def test_everybody_arrives_in_every_shape_of_lists(upstream, sync, switches):
    upstream.switch(**switches)
    done = sync()

    people = upstream.store.rows["candidates"]
    assert done.state == ("partial" if "no_jobs" in switches else "succeeded")
    assert SourceRecord.objects.filter(kind="candidate").count() == len(people)
    assert local_places() == places(upstream)
    assert done.streams.get(name="candidates").total == len(places(upstream))
    assert done.streams.get(name="candidates").walk == 1
    with_job = sum(row["job"] is not None for row in people.values())
    assert Application.objects.exclude(job=None).count() == with_job


def test_a_person_comes_with_job_stage_tags_pools_and_signals(upstream, sync):
    sync()
    row = next(row for row in upstream.store.rows["candidates"].values() if row["job"] and row["score"] and row["tags"])
    candidate = by_id(row["id"])
    application = candidate.applications.get()
    assert application.job.title == upstream.store.rows["jobs"][row["job"]]["title"]
    assert (application.upstream_score, application.upstream_rating) == (row["score"], row["suitability"] or "")
    record = application.stage.records.get()
    assert (record.external_id, record.remote_id) == (f"{row['job']}:{row['substage']}", str(row["substage"]))
    assert sorted(candidate.candidate_tags.values_list("tag__name", flat=True)) == sorted(upstream.titles(row["id"]))
    assert set(Stage.objects.filter(name__startswith="Interviews").values_list("category", flat=True)) == {"interview"}
    assert by_id(FIRST_ID + POOL_ONLY[0]).applications.count() == 0
    assert by_id(FIRST_ID + TWO_POOLS).pool_memberships.count() == 2
    again = max(upstream.store.rows["candidates"])
    assert upstream.candidate(again)["email"] == upstream.candidate(FIRST_ID + SAME_PERSON)["email"]


def test_an_import_of_the_same_with_new_links_writes_to_nobody(upstream, sync):
    sync()
    upstream.look_at(FIRST_ID)
    before = dict(Candidate.objects.values_list("pk", "updated_at"))
    with CaptureQueriesContext(db) as asked:
        done = sync()

    assert counts(done) == {"unchanged": len(places(upstream))}
    assert dict(Candidate.objects.values_list("pk", "updated_at")) == before
    written = [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    tables = ("candidates_candidate", "candidates_application", "candidates_poolmember", "candidates_activity")
    assert [sql for sql in written if any(f'"{table}"' in sql.partition("SET")[0] for table in tables)] == []


def test_changes_are_taken_and_replaced_files_are_other_versions(upstream, sync):
    sync()
    upstream.move(FIRST_ID, 33)
    upstream.rename_substage(33, "Whole team")
    upstream.edit_candidate(FIRST_ID + 2, city="Leiden")
    done = sync()
    assert counts(done)["updated"] >= 2
    assert by_id(FIRST_ID + 2).location["city"] == "Leiden"
    assert by_id(FIRST_ID).applications.get().stage.name == "Interviews › Whole team"


def test_only_the_chosen_pools_are_imported(upstream, connection, sync):
    Connection.objects.update(options={"pools": ["15"]})
    connection.refresh_from_db()
    done = sync()
    assert {pool for pool, _row in local_places()} == {"Design bench"}
    assert list(TalentPool.objects.values_list("name", flat=True)) == ["Design bench"]
    assert done.streams.get(name="candidates").total == len(upstream.store.in_pool(15))


def test_an_empty_pool_is_nobody_and_no_mistake(upstream, connection, sync):
    Connection.objects.update(options={"pools": ["24"]})
    connection.refresh_from_db()
    assert sync().state == "succeeded"
    assert (connection.health, connection.health_detail, Candidate.objects.count()) == ("healthy", "", 0)


def test_a_place_ends_after_two_walks_and_a_deleted_candidate_is_no_longer_listed(upstream, sync):
    sync()
    upstream.take_out_of_pool(FIRST_ID + TWO_POOLS, 15)
    [pool] = upstream.candidate(FIRST_ID)["pools"]
    upstream.take_out_of_pool(FIRST_ID, pool)  # in no pool, and still there
    upstream.delete_candidate(FIRST_ID + 9)
    sync()
    assert local_places() - places(upstream) != set()
    done = sync()

    assert local_places() == places(upstream)
    assert by_id(FIRST_ID).pool_memberships.count() == 0
    assert by_id(FIRST_ID + TWO_POOLS).pool_memberships.count() == 1
    gone = SourceRecord.objects.filter(kind="candidate", state="not_listed").values_list("external_id", flat=True)
    assert list(gone) == [str(FIRST_ID + 9)]
    assert done.state == "succeeded"


def test_a_list_that_ignores_the_page_concludes_nothing(upstream, sync):
    for candidate_id in list(upstream.store.rows["candidates"]):
        upstream.put_in_pool(candidate_id, 12)
    sync()
    upstream.switch(ignore_page=True)
    for _ in range(3):
        done = sync()
    assert (done.state, done.error_code) == ("partial", "list_moved")
    assert SourceRecord.objects.filter(kind="candidate").exclude(state="listed").count() == 0
    assert local_places() == places(upstream)


@pytest.mark.parametrize(
    "fault, state",
    [
        ({"kind": "error", "path": "/candidates/$", "times": 2}, "succeeded"),
        ({"kind": "bad_row", "path": "/talent-pools/12/candidates/$"}, "partial"),
        ({"kind": "slip", "path": "/talent-pools/12/candidates/$"}, "succeeded"),  # found by the second walk
        ({"kind": "garbage", "path": "/talent-pools/12/candidates/$", "times": 9}, "partial"),
        ({"kind": "error", "status": 401}, "failed"),
    ],
    ids=["errors", "bad row", "slip", "garbage", "401"],
)
def test_what_goes_wrong_is_survived_and_the_next_import_has_everybody(
    upstream, connection, sync, fault, state, monkeypatch
):
    monkeypatch.setattr("integrations.http.time.sleep", lambda _seconds: None)
    upstream.faults.set(**fault)
    assert sync().state == state
    assert (connection.health == "reconnect") is (state == "failed")
    upstream.faults.clear()
    assert sync().state == "succeeded"
    assert SourceRecord.objects.filter(kind="candidate").count() == len(upstream.store.rows["candidates"])


# ---- pushes


@pytest.fixture
def told(upstream, connection, sync) -> Candidate:
    """Somebody with an application."""
    Connection.objects.update(options={"pools": ["15"]})
    sync()
    return Application.objects.exclude(job=None).order_by("pk").first().candidate


def number(candidate: Candidate) -> int:
    return int(candidate.records.get(kind="candidate").external_id)


def states() -> list[str]:
    return list(OutboxEntry.objects.order_by("pk").values_list("state", flat=True))


def test_a_tag_arrives_and_one_that_is_there_already_is_done(upstream, told):
    member = make.make_member(told.workspace)
    tags.add_tag(told, "panel-yes", member=member)
    upstream.tag(number(told), "second look")
    tags.add_tag(told, "second look", member=member)
    delivery.deliver_due()

    assert states() == ["confirmed", "confirmed"]
    assert {"panel-yes", "second look"} <= set(upstream.titles(number(told)))
    assert [write["status"] for write in upstream.writes()] == [201, 409]


def test_a_shortlist_is_told_as_the_tag_that_an_admin_named(upstream, connection, told):
    member = make.make_member(told.workspace)
    application = told.applications.exclude(job=None).get()
    put_on_shortlist(application, member=member)
    assert states() == []
    take_off_shortlist(application, member=member)
    edit_connection(connection, {"options": {"pools": ["15"], "shortlist_tag": "Shortlisted"}}, member=member)
    put_on_shortlist(application, member=member)
    delivery.deliver_due()
    assert states() == ["confirmed"]
    assert "Shortlisted" in upstream.titles(number(told))


def test_a_note_whose_answer_is_lost_ends_unknown_and_is_sent_once(upstream, told):
    upstream.faults.set("timeout_done", "add-note")
    notes.add_note(told, "Strong on SQL.", member=make.make_member(told.workspace), push=True)
    delivery.deliver_due()
    delivery.deliver_due()

    entry = OutboxEntry.objects.get()
    assert entry.state == "unknown"
    [note] = upstream.notes(number(told))
    assert note == f"Strong on SQL.\n\n(Quorum {str(entry.pk).replace('-', '')[-8:]})"
    assert len(upstream.writes()) == 1


def test_a_tag_whose_answer_is_lost_is_found_there(upstream, told):
    upstream.faults.set("timeout_done", "add-tag")
    tags.add_tag(told, "panel-yes", member=make.make_member(told.workspace))
    delivery.deliver_due()
    OutboxEntry.objects.update(due_at=told.created_at)
    Connection.objects.update(waiting_until=None)
    delivery.deliver_due()
    assert states() == ["confirmed"]
    assert upstream.titles(number(told)).count("panel-yes") == 1


# ---- files and limits


@pytest.fixture
def provider(running, upstream) -> Iterator[Recruspace]:
    account = Account(f"{running.url}/recruspace", KEYS, allowed_hosts=frozenset({"127.0.0.1"}))
    found = Recruspace(account, sleep=lambda _seconds: None)
    yield found
    found.close()


def files_of(provider: Recruspace, candidate_id: int) -> list[Any]:
    rows = provider.fetch("candidates", cursor=None, since=None).rows
    return next(row for row in rows if row.external_id == str(candidate_id)).files


def test_files_are_fetched_and_one_that_was_replaced_is_not_there_any_more(upstream, provider):
    row = next(
        row for row in upstream.store.rows["candidates"].values() if row["photo"] and row["cv"] and 12 in row["pools"]
    )
    cv, photo = (FileOrder(str(row["id"]), None, str(row[key]["id"])) for key in ("cv", "photo"))
    assert provider.fetch_file(cv).content[:2] in (b"%P", b"PK")
    assert provider.fetch_file(photo).content.startswith(b"\x89PNG")
    [known] = [file for file in files_of(provider, FIRST_ID) if file.kind == "cv"]
    upstream.replace_cv(FIRST_ID)
    [other] = [file for file in files_of(provider, FIRST_ID) if file.kind == "cv"]
    assert known.version != other.version
    assert provider.fetch_file(FileOrder(str(FIRST_ID), None, known.external_id)) is None
    assert provider.fetch_file(FileOrder(str(FIRST_ID), None, other.external_id)) is not None
    assert files_of(provider, FIRST_ID + NO_CV) == []


def test_the_check_names_the_pools(provider):
    check = provider.check()
    assert [(pool["id"], pool["name"]) for pool in check.facts["pools"]] == [(str(key), name) for key, name in POOLS]


def test_over_the_limit_the_words_say_how_long_to_wait():
    with Sandbox(port=0, people=40) as sandbox:
        sandbox.recruspace.switch(per_minute=2)
        account = Account(f"{sandbox.url}/recruspace", KEYS, allowed_hosts=frozenset({"127.0.0.1"}))
        provider = Recruspace(account, sleep=lambda _seconds: None)
        provider.fetch("jobs", cursor=None, since=None)
        with pytest.raises(RateLimited) as caught:
            provider.fetch("candidates", cursor=None, since=None)
        assert 50 <= caught.value.retry_after <= 60
