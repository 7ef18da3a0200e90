"""Remarks about people."""

from __future__ import annotations

from django.db import transaction

from candidates.domain import activity, outbox
from candidates.domain.locking import lock_candidate
from candidates.enums import DecisionKind, PushKind, Visibility
from candidates.models import Application, Candidate, Decision, Note
from recruitment.errors import DomainError
from recruitment.models import Membership

LIMIT = 10_000


@transaction.atomic
def add_note(
    candidate: Candidate,
    text: str,
    *,
    member: Membership,
    visibility: str = Visibility.TEAM,
    application: Application | None = None,
    push: bool = False,
    delay: int = 0,
) -> tuple[Note, Decision | None]:
    """Write a note. ``push`` also tells it to the sources: about ``application``, or about the person's most recently
    active one (design section 10). A private note is never told to anybody.
    """
    text = text.strip()
    if not text:
        raise DomainError("Write something first.", field="text", code="required")
    if len(text) > LIMIT:
        raise DomainError(f"A note has at most {LIMIT:,} characters.", field="text", code="max_length")
    if visibility not in Visibility.values:
        raise DomainError("A note is for the team or private.", field="visibility", code="invalid_choice")
    if push and visibility == Visibility.PRIVATE:
        raise DomainError("A private note isn't told to anybody.", field="push", code="private")
    candidate = lock_candidate(candidate)
    if application is not None and not candidate.applications.filter(pk=application.pk).exists():
        raise DomainError("This application belongs to somebody else.", field="application", code="invalid")
    note = Note.objects.create(
        workspace_id=candidate.workspace_id,
        candidate=candidate,
        application=application,
        author=member,
        text=text,
        visibility=visibility,
    )
    private_to = member if visibility == Visibility.PRIVATE else None
    activity.record(
        "noted", actor=member, candidate=candidate, application=application, private_to=private_to, note=str(note.pk)
    )
    return note, (_push(note, member, delay) if push else None)


def _push(note: Note, member: Membership, delay: int) -> Decision:
    about = note.application or note.candidate.applications.order_by("-updated_at", "-id").first()
    decision = Decision.objects.create(
        workspace_id=note.workspace_id,
        kind=DecisionKind.NOTE,
        member=member,
        candidate=note.candidate,
        application=about,
        after={"note": str(note.pk)},
    )
    if about is not None:
        about.candidate = note.candidate
        outbox.tell_about_application(decision, about, PushKind.NOTE, {"text": note.text}, delay=delay)
    return decision
