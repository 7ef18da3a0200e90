"""The sandbox's LinkUp keeps LinkUp's contract (linkup.md 13)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.linkup.account import ACCOUNT_ID, API_KEY, CREDITS, INACTIVE_ACCOUNT, POSTINGS
from integrations.sandbox.linkup.sandbox import LinkUpSandbox
from integrations.sandbox.server import Sandbox
from tests.integrations.sandbox.conftest import PLAIN

JOB = POSTINGS[0].job_id
FIELDS = (
    "application_id rating is_top_choice top_choice_message first_name last_name full_name headline public_identifier "
    "profile_url location experiences application_date education"
)


class Caller:
    """Speaks to LinkUp in the sandbox over a real socket."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/linkup", headers={"x-api-key": API_KEY}, timeout=5, verify=PLAIN)

    def ask(self, action: str, account_id: str = ACCOUNT_ID, headers: Any = None, **params: Any) -> httpx.Response:
        body = {"account_id": account_id, "action": action, "params": params}
        return self.http.post("/v2/recruiter", json=body, headers=headers)

    def code(self, action: str, **params: Any) -> tuple[int, str]:
        answer = self.ask(action, **params)
        assert answer.json()["metadata"]["credits_consumed"] == 0
        return answer.status_code, answer.json()["error"]["code"]

    def control(self, what: str, **data: Any) -> httpx.Response:
        return self.http.post(str(self.http.base_url.join(f"/_control/linkup/{what}")), json=data)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=400, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Iterator[Sandbox]:
    running.linkup.reset()
    yield running
    running.linkup.switch(rating_words="GOOD", extras=True, arrivals=0, per_minute=300, slow_seconds=10)


@pytest.fixture
def linkup(sandbox: Sandbox) -> Iterator[Caller]:
    caller = Caller(sandbox.url)
    yield caller
    caller.http.close()


def test_a_page_has_every_field_of_the_contract(linkup):
    answer = linkup.ask("get_candidates", job_id=JOB, count=12).json()
    row, pages, meta = answer["data"]["candidates"][0], answer["data"]["pagination"], answer["metadata"]

    assert answer["success"] is True
    assert set(row) == set(FIELDS.split())
    assert set(row["experiences"][0]) == {"title", "company", "company_url", "date_range", "description"}
    assert pages == {
        "offset": 0,
        "count": 12,
        "next_offset": 12,
        "has_more": True,
        "results_per_page": 50,
        "pages_fetched": 1,
    }
    assert answer["data"]["total_results"] == 12 < answer["data"]["total_available_results"]
    assert (meta["action"], meta["account_id"], meta["credits_consumed"]) == ("get_candidates", ACCOUNT_ID, 2)
    assert "Z" not in meta["timestamp"]


def test_checks_come_in_order_and_cost_nothing(sandbox, linkup):
    wrong = {"x-api-key": "wrong"}
    assert linkup.ask("nonsense", account_id="x", headers=wrong).json()["error"]["code"] == "INVALID_API_KEY"
    assert linkup.ask("nonsense", headers=wrong).status_code == 403
    assert linkup.code("nonsense", account_id="x") == (404, "INVALID_ACCOUNT")
    assert linkup.code("nonsense", account_id=INACTIVE_ACCOUNT) == (403, "ACCOUNT_INACTIVE")
    assert linkup.code("nonsense") == (400, "INVALID_ACTION")
    assert linkup.code("get_candidates") == (400, "INVALID_PARAMS")
    assert linkup.code("get_cv") == (400, "INVALID_PARAMS")
    sandbox.linkup.set_credits(0)
    assert linkup.code("get_candidates", job_id=JOB) == (402, "INSUFFICIENT_CREDITS")
    sandbox.linkup.switch(per_minute=1)
    assert linkup.code("get_candidates", job_id=JOB) == (429, "RATE_LIMITED")
    assert sandbox.linkup.store.spent == 0


@pytest.mark.parametrize(
    "params, code",
    [
        ({"count": 0}, 400),
        ({"count": "ten"}, 400),
        ({"count": True}, 400),
        ({"offset": -1}, 400),
        ({"count": 5000}, 200),
    ],
)
def test_counts_and_offsets_that_make_no_sense_are_refused_and_large_ones_are_capped(linkup, params, code):
    assert linkup.ask("get_candidates", job_id=JOB, **params).status_code == code


def test_the_usual_page_is_ten_and_past_the_end_there_is_nothing_and_nothing_to_pay(linkup):
    usual = linkup.ask("get_candidates", job_id=int(JOB)).json()
    beyond = linkup.ask("get_candidates", job_id=JOB, offset=9999).json()

    assert (usual["data"]["total_results"], usual["metadata"]["credits_consumed"]) == (10, 1)
    assert (beyond["data"]["candidates"], beyond["metadata"]["credits_consumed"]) == ([], 0)
    assert (beyond["data"]["pagination"]["has_more"], beyond["data"]["pagination"]["next_offset"]) == (False, None)


def test_credits_add_up_and_the_free_calls_are_free(sandbox, linkup):
    linkup.ask("get_candidates", job_id=JOB, count=25)
    linkup.ask("get_posts")
    balance = linkup.http.get("/v2/credits").json()["data"]["credits"]
    account = linkup.http.get(f"/v2/accounts/{ACCOUNT_ID}").json()["data"]

    assert balance == CREDITS - 3 - 1 == sandbox.linkup.store.credits
    assert (account["status"], account["platform"]) == ("connected", "linkedin")
    assert linkup.http.get("/v2/accounts/unknown").status_code == 404
    assert [call["action"] for call in linkup.http.get("/v2/logs").json()["data"]["logs"]][-2:] == [
        "get_posts",
        "get_candidates",
    ]


def test_the_same_person_applies_for_two_jobs_under_two_ids(sandbox):
    slugs: dict[str, list[str]] = {}
    for posting in POSTINGS:
        for applicant in sandbox.linkup.store.applicants(posting.job_id, 0, 1000):
            slugs.setdefault(applicant.slug, []).append(applicant.application_id)
    twice = [ids for ids in slugs.values() if len(ids) == 2]
    assert len(twice) > 10
    assert all(first != second for first, second in twice)


def test_who_applies_during_a_walk_stands_at_the_front(sandbox, linkup):
    sandbox.linkup.switch(arrivals=1)
    first = linkup.ask("get_candidates", job_id=JOB, count=20).json()["data"]
    second = linkup.ask("get_candidates", job_id=JOB, count=20, offset=20).json()["data"]

    assert second["candidates"][0]["application_id"] == first["candidates"][-1]["application_id"]
    assert second["total_available_results"] == first["total_available_results"] + 1


def test_a_rating_a_slug_and_a_withdrawal_can_be_made(sandbox, linkup):
    ids = sandbox.linkup.listed(JOB)
    linkup.control("do", do="rate", application_id=ids[20], rating="NOT_A_FIT")
    linkup.control("do", do="rename", application_id=ids[21], slug="somebody-else")
    linkup.control("do", do="withdraw", application_id=ids[22])
    rows = {
        row["application_id"]: row
        for row in linkup.ask("get_candidates", job_id=JOB, count=60).json()["data"]["candidates"]
    }

    assert rows[ids[20]]["rating"] == "NOT_A_FIT"
    assert rows[ids[21]]["profile_url"] == "https://www.linkedin.com/in/somebody-else"
    assert ids[22] not in rows
    assert linkup.control("do", do="withdraw", application_id=ids[22]).status_code == 404
    assert linkup.control("do", do="edit", application_id=ids[0], salary=1).status_code == 400
    assert linkup.control("do", do="switch", nonsense=1).status_code == 400
    assert linkup.control("do", do="store").status_code == 400


def test_cvs_are_a_pdf_a_mislabelled_word_file_nothing_and_slow(sandbox, linkup):
    def cv(case: str) -> tuple[bytes, str, str]:
        found = linkup.ask("get_cv", application_id=sandbox.linkup.special(case)).json()["data"]["cv"]
        return base64.b64decode(found["content"]), found["content_type"], found["filename"]

    sandbox.linkup.switch(slow_seconds=0.3)
    assert cv("changes slug")[0][:4] in (b"%PDF", b"PK\x03\x04")
    assert (cv("word as pdf")[0][:4], *cv("word as pdf")[1:]) == (b"PK\x03\x04", "application/pdf", "")
    assert cv("no cv") == (b"", "", "")
    slow = linkup.ask("get_cv", application_id=sandbox.linkup.special("slow cv"))
    assert slow.elapsed.total_seconds() >= 0.3


def test_pythons_own_user_agent_meets_cloudflare(linkup):
    answer = linkup.ask("get_posts", headers={"User-Agent": "Python-urllib/3.12"})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")


def test_faults_can_be_set_for_one_action(sandbox, linkup):
    assert linkup.control("faults", kind="rate_limit", path="get_cv", retry_after=7).status_code == 200
    assert linkup.ask("get_posts").status_code == 200
    answer = linkup.ask("get_cv", application_id="1")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert linkup.control("faults", kind="expire_cursor").status_code == 400
    assert linkup.control("reset").json() == {"reset": True}


def test_a_write_is_noted_and_changes_nothing(sandbox, linkup):
    linkup.ask("close_job", job_id=JOB)
    assert [(each.kind, each.target) for each in sandbox.linkup.store.ledger.entries] == [("close_job", JOB)]
    assert linkup.ask("get_posts", job_id=JOB).json()["data"]["posts"][0]["status"] == "PUBLISHED"


def test_its_pages_show_what_was_asked_and_escape_it(sandbox, linkup):
    sandbox.linkup.edit(sandbox.linkup.special("top choice"), message="<script>alert(1)</script>")
    linkup.ask("get_candidates", job_id=JOB)
    front, own, people = (
        linkup.http.get(f"{sandbox.url}{path}").text for path in ("/", "/linkup", f"/linkup/people?job={JOB}")
    )

    assert '<a href="/linkup">Linkup</a>' in front
    assert "get_candidates" in own
    assert ["<script" in page for page in (front, own, people)] == [False] * 3
    assert "&lt;script&gt;alert(1)" in people
    pressed = linkup.http.post(f"{sandbox.url}/_control/linkup/do", data={"do": "next_run"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/linkup")


def test_a_restart_forgets_neither_changes_nor_what_was_spent(tmp_path):
    def begin() -> LinkUpSandbox:
        return LinkUpSandbox(people=60, seed=1, clock=Clock(), state=tmp_path / "state.jsonl")

    first = begin()
    first.next_run()
    came = first.apply_for(JOB)
    first.store.note_call("get_candidates", ACCOUNT_ID, 200, 4)
    listed, credits = first.listed(JOB), first.store.credits
    first.close()
    second = begin()

    assert (second.listed(JOB), second.store.credits, credits) == (listed, credits, CREDITS - 4)
    assert second.listed(JOB)[0] == came
    assert second.store.applicant(second.store.number_of(second.special("changes slug"))).slug == "renamed-1"
    second.close()
