"""How an address narrows the list of people. Every facet is a plain parameter, so that a list can be shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.fields import CharField

from candidates.enums import JobStatus, Outcome, RecordKind, StageCategory, Verdict
from candidates.models import (
    Application,
    Candidate,
    CandidateTag,
    Job,
    PoolMember,
    Review,
    Source,
    SourceRecord,
    Stage,
    Tag,
    TalentPool,
)
from recruitment.models import Membership

OF_APPLICATION = ("job", "stage", "category", "outcome", "verdict", "shortlisted")
LONGEST = 300  # options of one facet


@dataclass(frozen=True)
class Facets:
    """What was asked for. Values that aren't understood count as not asked: an old address still opens."""

    q: str = ""
    job: UUID | None = None
    stage: UUID | None = None
    category: str = ""
    outcome: str = ""
    tag: UUID | None = None
    pool: UUID | None = None
    source: UUID | None = None
    verdict: str = ""
    shortlisted: str = ""
    confidential: str = ""

    @property
    def is_narrow(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def names_application(self) -> bool:
        return any(getattr(self, name) for name in OF_APPLICATION)


def facets_of(query: Mapping[str, str]) -> Facets:
    choices = {"category": StageCategory.values, "outcome": Outcome.values, "verdict": Verdict.values}
    choices |= {"shortlisted": ["yes"], "confidential": ["yes"]}
    ids: dict[str, Any] = {name: _uuid(query.get(name)) for name in ("job", "stage", "tag", "pool", "source")}
    words: dict[str, Any] = {name: value for name, known in choices.items() if (value := query.get(name, "")) in known}
    return Facets(q=query.get("q", "").strip()[:200], **ids, **words)


def narrowed_people(member: Membership, asked: Facets) -> QuerySet[Candidate]:
    """Visible people that match. What is about an application is about one and the same."""
    found: Any = Candidate.objects.visible_to(member)
    if asked.q or member.is_reviewer:
        found = found.with_identity_hidden(member)
    if asked.q:
        found = found.search(asked.q, member)
        found = found.filter(identity_hidden=False) if member.is_reviewer else found
    if asked.tag:
        found = found.filter(Exists(CandidateTag.objects.filter(candidate=OuterRef("pk"), tag=asked.tag)))
    if asked.pool:
        found = found.filter(Exists(PoolMember.objects.filter(candidate=OuterRef("pk"), pool=asked.pool)))
    if asked.source:
        records = SourceRecord.objects.filter(kind=RecordKind.CANDIDATE, source=asked.source)
        found = found.filter(Exists(records.filter(candidate=OuterRef("pk"))))
    if asked.confidential:
        found = found.filter(confidential=True)
    if asked.names_application:
        found = found.filter(Exists(narrowed_applications(member, asked).filter(candidate=OuterRef("pk"))))
    return found


def narrowed_applications(member: Membership, asked: Facets) -> QuerySet[Application]:
    """By what is about an application alone."""
    found: Any = Application.objects.visible_to(member)
    if asked.job:
        found = found.filter(job=asked.job)
    if asked.stage:
        found = found.filter(stage=asked.stage)
    if asked.category:
        found = found.filter(stage__category=asked.category)
    if asked.outcome:
        found = found.filter(outcome=asked.outcome)
    if asked.verdict:
        reviews = Review.objects.visible_to(member).filter(application=OuterRef("pk"), verdict=asked.verdict)
        found = found.filter(Exists(reviews))
    if asked.shortlisted:
        found = found.filter(shortlist_entry__isnull=False)
    return found


def options(member: Membership, asked: Facets) -> dict[str, list[dict[str, Any]]]:
    """What may be chosen for job, stage (once a job is), tag, pool and source: ``[{value, label, current}]``, by name.
    One query for all."""
    here = {"workspace": member.workspace_id}
    kinds = {
        "job": Job.objects.visible_to(member).exclude(status=JobStatus.ARCHIVED).order_by(),
        "stage": Stage.objects.filter(job=asked.job, **here).order_by() if asked.job else Stage.objects.none(),
        "tag": Tag.objects.filter(**here).order_by(),
        "pool": TalentPool.objects.filter(**here).order_by(),
        "source": Source.objects.filter(**here).order_by(),
    }
    first, *others = (_named(kind, found) for kind, found in kinds.items())
    named: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    for kind, pk, label in first.union(*others, all=True):
        named[kind].append({"value": str(pk), "label": label, "current": pk == getattr(asked, kind)})
    return {kind: _cut(sorted(rows, key=lambda row: row["label"].casefold())) for kind, rows in named.items()}


def _named(kind: str, found: QuerySet[Any]) -> QuerySet[Any]:
    label = "title" if kind == "job" else "name"
    # SQLite refuses an order inside a union, and a model's own comes back unless it is taken away last.
    return found.annotate(kind=Value(kind, CharField())).order_by().values_list("kind", "pk", label)


def _cut(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for index, row in enumerate(rows) if index < LONGEST or row["current"]]


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
