"""Rows that were set aside, over all connections, and what becomes of them. For those who decide."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from integrations.access import problems_of
from integrations.api.shapes import ProblemFilterSerializer, ProblemWithRunSerializer, SettleProblemSerializer
from integrations.problems import close_problem, read_again
from recruitment.access import require_decider
from recruitment.api.views import MemberView


class AllProblemsView(MemberView):
    @extend_schema(parameters=[ProblemFilterSerializer], responses=ProblemWithRunSerializer(many=True))
    def get(self, request: Request) -> Response:
        require_decider(self.member)
        found = problems_of(self.member).filter(**self.filters(ProblemFilterSerializer))
        return self.page(found, ProblemWithRunSerializer)


class SettleProblemView(MemberView):
    @extend_schema(request=SettleProblemSerializer, responses=ProblemWithRunSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """``again`` has the next import read the row; ask for it with the connection's sync. 409 when it is settled."""
        problem = get_object_or_404(problems_of(self.member), pk=pk)
        act = self.body(SettleProblemSerializer)["act"]
        if act == "again":
            read_again(problem, member=self.member)
        else:
            close_problem(problem, act, member=self.member)
        return self.shown(problems_of(self.member).get(pk=pk), ProblemWithRunSerializer)
