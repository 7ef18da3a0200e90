"""Erasing a person (design, rule 7): nothing personal stays, and nobody brings them back.

What stays are rows without content, so that counts and history hold, and keyed hashes of the upstream rows and of the
addresses by which the person was known. Intake asks ``erased_among`` before it takes a row in. What lies above the
domain listens to ``candidate_erased``, which is sent inside the transaction.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, F, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.dispatch import Signal
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.locking import lock_candidate
from candidates.enums import SETTLED, PushState
from candidates.models import (
    Activity,
    Application,
    Attachment,
    Candidate,
    CandidateIdentity,
    CandidateMerge,
    CandidateTag,
    Decision,
    Duplicate,
    Erasure,
    FieldConflict,
    FileLook,
    MatchKey,
    Note,
    OutboxEntry,
    PoolMember,
    PushAttempt,
    Review,
    ShortlistEntry,
    SourceRecord,
)
from recruitment.errors import DomainError
from recruitment.models import IdempotentRequest, Membership

# Sent with ``candidates`` (ids) and ``rows`` ([(source id, kind, external id)]): forget what you hold of them.
candidate_erased = Signal()

# A phone number is only ever a hint (candidates.domain.identities): it must not keep somebody else out.
KEPT_IDENTITIES = ("email", "linkedin")


def record_key(source_id: UUID, kind: str, external_id: str) -> str:
    return f"record:{source_id}:{kind}:{external_id}"


def identity_key(kind: str, value: str) -> str:
    return f"identity:{kind}:{value}"


def erased_among(workspace_id: Any, keys: Iterable[str]) -> set[str]:
    """Which of the keys belong to somebody who was erased, in one query. Works across a change of SECRET_KEY."""
    hashes = {
        key_hash(key, secret): key for key in keys for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    }
    found = Erasure.objects.filter(workspace_id=workspace_id, key_hash__in=hashes)
    return {hashes[found_hash] for found_hash in found.values_list("key_hash", flat=True)}


def key_hash(key: str, secret: str = "") -> str:
    """HMAC: without the secret nobody can try addresses against what is kept."""
    return hmac.digest((secret or settings.SECRET_KEY).encode(), f"erasure:{key}".encode(), "sha256").hex()


@transaction.atomic
def erase_candidate(candidate: Candidate, *, member: Membership, confirm: str) -> None:
    """Erase the person and whoever was merged into them. ``confirm`` is the name, typed."""
    candidate = lock_candidate(candidate)
    if not isinstance(confirm, str) or confirm.strip() != candidate.display_name:
        raise DomainError("Type the person's full name to erase them.", field="confirm", code="name_differs")
    people = _everybody(candidate)
    rows = list(SourceRecord.objects.filter(_about(people)).values_list("source_id", "kind", "external_id"))
    _remember(candidate.workspace_id, people, rows)
    candidate_erased.send(Candidate, candidates=people, rows=rows, workspace_id=candidate.workspace_id)
    _empty_outbox(people)
    _empty_records(people)
    _empty_opinions(people)
    _empty_people(people)
    _forget_answers(candidate.workspace_id, people)
    Activity.objects.filter(_about(people)).update(data={})
    activity.record("erased", actor=member, candidate=candidate)
    _delete_files(people)


def _everybody(candidate: Candidate) -> list[UUID]:
    """The person's row and all that were merged into it, and into those."""
    found, fresh = [candidate.pk], [candidate.pk]
    while fresh:
        fresh = list(Candidate.objects.filter(merged_into__in=fresh).values_list("pk", flat=True))
        found += fresh
    return found


def _about(people: list[UUID]) -> Q:
    return Q(candidate__in=people) | Q(application__candidate__in=people)


def _remember(workspace_id: UUID, people: list[UUID], rows: list[tuple[UUID, str, str]]) -> None:
    known = CandidateIdentity.objects.filter(candidate__in=people, kind__in=KEPT_IDENTITIES)
    keys = [record_key(*row) for row in rows]
    keys += [identity_key(kind, value) for kind, value in known.values_list("kind", "value")]
    hashes = dict.fromkeys(map(key_hash, keys))
    Erasure.objects.bulk_create(
        [Erasure(workspace_id=workspace_id, key_hash=hashed) for hashed in hashes], ignore_conflicts=True
    )


def _empty_outbox(people: list[UUID]) -> None:
    now = timezone.now()
    entries = OutboxEntry.objects.filter(candidate__in=people)
    # A worker that is at one of them finds its lease gone, and its outcome is not written down.
    entries.exclude(state__in=SETTLED).update(
        state=PushState.CANCELLED, settled_at=now, due_at=None, lease_token=None, lease_until=None
    )
    entries.update(payload={}, upstream_now=None, last_error_message="")
    PushAttempt.objects.filter(entry__candidate__in=people).update(
        path="", request=None, response=None, error_message=""
    )
    Decision.objects.filter(candidate__in=people).update(before={}, after={})


def _empty_records(people: list[UUID]) -> None:
    FieldConflict.objects.filter(candidate__in=people).delete()
    FileLook.objects.filter(record__candidate__in=people).delete()
    SourceRecord.objects.filter(_about(people)).update(
        external_id=Concat(Value("erased:"), Cast(F("id"), CharField())),
        remote_id="",
        url="",
        imported={},
        fingerprint="",
    )


def _empty_opinions(people: list[UUID]) -> None:
    Note.objects.filter(candidate__in=people).update(text="")
    Review.objects.filter(application__candidate__in=people).update(comment="")
    ShortlistEntry.objects.filter(application__candidate__in=people).delete()
    CandidateTag.objects.filter(candidate__in=people).delete()
    PoolMember.objects.filter(candidate__in=people).delete()


def _empty_people(people: list[UUID]) -> None:
    texts = ("full_name", "first_name", "last_name", "headline", "current_company", "current_title", "source_label")
    lists = ("emails", "phones", "links", "experiences", "skills")
    objects = ("location", "compensation", "availability", "custom_fields", "provenance")
    now = timezone.now()
    CandidateIdentity.objects.filter(candidate__in=people).delete()
    MatchKey.objects.filter(candidate__in=people).delete()
    Duplicate.objects.filter(Q(first__in=people) | Q(second__in=people)).delete()
    CandidateMerge.objects.filter(Q(survivor__in=people) | Q(other__in=people)).update(moved={}, before={}, after={})
    Candidate.objects.filter(pk__in=people).update(
        **dict.fromkeys((*texts, "search_text", "file_words"), ""),
        **{name: [] for name in lists},
        **{name: {} for name in objects},
        version=F("version") + 1,
        erased_at=now,
        updated_at=now,
    )
    Application.objects.filter(candidate__in=people).update(
        **dict.fromkeys(
            ("upstream_rating", "upstream_status", "upstream_note", "top_choice_message", "rejection_reason_text"), ""
        ),
        upstream_score=None,
        scores={},
        screening_answers=[],
        interviews=[],
        offers=[],
        events={},
        custom_fields={},
        provenance={},
        updated_at=now,
    )


def _forget_answers(workspace_id: UUID, people: list[UUID]) -> None:
    """Answers kept for repeated requests hold people as well."""
    kept = IdempotentRequest.objects.filter(workspace_id=workspace_id).annotate(text=Cast("body", TextField()))
    mentioned = Q()
    for person in people:
        mentioned |= Q(text__contains=str(person))
    kept.filter(mentioned).delete()


def _delete_files(people: list[UUID]) -> None:
    """Last, and before the transaction ends: if a file can't be deleted the erasure fails and can be tried again."""
    for attachment in Attachment.objects.filter(candidate__in=people):
        if attachment.file.name:
            attachment.file.storage.delete(attachment.file.name)
        attachment.delete()
