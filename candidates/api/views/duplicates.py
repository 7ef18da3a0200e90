"""People who may be one: suggestions, merges and taking them back, rows that are somebody else's."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_candidate, get_duplicate, get_merge
from candidates.api import reading
from candidates.api.shapes.duplicates import (
    DuplicateFilterSerializer,
    DuplicateSerializer,
    MergeInputSerializer,
    MergePreviewSerializer,
    MergeSerializer,
    OtherSerializer,
    SplitSerializer,
    UndoneMergeSerializer,
)
from candidates.api.shapes.people import CandidateSerializer
from candidates.domain.combining import differences
from candidates.domain.duplicates import dismiss
from candidates.domain.merges import merge_candidates
from candidates.domain.splitting import split_off
from candidates.domain.unmerging import undo_merge
from candidates.models import Duplicate
from recruitment.access import require_decider
from recruitment.api.views import MemberView


class DuplicatesView(MemberView):
    orderings = {"score": "score", "created_at": "pk"}
    default_ordering = "-score"

    @extend_schema(parameters=[DuplicateFilterSerializer], responses=DuplicateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Suggestions that wait for a decision; `state` shows the others."""
        require_decider(self.member)
        filters = self.filters(DuplicateFilterSerializer)
        found = Duplicate.objects.visible_to(self.member).filter(state=filters["state"])
        if "candidate" in filters:
            found = found.about(filters["candidate"])
        if "min_score" in filters:
            found = found.filter(score__gte=filters["min_score"])
        return self.page(found.select_related("first", "second", "decided_by__user"), DuplicateSerializer)


class DismissView(MemberView):
    @extend_schema(request=None, responses=DuplicateSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Different people. Nobody is asked again."""
        found = get_duplicate(self.member, pk)
        require_decider(self.member)
        dismiss(found, member=self.member)
        return self.shown(get_duplicate(self.member, pk), DuplicateSerializer)


class MergeView(MemberView):
    @extend_schema(parameters=[OtherSerializer], responses=MergePreviewSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """What merging `other` into this person would do. Fields on which both agree aren't listed."""
        survivor = get_candidate(self.member, pk)
        require_decider(self.member)
        other = self.filters(OtherSerializer)["other"]
        found = {
            "survivor": survivor,
            "other": other,
            "versions": {str(one.pk): one.version for one in (survivor, other)},
            "differences": differences(survivor, other),
        }
        return self.shown(found, MergePreviewSerializer)

    @extend_schema(request=MergeInputSerializer, responses={201: MergeSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Merge `other` into this person. All that is known of both is kept; the address of the other leads here."""
        survivor = get_candidate(self.member, pk)
        require_decider(self.member)
        given = self.body(MergeInputSerializer)
        merge = merge_candidates(survivor, member=self.member, **given)
        return self.shown(get_merge(self.member, merge.pk), MergeSerializer, 201)


class MergeDetailView(MemberView):
    @extend_schema(responses=MergeSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_merge(self.member, pk), MergeSerializer)


class UndoMergeView(MemberView):
    @extend_schema(request=None, responses=UndoneMergeSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Both people are there again as they were. What was added since is kept, and named."""
        merge = get_merge(self.member, pk)
        undone = undo_merge(merge, member=self.member)
        return self.shown(get_merge(self.member, pk), MergeSerializer, kept=undone.kept)


class SplitView(MemberView):
    @extend_schema(request=SplitSerializer, responses={201: CandidateSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Not the same person: one of the sources leaves and becomes a person of its own, who is the answer."""
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        record = self.body(SplitSerializer)["record"]
        if record.candidate_id != candidate.pk:
            raise ValidationError({"record": "This row isn't one of this person's."})
        made = split_off(record, member=self.member)
        return self.shown(reading.people(self.member).get(pk=made.pk), CandidateSerializer, 201)
