"""Files of a person: the tab that shows them, adding one, and the way out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from candidates.access import get_candidate
from candidates.domain.attachments import INLINE, add_attachment, attachment_response
from candidates.domain.fetching import ask_for_attachment, ask_for_files, can_be_asked
from candidates.enums import AttachmentKind, AttachmentState
from candidates.models import Attachment, AttachmentText, Candidate, SourceRecord
from recruitment.access import MemberRequest, member_required, require_decider
from recruitment.errors import DomainError
from recruitment.toasts import flash_toast


def files_context(request: MemberRequest, person: Candidate, records: list[SourceRecord]) -> dict[str, Any]:
    """The person's files, and the one that is shown: ``?file=``, else the newest CV, else the first that can be.

    ``records``: the person's, with ``is_asked``.
    """
    cv_first = Case(When(kind=AttachmentKind.CV, then=0), default=1)
    old_last = Case(When(replaced_at=None, then=0), default=1)
    found = Attachment.objects.visible_to(request.member).filter(candidate=person)
    files = list(found.order_by(old_last, cv_first, "kind", "-id"))
    chosen = request.GET.get("file")
    stored = [file for file in files if file.state == AttachmentState.STORED]
    shown = next((file for file in stored if str(file.pk) == chosen), stored[0] if stored else None)
    text = ""
    if shown is not None and shown.content_type not in INLINE:
        text = AttachmentText.objects.filter(attachment=shown).values_list("content", flat=True).first() or ""
    asked = request.member.decides and any(record.is_asked for record in records)  # type: ignore[attr-defined]
    return {
        "files": files,
        "shown_file": shown,
        "shown_text": text,
        "kinds": AttachmentKind.choices,
        "can_ask": request.member.decides and can_be_asked(records),
        "is_asked": asked,
        "files_pending": asked or any(file.due_at for file in files),
    }


@require_POST
@member_required
def attach(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Upload a file; what is wrong with it is said, and nothing is kept of it."""
    person = get_candidate(request.member, pk)
    require_decider(request.member)
    back = f"{person.get_absolute_url()}?tab=cv"
    file = request.FILES.get("file")
    kind = request.POST.get("kind", AttachmentKind.OTHER)
    if getattr(request, "upload_refused", False):
        flash_toast(request, f"A file has at most {settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)} MB.", level="error")
        return redirect(back)
    if not isinstance(file, UploadedFile) or kind not in AttachmentKind.values:
        flash_toast(request, "Choose a file first.", level="error")
        return redirect(back)
    try:
        add_attachment(person, file, member=request.member, kind=kind)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, "The file is kept.")
    return redirect(back)


@require_POST
@member_required
def fetch_all(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask the sources which files they have of the person, and fetch what waits."""
    person = get_candidate(request.member, pk)
    require_decider(request.member)
    asked = ask_for_files(person)
    flash_toast(request, "The files are being fetched." if asked else "No source can be asked for files.")
    return redirect(f"{person.get_absolute_url()}?tab=cv")


@require_POST
@member_required
def fetch_one(request: MemberRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Attachment.objects.visible_to(request.member), pk=pk)
    require_decider(request.member)
    try:
        ask_for_attachment(found)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, "The file is being fetched.")
    return redirect(f"{found.candidate.get_absolute_url()}?tab=cv")


@require_safe
@member_required
@xframe_options_sameorigin
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Through the app only. ``?inline=1`` shows PDF and pictures."""
    found = get_object_or_404(Attachment.objects.visible_to(request.member), pk=pk)
    try:
        return attachment_response(found, inline=request.GET.get("inline") == "1")
    except DomainError as refusal:
        raise Http404(refusal.message) from None
