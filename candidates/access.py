"""Loading one thing with the right to it: what a member may not see doesn't exist for them (404)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from candidates.models import (
    Application,
    Candidate,
    CandidateMerge,
    Decision,
    Duplicate,
    Job,
    Note,
    OutboxEntry,
    RejectionReason,
    SourceRecord,
    Stage,
    Tag,
    TalentPool,
)
from recruitment.models import Membership


def get_candidate(member: Membership, pk: UUID) -> Candidate:
    """Whoever was merged into somebody else is that person now: an old address still leads to them."""
    people = Candidate.objects.visible_to(member)
    found = people.filter(pk=pk).first() or people.filter(merged=pk).first()
    if found is None:
        raise Http404
    return found


def get_record(member: Membership, pk: UUID) -> SourceRecord:
    """A row by which a source knows a person."""
    return get_object_or_404(SourceRecord.objects.visible_to(member).of_people().select_related("candidate"), pk=pk)


def get_duplicate(member: Membership, pk: UUID) -> Duplicate:
    return get_object_or_404(Duplicate.objects.visible_to(member).select_related("first", "second"), pk=pk)


def get_merge(member: Membership, pk: UUID) -> CandidateMerge:
    found = CandidateMerge.objects.filter(workspace=member.workspace_id)
    if member.is_reviewer:
        raise Http404
    return get_object_or_404(found.select_related("survivor", "other", "member__user", "undone_by__user"), pk=pk)


def get_job(member: Membership, pk: UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(member), pk=pk)


def get_application(member: Membership, pk: UUID) -> Application:
    """With its candidate, job and stage."""
    found = Application.objects.visible_to(member).select_related("candidate", "job", "stage", "rejection_reason")
    return get_object_or_404(found, pk=pk)


def get_entry(member: Membership, pk: UUID) -> OutboxEntry:
    found = OutboxEntry.objects.visible_to(member).select_related(
        "source", "candidate", "application__job", "requested_by__user"
    )
    return get_object_or_404(found, pk=pk)


def get_decision(member: Membership, pk: UUID) -> Decision:
    return get_object_or_404(Decision.objects.filter(member=member).select_related("application__candidate"), pk=pk)


def get_stage(member: Membership, job: Job, pk: UUID) -> Stage:
    return get_object_or_404(job.stages.all(), pk=pk, workspace=member.workspace_id)


def get_note(member: Membership, pk: UUID) -> Note:
    return get_object_or_404(Note.objects.visible_to(member), pk=pk)


def get_tag(member: Membership, pk: UUID) -> Tag:
    return _of_workspace(Tag, member, pk)


def get_pool(member: Membership, pk: UUID) -> TalentPool:
    return _of_workspace(TalentPool, member, pk)


def get_reason(member: Membership, pk: UUID) -> RejectionReason:
    return _of_workspace(RejectionReason, member, pk)


def _of_workspace(model: Any, member: Membership, pk: UUID) -> Any:
    """Vocabulary of the workspace, which every member may read."""
    found = model.objects.filter(workspace=member.workspace_id, pk=pk).first()
    if found is None:
        raise Http404
    return found
