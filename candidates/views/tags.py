"""Merging a tag into another one, and deleting one that nobody carries. For those who decide."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from candidates.access import get_tag
from candidates.domain.search import fold
from candidates.domain.tags import delete_tag, merge_tags
from candidates.models import Source, Tag
from recruitment.access import member_required, require_decider
from recruitment.errors import DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast
from recruitment.views.settings import tabs

OFFERED = 200  # names; any other can be typed
FEW = 1000  # people counted exactly


@require_http_methods(["GET", "POST"])
@member_required
def merge(request: MemberRequest, pk: UUID) -> HttpResponse:
    """``into``: the other tag's name. The page says how many carry it and which sources have it."""
    tag = get_tag(request.member, pk)
    require_decider(request.member)
    typed, error = request.POST.get("into", ""), ""
    if request.method == "POST":
        into = Tag.objects.filter(workspace=request.workspace, key=fold(typed)).first() if typed.strip() else None
        try:
            if into is None:
                raise DomainError("There is no tag of this name.", field="into", code="does_not_exist")
            merge_tags(tag, into, member=request.member)
        except DomainError as refusal:
            error = refusal.message
        else:
            flash_toast(request, f"{tag.name} is {into.name} now.", detail="Sources keep their own tags.")
            return redirect("candidates:tags")
    others = Tag.objects.filter(workspace=request.workspace).exclude(pk=pk).order_by("key")
    context = {
        **tabs(request, "candidates:tags"),
        "tag": tag,
        "typed": typed,
        "error": error,
        "people": tag.candidate_tags.all()[: FEW + 1].count(),
        "sources": Source.objects.of(request.member).filter(records__tag=tag).distinct(),
        "names": others.values_list("name", flat=True)[:OFFERED],
    }
    return render(request, "candidates/vocabulary/tag.html", context, status=422 if error else 200)


@require_POST
@member_required
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    tag = get_tag(request.member, pk)
    require_decider(request.member)
    try:
        delete_tag(tag, member=request.member)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
        return redirect("candidates:tag_merge", pk)
    flash_toast(request, f"The tag {tag.name} is deleted.")
    return redirect("candidates:tags")
