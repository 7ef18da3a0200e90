"""The provider over real HTTP against the sandbox, which keeps Kombo's contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from candidates.domain.profiles import Malformed, TagProfile
from integrations.errors import CursorExpired, Denied, Garbled, NotOffered, NotReady, RateLimited, Refused, Unavailable
from integrations.provider import Account, Order
from integrations.providers.kombo.provider import Kombo
from integrations.sandbox.kombo.integration import API_KEY, INTEGRATION_ID
from integrations.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=600, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.kombo.reset()
    return running


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[Kombo]:
    kombo = connect(sandbox)
    yield kombo
    kombo.close()


def connect(sandbox: Sandbox, api_key: str = API_KEY, integration_id: str = INTEGRATION_ID) -> Kombo:
    credentials = {"api_key": api_key, "integration_id": integration_id}
    account = Account(f"{sandbox.url}/kombo", credentials, allowed_hosts=frozenset({"127.0.0.1"}))
    return Kombo(account, sleep=lambda seconds: None)


def walk(provider: Kombo, stream: str, since=None) -> list:
    found, cursor = [], None
    while True:
        page = provider.fetch(stream, cursor=cursor, since=since)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return found


def somebody(provider: Kombo):
    """A candidate with a pending application in a stage that isn't the last of its job."""
    jobs = {job.external_id: job for job in walk(provider, "jobs")}
    for person in walk(provider, "candidates"):
        for application in person.applications:
            stages = jobs[application.job_external_id].stages if application.job_external_id in jobs else []
            later = [
                stage for stage in stages if stage.is_active and stage.external_id != application.stage_external_id
            ]
            if application.outcome == "active" and later and not person.deleted_at:
                return person, application, later[-1]
    raise AssertionError("the sandbox has nobody with a pending application")


def order(kind: str, person, application, **payload) -> Order:
    return Order(kind, payload, candidate_id=person.external_id, application_id=application.external_id)


def test_the_credentials_are_good_and_say_whose_they_are(sandbox, provider):
    check = provider.check()
    assert (check.ok, check.detail) == (True, "Connected to Greenhouse of Northwind Traders.")
    assert [kind for kind, why in check.capabilities.items() if not why] == ["move", "reject", "tag", "untag", "note"]

    sandbox.kombo.switch("ats_add_application_note", "DISABLED")
    try:
        assert "switched off" in provider.check().capabilities["note"]
    finally:
        sandbox.kombo.switch("ats_add_application_note")


def test_wrong_credentials_are_told_apart(sandbox):
    assert connect(sandbox, api_key="wrong").check().code == "wrong_key"
    assert connect(sandbox, integration_id="greenhouse:ZZZi45ub7Qe4ZE36UT5G6cU4").check().code == "wrong_integration"
    with pytest.raises(Denied):
        connect(sandbox, api_key="wrong").fetch("jobs", cursor=None, since=None)


def test_a_full_walk_reads_every_row_of_every_stream_once(provider):
    for stream in provider.streams:
        found = walk(provider, stream)
        assert [row for row in found if isinstance(row, Malformed)] == []
        ids = [row.external_id for row in found]
        assert (len(ids), len(set(ids))) == (len(ids), len(ids))
    assert len(ids) >= 600  # candidates come last, and over more than one page


def test_a_second_walk_reads_only_what_changed(sandbox, provider):
    person, _application, _stage = somebody(provider)
    sandbox.kombo.advance(3_600)
    since = sandbox.clock.now()
    sandbox.kombo.advance(600)
    sandbox.kombo.edit_candidate(person.external_id, last_name="Changed")
    sandbox.kombo.sync()

    found = walk(provider, "candidates", since=since)
    assert [(row.external_id, row.fields["last_name"]) for row in found] == [(person.external_id, "Changed")]


def test_a_deletion_is_learned(sandbox, provider):
    person, _application, _stage = somebody(provider)
    sandbox.kombo.delete_candidate(person.external_id)
    sandbox.kombo.sync()

    found = {row.external_id: row for row in walk(provider, "candidates")}
    assert found[person.external_id].deleted_at is not None


def test_every_kind_of_push_arrives_once(sandbox, provider):
    person, application, stage = somebody(provider)
    reason = walk(provider, "rejection_reasons")[0]
    name = "Shortlist 2026"
    for told in (
        order("move", person, application, stage_id=stage.external_id, stage_name=stage.name),
        order("tag", person, application, name=name),
        order("untag", person, application, name=name),
        order("note", person, application, text="Panel score 4.2 of 5."),
        order("reject", person, application, reason_id=reason.external_id, note="Not this time."),
    ):
        exchange = provider.push(told)
        assert (exchange.status, API_KEY in repr(exchange)) == (200, False)

    writes = [(entry["kind"], entry["applied"]) for entry in sandbox.kombo.writes()]
    assert writes == [(kind, True) for kind in ("move", "tag", "untag", "note", "reject")]
    assert sandbox.kombo.notes(person.external_id) == ["Panel score 4.2 of 5.", "Not this time."]
    assert sandbox.kombo.application(application.external_id)["outcome"] == "DECLINED"


def test_a_push_shows_in_the_read_copy_after_a_sync_and_not_before(sandbox, provider):
    person, application, stage = somebody(provider)
    told = order("move", person, application, stage_id=stage.external_id)
    provider.push(told)
    assert provider.read_back(told) is None

    sandbox.kombo.sync()
    assert provider.read_back(told) is True


def test_a_stage_of_another_job_and_an_unknown_reason_are_refused(provider):
    person, application, stage = somebody(provider)
    foreign = next(
        other.external_id
        for job in walk(provider, "jobs")
        if job.external_id != application.job_external_id
        for other in job.stages or []
    )
    with pytest.raises(Refused) as caught:
        provider.push(order("move", person, application, stage_id=foreign))
    assert (caught.value.code, "stage" in caught.value.message.lower()) == ("REMOTE.INPUT_INVALID", True)
    with pytest.raises(Refused):
        provider.push(order("reject", person, application, reason_id=stage.external_id))


def test_a_write_that_is_switched_off_is_not_offered(sandbox, provider):
    person, application, stage = somebody(provider)
    sandbox.kombo.switch("ats_set_application_stage", "DISABLED")
    try:
        with pytest.raises(NotOffered) as caught:
            provider.push(order("move", person, application, stage_id=stage.external_id))
        assert caught.value.code == "INTEGRATION.ACTION_DISABLED"
    finally:
        sandbox.kombo.switch("ats_set_application_stage")


@pytest.mark.parametrize(
    "kind, params, expected",
    [
        ("setup_pending", {}, NotReady),
        ("html", {"status": 200}, Garbled),
        ("html", {"status": 502}, Unavailable),
        ("garbage", {}, Garbled),
        ("cut", {}, Unavailable),
        ("drop", {}, Unavailable),
        ("rate_limit", {"reset": 57}, RateLimited),
        ("rate_limit", {"reset": None}, RateLimited),
        ("error", {"code": "PLATFORM.UNKNOWN_ERROR"}, Unavailable),
        ("error", {"code": "INTEGRATION.INACTIVE"}, Denied),
        ("error", {"code": None, "status": 500}, Unavailable),
        ("repeat_cursor", {}, None),
    ],
)
def test_a_fault_that_lasts_becomes_its_error(sandbox, provider, kind, params, expected):
    sandbox.kombo.faults.set(kind, "/ats/candidates", times=None, **params)
    if expected is None:
        first = provider.fetch("candidates", cursor=None, since=None)
        with pytest.raises(Garbled):
            provider.fetch("candidates", cursor=first.next_cursor or "x", since=None)
        return
    with pytest.raises(expected) as caught:
        provider.fetch("candidates", cursor=None, since=None)
    assert caught.value.exchange is not None


@pytest.mark.parametrize("kind", ["html", "cut", "drop", "garbage", "rate_limit"])
def test_a_fault_that_passes_is_not_noticed(sandbox, provider, kind):
    params = {"reset": 1} if kind == "rate_limit" else {}
    sandbox.kombo.faults.set(kind, "/ats/tags", times=1, **params)
    assert len(walk(provider, "tags")) > 0


def test_a_row_with_wrong_types_comes_through_with_what_could_be_read(sandbox, provider):
    sandbox.kombo.faults.set("bad_row", "/ats/candidates", times=1)
    spoiled = provider.fetch("candidates", cursor=None, since=None).rows[0]

    assert (spoiled.changed_at, spoiled.applications, spoiled.fields["emails"]) == (None, None, [])
    assert spoiled.fields["full_name"] != ""
    kept = spoiled.custom_fields["kombo"]
    assert (kept["changed_at"], kept["applications"], kept["email_addresses"]) == (17, "none", {"oops": True})


def test_a_row_without_an_id_is_set_aside(sandbox, provider):
    body = '{"status": "success", "data": {"next": null, "results": [{"name": "SQL"}, {"id": "t", "name": "Go"}]}}'
    sandbox.kombo.faults.set("garbage", "/ats/tags", times=1, body=body)
    assert [type(row) for row in walk(provider, "tags")] == [Malformed, TagProfile]


def test_an_expired_cursor_is_told_apart(sandbox, provider):
    first = provider.fetch("candidates", cursor=None, since=None)
    sandbox.kombo.faults.set("expire_cursor", "/ats/candidates", times=None)
    with pytest.raises(CursorExpired):
        provider.fetch("candidates", cursor=first.next_cursor, since=None)


@pytest.mark.parametrize("kind, applied", [("timeout_done", True), ("cut", True), ("drop", False)])
def test_a_lost_answer_is_sent_once_and_may_have_arrived(sandbox, provider, kind, applied):
    person, application, _stage = somebody(provider)
    sandbox.kombo.faults.set(kind, "/notes", times=1)
    with pytest.raises(Unavailable) as caught:
        provider.push(order("note", person, application, text="Once."))

    assert caught.value.arrived is True
    assert sandbox.kombo.notes(person.external_id) == (["Once."] if applied else [])
