"""Candidates: list, make, read, edit, tags, notes, activity."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_candidate, get_tag
from candidates.api import reading
from candidates.api.shapes.common import NamedSerializer, PushesSerializer
from candidates.api.shapes.history import ActivitySerializer, NoteSerializer, NoteWithPushesSerializer
from candidates.api.shapes.people import (
    CandidateEditSerializer,
    CandidateFieldsSerializer,
    CandidateFilterSerializer,
    CandidateSerializer,
    EditedCandidateSerializer,
    NoteInputSerializer,
)
from candidates.api.shapes.vocabulary import TaggedSerializer, TagInputSerializer
from candidates.domain.notes import add_note
from candidates.domain.people import create_candidate, edit_candidate
from candidates.domain.tags import add_tag, remove_tag
from candidates.models import Activity, Candidate, Job, Note, Tag
from candidates.personal import IDENTIFYING
from recruitment.access import require_decider
from recruitment.api.views import MemberView

ELSEWHERE = "This person was merged into somebody else; `Location` leads there."


class CandidatesView(MemberView):
    orderings = {"created_at": "pk", "updated_at": "updated_at", "full_name": "full_name"}

    @extend_schema(parameters=[CandidateFilterSerializer], responses=CandidateSerializer(many=True))
    def get(self, request: Request) -> Response:
        filters = self.filters(CandidateFilterSerializer)
        self._check_ordering(request)
        found = reading.narrowed_people(reading.people(self.member), filters, self.member)
        return self.page(found, CandidateSerializer)

    @extend_schema(request=CandidateFieldsSerializer, responses={201: CandidateSerializer})
    def post(self, request: Request) -> Response:
        require_decider(self.member)
        candidate = create_candidate(self.body(CandidateFieldsSerializer), member=self.member)
        return self.shown(reading.people(self.member).get(pk=candidate.pk), CandidateSerializer, 201)

    def _check_ordering(self, request: Request) -> None:
        """Where names are hidden, their order is as well."""
        by_name = request.query_params.get("ordering", "").removeprefix("-") == "full_name"
        if by_name and self.member.is_reviewer and Job.objects.visible_to(self.member).filter(anonymised=True).exists():
            raise ValidationError({"ordering": "You review anonymously, so there is no order by name."})


class CandidateView(MemberView):
    @extend_schema(responses={200: CandidateSerializer, 307: OpenApiResponse(description=ELSEWHERE)})
    def get(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        if candidate.pk != pk:
            address = request.build_absolute_uri(f"/api/v1/candidates/{candidate.pk}/")
            return Response({"id": str(candidate.pk)}, status=307, headers={"Location": address})
        return self.shown(self._found(pk), CandidateSerializer)

    @extend_schema(request=CandidateEditSerializer, responses=EditedCandidateSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        given = self.body(CandidateEditSerializer)
        edited, decision = edit_candidate(candidate, given["fields"], member=self.member, base=given["base"])
        return self.shown(self._found(edited.pk), CandidateSerializer, pushes=reading.pushes_of(decision))

    def _found(self, pk: UUID) -> Candidate:
        return get_object_or_404(reading.people(self.member), pk=pk)


class CandidateTagsView(MemberView):
    orderings = {"created_at": "pk"}

    @extend_schema(responses=NamedSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        return self.page(Tag.objects.filter(candidate_tags__candidate=candidate), NamedSerializer)

    @extend_schema(request=TagInputSerializer, responses={200: TaggedSerializer, 201: TaggedSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """201 with its pushes; 200 without any if the person has the tag already."""
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        tag, decision = add_tag(candidate, self.body(TagInputSerializer)["name"], member=self.member)
        status = 201 if decision else 200
        return self.shown(tag, NamedSerializer, status, pushes=reading.pushes_of(decision))


class CandidateTagView(MemberView):
    @extend_schema(responses=PushesSerializer)
    def delete(self, request: Request, pk: UUID, tag_pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        require_decider(self.member)
        decision = remove_tag(candidate, get_tag(self.member, tag_pk), member=self.member)
        return Response({"pushes": reading.pushes_of(decision)})


class CandidateNotesView(MemberView):
    @extend_schema(responses=NoteSerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        notes = Note.objects.visible_to(self.member).filter(candidate=candidate).select_related("author__user")
        return self.page(notes, NoteSerializer)

    @extend_schema(request=NoteInputSerializer, responses={201: NoteWithPushesSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        candidate = get_candidate(self.member, pk)
        given = self.body(NoteInputSerializer)
        if given["push"]:
            require_decider(self.member)
        note, decision = add_note(candidate, member=self.member, **given)
        return self.shown(note, NoteSerializer, 201, pushes=reading.pushes_of(decision))


class CandidateActivityView(MemberView):
    @extend_schema(responses=ActivitySerializer(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        candidate = get_object_or_404(
            Candidate.objects.visible_to(self.member).with_identity_hidden(self.member), pk=pk
        )
        found = Activity.objects.visible_to(self.member).of_person(candidate).select_related("actor__user")
        if candidate.identity_hidden:
            found = found.exclude(verb__in=IDENTIFYING)
        return self.page(found, ActivitySerializer)


class ActivityView(MemberView):
    """The whole workspace, for those who decide."""

    @extend_schema(responses=ActivitySerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        return self.page(Activity.objects.visible_to(self.member).select_related("actor__user"), ActivitySerializer)
