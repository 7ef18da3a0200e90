"""Jobs: list, make, read, edit."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from candidates.access import get_job
from candidates.api import reading
from candidates.api.shapes.jobs import JobDetailSerializer, JobFilterSerializer, JobInputSerializer, JobSerializer
from candidates.domain.jobs import create_job, edit_job
from candidates.models import Job
from recruitment.access import require_decider
from recruitment.api.views import MemberView
from recruitment.models import Membership


def found_job(member: Membership, pk: UUID) -> Job:
    return get_object_or_404(reading.jobs(member).with_counts(), pk=pk)  # type: ignore[attr-defined]


class JobsView(MemberView):
    @extend_schema(parameters=[JobFilterSerializer], responses=JobSerializer(many=True))
    def get(self, request: Request) -> Response:
        filters = self.filters(JobFilterSerializer)
        found = reading.jobs(self.member)
        if "status" in filters:
            found = found.filter(status=filters["status"])
        if filters.get("search"):
            found = found.filter(title__icontains=filters["search"])
        return self.page(found, JobSerializer)

    @extend_schema(request=JobInputSerializer, responses={201: JobDetailSerializer})
    def post(self, request: Request) -> Response:
        require_decider(self.member)
        job = create_job(self.body(JobInputSerializer), member=self.member)
        return self.shown(found_job(self.member, job.pk), JobDetailSerializer, 201)


class JobView(MemberView):
    @extend_schema(responses=JobDetailSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.shown(found_job(self.member, pk), JobDetailSerializer)

    @extend_schema(request=JobInputSerializer, responses=JobDetailSerializer)
    def patch(self, request: Request, pk: UUID) -> Response:
        job = get_job(self.member, pk)
        require_decider(self.member)
        edit_job(job, self.body(JobInputSerializer), member=self.member)
        return self.shown(found_job(self.member, pk), JobDetailSerializer)
