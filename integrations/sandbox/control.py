"""The control API under ``/_control/``. JSON in and out; forms of the pages are taken too, and lead back to a page.

==========================================  ===================================================================
``GET  {name}/faults``                      ``{"faults": [...], "kinds": {kind: what it does}}``, of each stand-in
``POST {name}/faults``                      ``{kind, path?, method?, times? (null: lasting), skip?, ...params}``
``DELETE {name}/faults``                    clears all; ``?kind=`` only that kind
``POST {name}/do``                          ``{"do": name, ...arguments}``: a change "in the ATS", see below
``POST {name}/reset``                       back to the beginning
``GET  {name}/writes``                      ``{"writes": [...], "told": [{kind, target, times}]}``, oldest first
``GET  kombo/people/{id}``                  own fields and tags in the ATS, notes, links
``POST kombo/sync``                         the read copy catches up now
``POST kombo/hook``                         ``{url, secret}``; an empty url switches webhooks off
``GET  kombo/hook``                         ``{"url", "sent": [{at, type, id, status}]}``
``POST kombo/switch``                       ``{id, why: "" or "DISABLED" or "NOT_AVAILABLE"}`` for a model or action
``POST kombo/limits``                       ``{per_minute?, concurrency?, action_seconds?, read_delay?}``
``POST clock``                              ``{"advance": seconds}``
==========================================  ===================================================================

Kombo's ``do`` is one of ``edit_candidate {candidate_id, ...fields}``, ``edit_application {application_id, ...fields}``,
``move {application_id, stage_id}``, ``add_candidate {first_name, last_name, email_address, job_id?, ...}``,
``delete_candidate``, ``undelete_candidate {candidate_id}``, ``delete_application``, ``undelete_application
{application_id}``, ``tag``, ``untag {candidate_id, name}``, ``rename_tag {tag_id, name}``, ``delete_tag {tag_id}``,
``edit_stage {stage_id, ...fields}``, ``edit_job {job_id, ...fields}``. Talynce's: ``reveal``, ``mask``,
``delete_candidate``, ``edit_candidate {candidate_id, ...fields}``, ``edit_application {application_id, ...fields}``,
``add_candidate {full_name, email, job_id?, status?, ...}``, ``switch {trial?, per_minute?, candidate_limit?,
overwrite?, lock_applications?, shuffle?, touch_candidate?}``.

LinkUp's are ``rate {application_id, rating}``, ``rename {application_id, slug}``, ``edit {application_id, ...fields}``,
``withdraw``, ``come_back {application_id}``, ``apply_for {job_id}``, ``next_run`` (a rating and a slug change, somebody
withdraws), ``set_credits {credits}`` and ``switch {rating_words?, extras?, arrivals?, slow_seconds?, per_minute?}``.
The path of a fault of LinkUp's may name the action: ``get_candidates``, ``get_cv``, ``get_posts``.

Recruspace's are ``edit_candidate {candidate_id, ...fields}``, ``move {candidate_id, substage}``, ``add_candidate
{email, pool_id, job?, ...fields}``, ``delete_candidate``, ``look_at``, ``replace_cv {candidate_id}``, ``tag
{candidate_id, title}``, ``put_in_pool``, ``take_out_of_pool {candidate_id, pool_id}``, ``add_pool {name}``,
``rename_pool {pool_id, name}``, ``delete_pool {pool_id}``, ``rename_substage {substage, name}``, ``edit_job {job,
...fields}`` and ``switch {envelope?, bare_jobs?, nulls?, wrap?, wrap_lists?, ignore_page?, retry_after?, no_jobs?,
per_minute?, link_seconds?}``.

Faults: see ``kinds``. The parameters of Kombo's: ``error`` takes ``code`` (may be null), ``message``, ``status``;
``error``, ``html`` and ``garbage`` take ``done`` (true: the call is carried out first); ``timeout_done`` and ``slow``
take ``seconds``; ``rate_limit`` takes ``reset`` (seconds; null: no rate headers at all) and ``retry_after``;
``html`` takes ``status``; ``garbage`` takes ``body``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol

from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import MISSING, Request, Response, Router, json_response, redirect
from integrations.sandbox.ledger import Ledger

if TYPE_CHECKING:
    from integrations.sandbox.server import Sandbox

Routes = Iterator[tuple[str, str, Callable[..., dict[str, Any]]]]


class Held(Protocol):
    """What the front page shows of a stand-in."""

    people: int

    @property
    def ledger(self) -> Ledger: ...


class Stand(Protocol):
    """A stand-in behind its mount point, and for whoever steers it. Each of ``deeds`` is a method of it."""

    deeds: frozenset[str]

    @property
    def store(self) -> Held: ...

    @property
    def faults(self) -> FaultBoard: ...

    def handle(self, request: Request) -> Response: ...

    def reset(self) -> None: ...

    def close(self) -> None: ...


class Steering:
    """The part of the control API that every stand-in has: faults, deeds and a reset."""

    def __init__(self, name: str, stand: Stand) -> None:
        self.name, self.stand = name, stand

    def routes(self) -> Routes:
        yield "GET", f"/{self.name}/faults", self._faults
        yield "POST", f"/{self.name}/faults", self._set_fault
        yield "DELETE", f"/{self.name}/faults", self._clear_faults
        yield "POST", f"/{self.name}/faults/clear", self._clear_faults
        yield "POST", f"/{self.name}/do", self._do
        yield "POST", f"/{self.name}/reset", self._reset
        yield "GET", f"/{self.name}/writes", self._writes

    def _writes(self, _request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        ledger = self.stand.store.ledger
        told = [{"kind": kind, "target": target, "times": times} for (kind, target), times in ledger.times().items()]
        return {"writes": [entry.as_dict() for entry in ledger.entries], "told": told}

    def _faults(self, _request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        return {"faults": [fault.as_dict() for fault in self.stand.faults.active()], "kinds": self.stand.faults.kinds}

    def _set_fault(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Forms send text: ``times`` empty means lasting."""
        times = data.pop("times", 1)
        data["times"] = int(times) if times not in (None, "") else None
        data["skip"] = int(data.get("skip") or 0)
        return self.stand.faults.set(**data).as_dict()

    def _clear_faults(self, request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        self.stand.faults.clear(request.query.get("kind", ""))
        return {"cleared": True}

    def _do(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        deed = data.pop("do", "")
        if deed not in self.stand.deeds:
            raise ValueError(f"do must be one of {', '.join(sorted(self.stand.deeds))}")
        return {"done": deed, "id": getattr(self.stand, deed)(**data)}

    def _reset(self, _request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        self.stand.reset()
        return {"reset": True}


class Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.kombo = sandbox, sandbox.kombo
        self.router = Router()
        routes: tuple[tuple[str, str, Callable[..., dict[str, Any]]], ...] = (
            ("GET", "/kombo/people/{candidate_id}", self._person),
            ("POST", "/kombo/sync", self._sync),
            ("GET", "/kombo/hook", self._hook),
            ("POST", "/kombo/hook", self._set_hook),
            ("POST", "/kombo/switch", self._switch),
            ("POST", "/kombo/limits", self._limits),
            ("POST", "/clock", self._clock),
        )
        steered = [Steering(name, stand).routes() for name, stand in sandbox.providers.items()]
        for method, path, handler in chain(*steered, routes):
            self.router.add(method, path, handler)

    def handle(self, request: Request) -> Response:
        found = self.router.find(request.method, request.path)
        if found is None:
            return json_response({"error": f"There is no {request.method} {request.path}."}, 404)
        form = request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        data: Any = request.form() if form else request.json()
        data = {} if data is MISSING else data
        if not isinstance(data, dict):
            return json_response({"error": "The body must be a JSON object."}, 400)
        try:
            answer = found[0](request, data, **found[1])
        except LookupError:
            return json_response({"error": "No such record."}, 404)
        except (TypeError, ValueError, re.error) as error:
            return json_response({"error": str(error)}, 400)
        return redirect(f"/{self._about(request)}") if form else json_response(answer)

    def _about(self, request: Request) -> str:
        """The stand-in that a form was about: its page is shown next."""
        name = request.path.split("/")[1]
        return name if name in self.sandbox.providers else ""

    def _person(self, _request: Request, _data: dict[str, Any], candidate_id: str) -> dict[str, Any]:
        candidate = self.kombo.candidate(candidate_id)
        if candidate is None:
            raise LookupError
        return {
            "candidate": candidate,
            "tags": self.kombo.tags(candidate_id),
            "notes": self.kombo.notes(candidate_id),
            "links": self.kombo.links(candidate_id),
        }

    def _sync(self, _request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        self.kombo.sync()
        return {"synced": True}

    def _hook(self, _request: Request, _data: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.kombo.hooks.target.get("url", ""), "sent": self.kombo.hooks.sent}

    def _set_hook(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        self.kombo.set_hook(str(data.get("url", "")), str(data.get("secret", "")))
        return {"url": self.kombo.hooks.target.get("url", "")}

    def _switch(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        self.kombo.switch(str(data["id"]), str(data.get("why", "")))
        return {"off": self.kombo.store.settings.get("off", {})}

    def _limits(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        api, store = self.kombo.api, self.kombo.store
        api.rate.limit = int(data.get("per_minute", api.rate.limit))
        api.concurrency.cap = int(data.get("concurrency", api.concurrency.cap))
        api.concurrency.action_seconds = float(data.get("action_seconds", api.concurrency.action_seconds))
        store.read_delay = float(data.get("read_delay", store.read_delay))
        return {"per_minute": api.rate.limit, "concurrency": api.concurrency.cap, "read_delay": store.read_delay}

    def _clock(self, _request: Request, data: dict[str, Any]) -> dict[str, Any]:
        self.kombo.advance(float(data.get("advance", 0)))
        return {"now": self.sandbox.clock.iso()}
