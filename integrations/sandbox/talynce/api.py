"""Talynce's routes: who may call, how often, what goes wrong on purpose, and where a call ends."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from datetime import datetime, timedelta
from functools import partial

from integrations.sandbox.faults import Fault, FaultBoard
from integrations.sandbox.http import MISSING, Request, Response, Router
from integrations.sandbox.talynce import reads, spoil, writes
from integrations.sandbox.talynce.bodies import body_of, check_id
from integrations.sandbox.talynce.envelopes import ApiError, not_found, success
from integrations.sandbox.talynce.organization import API_KEY, REVOKED_KEY
from integrations.sandbox.talynce.population import Row
from integrations.sandbox.talynce.store import Store

PREFIX = "/api/v1"
WINDOW = timedelta(minutes=1)


class Api:
    def __init__(self, store: Store, faults: FaultBoard, *, lift_limits: bool) -> None:
        self.store, self.faults, self.lift_limits = store, faults, lift_limits
        self.recent: dict[str, deque[datetime]] = defaultdict(deque)
        self.router = Router()
        for name in ("candidates", "jobs", "clients", "screenings"):
            self.router.add("GET", f"/{name}", partial(getattr(reads, name), store))
        self.router.add("GET", "/candidates/{identifier}", partial(reads.detail, store))
        for name in ("jobs", "clients"):
            self.router.add("GET", f"/{name}/{{identifier}}", partial(self._one, name))
        self.router.add("POST", "/candidates", self._create)
        self.router.add("PUT", "/candidates/{identifier}", self._update)

    def handle(self, request: Request) -> Response:
        request.path = request.path.removeprefix(PREFIX)
        fault = self.faults.take(request.method, request.path)
        try:
            key = self._key(request)
            self._count(key)
            with self.store.lock:
                response = spoil.before(fault) if fault else None
                if response is None:
                    response = self._serve(request, fault)
                    response = spoil.after(fault, response) if fault else response
                elif spoil.is_write(request):
                    seen = response.status if response.wire is None else None
                    self._enter(request, status=seen, code=None, summary="(a fault was on)", applied=False)
        except ApiError as error:
            response = error.response()
            if error.code == "rate_limit_exceeded":
                response.headers["Retry-After"] = str(error.details["seconds"])
        return response

    def _key(self, request: Request) -> str:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if key == REVOKED_KEY:
            raise ApiError("forbidden", "This API key was revoked.")
        if key != API_KEY:
            raise ApiError("unauthorized", "The API key is missing or invalid.")
        return key

    def _count(self, key: str) -> None:
        """A sliding minute for each key."""
        now = self.store.clock.now()
        with self.store.lock:
            calls = self.recent[key]
            while calls and now - calls[0] >= WINDOW:
                calls.popleft()
            if len(calls) >= self.store.switches.per_minute and not self.lift_limits:
                seconds = math.ceil((WINDOW - (now - calls[0])).total_seconds())
                raise ApiError("rate_limit_exceeded", "Too many requests.", details={"seconds": max(1, seconds)})
            calls.append(now)

    def _serve(self, request: Request, fault: Fault | None) -> Response:
        found = self.router.find(request.method, request.path)
        if found is None or request.path.endswith("/"):  # documented paths have no slash at the end
            raise not_found("route")
        handler, names = found
        if "identifier" in names:
            check_id("id", names["identifier"])
        if not spoil.is_write(request):
            return handler(request, **names)
        try:
            return handler(request, fault, **names)
        except ApiError as error:
            self._enter(request, status=error.status, code=error.code, summary=error.message, applied=False)
            raise

    def _one(self, kind: str, _request: Request, identifier: str) -> Response:
        return reads.one(self.store, kind, identifier)

    def _create(self, request: Request, fault: Fault | None) -> Response:
        self._may_write()
        return self._done(request, fault, writes.create(self.store, body_of(request)))

    def _update(self, request: Request, fault: Fault | None, identifier: str) -> Response:
        self._may_write()
        return self._done(request, fault, writes.update(self.store, identifier, body_of(request)))

    def _may_write(self) -> None:
        if self.store.switches.trial:
            raise ApiError("forbidden", "An organization on trial can't write through the API.")

    def _done(self, request: Request, fault: Fault | None, written: writes.Written) -> Response:
        seen = spoil.seen_status(fault, written.status)
        self._enter(request, status=seen, code=None, summary=written.summary, applied=True, about=written)
        row: Row = self.store.rows["candidates"][written.candidate["id"]]
        return success(reads.shown(row, request.origin), written.status)

    def _enter(
        self,
        request: Request,
        *,
        status: int | None,
        code: str | None,
        summary: str,
        applied: bool,
        about: writes.Written | None = None,
    ) -> None:
        """Into the ledger; a write that was taken changes its rows in the same line of the journal."""
        target = request.path.removeprefix("/candidates").strip("/")
        person = about.candidate if about else self.store.rows["candidates"].get(target)
        body = request.json()
        said = body if isinstance(body, dict) else {}
        kind = "create" if request.method == "POST" else "status" if "application" in said else "profile"
        received = {
            "method": request.method, "path": request.path, "body": None if body is MISSING else body, "kind": kind,
            "target": target, "person": person["full_name"] if person else "",
            "person_id": person["id"] if person else "", "summary": summary, "status": status, "code": code,
            "applied": applied,
        }  # fmt: skip
        self.store.change(about.put if about else None, received=received)
