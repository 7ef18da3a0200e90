"""Talynce's stand-in keeps the contract (talynce.md section 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from integrations.sandbox.server import Sandbox
from integrations.sandbox.talynce.organization import API_KEY, OUTSIDE, REVOKED_KEY, STATUSES, identifier
from integrations.sandbox.talynce.population import MASKED, NEVER, ODD, TWICE
from tests.integrations.sandbox.conftest import PLAIN


class Caller:
    def __init__(self, url: str, key: str = API_KEY) -> None:
        self.url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=f"{url}/talynce/api/v1", headers=headers, timeout=5, verify=PLAIN)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(path, params=params)

    def put(self, candidate_id: str, body: Any) -> httpx.Response:
        return self.http.put(f"/candidates/{candidate_id}", json=body)

    def one(self, candidate_id: str) -> dict[str, Any]:
        return self.get(f"/candidates/{candidate_id}").json()["data"]

    def steer(self, where: str, /, **said: Any) -> httpx.Response:
        return httpx.post(f"{self.url}/_control/talynce/{where}", json=said, verify=PLAIN)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def status(job_id: str, said: str, **more: Any) -> dict[str, Any]:
    return {"application": {"job_id": job_id, "status": said, **more}}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=400, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.talynce.reset()
    return running


@pytest.fixture
def talynce(sandbox: Sandbox) -> Iterator[Caller]:
    caller = Caller(sandbox.url)
    yield caller
    caller.http.close()


@pytest.fixture
def asha(talynce: Caller) -> dict[str, Any]:
    """Somebody with one application who isn't masked."""
    return talynce.one(identifier("candidate", 1))


# ---- who may call, and how often


def test_auth_comes_first(sandbox):
    for key, expected in (("", 401), ("nobody", 401), (REVOKED_KEY, 403)):
        caller = Caller(sandbox.url, key)
        assert caller.get("/nowhere").status_code == expected
    assert code(Caller(sandbox.url, REVOKED_KEY).get("/candidates")) == (403, "forbidden")


def test_an_organization_on_trial_reads_and_may_not_write(talynce, asha):
    talynce.steer("do", do="switch", trial=True)
    assert talynce.get("/candidates").status_code == 200
    assert code(talynce.put(asha["id"], {"location": "Delhi"})) == (403, "forbidden")


def test_the_61st_request_of_a_minute_waits_as_long_as_it_is_told(talynce, sandbox):
    statuses = [talynce.get("/jobs").status_code for _ in range(60)]
    limited = talynce.get("/jobs")
    assert statuses == [200] * 60
    assert code(limited) == (429, "rate_limit_exceeded")
    assert 0 < int(limited.headers["Retry-After"]) <= 60

    sandbox.kombo.advance(int(limited.headers["Retry-After"]))
    assert talynce.get("/jobs").status_code == 200


# ---- reading


def test_lists_are_paged_by_offset_newest_first_and_without_applications(talynce):
    first = talynce.get("/candidates", limit=30).json()
    rest = talynce.get("/candidates", limit=100, offset=30).json()
    rows = [*first["data"], *rest["data"]]
    assert first["meta"] == {"total": 100, "limit": 30, "offset": 0}
    assert len({row["id"] for row in rows}) == 100
    assert [row["created_at"] for row in rows] == sorted((row["created_at"] for row in rows), reverse=True)
    assert not any("applications" in row for row in rows)


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"offset": -1}, {"job_id": "1"}])
def test_parameters_out_of_range_are_refused(talynce, wrong):
    answer = talynce.get("/candidates", **wrong)
    assert code(answer) == (400, "validation_error")
    assert answer.json()["error"]["details"] == {"field": next(iter(wrong))}


def test_what_nobody_has_is_not_found(talynce):
    assert code(talynce.get("/tags")) == (404, "not_found")
    assert code(talynce.get("/candidates/")) == (404, "not_found")
    assert code(talynce.get(f"/candidates/{identifier('candidate', 999_999)}")) == (404, "not_found")
    assert code(talynce.get("/candidates/1")) == (400, "validation_error")


def test_the_hand_made_cases_are_there(talynce):
    for place in MASKED:
        person = talynce.one(identifier("candidate", place))
        hidden = ("email", "phone_number", "whatsapp_number", "current_ctc", "expected_ctc", "resume_url")
        assert [person[name] for name in hidden] == ["", None, None, None, None, None]
        assert person["talent_pool_status"] == "masked"
    assert len(talynce.one(identifier("candidate", TWICE))["applications"]) == 2
    assert talynce.one(identifier("candidate", NEVER))["applications"] == []
    assert [row["status"] for row in talynce.one(identifier("candidate", ODD))["applications"]] == [OUTSIDE]


def test_everybody_is_found_by_name_and_by_job_and_nobody_by_a_hidden_address(talynce, sandbox):
    masked = sandbox.talynce.candidate(identifier("candidate", MASKED[0]))
    found = talynce.get("/candidates", search=masked["email"]).json()["data"]
    assert found == []
    job_id = talynce.get("/jobs").json()["data"][0]["id"]
    for row in talynce.get("/candidates", job_id=job_id, limit=3).json()["data"]:
        assert job_id in {link["job_id"] for link in talynce.one(row["id"])["applications"]}


def test_jobs_clients_and_screenings_are_read_only(talynce):
    job = talynce.get("/jobs").json()["data"][0]
    assert talynce.get(f"/jobs/{job['id']}").json()["data"] == job
    assert talynce.get("/clients", search="lotus").json()["meta"]["total"] == 1
    session = talynce.get("/screenings", type="session", limit=1).json()["data"][0]
    assert session["pipeline_status"] in STATUSES
    assert code(talynce.http.post("/jobs", json={"title": "x"})) == (404, "not_found")


# ---- writing


def test_a_status_moves_the_pair_and_dates_it(talynce, asha):
    link = asha["applications"][0]
    assert talynce.put(asha["id"], status(link["job_id"], "shortlisted", notes="Well done.")).status_code == 200
    after = talynce.one(asha["id"])
    [now] = after["applications"]
    assert (now["status"], now["notes"]) == ("shortlisted", "Well done.")
    assert now["status_date"] == now["shortlisted_at"] > link["status_date"]
    assert after["updated_at"] == asha["updated_at"]  # a change of status touches the application alone


def test_a_status_that_is_left_out_throws_the_person_back(talynce, asha, sandbox):
    job_id = asha["applications"][0]["job_id"]
    talynce.put(asha["id"], status(job_id, "Interview"))
    talynce.put(asha["id"], {"application": {"job_id": job_id, "notes": "Oh."}})
    assert talynce.one(asha["id"])["applications"][0]["status"] == "Applied"


@pytest.mark.parametrize("word", ["interview", "Interview ", "No such"])
def test_statuses_are_compared_byte_for_byte(talynce, asha, word):
    answer = talynce.put(asha["id"], status(asha["applications"][0]["job_id"], word))
    assert code(answer) == (400, "invalid_pipeline_status")
    assert answer.json()["error"]["details"] == {"status": word}


def test_an_update_is_partial_and_null_clears(talynce, asha):
    talynce.put(asha["id"], {"location": "Delhi", "current_company": None, "primary_skills": ["Go"]})
    after = talynce.one(asha["id"])
    assert (after["location"], after["current_company"], after["email"]) == ("Delhi", None, asha["email"])
    assert after["skill_array"][0] == "Go"
    assert after["applications"] == asha["applications"]


@pytest.mark.parametrize(
    "body, field",
    [
        ({"current_ctc": "16"}, "current_ctc"),
        ({"in_notice_period": 1}, "in_notice_period"),
        ({"primary_skills": "Go"}, "primary_skills"),
        ({"full_name": None}, "full_name"),
        ({"application": {"status": "Applied"}}, "application.job_id"),
        ({"application": {"job_id": "1"}}, "application.job_id"),
        ([], "body"),
    ],
)
def test_wrong_types_are_refused(talynce, asha, body, field):
    answer = talynce.put(asha["id"], body)
    assert code(answer) == (400, "validation_error")
    assert answer.json()["error"]["details"] == {"field": field}


def test_a_masked_profile_keeps_its_locked_fields_until_it_is_revealed(talynce, sandbox):
    key = identifier("candidate", MASKED[0])
    [link] = talynce.one(key)["applications"][:1]
    refused = talynce.put(key, {"email": "x@example.com", "location": "Delhi"})
    assert code(refused) == (403, "talent_pool_reveal_required")
    assert talynce.one(key)["location"] != "Delhi"
    assert talynce.put(key, status(link["job_id"], "Interview")).status_code == 200
    talynce.steer("do", do="switch", lock_applications=True)
    assert code(talynce.put(key, status(link["job_id"], "Hired"))) == (403, "talent_pool_reveal_required")

    talynce.steer("do", do="reveal", candidate_id=key)
    shown = talynce.one(key)
    assert (shown["email"], shown["talent_pool_status"]) == (sandbox.talynce.candidate(key)["email"], "revealed")
    assert talynce.put(key, {"current_ctc": 20}).status_code == 200


def test_a_post_creates_or_matches_by_address(talynce, asha):
    new = {"full_name": "Mira Shah", "email": "Mira@example.com"}
    first = talynce.http.post("/candidates", json=new)
    again = talynce.http.post("/candidates", json={**new, "full_name": "M.", "email": " mira@EXAMPLE.com "})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["data"]["id"] == first.json()["data"]["id"]
    assert again.json()["data"]["full_name"] == "Mira Shah"
    assert code(talynce.http.post("/candidates", json={"full_name": "x"})) == (400, "validation_error")
    assert code(talynce.put(first.json()["data"]["id"], {"email": asha["email"]})) == (400, "validation_error")

    talynce.steer("do", do="switch", candidate_limit=100)
    assert code(talynce.http.post("/candidates", json={"full_name": "Y", "email": "y@example.com"})) == (
        403,
        "candidate_limit_reached",
    )
    assert talynce.http.post("/candidates", json=new).status_code == 200


# ---- faults, the ledger, and a restart


def test_the_ledger_knows_every_write_and_what_became_of_it(talynce, asha, sandbox):
    job_id = asha["applications"][0]["job_id"]
    talynce.put(asha["id"], status(job_id, "Interview"))
    talynce.put(asha["id"], status(job_id, "No such"))
    sandbox.talynce.faults.set("error", method="PUT", code="internal_error")
    talynce.put(asha["id"], status(job_id, "Hired"))
    sandbox.talynce.faults.set("timeout_done", method="PUT")
    with pytest.raises(httpx.RemoteProtocolError):
        talynce.put(asha["id"], status(job_id, "Hired"))

    told = [(entry["kind"], entry["status"], entry["applied"]) for entry in sandbox.talynce.writes()]
    assert told == [("status", 200, True), ("status", 400, False), ("status", 500, False), ("status", None, True)]
    assert talynce.one(asha["id"])["applications"][0]["status"] == "Hired"
    shown = httpx.get(f"{sandbox.url}/_control/talynce/writes", verify=PLAIN).json()
    assert shown["writes"] == sandbox.talynce.writes()
    assert shown["told"] == [{"kind": "status", "target": asha["id"], "times": 2}]


@pytest.mark.parametrize(
    "kind, params, expected",
    [
        ("error", {"code": "internal_error"}, 500),
        ("html", {}, 502),
        ("garbage", {}, 200),
        ("rate_limit", {"retry_after": 7}, 429),
    ],
)
def test_faults_are_switched_on_for_a_number_of_calls(talynce, sandbox, kind, params, expected):
    talynce.steer("faults", kind=kind, path="/jobs", times=2, **params)
    answers = [talynce.get("/clients"), talynce.get("/jobs"), talynce.get("/jobs"), talynce.get("/jobs")]
    assert [answer.status_code for answer in answers] == [200, expected, expected, 200]
    assert answers[1].headers.get("Retry-After") == ("7" if kind == "rate_limit" else None)


def test_the_page_shows_what_it_holds_and_can_reveal(talynce, sandbox):
    key = identifier("candidate", MASKED[0])
    page = httpx.get(f"{sandbox.url}/talynce/people/{key}", verify=PLAIN).text
    assert "Reveal this profile" in page
    form = {"do": "reveal", "candidate_id": key}
    answer = httpx.post(f"{sandbox.url}/_control/talynce/do", data=form, verify=PLAIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/talynce")
    assert "Received writes" in httpx.get(f"{sandbox.url}/talynce", verify=PLAIN).text
    assert "Talynce" in httpx.get(sandbox.url, verify=PLAIN).text


def test_a_cv_is_a_public_file_until_the_profile_is_masked(talynce, sandbox):
    person = next(row for row in talynce.get("/candidates", limit=100).json()["data"] if row["resume_url"])
    assert httpx.get(person["resume_url"], verify=PLAIN).content.startswith(b"%PDF")
    sandbox.talynce.mask(person["id"])
    assert httpx.get(person["resume_url"], verify=PLAIN).status_code == 404


def test_a_restarted_sandbox_knows_what_it_was_told(tmp_path):
    key = identifier("candidate", 1)
    for number, expected in ((1, "Hired"), (2, "Hired")):
        with Sandbox(port=0, people=160, seed=1, state=tmp_path / "state.jsonl") as sandbox:
            caller = Caller(sandbox.url)
            if number == 1:
                job_id = caller.one(key)["applications"][0]["job_id"]
                caller.put(key, status(job_id, "Hired"))
            assert caller.one(key)["applications"][0]["status"] == expected
            assert len(sandbox.talynce.writes()) == 1
