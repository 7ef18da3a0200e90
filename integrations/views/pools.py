"""Which talent pools a connection imports."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from integrations import connections as verbs
from integrations.access import get_connection
from integrations.pool_choice import HAVE_POOLS, choose_pools, offers
from integrations.pool_form import PoolsForm
from recruitment.access import member_required, require_admin
from recruitment.errors import DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast


@require_http_methods(["GET", "POST"])
@member_required
def pools(request: MemberRequest, pk: UUID) -> HttpResponse:
    """All pools or some; the first choice starts the import. ``look`` asks the provider again which there are."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    if found.provider not in HAVE_POOLS:
        raise Http404
    if request.method == "POST" and "look" in request.POST:
        check = verbs.check_connection(found)
        flash_toast(request, check.detail, level="" if check.ok else "error")
        return redirect("integrations:pools", found.pk)
    form = PoolsForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run = choose_pools(found, form.pools_chosen(), shortlist_tag=form.shortlist_tag(), member=request.member)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            if run is not None:
                flash_toast(request, "Saved. The import is on its way.")
                return redirect("integrations:run", run.pk)
            flash_toast(request, "Saved.")
            return redirect(found)
    context = {"nav": "connections", "connection": found, "form": form, "count": len(offers(found))}
    context["is_first"] = not found.runs.exists()
    return render(request, "integrations/connection_pools.html", context, status=422 if form.errors else 200)
