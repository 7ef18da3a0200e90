"""What has happened in the workspace, newest first, by day."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candidates.models import Activity, Candidate
from candidates.personal import IDENTIFYING
from candidates.querysets import ActivityQuerySet
from recruitment.access import member_required
from recruitment.models import Membership
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest

# What one can narrow by: (name, words, verbs)
KINDS = (
    ("decisions", "Decisions", ("moved", "rejected", "hired", "withdrawn", "reopened", "undone")),
    ("reviews", "Reviews", ("reviewed", "review_withdrawn", "blindness_lifted")),
    ("notes", "Notes and files", ("noted", "attached", "detached")),
    ("labels", "Tags and lists", ("tagged", "untagged", "shortlisted", "unshortlisted", "pooled", "unpooled")),
    ("edits", "Edits", ("created", "edited", "application_made", "job_made", "job_edited", "conflict_resolved")),
    (
        "pushes",
        "Pushes",
        tuple(
            f"push_{end}"
            for end in ("confirmed", "refused", "not_offered", "unknown", "conflict", "cancelled", "retried", "settled")
        ),
    ),
    ("imports", "Imports", ("imported", "linked", "not_linked")),
    ("merges", "Merges and splits", ("merged", "unmerged", "split", "split_off")),
    ("privacy", "Exports and erasures", ("exported", "erased")),
)
EVERYTHING = "all"


@require_safe
@member_required
def activity(request: MemberRequest) -> HttpResponse:
    """Reviewers: of the people they may see, without what would name an anonymous one."""
    member = request.member
    kind, by = request.GET.get("kind", ""), _uuid(request.GET.get("by"))
    found = _narrowed(_visible(member), kind, by)
    page = keyset_page(request, found)
    days = [(day, list(rows)) for day, rows in groupby(page.rows, key=lambda row: timezone.localdate(row.at))]
    members = Membership.objects.in_workspace(request.workspace)
    context: dict[str, Any] = {
        "nav": "activity",
        "page": page,
        "days": days,
        "today": timezone.localdate(),
        "kind": kind,
        "kinds": [*((name, words) for name, words, _verbs in KINDS), (EVERYTHING, "Everything")],
        "by": str(by or ""),
        "people": [(str(one.pk), str(one)) for one in members],
    }
    return render(request, "candidates/activity.html", context)


def _visible(member: Membership) -> ActivityQuerySet:
    found = Activity.objects.visible_to(member)
    people = Candidate.objects.with_identity_hidden(member)
    if member.is_reviewer:
        hidden = people.filter(pk=OuterRef("candidate"), identity_hidden=True)
        found = found.exclude(Q(verb__in=IDENTIFYING) & Exists(hidden))
    return found.select_related("actor__user", "job").prefetch_related(Prefetch("candidate", people))


def _narrowed(found: ActivityQuerySet, kind: str, by: UUID | None) -> ActivityQuerySet:
    """Without a kind: all but who came in by an import, for a first import would bury a week of decisions."""
    verbs = next((verbs for name, _words, verbs in KINDS if name == kind), None)
    if verbs:
        found = found.filter(verb__in=verbs)
    elif kind != EVERYTHING:
        found = found.but_imports()
    return found.filter(actor=by) if by else found


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
