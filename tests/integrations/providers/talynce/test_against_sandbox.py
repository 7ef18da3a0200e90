"""The provider over real HTTP against the sandbox, which keeps Talynce's contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from candidates.domain.profiles import HIDDEN, Malformed
from integrations.errors import Denied, Garbled, NotOffered, RateLimited, Refused, Unavailable
from integrations.provider import Account, FileOrder, Order
from integrations.providers.talynce.client import REVEAL
from integrations.providers.talynce.provider import Talynce
from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, REVOKED_KEY, identifier
from integrations.sandbox.talynce.population import MASKED, NEVER, TWICE

OPTIONS = {"reject_status": "Rejected", "shortlist_status": "shortlisted"}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=480, seed=1, lift_limits=True) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.talynce.reset()
    return running


@pytest.fixture
def provider(sandbox: Sandbox) -> Iterator[Talynce]:
    talynce = connect(sandbox)
    yield talynce
    talynce.close()


def connect(sandbox: Sandbox, api_key: str = API_KEY, **options) -> Talynce:
    account = Account(f"{sandbox.url}/talynce", {"api_key": api_key}, {**OPTIONS, **options}, frozenset({"127.0.0.1"}))
    return Talynce(account, sleep=lambda seconds: None)


def walk(provider: Talynce, stream: str) -> list:
    found, cursor = [], None
    while True:
        page = provider.fetch(stream, cursor=cursor, since=None)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return found


def order(sandbox: Sandbox, kind: str, place: int = 1, **payload) -> Order:
    key = identifier("candidate", place)
    links = sandbox.talynce.applications(key)
    if "status" in payload:
        payload["stage_id"] = f"{links[0]['job_id']}:{payload.pop('status')}"
    return Order(kind, payload, candidate_id=key, application_id=links[0]["id"] if links else None)


def statuses(sandbox: Sandbox, place: int = 1) -> list[str]:
    return [row["status"] for row in sandbox.talynce.applications(identifier("candidate", place))]


def test_the_key_is_good_and_says_how_many_people_there_are(sandbox, provider):
    assert (provider.check().ok, provider.check().detail) == (True, "Connected to Talynce, with 120 candidates.")
    assert connect(sandbox, "wrong-key").check().code == "wrong_key"
    assert connect(sandbox, REVOKED_KEY).check().code == "revoked"


def test_the_list_and_the_details_hold_everybody_and_agree(sandbox, provider):
    assert len(walk(provider, "jobs")) == 5
    people, details = walk(provider, "candidates"), walk(provider, "details")
    assert len(people) == len(details) == 120
    assert not [row for row in [*people, *details] if isinstance(row, Malformed)]
    by_id = {row.external_id: row for row in details}
    assert len(by_id[identifier("candidate", TWICE)].applications) == 2
    assert by_id[identifier("candidate", NEVER)].applications == []
    for place in MASKED:
        assert by_id[identifier("candidate", place)].fields["emails"] is HIDDEN


def test_an_unchanged_row_has_the_same_hash_in_both_lists_and_every_time(sandbox, provider):
    brief = {
        row.external_id: row.fingerprint for row in provider.fetch("candidates", cursor=None, since=None).rows.unread
    }
    whole = provider.fetch("details", cursor=None, since=None).rows.unread
    again = provider.fetch("details", cursor=None, since=None).rows.unread
    assert [row.fingerprint for row in whole] == [row.fingerprint for row in again]
    assert all(row.fingerprint.startswith(brief[row.external_id]) for row in whole)


def test_masked_then_revealed(sandbox, provider):
    key = identifier("candidate", MASKED[0])
    sandbox.talynce.reveal(key)
    person = next(row for row in walk(provider, "details") if row.external_id == key)
    assert person.fields["emails"] == [{"value": sandbox.talynce.candidate(key)["email"], "kind": ""}]
    assert person.masked is False


def test_every_push_arrives_once_and_can_be_read_back(sandbox, provider):
    for kind, payload, status in (
        ("move", {"status": "Offered"}, "Offered"),
        ("reject", {"reason_name": "No SQL", "note": "", "at": "2026-01-06T14:02:30+00:00"}, "Rejected"),
        ("reopen", {"status": "Screening"}, "Screening"),
        ("shortlist", {}, "shortlisted"),
        ("note", {"text": "Well done.", "at": "2026-01-06T14:02:30+00:00", "by": "Leo"}, "shortlisted"),
        ("fields", {"fields": {"current_company": "Banyan"}}, "shortlisted"),
    ):
        told = order(sandbox, kind, **payload)
        assert provider.read_back(told) is False
        provider.push(told)
        assert (provider.read_back(told), statuses(sandbox)) == (True, [status])
        provider.push(told)  # is so already: nothing is written
    assert len(sandbox.talynce.writes()) == 6
    notes = sandbox.talynce.applications(identifier("candidate", 1))[0]["notes"]
    assert notes.endswith("[2026-01-06 14:02 UTC] Rejected: No SQL\n\n[2026-01-06 14:02 UTC, Leo] Well done.")


def test_a_lost_answer_is_settled_by_reading(sandbox, provider):
    told = order(sandbox, "move", status="Offered")
    sandbox.talynce.faults.set("timeout_done", method="PUT")
    with pytest.raises(Unavailable) as caught:
        provider.push(told)
    assert (caught.value.arrived, provider.read_back(told)) == (True, True)
    assert provider.current(told)["stage"] == "Offered"


@pytest.mark.parametrize("kind", ["html", "garbage", "cut"])
def test_an_answer_that_cannot_be_read_may_have_arrived(sandbox, provider, kind):
    sandbox.talynce.faults.set(kind, method="PUT", done=True)
    told = order(sandbox, "move", status="Offered")
    with pytest.raises((Garbled, Unavailable)) as caught:
        provider.push(told)
    assert (caught.value.arrived, provider.read_back(told)) == (True, True)


def test_a_masked_profile_needs_a_person_and_is_asked_once(sandbox, provider):
    told = order(sandbox, "fields", MASKED[0], fields={"emails": [{"value": "x@example.com", "kind": ""}]})
    with pytest.raises(Refused) as caught:
        provider.push(told)
    assert (caught.value.code, caught.value.message) == ("talent_pool_reveal_required", REVEAL)
    assert [entry["status"] for entry in sandbox.talynce.writes()] == [403]


def test_a_status_of_a_masked_profile_can_be_told(sandbox, provider):
    provider.push(order(sandbox, "move", MASKED[0], status="Offered"))
    assert statuses(sandbox, MASKED[0])[0] == "Offered"


def test_a_trial_takes_no_writes_and_is_still_read(sandbox, provider):
    sandbox.talynce.switch(trial=True)
    with pytest.raises(NotOffered):
        provider.push(order(sandbox, "move", status="Offered"))
    assert len(walk(provider, "jobs")) == 5


def test_a_foreign_status_is_refused_with_its_name(sandbox):
    provider = connect(sandbox, reject_status="Nope")
    with pytest.raises(Refused) as caught:
        provider.push(order(sandbox, "reject", reason_name="x"))
    assert (caught.value.code, "Nope" in caught.value.message) == ("invalid_pipeline_status", True)


def test_short_pages_are_walked_to_their_end(sandbox, provider):
    sandbox.talynce.faults.set("short_page", "/candidates$", times=None)
    rows = walk(provider, "candidates")
    assert len({row.external_id for row in rows}) == 120


@pytest.mark.parametrize(
    "fault, kind",
    [
        ({"kind": "error", "code": "unauthorized"}, Denied),
        ({"kind": "error", "code": "internal_error"}, Unavailable),
        ({"kind": "garbage"}, Garbled),
        ({"kind": "html"}, Unavailable),
        ({"kind": "drop"}, Unavailable),
        ({"kind": "cut"}, Unavailable),
        ({"kind": "rate_limit", "retry_after": 30}, RateLimited),
        ({"kind": "rate_limit", "retry_after": None}, RateLimited),
    ],
)
def test_each_fault_is_told_apart(sandbox, provider, fault, kind):
    sandbox.talynce.faults.set(**fault, path="/jobs", times=None)
    with pytest.raises(kind):
        provider.fetch("jobs", cursor=None, since=None)


def test_a_spoiled_row_is_read_as_far_as_it_can_be(sandbox, provider):
    sandbox.talynce.faults.set("bad_row", "/candidates$")
    first = provider.fetch("candidates", cursor=None, since=None).rows[0]
    assert first.fields["full_name"] == "17"
    assert first.custom_fields["talynce"]["current_ctc"] == "many"


def test_the_sixty_calls_of_a_minute_are_used_and_the_rest_waits(running):
    """A walk that is cut off by the limit goes on where it was."""
    with Sandbox(port=0, people=480, seed=1) as limited:
        provider = connect(limited)
        found, cursor = [], None
        for _ in range(40):
            try:
                page = provider.fetch("details", cursor=cursor, since=None)
            except RateLimited as error:
                limited.kombo.advance(error.retry_after)
                continue
            found += page.rows
            cursor = page.next_cursor
            if page.pause_seconds:
                limited.kombo.advance(page.pause_seconds)
            if cursor is None:
                break
        assert len({row.external_id for row in found}) == len(found) == 120


def test_a_cv_is_fetched_from_where_it_is_today(sandbox, provider):
    key = next(row.external_id for row in walk(provider, "candidates") if row.files)
    [file] = next(row.files for row in walk(provider, "candidates") if row.external_id == key)
    ordered = FileOrder(key, None, file.external_id, url="https://expired.example/cv.pdf")
    fetched = provider.fetch_file(ordered)
    assert (fetched.content[:4], fetched.name) == (b"%PDF", f"{key}.pdf")

    sandbox.talynce.edit_candidate(key, resume_url="http://169.254.169.254/latest/meta-data")
    with pytest.raises(Refused) as caught:
        provider.fetch_file(ordered)
    assert caught.value.code == "address_refused"
    sandbox.talynce.mask(key)
    assert provider.fetch_file(ordered) is None
