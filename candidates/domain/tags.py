"""Tagging people."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from candidates.domain import activity, outbox
from candidates.domain.locking import lock_candidate
from candidates.domain.search import fold
from candidates.enums import DecisionKind, PushKind
from candidates.models import Candidate, CandidateTag, Decision, SourceRecord, Tag
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

NAME_LIMIT = 100  # recruspace.md section 9


def clean_name(name: str) -> str:
    """One line, NFC, no control characters. Raises DomainError when nothing is left or it is too long."""
    cleaned = " ".join(
        "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", name)).split()
    )
    if not cleaned or not fold(cleaned):
        raise DomainError("Give the tag a name.", field="name", code="required")
    if len(cleaned) > NAME_LIMIT:
        raise DomainError(f"A tag has at most {NAME_LIMIT} characters.", field="name", code="max_length")
    return cleaned


def get_or_make_tag(workspace_id: Any, name: str) -> Tag:
    cleaned = clean_name(name)
    tag, _made = Tag.objects.get_or_create(workspace_id=workspace_id, key=fold(cleaned), defaults={"name": cleaned})
    return tag


@transaction.atomic
def add_tag(candidate: Candidate, name: str, *, member: Membership, delay: int = 0) -> tuple[Tag, Decision | None]:
    """Tag a person. Having the tag already is success without an effect (the decision is None)."""
    candidate, tag = lock_candidate(candidate), get_or_make_tag(candidate.workspace_id, name)
    _link, made = CandidateTag.objects.get_or_create(
        candidate=candidate, tag=tag, defaults={"added_by": member, "workspace_id": candidate.workspace_id}
    )
    return tag, (_decide(candidate, tag, DecisionKind.TAG, PushKind.TAG, "tagged", member, delay) if made else None)


@transaction.atomic
def remove_tag(candidate: Candidate, tag: Tag, *, member: Membership, delay: int = 0) -> Decision:
    candidate = lock_candidate(candidate)
    removed, _ = CandidateTag.objects.filter(candidate=candidate, tag=tag).delete()
    if not removed:
        raise Conflict("This person doesn't carry the tag any more.", code="not_tagged")
    return _decide(candidate, tag, DecisionKind.UNTAG, PushKind.UNTAG, "untagged", member, delay)


def _decide(
    candidate: Candidate, tag: Tag, kind: str, push: str, verb: str, member: Membership, delay: int
) -> Decision:
    decision = Decision.objects.create(
        workspace_id=candidate.workspace_id, kind=kind, member=member, candidate=candidate, after={"tag": str(tag.pk)}
    )
    activity.record(verb, actor=member, candidate=candidate, tag=tag.name)
    outbox.tell_about_candidate(decision, candidate, push, {"name": tag.name}, delay=delay)
    return decision


@transaction.atomic
def rename_tag(tag: Tag, name: str) -> Tag:
    """A tag keeps its people. A name that another tag has is refused: merging is a decision of its own."""
    cleaned = clean_name(name)
    if Tag.objects.filter(workspace_id=tag.workspace_id, key=fold(cleaned)).exclude(pk=tag.pk).exists():
        raise Conflict("Another tag has this name.", field="name", code="unique")
    tag.name, tag.key = cleaned, fold(cleaned)
    tag.save(update_fields=["name", "key", "updated_at"])
    return tag


@transaction.atomic
def merge_tags(tag: Tag, into: Tag, *, member: Membership) -> Tag:
    """Everybody who carries ``tag`` carries ``into``, and ``tag`` is gone. What sources call it means ``into`` from now
    on; they aren't told, and keep their own tags."""
    if tag.pk == into.pk:
        raise DomainError("Choose another tag.", field="into", code="same_tag")
    held = Tag.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([tag.pk, into.pk])
    if len(held) < 2 or tag.workspace_id != into.workspace_id:
        raise Conflict("This tag is there no longer.", field="into", code="gone")
    carried = CandidateTag.objects.filter(tag=tag)
    people = carried.count()
    both = CandidateTag.objects.filter(tag=into, candidate=OuterRef("candidate"))
    carried.filter(Exists(both)).delete()
    now = timezone.now()
    carried.update(tag=into, updated_at=now)
    SourceRecord.objects.filter(tag=tag).update(tag=into, updated_at=now)
    tag.delete()
    activity.record("tags_merged", actor=member, tag=tag.name, into=into.name, people=people)
    return into


@transaction.atomic
def delete_tag(tag: Tag, *, member: Membership) -> None:
    """One that nobody carries. A source that still has it brings it back with the next import of its tags."""
    Tag.objects.select_for_update(of=("self",)).filter(pk=tag.pk).first()
    if CandidateTag.objects.filter(tag=tag).exists():
        raise Conflict("Somebody carries this tag. Merge it into another one instead.", code="in_use")
    activity.record("tag_deleted", actor=member, workspace_id=tag.workspace_id, tag=tag.name)
    tag.delete()
