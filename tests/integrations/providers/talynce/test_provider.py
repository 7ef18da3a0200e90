"""Talynce under our contract: rows, details, pushes, reading back, and the check of the key."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from candidates.domain.profiles import CandidateProfile, JobProfile, Malformed
from integrations.errors import Denied, NotOffered, RateLimited, Refused, Unavailable
from integrations.pacing import OWN_CEILING
from integrations.providers.talynce import rows as waiting
from tests.integrations.providers.talynce import rows
from tests.integrations.providers.talynce.wire import error, one, order, page, talynce

HIRED = f"{rows.JOB_ID}:Hired"


class Upstream:
    """A Talynce that remembers: the people of ``found`` by id, in the list and in detail. ``broken`` maps an id to an
    answer that comes in place of the detail."""

    def __init__(self, *found, broken=None) -> None:
        self.people = {row["id"]: row for row in found}
        self.broken = broken or {}
        self.written: list[dict] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        identifier = re.search(r"/candidates/([^/]+)$", request.url.path)
        if identifier is None:
            offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
            listed = [{key: row[key] for key in row if key != "applications"} for row in self.people.values()]
            return page(*listed[offset : offset + limit], total=len(listed), offset=offset)
        key = identifier[1]
        if key in self.broken:
            return self.broken[key]
        if key not in self.people:
            return error(404, "not_found")
        if request.method == "PUT":
            self._write(self.people[key], json.loads(request.content))
        return one(self.people[key])

    def _write(self, person: dict, body: dict) -> None:
        self.written.append(body)
        for name, value in body.items():
            if name != "application":
                person[name] = value
        for row in person["applications"]:
            if row["job_id"] == body.get("application", {}).get("job_id"):
                row.update(body["application"])


def asha(**changes) -> dict:
    return json.loads(json.dumps(rows.detail(**changes)))


def people(count: int) -> list[dict]:
    return [asha(id=f"person-{number}", applications=[]) for number in range(count)]


# ---- reading


def test_jobs_come_with_the_names_of_their_employers():
    provider, script = talynce(page(rows.JOB), page({"id": rows.JOB["client_id"], "name": "Lotus Labs"}))
    found = provider.fetch("jobs", cursor=None, since=None)
    assert [asked.url.path for asked in script.asked] == ["/api/v1/jobs", "/api/v1/clients"]
    assert [type(row) for row in found.rows] == [JobProfile]
    assert found.rows[0].custom_fields["client"] == "Lotus Labs"


def test_jobs_come_without_employers_where_those_may_not_be_read():
    provider, _script = talynce(page(rows.JOB), error(403, "forbidden"))
    assert provider.fetch("jobs", cursor=None, since=None).rows[0].custom_fields["client"] == "Lotus"


def test_the_list_brings_people_and_says_nothing_of_their_applications():
    provider, _script = talynce(Upstream(asha()))
    found = provider.fetch("candidates", cursor=None, since=None)
    assert [(type(row), row.applications) for row in found.rows] == [(CandidateProfile, None)]


def test_details_are_the_list_again_each_person_asked_for():
    provider, script = talynce(Upstream(*people(25)))
    first = provider.fetch("details", cursor=None, since=None)
    second = provider.fetch("details", cursor=first.next_cursor, since=None)
    assert [row.external_id for row in [*first.rows, *second.rows]] == [f"person-{number}" for number in range(25)]
    assert (first.next_cursor, second.next_cursor, len(script.asked)) == ("20", None, 27)
    assert first.total is None  # somebody may vanish between the list and the detail


def test_somebody_who_vanished_meanwhile_is_no_error():
    provider, _script = talynce(Upstream(*people(3), broken={"person-1": error(404, "not_found")}))
    found = provider.fetch("details", cursor=None, since=None)
    assert [row.external_id for row in found.rows] == ["person-0", "person-2"]


def test_somebody_whose_detail_is_no_data_is_set_aside():
    broken = {"person-1": httpx.Response(200, text="<html>")}
    provider, _script = talynce(Upstream(*people(3), broken=broken))
    found = provider.fetch("details", cursor=None, since=None).rows
    assert [type(row) for row in found] == [CandidateProfile, Malformed, CandidateProfile]
    assert found[1].external_id == "person-1"


@pytest.mark.parametrize(
    "failure, pause",
    [(error(429, "rate_limit_exceeded", headers={"Retry-After": "30"}), 30.0), (error(500, "internal_error"), 0.0)],
)
def test_a_page_of_details_that_has_to_stop_keeps_what_it_has(failure, pause):
    provider, _script = talynce(Upstream(*people(9), broken={"person-4": failure}))
    found = provider.fetch("details", cursor=None, since=None)
    assert [row.external_id for row in found.rows] == [f"person-{number}" for number in range(4)]
    assert (found.next_cursor, found.pause_seconds) == ("4", pause)


def test_our_own_ceiling_in_the_middle_is_no_pause_of_talynces():
    """The next page meets it again, and then it holds up nobody but the import."""
    provider, _script = talynce(Upstream(*people(9)))
    left = iter(range(6))

    class Ceiling:
        def wait(self, sleep, shown):
            if next(left, None) is None:
                raise RateLimited("Enough for this minute.", retry_after=30.0, code=OWN_CEILING, exchange=shown)

        def learn(self, headers): ...

    provider.client.http.pace = Ceiling()
    found = provider.fetch("details", cursor=None, since=None)
    assert (len(found.rows), found.next_cursor, found.pause_seconds) == (5, "5", 0.0)
    with pytest.raises(RateLimited):
        provider.fetch("details", cursor="5", since=None)


@pytest.mark.parametrize(
    "failure, kind", [(error(429, "rate_limit_exceeded"), RateLimited), (error(500, "internal_error"), Unavailable)]
)
def test_a_page_of_details_that_has_nothing_is_an_error(failure, kind):
    provider, _script = talynce(Upstream(*people(3), broken={"person-0": failure}))
    with pytest.raises(kind):
        provider.fetch("details", cursor=None, since=None)


def test_a_key_that_is_revoked_meanwhile_stops_the_import():
    provider, _script = talynce(Upstream(*people(3), broken={"person-2": error(401, "unauthorized")}))
    with pytest.raises(Denied):
        provider.fetch("details", cursor=None, since=None)


def test_only_a_404_proves_that_somebody_is_gone():
    provider, _script = talynce(Upstream(asha(), broken={"odd": error(400, "validation_error")}))
    assert provider.is_gone("candidates", "nobody") is True
    assert provider.is_gone("candidates", rows.ASHA) is False
    with pytest.raises(Refused):
        provider.is_gone("candidates", "odd")


# ---- telling


def tell(upstream: Upstream, kind: str, **payload):
    provider, _script = talynce(upstream)
    return provider.push(order(kind, **payload))


def test_a_move_sends_the_pair_and_nothing_else():
    upstream = Upstream(asha())
    exchange = tell(upstream, "move", stage_id=HIRED, stage_name="Hired")
    assert upstream.written == [{"application": {"job_id": rows.JOB_ID, "status": "Hired"}}]
    assert (exchange.method, exchange.status) == ("PUT", 200)


def test_what_is_so_already_is_not_written():
    upstream = Upstream(asha())
    exchange = tell(upstream, "move", stage_id=f"{rows.JOB_ID}:Interview")
    assert (upstream.written, exchange.method) == ([], "GET")


def test_a_rejection_is_the_mapped_status_with_the_reason_in_the_text():
    upstream = Upstream(asha())
    at = "2026-01-06T14:02:30+00:00"
    tell(upstream, "reject", reason_name="No SQL", note="A pity.", at=at, by="Leo Brandt")
    assert upstream.written == [
        {
            "application": {
                "job_id": rows.JOB_ID,
                "status": "Rejected",
                "notes": "[2026-01-04] Spoke with her.\n\n[2026-01-06 14:02 UTC, Leo Brandt] Rejected: No SQL\nA pity.",
            }
        }
    ]


def test_a_note_goes_with_the_status_that_is_there():
    upstream = Upstream(asha(applications=[rows.application(notes=None)]))
    tell(upstream, "note", text="Good talk.", at="2026-01-06T14:02:30+00:00", by="Leo Brandt")
    note = "[2026-01-06 14:02 UTC, Leo Brandt] Good talk."
    assert upstream.written == [{"application": {"job_id": rows.JOB_ID, "status": "Interview", "notes": note}}]


def test_the_same_note_told_again_is_not_written_again():
    upstream = Upstream(asha())
    for _ in range(2):
        tell(upstream, "note", text="Good talk.", at="2026-01-06T14:02:30+00:00")
    assert len(upstream.written) == 1


def test_shortlisting_and_reopening_are_statuses():
    upstream = Upstream(asha())
    tell(upstream, "shortlist")
    tell(upstream, "reopen", stage_id=f"{rows.JOB_ID}:Applied")
    assert [body["application"]["status"] for body in upstream.written] == ["shortlisted", "Applied"]


@pytest.mark.parametrize("kind", ["reject", "shortlist"])
def test_without_a_mapped_status_nothing_is_sent(kind):
    provider, script = talynce(Upstream(asha()), reject_status="", shortlist_status=None)
    with pytest.raises(NotOffered):
        provider.push(order(kind))
    assert script.asked == []


def test_a_link_is_never_made_by_accident():
    upstream = Upstream(asha(applications=[]))
    with pytest.raises(Refused) as caught:
        tell(upstream, "move", stage_id=HIRED)
    assert (caught.value.code, upstream.written) == ("application_missing", [])


def test_a_stage_that_holds_no_status_is_refused():
    upstream = Upstream(asha())
    with pytest.raises(Refused) as caught:
        tell(upstream, "move", stage_id="made here")
    assert (caught.value.code, upstream.written) == ("stage_missing", [])


def test_a_write_that_does_not_show_afterwards_was_not_taken():
    upstream = Upstream(asha())
    upstream._write = lambda person, body: upstream.written.append(body)
    with pytest.raises(Refused) as caught:
        tell(upstream, "move", stage_id=HIRED)
    assert (caught.value.code, len(upstream.written)) == ("not_shown", 1)


def test_a_write_that_cannot_be_read_back_stands():
    provider, _script = talynce(one(asha()), one({}), error(404, "not_found"))
    exchange = provider.push(order("move", stage_id=HIRED))
    assert exchange.warnings == ["It could not be read back: Said by Talynce."]


def test_only_the_fields_that_differ_are_sent():
    upstream = Upstream(asha())
    tell(
        upstream,
        "fields",
        fields={"current_company": "Banyan", "full_name": "Asha Rao"},
        base={"current_company": "Lotus Labs"},
    )
    assert upstream.written == [{"current_company": "Banyan"}]


def test_a_field_that_was_changed_there_meanwhile_is_not_overwritten_unless_somebody_says_so():
    upstream, change = Upstream(asha()), {"fields": {"current_company": "Banyan"}, "base": {"current_company": "Old"}}
    with pytest.raises(Refused) as caught:
        tell(upstream, "fields", **change)
    assert (caught.value.code, upstream.written) == ("changed_upstream", [])

    tell(upstream, "fields", **change, said_at="2026-01-06T14:02:30+00:00")
    assert upstream.written == [{"current_company": "Banyan"}]


@pytest.mark.parametrize("kind", ["tag", "untag"])
def test_tags_are_not_offered(kind):
    provider, script = talynce(Upstream(asha()))
    with pytest.raises(NotOffered):
        provider.push(order(kind, name="Python"))
    assert (script.asked, provider.read_back(order(kind, name="Python"))) == ([], None)


# ---- reading back


@pytest.mark.parametrize(
    "kind, payload, arrived",
    [
        ("move", {"stage_id": f"{rows.JOB_ID}:Interview"}, True),
        ("move", {"stage_id": HIRED}, False),
        ("reject", {"reason_name": "x"}, False),
        ("note", {"text": "Spoke with her."}, True),
        ("note", {"text": "Something else."}, False),
        ("fields", {"fields": {"current_company": "Lotus Labs"}}, True),
        ("fields", {"fields": {"current_company": "Banyan"}}, False),
    ],
)
def test_what_the_detail_shows_is_so(kind, payload, arrived):
    provider, _script = talynce(Upstream(asha()))
    assert provider.read_back(order(kind, **payload)) is arrived


def test_where_an_application_is_now():
    provider, _script = talynce(Upstream(asha()))
    assert provider.current(order("move")) == {
        "stage_id": f"{rows.JOB_ID}:Interview",
        "stage": "Interview",
        "outcome": "active",
        "changed_at": "2026-01-04T12:03:00Z",
        "fresh": True,
    }
    assert talynce(Upstream())[0].current(order("move")) is None


# ---- the check


@pytest.mark.parametrize(
    "answer, ok, code, words",
    [
        (page(rows.LISTED, total=1), True, "ok", "with 1 candidate."),
        (page(total=1200), True, "ok", "with 1,200 candidates."),
        (error(401, "unauthorized"), False, "wrong_key", "doesn't accept this API key. It says: Said by Talynce."),
        (error(403, "forbidden"), False, "revoked", "was revoked"),
        (error(500, "internal_error"), False, "internal_error", "Said by Talynce."),
    ],
)
def test_the_check_tries_to_read(answer, ok, code, words):
    provider, _script = talynce(answer)
    check = provider.check()
    assert (check.ok, check.code) == (ok, code)
    assert words in check.detail


def test_the_cursor_is_a_small_text():
    provider, _script = talynce(Upstream(*people(150)))
    assert provider.fetch("candidates", cursor=None, since=None).next_cursor == "100"
    assert waiting.identifier({"id": "x y"}) == ""
