"""Lists and details (talynce.md 2.1 to 2.3, 3 to 5): every key on every row, masked where it has to be."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from integrations.sandbox.http import Request, Response
from integrations.sandbox.talynce.bodies import check_id
from integrations.sandbox.talynce.envelopes import invalid, not_found, success
from integrations.sandbox.talynce.population import Row
from integrations.sandbox.talynce.store import Store

HIDDEN: Row = {
    "email": "",
    **dict.fromkeys(("phone_number", "whatsapp_number", "current_ctc", "expected_ctc", "resume_url")),
}


def shown(row: Row, origin: str) -> Row:
    """As the API says it: masked fields blank, the CV at an address of ours."""
    if row["talent_pool_status"] == "masked":
        return {**row, **HIDDEN}
    url = row["resume_url"]
    return {**row, "resume_url": f"{origin}/talynce{url}" if url and url.startswith("/") else url}


def detail(store: Store, request: Request, identifier: str) -> Response:
    row = store.rows["candidates"].get(identifier)
    if row is None:
        raise not_found("candidate")
    return success({**shown(row, request.origin), "applications": store.applications_of(identifier)})


def candidates(store: Store, request: Request) -> Response:
    rows: Iterable[Row] = store.rows["candidates"].values()
    if "job_id" in request.query:
        check_id("job_id", request.query["job_id"])
        linked = store.rows["applications"].values()
        ids = {row["candidate_id"] for row in linked if row["job_id"] == request.query["job_id"]}
        rows = [row for row in rows if row["id"] in ids]
    rows = _found(rows, request, ("full_name", "email"))
    ordered = sorted(rows, key=lambda row: row["id"])
    ordered.sort(key=lambda row: row["created_at"], reverse=True)
    if store.switches.shuffle:
        random.shuffle(ordered)
    return _page(ordered, request, lambda row: shown(row, request.origin))


def jobs(store: Store, request: Request) -> Response:
    return _page(_filtered(store, "jobs", request, ("title",), ("status", "client_id")), request)


def clients(store: Store, request: Request) -> Response:
    rows = _filtered(store, "clients", request, ("name", "email", "contact_person"), ("status", "industry"))
    return _page(rows, request)


def screenings(store: Store, request: Request) -> Response:
    """A session for each application that was screened."""
    kind = request.query.get("type", "all")
    if kind not in ("session", "video", "all"):
        raise invalid("type", "type must be session, video or all.")
    rows = [_session(store, row) for row in store.rows["applications"].values() if row["screening_started_at"]]
    wanted = {key: request.query[key] for key in ("job_id", "candidate_id", "status") if key in request.query}
    rows = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return _page([] if kind == "video" else rows, request)


def one(store: Store, kind: str, identifier: str) -> Response:
    row = store.rows[kind].get(identifier)
    if row is None:
        raise not_found(kind.removesuffix("s"))
    return success(row)


def _session(store: Store, link: Row) -> Row:
    person, job = store.get("candidates", link["candidate_id"]), store.get("jobs", link["job_id"])
    return {
        "id": link["id"], "type": "screening_session", "channel": "email", "status": "completed",
        "candidate_id": person["id"], "job_id": job["id"], "candidate_name": person["full_name"],
        "job_title": job["title"], "pipeline_status": link["status"], "match_score": link["match_score"],
        "calculated_score": link["screening_score"], "current_question_index": 6, "email_sent_at": None,
        "email_opened_at": None, "form_started_at": link["screening_started_at"],
        "completed_at": link["screening_completed_at"], "created_at": link["created_at"],
        "updated_at": link["updated_at"],
    }  # fmt: skip


def _filtered(
    store: Store, kind: str, request: Request, searched: tuple[str, ...], exact: tuple[str, ...]
) -> list[Row]:
    wanted = {key: request.query[key] for key in exact if key in request.query}
    rows = _found(store.rows[kind].values(), request, searched)
    return [row for row in rows if all(row.get(key) == value for key, value in wanted.items())]


def _found(rows: Iterable[Row], request: Request, searched: tuple[str, ...]) -> list[Row]:
    """A masked profile isn't found by an address that it hides."""
    wanted = request.query.get("search", "").strip().casefold()
    if not wanted:
        return list(rows)
    hidden = HIDDEN if "email" in searched else {}
    return [
        row
        for row in rows
        if any(
            wanted in str(row.get(key) or "").casefold()
            for key in searched
            if not (row.get("talent_pool_status") == "masked" and key in hidden)
        )
    ]


def _page(rows: list[Row], request: Request, render: Any = lambda row: row) -> Response:
    limit = _number(request, "limit", 50, 1, 100)
    offset = _number(request, "offset", 0, 0, None)
    found = [render(row) for row in rows[offset : offset + limit]]
    return success(found, total=len(rows), limit=limit, offset=offset)


def _number(request: Request, name: str, default: int, least: int, most: int | None) -> int:
    text = request.query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
        raise invalid(name, f"{name} must be a whole number from {least} to {most or 'any'}.")
    return int(text)
