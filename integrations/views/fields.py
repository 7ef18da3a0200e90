"""Whose word counts for the fields that a connection brings."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from candidates.domain.ownership import set_owners
from integrations.access import get_connection
from integrations.owner_form import OwnersForm
from recruitment.access import member_required, require_admin
from recruitment.errors import DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast


@require_http_methods(["GET", "POST"])
@member_required
def fields(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One answer a group of fields, and others for single fields where somebody needs them."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    form = OwnersForm(found.source, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_owners(found.source, form.owners(), member=request.member)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            detail = "Import everything to apply it to all who are here already."
            flash_toast(request, "Saved. What differs now is settled.", detail=detail)
            return redirect(found)
    context = {"nav": "connections", "connection": found, "form": form}
    return render(request, "integrations/connection_fields.html", context, status=422 if form.errors else 200)
