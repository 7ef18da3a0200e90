"""LinkUp's routes: key, account, action, parameters, rate, credits, in this order (13.2), and all in its envelope."""

from __future__ import annotations

import base64
import math
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from integrations.sandbox.faults import FaultBoard
from integrations.sandbox.http import Request, Response, Wire, json_response
from integrations.sandbox.linkup import cvs, spoil
from integrations.sandbox.linkup.account import ACCOUNTS, API_KEY, JOBS, POSTINGS, shown
from integrations.sandbox.linkup.envelopes import ApiError, envelope, refusal
from integrations.sandbox.linkup.population import Applicant, education, experiences
from integrations.sandbox.linkup.store import Store

BATCH, LARGEST, USUAL, PER_CREDIT = 50, 1000, 10, 10
READS = ("get_candidates", "get_cv", "get_posts")
WRITES = ("create_job", "publish_job", "close_job")
LIFTED = 1_000_000


class Api:
    def __init__(self, store: Store, faults: FaultBoard, *, lift_limits: bool) -> None:
        self.store, self.faults = store, faults
        self.recent: deque[datetime] = deque()
        self._lock = threading.Lock()
        if lift_limits:
            store.switches.per_minute = LIFTED
        self.actions: dict[str, Callable[[dict[str, Any]], tuple[dict[str, Any], int]]] = {
            "get_candidates": self._candidates,
            "get_posts": self._posts,
            "get_cv": self._cv,
            **dict.fromkeys(WRITES, self._write),
        }

    def handle(self, request: Request) -> Response:
        if spoil.is_script(request.headers.get("User-Agent", "")):
            return spoil.cloudflare()
        body = request.json() if request.method == "POST" else {}
        body = body if isinstance(body, dict) else {}
        action, account_id = str(body.get("action") or ""), str(body.get("account_id") or "")
        where = f"{request.path}/{action}" if request.path == "/v2/recruiter" else request.path
        fault = self.faults.take(request.method, where)
        response = spoil.before(fault, action) if fault else None
        cost = 0
        if response is None:
            try:
                response, cost = self._serve(request, body, action, account_id)
            except ApiError as error:
                response = refusal(error, action, self.store.clock.now())
            response = spoil.after(fault, response) if fault else response
        self.store.note_call(action or request.path, account_id, response.status, cost)
        return response

    def _serve(self, request: Request, body: dict[str, Any], action: str, account_id: str) -> tuple[Response, int]:
        if request.headers.get("x-api-key") != API_KEY:
            raise ApiError("INVALID_API_KEY", "Invalid or missing API key")
        if request.method == "GET":
            return self._read_account(request), 0
        if (request.method, request.path) != ("POST", "/v2/recruiter"):
            return json_response({"detail": "Not Found"}, 404), 0
        self._check_account(account_id)
        if action not in self.actions:
            raise ApiError("INVALID_ACTION", f"Unknown action for category recruiter: {action or 'none'}")
        params = body.get("params")
        params = params if isinstance(params, dict) else {}
        with self.store.lock:
            data, cost = self.actions[action]({**params, "_action": action})
            self._within_rate()
            if cost > self.store.credits:
                raise ApiError("INSUFFICIENT_CREDITS", "Not enough credits for this call")
        response = envelope(data, action, account_id, cost, self.store.clock.now())
        if action == "get_cv" and cvs.is_slow(self.store, str(params.get("application_id"))):
            response.wire = Wire(hold_seconds=self.store.switches.slow_seconds)
        return response, cost

    def _check_account(self, account_id: str) -> None:
        account = ACCOUNTS.get(account_id)
        if account is None:
            raise ApiError("INVALID_ACCOUNT", "No such account for this key")
        if not account["active"]:
            raise ApiError("ACCOUNT_INACTIVE", "The account's LinkedIn session has ended")

    def _within_rate(self) -> None:
        """No number is published; what v1 said is kept here (section 5)."""
        now = self.store.clock.now()
        with self._lock:
            while self.recent and now - self.recent[0] > timedelta(seconds=60):
                self.recent.popleft()
            if len(self.recent) >= self.store.switches.per_minute:
                raise ApiError("RATE_LIMITED", "Too many requests")
            self.recent.append(now)

    def _read_account(self, request: Request) -> Response:
        first, _, rest = request.path.removeprefix("/v2/").partition("/")
        now = self.store.clock.now()
        if first == "accounts" and rest:
            if rest not in ACCOUNTS:
                raise ApiError("INVALID_ACCOUNT", "No such account for this key")
            return envelope(ACCOUNTS[rest], "get_account", rest, 0, now)
        with self.store.lock:
            answers: dict[str, dict[str, Any]] = {
                "accounts": {"accounts": list(ACCOUNTS.values()), "total": len(ACCOUNTS)},
                "credits": {"credits": self.store.credits},
                "logs": {"logs": self.store.log[::-1][:50]},
            }
        if first not in answers or rest:
            return json_response({"detail": "Not Found"}, 404)
        return envelope(answers[first], f"get_{first}", "", 0, now)

    # actions: data and credits

    def _candidates(self, params: dict[str, Any]) -> tuple[dict[str, Any], int]:
        job_id, (offset, count) = _text(params, "job_id"), _slice(params)
        if job_id not in JOBS:
            raise ApiError("INVALID_PARAMS", "Job not found on LinkedIn")
        if offset:
            for _ in range(self.store.switches.arrivals):
                self.store.change(do="apply_for", job_id=job_id)
        found = [self._row(each) for each in self.store.applicants(job_id, offset, count)]
        return _page("candidates", found, offset, len(self.store.order[job_id])), math.ceil(len(found) / PER_CREDIT)

    def _row(self, applicant: Applicant) -> dict[str, Any]:
        someone, switches = applicant.person, self.store.switches
        first, last = someone.first_name or "", someone.last_name or ""
        rating = switches.rating_words if applicant.rating == "GOOD" else applicant.rating
        row = {
            "application_id": applicant.application_id, "rating": rating, "is_top_choice": applicant.top_choice,
            "top_choice_message": applicant.message, "first_name": first, "last_name": last,
            "full_name": f"{first} {last}".strip(), "headline": applicant.headline,
            "public_identifier": applicant.slug, "profile_url": f"https://www.linkedin.com/in/{applicant.slug}",
            "location": someone.place, "experiences": experiences(applicant),
        }  # fmt: skip
        if switches.extras:
            row |= {"application_date": self.store.population.applied_at(applicant), "education": education(applicant)}
        return row

    def _posts(self, params: dict[str, Any]) -> tuple[dict[str, Any], int]:
        offset, count = _slice(params)
        wanted = str(params.get("job_id") or "")
        if wanted and wanted not in JOBS:
            raise ApiError("INVALID_PARAMS", "Job not found on LinkedIn")
        listed = [JOBS[wanted]] if wanted else list(POSTINGS)
        details = params.get("fetch_details") is not False
        found = [shown(posting, with_details=details) for posting in listed[offset : offset + count]]
        return _page("posts", found, offset, len(listed)), 1

    def _cv(self, params: dict[str, Any]) -> tuple[dict[str, Any], int]:
        try:
            number = self.store.number_of(_text(params, "application_id"))
        except LookupError:
            raise ApiError("INVALID_PARAMS", "Application not found on LinkedIn") from None
        content, content_type, name = cvs.cv(self.store, self.store.applicant(number))
        text = base64.b64encode(content).decode() if content else ""
        return {"cv": {"content": text, "content_type": content_type, "filename": name}}, 1

    def _write(self, params: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """Changes of a posting: entered in the ledger, and not done. Nothing of ours should ever send one."""
        action = params.pop("_action")
        job_id = str(params.get("job_id") or "")
        self.store.ledger.add(
            at=self.store.clock.iso(), method="POST", path="/v2/recruiter", body=params, kind=action, target=job_id,
            person="", person_id="", summary=str(params.get("title") or job_id), status=200, code=None, applied=True,
        )  # fmt: skip
        return {"job_id": job_id or "4401199999", "status": "ok"}, 1


def _text(params: dict[str, Any], key: str) -> str:
    """Numbers are taken too, and answered as text (13.5)."""
    value = params.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ApiError("INVALID_PARAMS", f"Missing required parameter: {key}")
    return str(value).strip()


def _slice(params: dict[str, Any]) -> tuple[int, int]:
    """Offset and count; more than a thousand is capped, not refused (13.3)."""
    offset, count = params.get("offset", 0), params.get("count", USUAL)
    for name, value, least in (("offset", offset, 0), ("count", count, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ApiError("INVALID_PARAMS", f"{name} must be a whole number from {least}")
    return offset, min(count, LARGEST)


def _page(key: str, rows: list[dict[str, Any]], offset: int, total: int) -> dict[str, Any]:
    end = offset + len(rows)
    more = bool(rows) and end < total
    return {
        key: rows, "total_results": len(rows), "total_available_results": total,
        "pagination": {
            "offset": offset, "count": len(rows), "next_offset": end if more else None, "has_more": more,
            "results_per_page": BATCH, "pages_fetched": math.ceil(len(rows) / BATCH),
        },
    }  # fmt: skip
