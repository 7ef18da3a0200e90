"""Rows that were set aside, over all connections: what came, why it could not be taken, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from integrations import connections as verbs
from integrations import words
from integrations.access import get_problem, problems_of
from integrations.enums import ProblemState
from integrations.models import Connection, SyncProblem
from integrations.problems import close_problem, read_again
from recruitment.access import member_required, require_decider
from recruitment.errors import DomainError
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

SAID = {"resolved": "Marked as seen to.", "discarded": "Marked as not wanted."}
PAGE = 20


@require_safe
@member_required
def problems(request: MemberRequest) -> HttpResponse:
    """Open ones unless ``state`` says otherwise, the newest first; by ``connection`` and ``stream`` (kind of row)."""
    require_decider(request.member)
    mine = problems_of(request.member)
    connections = Connection.objects.filter(workspace=request.workspace).order_by("name", "pk")
    listed = {str(pk): (pk, name) for pk, name in connections.values_list("pk", "name")}
    asked = {name: request.GET.get(name, "") for name in ("connection", "stream", "state")}
    state = asked["state"] if asked["state"] in ProblemState.values else ProblemState.OPEN
    found = mine.filter(state=state)
    if asked["connection"] in listed:
        found = found.filter(connection=listed[asked["connection"]][0])
    if asked["stream"] in words.STREAMS:
        found = found.filter(stream=asked["stream"])
    page = keyset_page(request, found, size=PAGE)
    context: dict[str, Any] = {
        "nav": "connections",
        "page": page,
        "rows": [shown(problem) for problem in page.rows],
        "connections": list(listed.values()),
        "streams": words.STREAMS.items(),
        "states": ProblemState.choices,
        "asked": {**asked, "state": state},
        "is_narrowed": any(asked.values()),
    }
    return render(request, "integrations/problems.html", context)


def shown(problem: Any) -> SyncProblem:
    """With ``pretty``, what came, and ``label``, what kind of row it is."""
    problem.pretty = json.dumps(problem.payload, indent=2, ensure_ascii=False)
    problem.label = words.stream_label(problem.stream)
    found: SyncProblem = problem
    return found


@require_POST
@member_required
def problem(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``act``: resolved, discarded, or again to read the row once more. ``next``: the page to go back to."""
    found = get_problem(request.member, pk)
    require_decider(request.member)
    act = request.POST.get("act", "")
    try:
        if act == "again":
            read_again(found, member=request.member)
            run = verbs.request_sync(found.connection, member=request.member)
            return redirect("integrations:run", run.pk)
        if act not in SAID:
            raise Http404
        close_problem(found, act, member=request.member)
        flash_toast(request, SAID[act])
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if here else reverse("integrations:run", args=[found.run_id]))
