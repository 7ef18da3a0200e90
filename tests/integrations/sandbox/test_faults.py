"""Limits, faults and the control API."""

import concurrent.futures

import httpx
import pytest

from integrations.sandbox.kombo.envelopes import STATUSES
from tests.integrations.sandbox.conftest import PLAIN

NOTE = {"content": "Told once?", "content_type": "PLAIN_TEXT"}


def test_every_answer_carries_the_rate_headers_and_actions_the_others(kombo):
    answer = kombo.get("/ats/tags")
    refused = kombo.get("/ats/tags", page_size="0")
    person = kombo.rows("/ats/candidates")[0]["id"]
    action = kombo.get(f"/ats/candidates/{person}/attachments")

    assert (answer.headers["ratelimit-limit"], answer.headers["ratelimit-remaining"]) == ("300", "299")
    assert 0 < int(answer.headers["ratelimit-reset"]) <= 60
    assert refused.headers["ratelimit-remaining"] == "298"
    assert (action.headers["Concurrency-Limit"], action.headers["Concurrency-Remaining"]) == ("30", "29")
    assert "Concurrency-Limit" not in answer.headers


def test_the_301st_request_of_a_minute_is_429_and_the_next_minute_is_free(kombo, sandbox):
    statuses = [kombo.get("/check-api-key").status_code for _ in range(301)]
    code = kombo.code(kombo.get("/check-api-key"))
    sandbox.kombo.advance(60)

    assert statuses == [200] * 300 + [429]
    assert code == (429, "PLATFORM.RATE_LIMIT_EXCEEDED")
    assert kombo.get("/check-api-key").status_code == 200


def test_more_actions_at_once_than_the_cap_are_429(kombo, sandbox):
    kombo.http.post(f"{sandbox.url}/_control/kombo/limits", json={"concurrency": 2, "action_seconds": 0.3})
    path = f"/ats/candidates/{kombo.rows('/ats/candidates')[0]['id']}/attachments"

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: kombo.get(path), range(6)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert kombo.code(refused) == (429, "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED")


@pytest.mark.parametrize("code", STATUSES)
def test_each_error_code_can_be_switched_on_for_a_number_of_calls(kombo, sandbox, code):
    sandbox.kombo.faults.set("error", "/ats/tags", code=code, times=2)

    answers = [kombo.get("/ats/jobs"), kombo.get("/ats/tags"), kombo.get("/ats/tags"), kombo.get("/ats/tags")]

    assert [answer.status_code for answer in answers] == [200, STATUSES[code], STATUSES[code], 200]
    error = answers[1].json()["error"]
    assert (error["code"], sorted(error)) == (code, ["code", "log_url", "message", "title"])


def test_timeout_but_done_gives_no_answer_and_does_the_write(kombo, sandbox):
    application = kombo.pending()
    sandbox.kombo.faults.set("timeout_done", "/notes")

    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        kombo.send("POST", f"/ats/applications/{application['id']}/notes", NOTE)

    assert sandbox.kombo.notes(application["candidate_id"]) == ["Told once?"]
    assert [(row["status"], row["applied"]) for row in sandbox.kombo.writes()] == [(None, True)]


def test_a_hang_up_before_answering_does_nothing(kombo, sandbox):
    application = kombo.pending()
    sandbox.kombo.faults.set("drop", "/notes")

    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        kombo.send("POST", f"/ats/applications/{application['id']}/notes", NOTE)

    assert sandbox.kombo.notes(application["candidate_id"]) == []
    assert [(row["status"], row["applied"]) for row in sandbox.kombo.writes()] == [(None, False)]


def test_a_task_that_timed_out_may_have_been_done(kombo, sandbox):
    application = kombo.pending()
    sandbox.kombo.faults.set("error", "/notes", code="PLATFORM.TASK_TIMED_OUT", done=True)

    answer = kombo.send("POST", f"/ats/applications/{application['id']}/notes", NOTE)

    assert kombo.code(answer) == (504, "PLATFORM.TASK_TIMED_OUT")
    assert [(row["status"], row["applied"]) for row in sandbox.kombo.writes()] == [(504, True)]


def test_an_answer_can_be_cut_dripped_or_replaced(kombo, sandbox):
    faults = sandbox.kombo.faults
    faults.set("cut", "/ats/tags")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        kombo.get("/ats/tags")
    faults.set("slow", "/ats/tags", seconds=0.2)
    assert len(kombo.get("/ats/tags").json()["data"]["results"]) == 25
    faults.set("html", "/ats/tags")
    faults.set("html", "/ats/tags", status=200)
    faults.set("garbage", "/ats/tags")
    answers = [kombo.get("/ats/tags") for _ in range(3)]

    assert [(each.status_code, each.headers["content-type"]) for each in answers] == [
        (502, "text/html; charset=utf-8"),
        (200, "text/html; charset=utf-8"),
        (200, "application/json"),
    ]
    assert isinstance(answers[2].json(), list)


def test_the_first_sync_can_be_pending(kombo, sandbox):
    sandbox.kombo.faults.set("setup_pending", "/ats/")

    assert kombo.code(kombo.get("/ats/candidates")) == (409, "INTEGRATION.SETUP_SYNC_PENDING")


def test_only_created_applications_are_listed_in_that_mode_until_it_is_cleared(kombo, sandbox):
    sandbox.kombo.faults.set("only_created", times=None)
    job = kombo.rows("/ats/jobs", statuses="OPEN")[0]["id"]
    empty = kombo.rows("/ats/candidates"), kombo.rows("/ats/applications")
    body = {"candidate": {"first_name": "Nour", "last_name": "Aziz", "email_address": "nour.aziz@example.com"}}
    made = kombo.send("POST", f"/ats/jobs/{job}/applications", body).json()["data"]["id"]
    sandbox.kombo.sync()
    created = [row["id"] for row in kombo.rows("/ats/applications")]
    sandbox.kombo.faults.clear()

    assert empty == ([], [])
    assert created == [made]
    assert len(kombo.rows("/ats/candidates")) > 200


def test_both_kinds_of_429_with_and_without_a_reset(kombo, sandbox):
    faults = sandbox.kombo.faults
    faults.set("rate_limit", reset=3)
    faults.set("rate_limit", reset=None)
    faults.set("rate_limit", reset=None, retry_after=2)
    faults.set("concurrency_limit")

    answers = [kombo.get("/ats/tags") for _ in range(4)]

    assert [kombo.code(answer)[1] for answer in answers] == ["PLATFORM.RATE_LIMIT_EXCEEDED"] * 3 + [
        "PLATFORM.CONCURRENCY_LIMIT_EXCEEDED"
    ]
    assert [answer.headers.get("ratelimit-reset") for answer in answers[:3]] == ["3", None, None]
    assert [answer.headers.get("retry-after") for answer in answers[:3]] == [None, None, "2"]


def test_cursors_can_repeat_or_expire_and_a_row_can_be_spoiled(kombo, sandbox):
    faults = sandbox.kombo.faults
    first = kombo.get("/ats/candidates", page_size="10").json()["data"]
    faults.set("repeat_cursor", "/ats/candidates")
    repeated = kombo.get("/ats/candidates", page_size="10", cursor=first["next"]).json()["data"]
    faults.set("expire_cursor", "/ats/candidates")
    expired = kombo.get("/ats/candidates", page_size="10", cursor=first["next"])
    faults.set("bad_row", "/ats/candidates")
    spoiled = kombo.get("/ats/candidates", page_size="10").json()["data"]["results"]

    assert repeated["next"] == first["next"]
    assert kombo.code(expired) == (400, "PLATFORM.INPUT_INVALID")
    assert spoiled[0]["applications"] == "none"
    assert spoiled[1:] == first["results"][1:]


def test_a_fault_can_let_the_first_calls_pass(kombo, sandbox):
    sandbox.kombo.faults.set("error", "/ats/tags", code="PLATFORM.UNKNOWN_ERROR", skip=2)

    assert [kombo.get("/ats/tags").status_code for _ in range(4)] == [200, 200, 500, 200]


def test_faults_and_changes_can_be_made_over_http(kombo, sandbox):
    control = httpx.Client(base_url=f"{sandbox.url}/_control", verify=PLAIN)
    person = kombo.rows("/ats/candidates")[0]["id"]

    fault = control.post("/kombo/faults", json={"kind": "error", "code": "REMOTE.SERVICE_UNAVAILABLE", "times": 1})
    edit = control.post("/kombo/do", json={"do": "edit_candidate", "candidate_id": person, "last_name": "Abroad"})
    synced = control.post("/kombo/sync", json={})

    assert (fault.status_code, edit.json()["done"], synced.json()) == (200, "edit_candidate", {"synced": True})
    assert kombo.get("/ats/tags").status_code == 503
    assert kombo.one("/ats/candidates", person)["last_name"] == "Abroad"
    assert control.get("/kombo/faults").json()["faults"] == []
    assert control.post("/kombo/do", json={"do": "store"}).status_code == 400
    assert control.post("/kombo/do", json={"do": "delete_candidate", "candidate_id": "1" * 24}).status_code == 404
    control.close()


def test_pages_show_what_was_received_and_escape_it(kombo, sandbox):
    application = kombo.pending()
    path = f"/ats/applications/{application['id']}/notes"
    for _ in range(2):
        kombo.send("POST", path, {"content": "<script>alert(1)</script>", "content_type": "PLAIN_TEXT"})
    pages = [
        kombo.http.get(f"{sandbox.url}{where}").text
        for where in ("/", "/kombo", "/kombo/people?q=b", f"/kombo/people/{application['candidate_id']}")
    ]

    assert ["<script" in page for page in pages] == [False] * 4
    assert "&lt;script&gt;alert(1)" in pages[1]
    assert '<span class="warn">repeat</span>' in pages[1]
    assert '<span class="warn">2</span>' in pages[1]
    assert "&lt;b&gt;Robert&lt;/b&gt;" in pages[2]


def test_a_button_on_the_page_switches_a_fault_on_and_leads_back(kombo, sandbox):
    answer = kombo.http.post(f"{sandbox.url}/_control/kombo/faults", data={"kind": "only_created", "times": ""})

    assert (answer.status_code, answer.headers["location"]) == (303, "/kombo")
    assert [(fault.kind, fault.times) for fault in sandbox.kombo.faults.active()] == [("only_created", None)]
