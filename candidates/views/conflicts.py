"""Fields on which a source and we differ: the three values side by side, and the choice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from candidates.differing import sides
from candidates.domain.conflicts import resolve_conflict
from candidates.models import FieldConflict, Source
from candidates.views.pushes import ledger_tabs
from recruitment.access import member_required, require_decider
from recruitment.errors import DomainError
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast


@require_safe
@member_required
def conflicts(request: MemberRequest) -> HttpResponse:
    """Fields that both sides have changed. Ours stays until a person chooses."""
    require_decider(request.member)
    found = FieldConflict.objects.open_to(request.member)
    sources = {str(pk): name for pk, name in Source.objects.of(request.member).values_list("pk", "name")}
    asked = request.GET.get("source", "")
    if asked in sources:
        found = found.filter(source=asked)
    page = keyset_page(
        request, found.select_related("source", "candidate", "application__job", "application__stage"), size=20
    )
    rows = [(row, sides(row)) for row in page.rows]
    context: dict[str, Any] = {"nav": "pushes", "page": page, "rows": rows, "sources": sources.items(), "asked": asked}
    context["tabs"] = ledger_tabs(request.member, "conflicts")
    return render(request, "candidates/conflicts.html", context)


@require_POST
@member_required
def conflict_resolve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``keep`` ours or theirs; ``next``: the page to go back to."""
    require_decider(request.member)
    conflict = get_object_or_404(FieldConflict.objects.visible_to(request.member), pk=pk)
    keep = request.POST.get("keep", "")
    try:
        resolve_conflict(conflict, member=request.member, keep=keep)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, "Kept ours" if keep == "ours" else "Took theirs")
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "candidates:conflicts")
