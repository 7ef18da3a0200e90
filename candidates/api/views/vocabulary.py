"""Tags, talent pools and rejection reasons: every member reads, those who decide change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_candidate, get_pool, get_reason, get_tag
from candidates.api.shapes.common import NamedSerializer
from candidates.api.shapes.vocabulary import (
    PoolInputSerializer,
    PoolMemberInputSerializer,
    PoolMemberSerializer,
    PoolSerializer,
    ReasonInputSerializer,
    ReasonSerializer,
    TagInputSerializer,
    TagMergeSerializer,
)
from candidates.domain.pools import add_to_pool, save_pool, take_out_of_pool
from candidates.domain.reasons import save_reason
from candidates.domain.tags import delete_tag, get_or_make_tag, merge_tags, rename_tag
from candidates.models import Candidate, PoolMember, RejectionReason, SourceRecord, Tag, TalentPool
from recruitment.access import require_decider
from recruitment.api.views import MemberView
from recruitment.models import Membership


class TagsView(MemberView):
    @extend_schema(responses=NamedSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.page(Tag.objects.filter(workspace=self.member.workspace_id), NamedSerializer)

    @extend_schema(request=TagInputSerializer, responses={201: NamedSerializer})
    def post(self, request: Request) -> Response:
        """Two spellings of one word are one tag: the one that is there is answered."""
        require_decider(self.member)
        tag = get_or_make_tag(self.member.workspace_id, self.body(TagInputSerializer)["name"])
        return self.shown(tag, NamedSerializer, 201)


class TagView(MemberView):
    @extend_schema(responses=NamedSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_tag(self.member, pk), NamedSerializer)

    @extend_schema(request=TagInputSerializer, responses=NamedSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        tag = get_tag(self.member, pk)
        require_decider(self.member)
        return self.shown(rename_tag(tag, self.body(TagInputSerializer)["name"]), NamedSerializer)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Only one that nobody carries; 409 otherwise. A source that still has it brings it back."""
        tag = get_tag(self.member, pk)
        require_decider(self.member)
        delete_tag(tag, member=self.member)
        return Response(status=204)


class TagMergeView(MemberView):
    @extend_schema(request=TagMergeSerializer, responses=NamedSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """Whoever carries it carries ``into`` then, which is answered. No source is told."""
        tag = get_tag(self.member, pk)
        require_decider(self.member)
        into = self.body(TagMergeSerializer)["into"]
        return self.shown(merge_tags(tag, into, member=self.member), NamedSerializer)


def _pools(member: Membership) -> QuerySet[TalentPool]:
    return TalentPool.objects.filter(workspace=member.workspace_id).annotate(member_count=Count("members"))


class PoolsView(MemberView):
    @extend_schema(responses=PoolSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.page(_pools(self.member), PoolSerializer)

    @extend_schema(request=PoolInputSerializer, responses={201: PoolSerializer})
    def post(self, request: Request) -> Response:
        require_decider(self.member)
        pool = save_pool(None, member=self.member, **self.body(PoolInputSerializer))
        return self.shown(_pools(self.member).get(pk=pool.pk), PoolSerializer, 201)


class PoolView(MemberView):
    @extend_schema(responses=PoolSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_object_or_404(_pools(self.member), pk=pk), PoolSerializer)

    @extend_schema(request=PoolInputSerializer, responses=PoolSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        pool = get_pool(self.member, pk)
        require_decider(self.member)
        save_pool(pool, member=self.member, **self.body(PoolInputSerializer, partial=True))
        return self.shown(_pools(self.member).get(pk=pk), PoolSerializer)


class PoolMembersView(MemberView):
    """A reviewer sees the people of their own jobs in it."""

    @extend_schema(responses=PoolMemberSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        return self.page(self._members(get_pool(self.member, pk)), PoolMemberSerializer)

    @extend_schema(request=PoolMemberInputSerializer, responses={201: PoolMemberSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        pool = get_pool(self.member, pk)
        require_decider(self.member)
        added = add_to_pool(pool, self.body(PoolMemberInputSerializer)["candidate"], member=self.member)
        return self.shown(self._members(pool).get(pk=added.pk), PoolMemberSerializer, 201)

    @extend_schema(request=PoolMemberInputSerializer, parameters=[PoolMemberInputSerializer], responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """The candidate in the body, or as ``?candidate=``."""
        pool = get_pool(self.member, pk)
        require_decider(self.member)
        given = self.body(PoolMemberInputSerializer) if request.data else self.filters(PoolMemberInputSerializer)
        take_out_of_pool(pool, given["candidate"], member=self.member)
        return Response(status=204)

    def _members(self, pool: TalentPool) -> QuerySet[PoolMember]:
        visible = Candidate.objects.visible_to(self.member).with_identity_hidden(self.member)
        return (
            PoolMember.objects.filter(pool=pool, candidate__in=Candidate.objects.visible_to(self.member))
            .select_related("added_by__user")
            .prefetch_related(Prefetch("candidate", visible))
        )


class PoolMemberView(MemberView):
    @extend_schema(operation_id="talent_pools_member_destroy", responses={204: None})
    def delete(self, request: Request, pk: UUID, candidate_pk: UUID) -> Response:
        pool = get_pool(self.member, pk)
        require_decider(self.member)
        take_out_of_pool(pool, get_candidate(self.member, candidate_pk), member=self.member)
        return Response(status=204)


def _reasons(member: Membership) -> QuerySet[Any]:
    found = RejectionReason.objects.filter(workspace=member.workspace_id)
    return found.prefetch_related(Prefetch("records", SourceRecord.objects.order_by("source_id", "id")))


class ReasonsView(MemberView):
    @extend_schema(responses=ReasonSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self.page(_reasons(self.member), ReasonSerializer)

    @extend_schema(request=ReasonInputSerializer, responses={201: ReasonSerializer})
    def post(self, request: Request) -> Response:
        require_decider(self.member)
        reason = save_reason(None, self.body(ReasonInputSerializer), member=self.member)
        return self.shown(_reasons(self.member).get(pk=reason.pk), ReasonSerializer, 201)


class ReasonView(MemberView):
    @extend_schema(responses=ReasonSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(get_object_or_404(_reasons(self.member), pk=pk), ReasonSerializer)

    @extend_schema(request=ReasonInputSerializer, responses=ReasonSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        reason = get_reason(self.member, pk)
        require_decider(self.member)
        save_reason(reason, self.body(ReasonInputSerializer, partial=True), member=self.member)
        return self.shown(_reasons(self.member).get(pk=pk), ReasonSerializer)
