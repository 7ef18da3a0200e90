"""Kombo's routes: who may call, within which limits, what goes wrong on purpose, and where a call ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from integrations.sandbox.faults import Fault, FaultBoard
from integrations.sandbox.http import MISSING, Request, Response, Router
from integrations.sandbox.kombo import spoil
from integrations.sandbox.kombo.actions import ACTIONS, Actions, Outcome, body_of
from integrations.sandbox.kombo.envelopes import ApiError, action_success, action_success_text, invalid, success
from integrations.sandbox.kombo.files import files_of, record
from integrations.sandbox.kombo.hooks import Hooks
from integrations.sandbox.kombo.ids import is_id, number_of
from integrations.sandbox.kombo.integration import API_KEY, ENVIRONMENT_ID, INTEGRATION_ID, NOT_OFFERED, describe
from integrations.sandbox.kombo.limits import LIFTED, Concurrency, RateLimit
from integrations.sandbox.kombo.lists import Lists
from integrations.sandbox.kombo.render import Renderer
from integrations.sandbox.kombo.store import Store

Handler = Callable[..., Response]
GENERAL = ("/check-api-key", "/integrations/")


class Api:
    def __init__(self, store: Store, faults: FaultBoard, hooks: Hooks, *, lift_limits: bool) -> None:
        self.store, self.faults, self.hooks = store, faults, hooks
        self.actions = Actions(store)
        self.rate = RateLimit(store.clock, LIFTED if lift_limits else 300)
        self.concurrency = Concurrency()
        self._lists: Lists | None = None
        self.router = self._routes()

    def _routes(self) -> Router:
        router = Router()
        lists = {
            "candidates": Lists.candidates, "applications": Lists.applications, "jobs": Lists.jobs,
            "application-stages": Lists.stages, "tags": Lists.tags, "rejection-reasons": Lists.reasons,
            "users": Lists.users, "roles": Lists.roles, "offers": Lists.offers, "interviews": Lists.interviews,
            "notes": None, "scorecards": None, "attachments": None,
        }  # fmt: skip
        for name, serve in lists.items():
            router.add("GET", f"/ats/{name}", partial(self._list, name, serve))
        for kind, (method, pattern, action, act) in ACTIONS.items():
            router.add(method, pattern, partial(self._act, kind, action, act))
        router.add("GET", "/ats/candidates/{candidate_id}/attachments", self._candidate_files)
        router.add("GET", "/ats/applications/{application_id}/attachments", self._application_files)
        router.add("GET", "/check-api-key", lambda _request: success({"environment_id": ENVIRONMENT_ID}))
        router.add("POST", "/force-sync", self._force_sync)
        router.add("GET", "/integrations/{integration_id}", self._integration)
        router.add("PUT", "/integrations/{integration_id}/enabled", self._enable)
        return router

    def handle(self, request: Request) -> Response:
        """Answer one call, with the rate headers that stand on every answer."""
        if request.path.startswith("/v1/"):
            request.path = request.path.removeprefix("/v1")
        fault = self.faults.take(request.method, request.path)
        key, integration = request.headers.get("Authorization", ""), request.headers.get("X-Integration-Id", "")
        within, headers = self.rate.take(key, integration)
        try:
            if not within:
                raise ApiError("PLATFORM.RATE_LIMIT_EXCEEDED", "Too many requests.")
            response = spoil.before(fault) if fault else None
            if response is not None:
                self._enter_refused(request, response)
            else:
                response = self._serve(request, fault)
                response = spoil.after(fault, request, response) if fault else response
        except ApiError as error:
            response = error.response()
        return spoil.with_headers(fault, response, headers)

    def _serve(self, request: Request, fault: Fault | None) -> Response:
        general = request.path.startswith(GENERAL)
        if request.headers.get("Authorization") != f"Bearer {API_KEY}":
            raise ApiError("PLATFORM.AUTHENTICATION_INVALID", "The API key is missing or invalid.")
        found = self.router.find(request.method, request.path)
        if found is None:
            raise invalid(f"There is no {request.method} {request.path}.", 404)
        if not general:
            self._check_integration(request.headers.get("X-Integration-Id", ""))
        handler, parameters = found
        action = isinstance(handler, partial) and handler.func == self._act
        if not action and not request.path.endswith("/attachments"):
            return handler(request, **parameters)
        if action:
            handler = partial(handler, seen=spoil.seen_status(fault))
        return self._in_flight(partial(handler, request, **parameters))

    def _check_integration(self, integration: str) -> None:
        if not integration:
            raise invalid("The X-Integration-Id header is required.")
        if integration != INTEGRATION_ID:
            raise ApiError("PLATFORM.INTEGRATION_NOT_FOUND", "No integration has this id.")
        if self.store.settings.get("status", "ACTIVE") == "INACTIVE":
            raise ApiError("INTEGRATION.INACTIVE", "The integration is switched off.")

    def _in_flight(self, handler: Callable[[], Response]) -> Response:
        """Actions count against the cap, and say so (kombo.md 4.2)."""
        if not self.concurrency.enter():
            response = ApiError("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", "Too many actions in flight.").response()
            response.headers |= self.concurrency.headers()
            return response
        try:
            self.concurrency.work()
            headers = self.concurrency.headers()
            try:
                response = handler()
            except ApiError as error:
                response = error.response()
        finally:
            self.concurrency.leave()
        response.headers |= headers
        return response

    def lists(self) -> Lists:
        """Lists over the present read copy; a reset makes a new one. Call with the store's lock held."""
        if self._lists is None or self._lists.state is not self.store.read:
            self._lists = Lists(self.store.read)
        return self._lists

    def _list(self, name: str, serve: Handler | None, request: Request) -> Response:
        model = "ats_" + name.replace("-", "_")
        why = self.store.settings.get("off", {}).get(model)
        if serve is None or model in NOT_OFFERED or why == "NOT_AVAILABLE":
            raise ApiError("INTEGRATION.MODEL_NOT_AVAILABLE", "The connected system doesn't offer this model.")
        if why:
            raise ApiError("INTEGRATION.MODEL_DISABLED", "The model is switched off in the scope config.")
        with self.store.lock:
            self.store.settle()
            if name in ("candidates", "applications"):
                only_created = self.faults.is_on("only_created", request.method, request.path)
                return serve(self.lists(), request, only_created=only_created)
            return serve(self.lists(), request)

    def _act(
        self, kind: str, action: str, act: Callable[..., Outcome], request: Request, *, seen: int | None, **ids: str
    ) -> Response:
        """One write: check, change the ATS's copy and enter the ledger in one go."""
        with self.store.lock:
            try:
                self._check_offered(action)
                outcome = act(self.actions, body_of(request), **ids)
            except ApiError as error:
                self._enter(request, kind, ids, status=error.status, code=error.code, summary=error.message)
                raise
            received = self._received(request, kind, ids, status=seen, code=None, summary=outcome.summary, applied=True)
            self.store.change(outcome.changes, received)
            self.hooks.wake()
            return self._created(outcome) if outcome.returns else action_success({}, *outcome.warnings)

    def _check_offered(self, action: str) -> None:
        why = self.store.settings.get("off", {}).get(action)
        if why == "NOT_AVAILABLE":
            raise ApiError("INTEGRATION.ACTION_NOT_AVAILABLE", "The connected system doesn't offer this action.")
        if why:
            raise ApiError("INTEGRATION.ACTION_DISABLED", "The action is switched off in the scope config.")

    def _created(self, outcome: Outcome) -> Response:
        model, number = outcome.returns or ("", 0)
        remote, renderer = self.store.remote, Renderer(self.store.remote)
        if model == "candidate":
            return action_success_text(renderer.candidate(remote.hold_candidate(number)))
        return action_success_text(renderer.application(remote.hold_application(number)))

    def _enter(self, request: Request, kind: str, ids: dict[str, str], **result: Any) -> None:
        self.store.change([], self._received(request, kind, ids, applied=False, **result))

    def _enter_refused(self, request: Request, response: Response) -> None:
        """A write that met a fault before it was done is in the ledger too."""
        found = self.router.find(request.method, request.path)
        if found and isinstance(found[0], partial) and found[0].func == self._act:
            status = response.status if not response.wire or response.wire.answer else None
            with self.store.lock:
                self._enter(request, found[0].args[0], found[1], status=status, code=None, summary="(a fault was on)")

    def _received(self, request: Request, kind: str, ids: dict[str, str], **result: Any) -> dict[str, Any]:
        target = next(iter(ids.values()), "")
        candidate = self._person_of(ids)
        names = (candidate.own["first_name"], candidate.own["last_name"]) if candidate else ()
        body = request.json()
        return {
            "method": request.method, "path": request.path, "body": None if body is MISSING else body, "kind": kind,
            "target": target, "person": " ".join(name for name in names if name),
            "person_id": candidate.own["id"] if candidate else "", **result,
        }  # fmt: skip

    def _person_of(self, ids: dict[str, str]) -> Any:
        (name, identifier), remote = next(iter(ids.items()), ("", "")), self.store.remote
        if not is_id(identifier):
            return None
        number = number_of(identifier)
        if name == "application_id" and (application := remote.application(number)):
            number = application.candidate
        return remote.candidate(number) if name != "job_id" else None

    def _candidate_files(self, request: Request, candidate_id: str) -> Response:
        with self.store.lock:
            candidate = self.actions.candidate(candidate_id)
            rows = files_of(self.store.remote, candidate)
            return action_success(
                {"results": [record(file, candidate, request.origin, of_candidate=True) for file in rows]}
            )

    def _application_files(self, request: Request, application_id: str) -> Response:
        """The application's own files; the person's where the ATS keeps them there."""
        with self.store.lock:
            application = self.actions.application(application_id)
            candidate = self.store.remote.candidate(application.candidate)
            if candidate is None:
                return action_success({"results": []})
            rows = files_of(self.store.remote, candidate)
            rows = [file for file in rows if file.application in (None, application.number)]
            return action_success(
                {"results": [record(file, candidate, request.origin, of_candidate=False) for file in rows]}
            )

    def _force_sync(self, request: Request) -> Response:
        body = request.json()
        kind = body.get("type", "FULL") if isinstance(body, dict) else "FULL"
        if kind not in ("FULL", "DELTA"):
            raise invalid("type must be FULL or DELTA")
        self.store.sync()
        return success({"already_queued": False, "sync_id": self.hooks.new_id(), "type": kind})

    def _integration(self, _request: Request, integration_id: str) -> Response:
        if integration_id != INTEGRATION_ID:
            raise ApiError("PLATFORM.INTEGRATION_NOT_FOUND", "No integration has this id.")
        return success(describe(self.store.settings, self.store.read.population.ago(60 * 24 * 120)))

    def _enable(self, request: Request, integration_id: str) -> Response:
        value = body_of(request).get("value")
        if integration_id != INTEGRATION_ID or not isinstance(value, bool):
            raise invalid("value must be true or false")
        self.store.set("status", "ACTIVE" if value else "INACTIVE")
        return success({})
