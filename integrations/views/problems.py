"""Rows that were set aside."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from integrations import connections as verbs
from integrations.access import get_problem
from integrations.enums import ProblemState
from integrations.problems import close_problem, read_again
from recruitment.access import member_required, require_decider
from recruitment.errors import DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

SAID = {"resolved": "Marked as seen to.", "discarded": "Marked as not wanted."}


@require_POST
@member_required
def problem(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``act``: resolved, discarded, or again to read the row once more."""
    found = get_problem(request.member, pk)
    require_decider(request.member)
    act = request.POST.get("act", "")
    try:
        if act == "again":
            read_again(found)
            run = verbs.request_sync(found.connection, member=request.member)
            return redirect("integrations:run", run.pk)
        if act not in (ProblemState.RESOLVED, ProblemState.DISCARDED):
            raise Http404
        close_problem(found, act)
        flash_toast(request, SAID[act])
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect("integrations:run", found.run_id)
