"""What Recruspace answers to questions (recruspace.md 3). Call with the store's lock held."""

from __future__ import annotations

import hmac
import itertools
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from integrations.sandbox.http import Request, Response, json_response
from integrations.sandbox.recruspace import company
from integrations.sandbox.recruspace.envelopes import ApiError, cut, listed, not_found
from integrations.sandbox.recruspace.population import Row
from integrations.sandbox.recruspace.store import Store

_count = itertools.count(1)
SECRET = b"links of the sandbox"


def pools(store: Store, request: Request) -> Response:
    rows = [pool(store, row) for row in store.rows["pools"].values()]
    return _page(store, request, rows, envelope=store.switches.envelope)


def pool(store: Store, row: Row) -> Row:
    count = len(store.in_pool(row["id"]))
    return {
        "id": row["id"], "candidate_count": count, "created_by": company.user(row["user"]), "name": row["name"],
        "created_at": row["created_at"],
    }  # fmt: skip


def pool_candidates(store: Store, request: Request, pool_id: str) -> Response:
    ids = store.in_pool(_row(store, "pools", pool_id)["id"])
    place = cut(request, len(ids), store.switches)
    rows = [candidate(store, store.rows["candidates"][number], request) for number in ids[place[1] : place[2]]]
    return listed(request, rows, place, len(ids), envelope=store.switches.envelope, switches=store.switches)


def one_candidate(store: Store, request: Request, candidate_id: str) -> Response:
    """The row's fields, and two that only the detail has (3.3)."""
    row = _row(store, "candidates", candidate_id)
    names = {"email": row["email"], "first_name": row["first_name"], "last_name": row["last_name"]}
    user = {"id": row["id"] + 50_000, **names, "profile_img": None}
    return json_response({**candidate(store, row, request), "company": company.NAME, "user": user})


def search(store: Store, request: Request) -> Response:
    """Part of an address is enough (3.4)."""
    wanted = request.query.get("email", "").strip().casefold()
    if not wanted:
        raise ApiError(400, {"email": ["This query parameter is required."]})
    found = [row for row in store.rows["candidates"].values() if wanted in (row["email"] or "").casefold()]
    return json_response([{"id": row["id"], "email": row["email"]} for row in found])


def jobs(store: Store, request: Request) -> Response:
    if store.switches.no_jobs:
        raise not_found()
    rows = [_listed_job(store, job, request) for job in store.rows["jobs"].values()]
    return _page(store, request, rows, envelope=not store.switches.bare_jobs)


def one_job(store: Store, _request: Request, job_hash: str) -> Response:
    job = _row(store, "jobs", job_hash)
    counted = {"applicant_count": len(_applicants(store, job_hash)), "created_by": company.user(7)}
    return json_response({**job, **counted})


def questions(store: Store, _request: Request, job_hash: str) -> Response:
    _row(store, "jobs", job_hash)
    return json_response([{"id": 1, "question_key": "Phone"}, {"id": 2, "question_key": "Experience"}])


def users(store: Store, request: Request) -> Response:
    rows = [company.user(number) for number, *_names in company.USERS]
    return _page(store, request, rows, envelope=store.switches.envelope)


def offices(store: Store, request: Request) -> Response:
    rows = [{"id": number, "name": name} for number, name in company.OFFICES]
    return _page(store, request, rows, envelope=store.switches.envelope)


def candidate(store: Store, row: Row, request: Request) -> Row:
    """A row of a pool as the API shows it (3.2)."""
    shown = {key: value for key, value in row.items() if key not in ("job", "first_job", "pools")}
    return {
        **shown,
        "job_post": _embedded(store, row["job"]),
        "initial_applied_job_post": _embedded(store, row["first_job"]),
        "cv": shown_file(store, row["cv"], request),
        "photo": shown_file(store, row["photo"], request),
        "tags": [store.rows["tags"][tag] for tag in row["tags"]],
        "substage": _substage(store, row["substage"]),
    }


def shown_file(store: Store, file: Row | None, request: Request) -> Row | None:
    """With another link in each answer (8.5)."""
    if file is None:
        return None
    until = int(store.clock.now().timestamp()) + store.switches.link_seconds
    stamp = f"{until}.{next(_count)}"
    link = (
        f"{request.origin}/recruspace/files/{file['id']}/{quote(file['name'])}?sig={stamp}.{signed(file['id'], stamp)}"
    )
    return {**file, "presigned_url": link}


def signed(file_id: int, stamp: str) -> str:
    return hmac.new(SECRET, f"{file_id}:{stamp}".encode(), sha256).hexdigest()[:16]


def _page(store: Store, request: Request, rows: list[Any], *, envelope: bool) -> Response:
    place = cut(request, len(rows), store.switches)
    return listed(request, rows[place[1] : place[2]], place, len(rows), envelope=envelope, switches=store.switches)


def _row(store: Store, kind: str, identifier: str) -> Row:
    try:
        return store.get(kind, identifier)
    except LookupError:
        raise not_found() from None


def _embedded(store: Store, job_hash: str | None) -> Row | None:
    job = store.rows["jobs"].get(job_hash) if job_hash else None
    return {key: job[key] for key in ("hash", "title", "status", "pipeline")} if job else None


def _substage(store: Store, number: int | None) -> Row | None:
    for stage in company.STAGES:
        for queue, (substage, name, mails) in enumerate(stage.substages):
            if substage == number:
                made = "2025-11-01T08:00:00.000Z"
                name = store.rows["substages"].get(number, {}).get("name", name)
                around = {"id": stage.id, "name": stage.name, "key": stage.key, "created_at": made}
                return {
                    "id": number, "stage": {**around, "pipeline": stage.pipeline}, "name": name, "queue": queue,
                    "is_visible": True, "created_at": made, "email_template": 60 + number if mails else None,
                }  # fmt: skip
    return None


def _applicants(store: Store, job_hash: str) -> list[Row]:
    return [row for row in store.rows["candidates"].values() if row["job"] == job_hash]


def _listed_job(store: Store, job: Row, request: Request) -> Row:
    applicants = _applicants(store, job["hash"])
    shown = {key: job[key] for key in ("hash", "title", "status", "pipeline", "employment_type", "workplace_type")}
    examples = [
        {**{key: row[key] for key in ("id", "email", "first_name", "last_name")},
         "photo": shown_file(store, row["photo"], request)}
        for row in applicants[:3]
    ]  # fmt: skip
    return {**shown, "locations": job["locations"], "applicant_count": len(applicants), "example_candidates": examples}
