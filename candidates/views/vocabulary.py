"""Settings of the workspace's words: tags, talent pools, rejection reasons. For those who decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidates.access import get_candidate, get_pool, get_reason, get_tag
from candidates.domain.pools import add_to_pool, save_pool, take_out_of_pool
from candidates.domain.reasons import save_reason, shift_reason
from candidates.domain.tags import get_or_make_tag, rename_tag
from candidates.enums import RecordKind
from candidates.forms.vocabulary import PoolForm, ReasonForm, ReasonSettingsForm, TagForm
from candidates.models import Candidate, CandidateTag, PoolMember, RejectionReason, SourceRecord, Tag, TalentPool
from recruitment.access import member_required, require_decider
from recruitment.errors import DomainError
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast
from recruitment.views.settings import tabs

PAGE = 50
FOUND = 8  # people offered for a pool
FEW = 1000  # people counted exactly


def _page(request: MemberRequest, name: str, tab: str, *, status: int = 200, **context: Any) -> HttpResponse:
    form = context.get("form")
    if form is not None and form.is_bound and form.errors:
        status = 422
    everything = {**tabs(request, f"candidates:{tab}"), **context}
    return render(request, f"candidates/vocabulary/{name}.html", everything, status=status)


def _refuse(form: forms.Form, refusal: DomainError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


class Few(Subquery):
    """How many rows there are, up to FEW and one more: what half a million people carry must not cost as many reads."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) few)"
    output_field = IntegerField()


def _with_people(found: QuerySet[Any], links: QuerySet[Any], column: str) -> QuerySet[Any]:
    """With ``people``, the number of links to each."""
    return found.annotate(people=Few(links.filter(**{column: OuterRef("pk")}).order_by().values("pk")[: FEW + 1]))


@require_http_methods(["GET", "POST"])
@member_required
def tags(request: MemberRequest) -> HttpResponse:
    """All tags by name, with how many people carry each; POST makes one."""
    require_decider(request.member)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tag = get_or_make_tag(request.workspace.pk, form.cleaned_data["name"])
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            flash_toast(request, f"The tag {tag.name} is there")
            return redirect("candidates:tags")
    return _tags(request, form)


def _tags(request: MemberRequest, form: TagForm, *, failed: Any = None, status: int = 200) -> HttpResponse:
    """``failed``: {pk, name, error} of a new name that was refused."""
    found, text = Tag.objects.filter(workspace=request.workspace), request.GET.get("q", "").strip()
    if text:
        found = found.filter(name__icontains=text)
    found = _with_people(found, CandidateTag.objects.all(), "tag")
    page = keyset_page(request, found, column="key", descending=False, size=PAGE)
    return _page(request, "tags", "tags", form=form, page=page, q=text, failed=failed, status=status)


@require_POST
@member_required
def tag_rename(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new name for everybody who carries it. Where a source keeps the tag, it isn't told."""
    tag = get_tag(request.member, pk)
    require_decider(request.member)
    typed = request.POST.get("name", "")
    try:
        rename_tag(tag, typed)
    except DomainError as refusal:
        return _tags(request, TagForm(), failed={"pk": pk, "name": typed, "error": refusal.message}, status=422)
    flash_toast(request, f"The tag is called {tag.name} now")
    query = request.GET.urlencode()
    return redirect(f"{reverse('candidates:tags')}{'?' if query else ''}{query}")


@require_http_methods(["GET", "POST"])
@member_required
def pools(request: MemberRequest) -> HttpResponse:
    require_decider(request.member)
    form = PoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_pool(None, member=request.member, **form.cleaned_data)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return redirect("candidates:pool", made.pk)
    found = _with_people(TalentPool.objects.filter(workspace=request.workspace), PoolMember.objects.all(), "pool")
    page = keyset_page(request, found, column="name", descending=False, size=PAGE)
    return _page(request, "pools", "pools", form=form, page=page)


@require_http_methods(["GET", "POST"])
@member_required
def pool(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One pool: its words, who is in it, and a search for whom to add. ``act``: add, remove, or nothing to save."""
    found = get_pool(request.member, pk)
    require_decider(request.member)
    form = PoolForm(initial={"name": found.name, "description": found.description})
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act in ("add", "remove"):
            return _change_membership(request, found, act)
        form = PoolForm(request.POST)
        if form.is_valid():
            try:
                save_pool(get_pool(request.member, pk), member=request.member, **form.cleaned_data)
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                flash_toast(request, "Saved")
                return redirect("candidates:pool", pk)
    return _page(request, "pool", "pools", form=form, pool=found, **_people(request, found))


def _people(request: MemberRequest, found: TalentPool) -> dict[str, Any]:
    """A page of who is in it, and who matches the search and isn't."""
    visible = Candidate.objects.visible_to(request.member)
    members = PoolMember.objects.filter(pool=found, candidate__in=visible).select_related("candidate")
    text = request.GET.get("q", "").strip()
    offered = (
        visible.search(text, request.member).exclude(pool_memberships__pool=found).order_by("-id")[:FOUND]
        if text
        else []
    )
    return {"page": keyset_page(request, members, size=PAGE), "q": text, "offered": offered}


def _change_membership(request: MemberRequest, found: TalentPool, act: str) -> HttpResponse:
    candidate = get_candidate(request.member, _uuid(request.POST.get("candidate", "")))
    try:
        if act == "add":
            add_to_pool(found, candidate, member=request.member)
            flash_toast(request, f"{candidate} is in {found.name}")
        else:
            take_out_of_pool(found, candidate, member=request.member)
            flash_toast(request, f"{candidate} is no longer in {found.name}")
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    return redirect("candidates:pool", found.pk)


def _uuid(text: str) -> UUID:
    """An id that is nowhere for what isn't an id."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "POST"])
@member_required
def reasons(request: MemberRequest) -> HttpResponse:
    """All reasons in their order, with what each is tied to; POST makes one, or moves ``up`` or ``down``."""
    require_decider(request.member)
    for direction, step in (("up", -1), ("down", 1)):
        if request.method == "POST" and request.POST.get(direction):
            shift_reason(get_reason(request.member, _uuid(request.POST[direction])), step)
            return redirect("candidates:reasons")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = save_reason(None, {**form.cleaned_data, "position": _after_last(request)}, member=request.member)
        except DomainError as refusal:
            _refuse(form, refusal)
        else:
            return redirect("candidates:reason", made.pk)
    shown = list(RejectionReason.objects.filter(workspace=request.workspace))
    ties: dict[UUID, list[str]] = {}
    for record in _upstream(request):
        if record.reason_id:
            ties.setdefault(record.reason_id, []).append(record.words)
    for reason in shown:
        reason.ties = ties.get(reason.pk, [])  # type: ignore[attr-defined]
    return _page(request, "reasons", "reasons", form=form, reasons=shown)


def _after_last(request: MemberRequest) -> int:
    last = RejectionReason.objects.filter(workspace=request.workspace).order_by("-position").first()
    return last.position + 1 if last else 0


def _upstream(request: MemberRequest) -> list[Any]:
    """What the sources call their reasons: records with ``label`` and ``words`` ("Kombo: Not a fit")."""
    found: Any = SourceRecord.objects.filter(workspace=request.workspace, kind=RecordKind.REASON)
    records = list(found.select_related("source", "reason").order_by("source__name", "source_id", "external_id"))
    for record in records:
        record.label = str(record.imported.get("name") or record.external_id)
        record.words = f"{record.source.name}: {record.label}"
    return records


@require_http_methods(["GET", "POST"])
@member_required
def reason(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One reason: its name, whether it is in use, and which upstream reasons it stands for."""
    found = get_reason(request.member, pk)
    require_decider(request.member)
    records = _upstream(request)
    chosen = {str(record.pk) for record in records if record.reason_id == pk}
    form = ReasonSettingsForm(initial={"name": found.name, "is_active": found.is_active})
    if request.method == "POST":
        form, chosen = ReasonSettingsForm(request.POST), set(request.POST.getlist("tie"))
        if form.is_valid():
            ties = [{"source": one.source, "external_id": one.external_id} for one in records if str(one.pk) in chosen]
            try:
                save_reason(
                    get_reason(request.member, pk), {**form.cleaned_data, "upstream": ties}, member=request.member
                )
            except DomainError as refusal:
                _refuse(form, refusal)
            else:
                flash_toast(request, "Saved")
                return redirect("candidates:reasons")
    for record in records:
        record.chosen = str(record.pk) in chosen
    return _page(request, "reason", "reasons", form=form, reason=found, records=records)
