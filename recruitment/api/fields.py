"""References in a body or a filter: ids of what the member may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from recruitment.models import Membership

Finder = Callable[[Membership], QuerySet[Any]]


class Reference(serializers.PrimaryKeyRelatedField):
    """``find(member)`` gives what may be named; an id beyond it is an error of this field."""

    def __init__(self, find: Finder, **options: Any) -> None:
        self.find = find
        super().__init__(queryset=Membership.objects.none(), pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> QuerySet[Any]:
        return self.find(self.context["member"])


def of_workspace(model: Any) -> Finder:
    """For vocabulary, which every member may name."""
    return lambda member: model.objects.filter(workspace=member.workspace_id)


class Text(serializers.CharField):
    """Text only: a number or an object isn't quietly made into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
