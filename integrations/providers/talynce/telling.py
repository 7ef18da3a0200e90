"""Telling Talynce a decision: read, compare, write only what changes, read back (talynce.md section 7).

A status goes alone with its job in ``application``: profile fields could run into a masked profile for no reason. A
note goes with the status that is there, because leaving it out may throw somebody back to "Applied" (2.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from integrations.errors import Exchange, NotOffered, ProviderError, Refused
from integrations.http import Answer
from integrations.provider import Order
from integrations.providers.talynce import mapping, statuses
from integrations.providers.talynce.client import TalynceClient

# Kind of push → the option that holds the organization's own word for it.
WORDS = {"reject": "reject_status", "shortlist": "shortlist_status"}
UNTIED = {
    "reject": "The stage map doesn't say which of Talynce's statuses means rejected.",
    "shortlist": "The stage map doesn't say which of Talynce's statuses means shortlisted.",
}
NOT_SHOWN = "Talynce said that it took the change, and its record doesn't show it."


class Teller:
    """``options``: those of the connection; ``reject_status`` and ``shortlist_status`` are sent byte for byte."""

    def __init__(self, client: TalynceClient, options: Mapping[str, Any]) -> None:
        self.client, self.options = client, options

    def tell(self, order: Order) -> Exchange:
        """Raises ProviderError with its exchange. What is so already is not written again."""
        if order.kind in WORDS and not self.options.get(WORDS[order.kind]):
            raise NotOffered(UNTIED[order.kind], code="status_missing")
        before = self.client.detail(order.candidate_id)
        person = before.data["data"]
        body = self._fields(order, person, before) if order.kind == "fields" else self._application(order, before)
        if not body:
            return before.exchange
        told = self.client.update(order.candidate_id, body)
        return self._look_back(order, told)

    def shows(self, order: Order) -> bool:
        """Whether Talynce's record has what the order wanted. Raises ProviderError."""
        before = self.client.detail(order.candidate_id)
        if order.kind == "fields":
            return not mapping.to_changes(order.payload.get("fields") or {}, before.data["data"])
        return not self._application(order, before)

    def position(self, order: Order) -> dict[str, Any] | None:
        """Where the application is now; None when Talynce has no such person or pair."""
        person = self.client.candidate(order.candidate_id) if order.candidate_id else None
        row = _pair(person or {}, order)
        status = row.get("status") if row else None
        if row is None or not isinstance(status, str):
            return None
        return {
            "stage_id": statuses.stage_id(str(row.get("job_id")), status),
            "stage": status,
            "outcome": statuses.outcome(status, self.options),
            "changed_at": row.get("status_date") or row.get("updated_at"),
            "fresh": True,
        }

    def _look_back(self, order: Order, told: Exchange) -> Exchange:
        """A write that isn't there afterwards wasn't taken. If looking fails, the answer to the write stands."""
        try:
            shown = self.shows(order)
        except ProviderError as error:
            return replace(told, warnings=[f"It could not be read back: {error.message}"])
        if not shown:
            raise Refused(NOT_SHOWN, code="not_shown", exchange=told)
        return told

    def _application(self, order: Order, before: Answer) -> dict[str, Any]:
        """The body that brings the pair to where it shall be; empty when it is there."""
        row = _pair(before.data["data"], order)
        if row is None:
            # A PUT would make the link, and with it an application that nobody asked for.
            message = "Talynce no longer has this person on this job."
            raise Refused(message, code="application_missing", exchange=before.exchange)
        now, notes = str(row.get("status") or ""), str(row.get("notes") or "")
        status = self._status(order, now, before)
        block = _block(order)
        wanted: dict[str, Any] = {"job_id": row.get("job_id"), "status": status}
        if block and block not in notes:
            wanted["notes"] = f"{notes.rstrip()}\n\n{block}".strip()
        return {"application": wanted} if status != now or "notes" in wanted else {}

    def _status(self, order: Order, now: str, before: Answer) -> str:
        if order.kind == "note":
            return now
        if order.kind in WORDS:
            return str(self.options[WORDS[order.kind]])
        status = statuses.status_of(str(order.payload.get("stage_id") or ""))
        if not status:
            message = "This stage isn't tied to one of Talynce's statuses."
            raise Refused(message, code="stage_missing", exchange=before.exchange)
        return status

    def _fields(self, order: Order, person: Mapping[str, Any], before: Answer) -> dict[str, Any]:
        """What differs. A field that somebody changed there meanwhile stops it, until a person sends it again."""
        changes = mapping.to_changes(order.payload.get("fields") or {}, person)
        if order.payload.get("said_at"):
            return changes
        base = mapping.to_changes(order.payload.get("base") or {}, {})
        moved = [key for key in changes if key in base and person.get(key) not in (base[key], None, "")]
        if moved:
            names = ", ".join(key.replace("_", " ") for key in moved)
            message = f"Talynce has changed this meanwhile: {names}. Send it again to overwrite that."
            raise Refused(message, code="changed_upstream", exchange=before.exchange)
        return changes


def _pair(person: Mapping[str, Any], order: Order) -> dict[str, Any] | None:
    found = person.get("applications")
    rows = found if isinstance(found, list) else []
    return next((row for row in rows if isinstance(row, dict) and row.get("id") == order.application_id), None)


def _block(order: Order) -> str:
    """What is added to the application's text: when, by whom, what. The same at every attempt, so that it is found."""
    payload = order.payload
    said = str(payload.get("text") or "").strip()
    if order.kind == "reject":
        reason, note = str(payload.get("reason_name") or ""), str(payload.get("note") or "")
        said = "\n".join(filter(None, [f"Rejected: {reason}" if reason else "Rejected", note.strip()]))
    if order.kind not in ("note", "reject") or not said:
        return ""
    head = ", ".join(filter(None, [_when(payload.get("at")), str(payload.get("by") or "")]))
    return f"[{head}] {said}" if head else said


def _when(at: Any) -> str:
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
