"""Kombo under our contract: what can be read, what can be told, and how well it keeps its word."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx
from django.conf import settings
from pydantic import ValidationError

from candidates.domain.profiles import MISSING, FileProfile, Row, Unreads
from integrations.bodies import storable
from integrations.errors import Exchange, NotOffered, ProviderError, Refused
from integrations.provider import Account, Check, Fetched, FileOrder, Order, Page
from integrations.providers.kombo import client, mapping, payloads
from integrations.providers.kombo.client import KomboClient
from integrations.rows import plain_id, read_row, unread
from integrations.tolerant import Payload

STREAMS: Mapping[str, tuple[str, type[Payload], Callable[[Any], Row]]] = {
    "jobs": ("/ats/jobs", payloads.Job, mapping.to_job),
    "tags": ("/ats/tags", payloads.Named, mapping.to_tag),
    "rejection_reasons": ("/ats/rejection-reasons", payloads.Named, mapping.to_reason),
    "candidates": ("/ats/candidates", payloads.Candidate, mapping.to_candidate),
    "applications": ("/ats/applications", payloads.Facts, mapping.to_facts),
}
# Of a row of applications: people bring all the rest, and it is three quarters of what is sent.
FACTS = ("id", "screening_question_answers", "interviews", "offers")
# Goes into each row's hash. Raise it when the mapping says something else of the same row: all are read anew then.
MAPPING = "1"
# kombo.md 7.4: what changed while the last run was starting is asked for again; repeats are harmless.
OVERLAP = timedelta(minutes=5)
# How a push is called in an integration's list of write actions. Kombo publishes neither ids nor labels for these
# (13.4), only the names of the permissions behind them (section 10): "Set application stage", "Manage tags" and so on.
ACTIONS = {
    "move": re.compile(r"\bstage\b"),
    "reject": re.compile(r"\breject"),
    "tag": re.compile(r"^(?!.*\b(remove|delete)\b).*\btags?\b"),
    "untag": re.compile(r"^(?!.*\badd\b).*\btags?\b"),
    "note": re.compile(r"\bnotes?\b"),
}
WRONG = {
    "PLATFORM.AUTHENTICATION_INVALID": ("wrong_key", "Kombo doesn't accept this API key."),
    "PLATFORM.IP_NOT_WHITELISTED": ("ip_not_allowed", "This API key may not be used from our address."),
    "PLATFORM.INTEGRATION_NOT_FOUND": ("wrong_integration", "Kombo has no such integration for this API key."),
    "http_401": ("wrong_key", "Kombo doesn't accept this API key."),
}


class Kombo:
    slug: ClassVar[str] = "kombo"
    label: ClassVar[str] = "Kombo"
    streams: ClassVar[tuple[str, ...]] = tuple(STREAMS)
    default_base_url: ClassVar[str] = client.BASE_URL
    hosts: ClassVar[frozenset[str]] = client.HOSTS
    # A repeated note is a second note; what a repeated rejection does isn't documented (10.9).
    repeatable: ClassVar[frozenset[str]] = frozenset({"move", "tag", "untag"})
    pushes: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(ACTIONS, ""),
        "reopen": "Kombo can't take a rejection back.",
        "shortlist": "Kombo has no shortlists; a tag or a stage can stand for one.",
        "fields": "Kombo doesn't take changes of a candidate's details.",
    }

    by_status: ClassVar[Mapping[str, str]] = {}
    takes_fields: ClassVar[frozenset[str]] = frozenset()
    gone_after: ClassVar[Mapping[str, int]] = {}  # Kombo marks what was deleted (7.4)
    always_whole: ClassVar[frozenset[str]] = frozenset()
    requests_per_minute: ClassVar[int | None] = None

    def __init__(
        self,
        account: Account,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = KomboClient(account, transport, sleep)

    def close(self) -> None:
        self.client.close()

    def check(self) -> Check:
        """The key first, then the integration. Every failure is an answer, with Kombo's own words where it has any."""
        try:
            environment = self.client.check_key()
            integration = self.client.integration()
        except ProviderError as error:
            code, detail = WRONG.get(error.code, (error.code, ""))
            said = error.message if detail in ("", error.message) else f"{detail} It says: {error.message}"
            return Check(ok=False, code=code, detail=said)
        state, sentence = _state(integration, self.client.integration_id)
        return Check(
            ok=state == "ok",
            code=state,
            detail=sentence,
            capabilities=_capabilities(integration),
            facts=_facts(environment, integration),
        )

    def fetch(self, stream: str, *, cursor: str | None, since: datetime | None) -> Page:
        """One page. Deleted records come along, marked; a model that this customer's system hasn't is NotOffered."""
        path, shape, to_row = STREAMS[stream]
        page = self.client.page(path, cursor=cursor, since=since - OVERLAP if since else None)
        if stream == "applications":
            facts = [read_row(_parts(raw), shape, to_row) for raw in page.results]
            return Page(rows=facts, next_cursor=page.next, pause_seconds=page.pause)
        rows = Unreads(
            [unread(raw, _identifier(raw), version=MAPPING, shape=shape, to_row=to_row) for raw in page.results]
        )
        return Page(rows=rows, next_cursor=page.next, pause_seconds=page.pause)

    def push(self, order: Order) -> Exchange:
        payload = order.payload
        if order.kind == "move":
            return self.client.set_stage(_application(order), _needed(payload, "stage_id", "a stage"))
        if order.kind == "reject":
            reason = _needed(payload, "reason_id", "a rejection reason of the source")
            return self.client.reject(_application(order), reason, str(payload.get("note") or ""))
        if order.kind == "note":
            return self.client.add_note(_application(order), _needed(payload, "text", "a text"))
        if order.kind == "tag":
            return self.client.add_tag(order.candidate_id, _needed(payload, "name", "a name"))
        if order.kind == "untag":
            return self.client.remove_tag(order.candidate_id, _needed(payload, "name", "a name"))
        raise NotOffered(self.pushes.get(order.kind) or "Kombo can't be told this.", code="not_offered")

    def read_back(self, order: Order) -> bool | None:
        """True when the read copy shows what the order wanted; None otherwise, for the copy lags.

        A write reaches the ATS at once and the copy hours later (7.5), so its silence proves nothing. For the same
        reason "true" can be old news for a move there and back, or a tag off and on: the kinds in ``repeatable`` are
        better sent again. A rejection never goes away again, so there "true" can be relied on. Notes can't be read.
        """
        if order.kind not in ("move", "reject", "tag", "untag"):
            return None
        person = self._person(order)
        return True if person and _shows(person, order) else None

    def current(self, order: Order) -> dict[str, Any] | None:
        """From the read copy, which lags (7.5): ``changed_at`` says how old the news is."""
        person = self._person(order) if order.candidate_id else None
        found = next(
            (row for row in (person.applications or [] if person else []) if row.id == order.application_id), None
        )
        if person is None or found is None:
            return None
        row = mapping.to_application(found)
        return {
            "stage_id": row.stage_external_id,
            "stage": row.stage_name,
            "outcome": None if row.outcome is MISSING else row.outcome,
            "changed_at": found.changed_at or person.changed_at,
        }

    def is_gone(self, stream: str, external_id: str) -> bool:
        return False

    def forecast(self, known: Mapping[str, int]) -> int | None:
        return None

    def permissions(self) -> dict[str, str]:
        """What this customer's set-up can be told by now (13.4)."""
        return _capabilities(self.client.integration())

    def list_files(self, candidate_id: str) -> list[FileProfile]:
        """Entries that can't be read are left out."""
        found = []
        for raw in self.client.attachments(candidate_id):
            with contextlib.suppress(ValidationError):
                found.append(mapping.to_file(payloads.Attachment.model_validate(storable(raw))))
        return found

    def fetch_file(self, file: FileOrder) -> Fetched | None:
        """A link opens for seven days (9.5): one that no longer does, or that we haven't, is read anew."""
        limit = settings.ATTACHMENT_MAX_BYTES
        if file.url:
            try:
                content = self.client.file(file.url, limit)
            except Refused as error:
                if error.code != "link_refused":
                    raise
                content = None
            if content is not None:
                return Fetched(content)
        listed = {row.external_id: row for row in self.list_files(file.candidate_id)}
        found = listed.get(file.file_id)
        if found is None or not found.url or found.url == file.url:
            return None
        content = self.client.file(found.url, limit)
        return None if content is None else Fetched(content, found.name)

    def _person(self, order: Order) -> payloads.Candidate | None:
        """The person as the read copy has them; None when they are deleted, unknown or can't be read."""
        raw = self.client.candidate(order.candidate_id)
        if raw is None or raw.get("remote_deleted_at"):
            return None
        try:
            return payloads.Candidate.model_validate(raw)
        except ValidationError:
            return None


def _identifier(raw: Any) -> str:
    return plain_id(raw.get("id")) if isinstance(raw, dict) else ""


def _parts(raw: Any) -> Any:
    return {key: raw[key] for key in FACTS if key in raw} if isinstance(raw, dict) else raw


def _application(order: Order) -> str:
    if not order.application_id:
        raise Refused("Kombo needs an application for this.", code="application_missing")
    return order.application_id


def _needed(payload: Mapping[str, Any], key: str, what: str) -> str:
    """Refused here rather than made up: Kombo requires each of them (section 10)."""
    value = payload.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"Kombo needs {what} for this.", code=f"{key}_missing")
    return value


def _shows(person: payloads.Candidate, order: Order) -> bool:
    if order.kind in ("tag", "untag"):
        wanted = mapping.line(str(order.payload.get("name") or ""))
        carried = wanted in {mapping.line(tag.name) for tag in person.tags or []}
        return carried if order.kind == "tag" else person.tags is not None and not carried
    for application in person.applications or []:
        if application.id != order.application_id:
            continue
        if order.kind == "reject":
            return application.outcome == "DECLINED"
        return application.current_stage is not None and application.current_stage.id == order.payload.get("stage_id")
    return False


def _state(integration: dict[str, Any], integration_id: str) -> tuple[str, str]:
    """A code and a sentence for the person who typed the credentials (13.4, 13.6)."""
    tool, company = _tool(integration), _company(integration)
    name = f"{tool} of {company}" if company else tool
    if integration.get("id") not in (None, integration_id) or integration.get("category") not in (None, "ATS"):
        return "wrong_integration", f"This integration id doesn't lead to an applicant tracking system, but to {name}."
    if integration.get("status") == "INACTIVE":
        return "inactive", f"The integration with {name} is switched off in Kombo."
    if integration.get("status") == "INVALID":
        return (
            "reconnect",
            f"{tool} no longer accepts the credentials that Kombo has: {company or 'it'} must reconnect.",
        )
    if integration.get("setup_status") not in (None, "COMPLETED"):
        return "setup_pending", f"Kombo is still setting up {name}; the first import starts when it is done."
    return "ok", f"Connected to {name}."


def _tool(integration: dict[str, Any]) -> str:
    tool = integration.get("tool")
    found = tool.get("label") or tool.get("id") if isinstance(tool, dict) else tool
    return mapping.line(found, 100) if isinstance(found, str) and found else "the ATS"


def _company(integration: dict[str, Any]) -> str:
    user = integration.get("end_user")
    name = user.get("organization_name") if isinstance(user, dict) else None
    return mapping.line(name, 100) if isinstance(name, str) else ""


def _facts(environment: dict[str, Any], integration: dict[str, Any]) -> dict[str, Any]:
    facts = {
        "system": _tool(integration),
        "company": _company(integration),
        "environment_id": environment.get("environment_id"),
        "status": integration.get("status"),
        "setup_status": integration.get("setup_status"),
        "stale_since": integration.get("data_expired_at"),
    }
    return {name: value for name, value in facts.items() if isinstance(value, str) and value}


def _capabilities(integration: dict[str, Any]) -> dict[str, str]:
    """What this customer's set-up can be told. An action that isn't listed is offered: trying tells (section 18)."""
    found = integration.get("write_actions")
    actions = [action for action in found if isinstance(action, dict)] if isinstance(found, list) else []
    offered = dict(Kombo.pushes)
    for action in actions:
        named = f"{action.get('id')} {action.get('label')}".replace("_", " ").lower()
        for kind in (kind for kind, pattern in ACTIONS.items() if pattern.search(named)):
            offered[kind] = offered[kind] or _why_not(action, _tool(integration))
    return offered


def _why_not(action: dict[str, Any], tool: str) -> str:
    if action.get("is_available") is not False:
        return ""
    if action.get("coverage_status") in ("UNSUPPORTED", "NOT_IMPLEMENTED"):
        return f"Kombo can't do this with {tool}."
    if action.get("opted_out_by_customer") is True:
        return "The customer has opted out of this."
    return "This is switched off in Kombo's settings of the integration."
