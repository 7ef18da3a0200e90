"""Recruspace's routes: who may call, how often, what goes wrong on purpose, and where a call ends."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from integrations.sandbox.faults import Fault, FaultBoard
from integrations.sandbox.http import MISSING, Request, Response, Router, json_response
from integrations.sandbox.recruspace import reads, spoil, writes
from integrations.sandbox.recruspace.company import API_KEY
from integrations.sandbox.recruspace.envelopes import ApiError, not_found, throttled, wrapped
from integrations.sandbox.recruspace.store import Store
from integrations.sandbox.recruspace.writes import Written

PREFIX, UTILITIES = "/api/v1/client", "/api/v1/utilities"
WINDOW = timedelta(minutes=1)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

READS: tuple[tuple[str, Callable[..., Response]], ...] = (
    ("/talent-pools/", reads.pools),
    ("/talent-pools/{pool_id}/candidates/", reads.pool_candidates),
    ("/candidates/search-by-email/", reads.search),
    ("/candidates/{candidate_id}/", reads.one_candidate),
    ("/job-posts/", reads.jobs),
    ("/job-posts/{job_hash}/", reads.one_job),
    ("/job-posts/{job_hash}/questions/", reads.questions),
    ("/companies/users/", reads.users),
    ("/companies/offices/", reads.offices),
)
# There is no stage, no rejection, no score and nothing that takes a tag off (8.8).
WRITES: tuple[tuple[str, str, str, Callable[..., Written]], ...] = (
    ("note", "POST", "/candidates/add-note/", writes.add_note),
    ("tag", "POST", "/candidates/add-tag/", writes.add_tag),
    ("create", "POST", "/candidates/add/", writes.create),
    ("manual add", "POST", "/candidates/manual-add/", writes.manual_add),
    ("upload", "POST", "/utilities/upload-file/", writes.upload),
    ("apply", "POST", "/job-posts/{job_hash}/apply/", writes.apply),
    ("pool", "POST", "/talent-pools/create/", writes.create_pool),
    ("pool", "PATCH", "/talent-pools/{pool_id}/", writes.update_pool),
    ("pool", "DELETE", "/talent-pools/{pool_id}/", writes.delete_pool),
)


class Api:
    def __init__(self, store: Store, faults: FaultBoard, *, lift_limits: bool) -> None:
        self.store, self.faults, self.lift_limits = store, faults, lift_limits
        self.recent: dict[str, deque[datetime]] = defaultdict(deque)
        self.router = Router()
        for path, read in READS:
            self.router.add("GET", path, partial(read, store))
        for kind, method, path, write in WRITES:
            self.router.add(method, path, partial(self._write, kind, write))

    def handle(self, request: Request) -> Response:
        """The key first, then the rate: calls that fail count as well (8.1, 8.2)."""
        fault = self.faults.take(request.method, request.path)
        try:
            self._count(self._key(request))
            with self.store.lock:
                response = spoil.before(fault) if fault else None
                if response is None:
                    response = self._serve(request, fault)
                    response = spoil.after(fault, response) if fault else response
                elif kind := self._kind(request):
                    seen = response.status if response.wire is None else None
                    self._enter(request, kind, status=seen, summary="(a fault was on)")
        except ApiError as error:
            response = error.response()
            if error.seconds is not None and self.store.switches.retry_after:
                response.headers["Retry-After"] = str(error.seconds)
        return response

    def _key(self, request: Request) -> str:
        if request.headers.get("Authorization", "") != f"Bearer {API_KEY}":
            raise ApiError(401, "Authentication credentials were not provided.")
        return API_KEY

    def _count(self, key: str) -> None:
        """A sliding minute for each key, over all endpoints."""
        now = self.store.clock.now()
        with self.store.lock:
            calls = self.recent[key]
            while calls and now - calls[0] >= WINDOW:
                calls.popleft()
            full = len(calls) >= self.store.switches.per_minute and not self.lift_limits
            first = calls[0] if calls else now
            calls.append(now)
            while len(calls) > self.store.switches.per_minute:
                calls.popleft()
        if full:
            raise throttled(max(1, math.ceil((WINDOW - (now - first)).total_seconds())))

    def _found(self, request: Request) -> tuple[Callable[..., Any], dict[str, str]] | None:
        path = request.path.removeprefix(PREFIX)
        if request.path.startswith(UTILITIES):
            path = request.path.removeprefix("/api/v1")
        elif path == request.path:
            return None
        return self.router.find(request.method, path) if path.endswith("/") else None

    def _serve(self, request: Request, fault: Fault | None) -> Response:
        found = self._found(request)
        if found is None:
            raise self._nothing_there(request)
        handler, names = found
        return handler(request, fault, **names) if self._kind(request) else handler(request, **names)

    def _kind(self, request: Request) -> str:
        """What kind of write this is; empty for none."""
        found = self._found(request)
        handler = found[0] if found else None
        return str(handler.args[0]) if isinstance(handler, partial) and handler.func == self._write else ""

    def _nothing_there(self, request: Request) -> ApiError:
        """405 where another method leads somewhere."""
        asked = request.method
        for method in METHODS:
            request.method = method
            if method != asked and self._found(request) is not None:
                request.method = asked
                return ApiError(405, f'Method "{asked}" not allowed.')
        request.method = asked
        return not_found()

    def _write(
        self, kind: str, write: Callable[..., Written], request: Request, fault: Fault | None, **names: str
    ) -> Response:
        try:
            written = write(self.store, request, **names)
        except ApiError as error:
            self._enter(request, kind, status=error.status, summary=error.words)
            raise
        seen = spoil.seen_status(fault, written.status)
        self._enter(request, kind, status=seen, summary=written.summary, written=written)
        if written.status == 204:
            return Response(204)
        answer = written.answer
        if written.made is not None:
            answer = reads.candidate(self.store, written.made, request)
        return json_response(wrapped(answer, wrap=written.wrap and self.store.switches.wrap), written.status)

    def _enter(
        self, request: Request, kind: str, *, status: int | None, summary: str, written: Written | None = None
    ) -> None:
        """Into the ledger; a write that was taken changes its rows in the same line of the journal."""
        body = request.json()
        said = body if isinstance(body, dict) else {}
        about = written.about if written else None
        if about is None and str(said.get("candidate_id", "")).isdigit():
            about = self.store.rows["candidates"].get(int(said["candidate_id"]))
        names = [about["first_name"], about["last_name"]] if about else []
        received = {
            "method": request.method, "path": request.path.removeprefix(PREFIX), "kind": kind,
            "body": None if body is MISSING else body, "target": str(about["id"]) if about else "",
            "person": " ".join(filter(None, names)), "person_id": str(about["id"]) if about else "",
            "summary": summary, "status": status, "code": None, "applied": written is not None,
        }  # fmt: skip
        self.store.change(written.put if written else None, gone=written.gone if written else None, received=received)
