"""Which LinkedIn jobs a connection reads, and what an import of them may spend."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from integrations import connections as verbs
from integrations.access import get_connection
from integrations.job_forms import JobsForm
from integrations.models import Connection
from integrations.postings import has_postings, look_up
from recruitment.access import member_required, require_admin
from recruitment.errors import Conflict, DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast


@require_http_methods(["GET", "POST"])
@member_required
def jobs(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Typed, or ticked among the account's postings, which are looked up when somebody asks: that costs a credit."""
    found = get_connection(request.member, pk)
    require_admin(request.member)
    if not has_postings(found):
        raise Http404
    if request.method == "POST" and "look_up" in request.POST:
        return _looked_up(request, found)
    form = JobsForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit_connection(found, form.changes(request.POST.getlist("postings")), member=request.member)
        except DomainError as refusal:
            form.add_error("jobs", refusal.message)
        else:
            flash_toast(request, "Saved.", detail="Import to read them now.")
            return redirect(found)
    return _shown(request, found, form)


def _looked_up(request: MemberRequest, found: Connection) -> HttpResponse:
    try:
        postings = look_up(found)
    except Conflict as refusal:
        return _shown(request, found, JobsForm(found), refusal.message, status=409)
    nothing = "" if postings else "LinkUp lists no postings of this account. Type the jobs' numbers instead."
    return _shown(request, found, JobsForm(found, found=postings), nothing)


def _shown(
    request: MemberRequest, found: Connection, form: JobsForm, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {"nav": "connections", "connection": found, "form": form, "notice": notice}
    return render(request, "integrations/connection_jobs.html", context, status=422 if form.errors else status)
