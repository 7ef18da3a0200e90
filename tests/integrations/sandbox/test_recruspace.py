"""The sandbox's Recruspace keeps Recruspace's contract (recruspace.md 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from integrations.sandbox.clock import Clock
from integrations.sandbox.people import person
from integrations.sandbox.recruspace.company import API_KEY, JOBS, POOLS, job_hash
from integrations.sandbox.recruspace.population import FIRST_ID, TWO_POOLS
from integrations.sandbox.recruspace.sandbox import RecruspaceSandbox
from integrations.sandbox.server import Sandbox
from tests.integrations.providers.recruspace.test_nothing_lost import CONTRACT
from tests.integrations.sandbox.conftest import PLAIN

POOL = POOLS[0][0]
CLIENT = "/api/v1/client"


class Caller:
    def __init__(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {API_KEY}"}
        self.http = httpx.Client(base_url=f"{url}/recruspace", headers=headers, timeout=5, verify=PLAIN)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.http.get(CLIENT + path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.http.post(CLIENT + path, **options)

    def page(self, page: int = 1, size: int = 100, pool: int = POOL) -> Any:
        return self.get(f"/talent-pools/{pool}/candidates/", params={"page": page, "page_size": size}).json()

    def control(self, what: str, **data: Any) -> httpx.Response:
        return self.http.post(str(self.http.base_url.join(f"/_control/recruspace/{what}")), json=data)


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(port=0, people=900, seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.recruspace.reset()
    return running


@pytest.fixture
def caller(sandbox: Sandbox) -> Iterator[Caller]:
    found = Caller(sandbox.url)
    yield found
    found.http.close()


def said(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["detail"]


# ---- the key and the rate


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", API_KEY, f"Token {API_KEY}"])
def test_the_key_comes_first(caller, key):
    answer = caller.get("/nowhere/", headers={"Authorization": key})
    assert said(answer) == (401, "Authentication credentials were not provided.")


def test_the_hundred_and_first_call_of_a_minute_is_throttled_and_failed_ones_count(sandbox, caller):
    for _ in range(99):
        assert caller.get("/nowhere/").status_code == 404
    assert caller.get("/companies/offices/").status_code == 200
    status, words = said(caller.get("/companies/offices/"))
    assert (status, words.startswith("Request was throttled. Expected available in ")) == (429, True)
    assert words.endswith((" seconds.", " second."))
    assert "retry-after" not in caller.get("/companies/offices/").headers

    sandbox.recruspace.switch(retry_after=True)
    assert 1 <= int(caller.get("/companies/offices/").headers["retry-after"]) <= 60


# ---- lists


def test_a_row_has_every_field_of_the_contract(caller):
    rows = caller.page()
    assert all(set(row) == set(CONTRACT["candidate"].split()) for row in rows)
    full = next(row for row in rows if row["cv"] and row["photo"] and row["job_post"] and row["substage"])
    for name, part in [
        ("file", full["cv"]),
        ("file", full["photo"]),
        ("job_post", full["job_post"]),
        ("substage", full["substage"]),
        ("stage", full["substage"]["stage"]),
    ]:
        assert set(part) == set(CONTRACT[name].split())
    [pool, *_rest] = caller.get("/talent-pools/").json()
    assert set(pool) == set(CONTRACT["pool"].split())
    job = caller.get(f"/job-posts/{job_hash(0)}/").json()
    listed = caller.get("/job-posts/").json()["results"][0]
    assert set(CONTRACT["job"].split()) <= set(job) | set(listed)
    [user, *_rest] = caller.get("/companies/users/").json()
    assert set(user) == set(CONTRACT["user"].split())


def test_the_detail_has_more_and_search_finds_parts_of_addresses(caller):
    row = next(row for row in caller.page() if row["email"])
    detail = caller.get(f"/candidates/{row['id']}/").json()
    assert set(detail) == set(row) | {"company", "user"}
    assert detail["user"]["email"] == row["email"]
    found = caller.get("/candidates/search-by-email/", params={"email": row["email"][1:].upper()}).json()
    assert {"id": row["id"], "email": row["email"]} in found
    assert caller.get("/candidates/search-by-email/").status_code == 400


def test_lists_are_bare_arrays_of_at_most_a_hundred_rows_in_order(caller):
    everything = [row for page in (1, 2) for row in caller.page(page, 5000)]
    order = [(row["created_at"], row["id"]) for row in everything]
    assert (len(caller.page()), order) == (100, sorted(order, reverse=True))
    pool = next(pool for pool in caller.get("/talent-pools/").json() if pool["id"] == POOL)
    assert len({row["id"] for row in everything}) == len(everything) == pool["candidate_count"]
    assert len(caller.get(f"/talent-pools/{POOL}/candidates/").json()) == 10


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", ""])
def test_a_page_that_is_none_is_404(caller, page):
    answer = caller.get(f"/talent-pools/{POOL}/candidates/", params={"page": page})
    assert said(answer) == (404, "Invalid page.")


def test_every_shape_of_lists_can_be_switched_on(sandbox, caller):
    sandbox.recruspace.switch(envelope=True)
    first, last = caller.page(1), caller.page(2)
    assert (set(first), set(last)) == ({"count", "next", "results"}, {"count", "previous", "results"})
    sandbox.recruspace.switch(nulls=True)
    assert (caller.page(2)["next"], caller.page(1)["previous"]) == (None, None)
    sandbox.recruspace.switch(wrap_lists=True)
    assert set(caller.page()) == {"success", "content"}
    sandbox.recruspace.switch(envelope=False, wrap_lists=False, ignore_page=True)
    assert [row["id"] for row in caller.page(7)] == [row["id"] for row in caller.page(1)]
    assert set(caller.get("/job-posts/").json()) == {"count", "next", "previous", "results"}
    sandbox.recruspace.switch(bare_jobs=True)
    assert len(caller.get("/job-posts/").json()) == len(JOBS)
    sandbox.recruspace.switch(no_jobs=True)
    assert caller.get("/job-posts/").status_code == 404


def test_links_differ_each_time_open_their_file_and_end(sandbox, caller):
    def the_cv() -> dict[str, Any]:
        return next(row["cv"] for row in caller.page() if row["cv"])

    first, again = the_cv(), the_cv()
    assert {**first, "presigned_url": ""} == {**again, "presigned_url": ""}
    assert first["presigned_url"] != again["presigned_url"]
    answer = httpx.get(first["presigned_url"], verify=PLAIN)
    assert (answer.status_code, answer.content[:5] in (b"%PDF-", b"PK\x03\x04\x14")) == (200, True)
    assert httpx.get(first["presigned_url"] + "0", verify=PLAIN).status_code == 403
    sandbox.recruspace.switch(link_seconds=-1)
    assert httpx.get(the_cv()["presigned_url"], verify=PLAIN).status_code == 403


def test_every_file_is_what_its_name_says(caller):
    begins = {"pdf": b"%PDF-", "docx": b"PK", "png": b"\x89PNG"}
    files = [row[key] for row in caller.page() for key in ("cv", "photo") if row[key]]
    endings = [file["name"].rpartition(".")[2] for file in files]
    assert set(endings) == set(begins)
    for file, ending in zip(files, endings, strict=True):
        assert httpx.get(file["presigned_url"], verify=PLAIN).content.startswith(begins[ending])


def test_the_same_person_is_found_in_other_stand_ins_and_the_same_row_in_two_pools(caller):
    two = FIRST_ID + TWO_POOLS
    assert two in [row["id"] for page in (1, 2) for row in caller.page(page)]
    assert two in [row["id"] for row in caller.page(pool=15)]
    assert caller.get(f"/candidates/{two}/").json()["email"] == person(1, 3 * TWO_POOLS + 1).emails[0]


# ---- writes


def test_notes_are_kept_and_shown_to_nobody_but_the_page(sandbox, caller):
    answer = caller.post("/candidates/add-note/", json={"candidate_id": FIRST_ID, "text": "<b>Strong</b>"})
    assert (answer.status_code, set(answer.json())) == (201, {"id", "text", "created_at"})
    assert sandbox.recruspace.notes(FIRST_ID) == ["<b>Strong</b>"]
    assert "Strong" not in caller.get(f"/candidates/{FIRST_ID}/").text
    assert "&lt;b&gt;Strong&lt;/b&gt;" in caller.http.get(f"/people/{FIRST_ID}").text


def test_a_tag_is_there_once_and_compared_exactly(sandbox, caller):
    def tag(title: str) -> int:
        return caller.post("/candidates/add-tag/", json={"candidate_id": FIRST_ID, "title": title}).status_code

    assert [tag("panel-yes"), tag("panel-yes"), tag("Panel-yes")] == [201, 409, 201]
    assert sandbox.recruspace.titles(FIRST_ID)[-2:] == ["panel-yes", "Panel-yes"]
    assert [(write["kind"], write["status"], write["applied"]) for write in sandbox.recruspace.writes()] == [
        ("tag", 201, True), ("tag", 409, False), ("tag", 201, True),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["add-note", "add-tag"])
@pytest.mark.parametrize(
    "body, status",
    [({"candidate_id": 1, "text": "x", "title": "x"}, 404), ({"candidate_id": FIRST_ID}, 400), ({}, 400), ([], 400)],
)
def test_a_note_or_tag_that_makes_no_sense(sandbox, caller, path, body, status):
    assert caller.post(f"/candidates/{path}/", json=body).status_code == status
    assert [write["applied"] for write in sandbox.recruspace.writes()] == [False]


PERSON = {"first_name": "Nia", "last_name": "Obi", "email": "nia.obi@example.org"}


def test_creating_makes_a_new_row_each_time_and_refuses_the_same_address_in_one_place(sandbox, caller):
    def create(name: str = "cv.pdf", **more: Any) -> httpx.Response:
        return caller.post("/candidates/add/", data={**PERSON, **more}, files={"cv_file": (name, b"%PDF-1.4")})

    first = create(talent_pool_id="12").json()
    assert (first["email"], first["cv"]["name"]) == (PERSON["email"], "cv.pdf")
    assert create(talent_pool_id="12", email="NIA.Obi@example.org").status_code == 409
    sandbox.recruspace.switch(wrap=True)
    wrapped = create(job_post=job_hash(1)).json()
    assert (wrapped["success"], wrapped["content"]["id"]) == ("OK", first["id"] + 1)
    assert (create("cv.exe").status_code, create(job_post="nope").status_code) == (400, 400)
    assert caller.post("/candidates/add/", data=PERSON).status_code == 400


def test_manual_add_makes_a_new_row_from_an_uploaded_document(caller):
    upload = caller.http.post(
        "/api/v1/utilities/upload-file/", files={"file": ("cv.docx", b"PK")}, data={"folder_key": "cv"}
    )
    document = str(upload.json()["id"])
    made = caller.post("/candidates/manual-add/", json={**PERSON, "cv": document, "talent_pool_id": 15})
    assert (made.status_code, made.json()["cv"]["name"]) == (201, "cv.docx")
    assert made.json()["id"] in [row["id"] for row in caller.page(pool=15)]
    assert caller.post("/candidates/manual-add/", json={**PERSON, "cv": "1"}).status_code == 400


def test_pools_are_made_renamed_and_deleted(caller):
    made = caller.post("/talent-pools/create/", json={"name": "Autumn"}).json()
    path = f"{CLIENT}/talent-pools/{made['id']}/"
    assert caller.http.patch(path, json={"name": "Winter"}).json()["name"] == "Winter"
    assert caller.http.delete(path).status_code == 204
    assert caller.http.delete(path).status_code == 404


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("POST", f"/candidates/{FIRST_ID}/", 405),
        ("DELETE", f"/candidates/{FIRST_ID}/", 405),
        ("PATCH", f"/candidates/{FIRST_ID}/", 405),
        ("POST", f"/candidates/{FIRST_ID}/stage/", 404),
        ("POST", f"/candidates/{FIRST_ID}/reject/", 404),
        ("POST", "/candidates/remove-tag/", 405),
        ("GET", "/tags/", 404),
        ("GET", f"/candidates/{FIRST_ID}/notes/", 404),
        ("GET", "/talent-pools", 404),
        ("GET", "/talent-pools/999/candidates/", 404),
        ("GET", "/talent-pools/x/candidates/", 404),
    ],
)
def test_what_recruspace_does_not_have_is_not_here(caller, method, path, status):
    assert caller.http.request(method, CLIENT + path).status_code == status


# ---- faults


def test_a_note_can_be_stored_without_an_answer(sandbox, caller):
    sandbox.recruspace.faults.set("timeout_done", "add-note")
    with pytest.raises(httpx.TransportError):
        caller.post("/candidates/add-note/", json={"candidate_id": FIRST_ID, "text": "Once."})
    assert sandbox.recruspace.notes(FIRST_ID) == ["Once."]
    assert [(write["status"], write["applied"]) for write in sandbox.recruspace.writes()] == [(None, True)]


def test_each_fault_does_what_it_says_and_only_as_often(caller):
    rows = caller.page(1, 3)
    for said_of, expected in [
        ({"kind": "error"}, 500),
        ({"kind": "error", "status": 403}, 403),
        ({"kind": "html"}, 502),
        ({"kind": "rate_limit", "seconds": 42}, 429),
    ]:
        caller.control("faults", **said_of)
        assert caller.get("/companies/offices/").status_code == expected
        assert caller.get("/companies/offices/").status_code == 200
    caller.control("faults", kind="garbage")
    assert caller.page(1, 3) == {"surprise": 42}
    caller.control("faults", kind="slip")
    assert caller.page(1, 3) != caller.page(1, 3)
    caller.control("faults", kind="bad_row")
    assert caller.page(1, 3)[0]["substage"] == 17
    for kind in ("drop", "cut"):
        caller.control("faults", kind=kind)
        with pytest.raises(httpx.TransportError):
            caller.page(1, 3)
    assert [row["id"] for row in caller.page(1, 3)] == [row["id"] for row in rows]


# ---- steering


def test_what_people_do_there_shows(sandbox, caller):
    upstream = sandbox.recruspace
    new = upstream.add_candidate(email="new@example.org", pool_id=24, job=job_hash(0), first_name="New")
    assert [row["id"] for row in caller.page(pool=24)] == [new]
    upstream.move(new, 33)
    upstream.put_in_pool(new, 15)
    upstream.take_out_of_pool(new, 24)
    upstream.replace_cv(new)
    upstream.look_at(new)
    upstream.tag(new, "seen")
    upstream.rename_substage(33, "Whole team")
    row = next(row for row in caller.page(pool=15) if row["id"] == new)
    assert (row["substage"]["name"], row["cv"]["name"], row["is_seen"], row["tags"][0]["title"]) == (
        "Whole team", "new_CV.pdf", True, "seen",
    )  # fmt: skip
    upstream.delete_candidate(new)
    assert caller.get(f"/candidates/{new}/").status_code == 404
    assert caller.control("do", do="move", candidate_id=FIRST_ID, substage=1).status_code == 404
    assert caller.control("do", do="edit_candidate", candidate_id=FIRST_ID, nonsense=1).status_code == 400


def test_a_restarted_sandbox_remembers_and_a_reset_forgets(tmp_path):
    def start() -> RecruspaceSandbox:
        return RecruspaceSandbox(people=20, seed=1, clock=Clock(), state=tmp_path / "state.jsonl")

    first = start()
    first.tag(FIRST_ID, "kept")
    first.delete_candidate(FIRST_ID + 1)
    first.add_pool("New pool")
    first.close()
    again = start()
    assert "kept" in again.titles(FIRST_ID)
    assert (FIRST_ID + 1 in again.store.rows["candidates"], 25 in again.store.rows["pools"]) == (False, True)
    again.reset()
    again.close()
    fresh = start()
    assert ("kept" in fresh.titles(FIRST_ID), 25 in fresh.store.rows["pools"]) == (False, False)


def test_the_pages_show_what_is_there(caller):
    caller.post("/candidates/add-tag/", json={"candidate_id": FIRST_ID, "title": "<i>tag</i>"})
    overview = caller.http.get("/").text
    assert all(
        words in overview for words in ("Kestrel &amp; Co", "Backend 2026", "مواهب الدعم", "&lt;i&gt;tag&lt;/i&gt;")
    )
    assert "<i>tag</i>" not in overview
    assert caller.http.get(f"/people/{FIRST_ID}").status_code == 200
    assert caller.http.get("/people/1").status_code == 404
