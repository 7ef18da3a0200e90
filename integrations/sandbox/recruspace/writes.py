"""What Recruspace can be told (recruspace.md 4). Each checks, and answers what it would change: ``api`` does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.http import Request
from integrations.sandbox.recruspace import company, population, reads
from integrations.sandbox.recruspace.bodies import document, form_of, json_of, text, whole
from integrations.sandbox.recruspace.envelopes import ApiError, not_found
from integrations.sandbox.recruspace.population import Row
from integrations.sandbox.recruspace.store import Store


@dataclass(slots=True)
class Written:
    """``about``: the candidate's row. ``made``: this candidate is the answer, in full. ``wrap``: as switched."""

    summary: str
    answer: Any = None
    status: int = 201
    put: dict[str, list[Row]] = field(default_factory=dict)
    gone: dict[str, list[int]] = field(default_factory=dict)
    about: Row | None = None
    target: str = ""
    made: Row | None = None
    wrap: bool = False


def add_note(store: Store, request: Request) -> Written:
    body = json_of(request)
    row, said = _candidate(store, body), text(body, "text")
    note = {"id": store.new_id("notes"), "text": said, "created_at": store.clock.iso()}
    kept = {**note, "candidate": row["id"]}
    return Written(said, note, put={"notes": [kept]}, about=row, target=str(row["id"]))


def add_tag(store: Store, request: Request) -> Written:
    """409 for one that is there. Compared exactly (4.2)."""
    body = json_of(request)
    row, title = _candidate(store, body), text(body, "title")
    tag = next((tag for tag in store.rows["tags"].values() if tag["title"] == title), None)
    if tag and tag["id"] in row["tags"]:
        raise ApiError(409, "The candidate already has this tag.")
    tag = tag or {"id": store.new_id("tags"), "title": title}
    put = {"tags": [tag], "candidates": [{**row, "tags": [*row["tags"], tag["id"]]}]}
    return Written(title, tag, put=put, about=row, target=str(row["id"]))


def create(store: Store, request: Request) -> Written:
    """A new row with the bytes of a CV (4.3)."""
    body = form_of(request)
    names = {name: text(body, name) for name in ("first_name", "last_name", "email")}
    upload = document(body.get("cv_file"), "cv_file")
    return _new(store, names, body, upload.name)


def manual_add(store: Store, request: Request) -> Written:
    """A new row as well, whatever its name says, with the id of an uploaded document (4.4)."""
    body = json_of(request)
    names = {name: text(body, name) for name in ("first_name", "last_name", "email")}
    known = store.rows["documents"].get(whole(body, "cv", required=False))
    if body.get("cv") and known is None:
        raise ApiError(400, {"cv": ["No such document."]})
    return _new(store, names, body, known["name"] if known else "")


def _new(store: Store, names: dict[str, str], body: dict[str, Any], cv_name: str) -> Written:
    job, pool = text(body, "job_post", required=False), whole(body, "talent_pool_id", required=False)
    if job and job not in store.rows["jobs"]:
        raise ApiError(400, {"job_post": ["No such job post."]})
    if pool is not None and pool not in store.rows["pools"]:
        raise ApiError(400, {"talent_pool_id": ["No such talent pool."]})
    for row in store.rows["candidates"].values():
        same_target = (job and row["job"] == job) or (pool is not None and pool in row["pools"])
        if same_target and (row["email"] or "").casefold() == names["email"].casefold():
            raise ApiError(409, "The candidate already exists.")
    row = blank(store, job or None, pool)
    row |= {**names, "phone_number": text(body, "phone_number", required=False) or None}
    if cv_name:
        row["cv"] = population.file(row["id"], cv_name, "cv", store.clock.now())
    return Written("created", put={"candidates": [row]}, about=row, target=str(row["id"]), made=row, wrap=True)


def blank(store: Store, job: str | None, pool: int | None) -> Row:
    """A new candidate of whom nothing is known but where they are."""
    pipeline = store.rows["jobs"][job]["pipeline"] if job else None
    first = company.substages_of(pipeline)[0] if pipeline else None
    row: Row = dict.fromkeys(next(iter(population.candidates(1, store.seed, store.base))))
    row |= {"id": max(store.new_id("candidates"), population.FIRST_ID), "created_at": store.clock.iso(), "tags": []}
    row |= {
        "error_status": False,
        "error_logs": [],
        "is_seen": False,
        "entry_method": "manual",
        "source_platform": "api",
    }
    return row | {"job": job, "first_job": job, "substage": first, "pools": [pool] if pool is not None else []}


def upload(store: Store, request: Request) -> Written:
    """Bytes for manual add (4.5); only the name is kept here."""
    file = document(form_of(request).get("file"), "file")
    kept = {"id": store.new_id("documents"), "name": file.name}
    return Written(file.name, {"id": kept["id"]}, status=200, put={"documents": [kept]}, wrap=True)


def apply(store: Store, request: Request, job_hash: str) -> Written:
    """As the candidate would (4.6)."""
    body = json_of(request)
    if job_hash not in store.rows["jobs"]:
        raise not_found()
    if not isinstance(body.get("answers"), list):
        raise ApiError(400, {"answers": ["This field is required."]})
    names = {name: text(body, name) for name in ("first_name", "last_name", "email")}
    return _new(store, names, {"job_post": job_hash}, "")


def create_pool(store: Store, request: Request) -> Written:
    name = text(json_of(request), "name")
    row: Row = {"id": store.new_id("pools"), "name": name, "created_at": store.clock.iso(), "user": 7}
    return Written(name, reads.pool(store, row), put={"pools": [row]})


def update_pool(store: Store, request: Request, pool_id: str) -> Written:
    row = dict(_pool(store, pool_id))
    row["name"] = text(json_of(request), "name", required=False) or row["name"]
    return Written(row["name"], reads.pool(store, row), status=200, put={"pools": [row]})


def delete_pool(store: Store, _request: Request, pool_id: str) -> Written:
    row = _pool(store, pool_id)
    return Written(row["name"], status=204, gone={"pools": [row["id"]]})


def _candidate(store: Store, body: dict[str, Any]) -> Row:
    number = whole(body, "candidate_id")
    row = store.rows["candidates"].get(number)
    if row is None:
        raise ApiError(404, "Candidate not found.")
    return row


def _pool(store: Store, pool_id: str) -> Row:
    try:
        return store.get("pools", pool_id)
    except LookupError:
        raise not_found() from None
