"""A job's pipeline as a board: its stages as columns, counted rightly, with the first cards of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from candidates.enums import Outcome, PushState, RecordKind, StageCategory, Verdict
from candidates.models import (
    Application,
    Candidate,
    CandidateTag,
    Job,
    JobMember,
    OutboxEntry,
    Review,
    SourceRecord,
    Stage,
    Tag,
)
from candidates.querysets import LONG_OF_APPLICATIONS, LONG_OF_PEOPLE
from candidates.reviewing import hidden_from
from recruitment.access import member_required, wants_fragment
from recruitment.addresses import addresses
from recruitment.models import Membership
from recruitment.requests import MemberRequest
from recruitment.templatetags.quorum import days_since

CARDS = 25  # a column
LONG = 14  # days in a stage that are worth a tint
SALT = "candidates.board"
QUIET = (PushState.CONFIRMED, PushState.SUPERSEDED, PushState.CANCELLED)  # pushes that nobody has to know of
ENDED = (Outcome.HIRED, Outcome.REJECTED, Outcome.WITHDRAWN)


@dataclass
class Column:
    """``stage`` None: those who stand in no stage. ``more_url`` leads to the cards after these."""

    stage: Stage | None
    count: int = 0
    cards: list[Application] = field(default_factory=list)
    more_url: str = ""

    @property
    def is_target(self) -> bool:
        return self.stage is not None and self.stage.is_active

    @property
    def left(self) -> int:
        return self.count - len(self.cards)


@require_safe
@member_required
def board(request: MemberRequest, pk: UUID) -> HttpResponse:
    job = _get_job(request.member, pk)
    found = _narrowed(Application.objects.visible_to(request.member).filter(job=job), request)
    stages = list(job.stages.select_related("parent"))
    columns, ended = _columns(stages, found)
    _deal(request, job, columns, found)
    context = {"nav": "jobs", "job": job, "columns": columns, "ended": _ended(job, ended), **_frame(request, stages)}
    return render(request, "candidates/board.html" + ("#board" if wants_fragment(request) else ""), context)


@require_safe
@member_required
def more(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The next cards of one column, by the mark behind its last."""
    job = _get_job(request.member, pk)
    try:
        stage_id, entered, last = signing.loads(request.GET.get("after", ""), salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    found = _narrowed(Application.objects.visible_to(request.member).filter(job=job), request)
    stage = job.stages.filter(pk=stage_id).first() if stage_id else None
    held = found.filter(_standing(), stage=stage).filter(
        Q(stage_entered_at__gt=entered) | Q(stage_entered_at=entered, pk__gt=UUID(last))
    )
    ids = list(held.order_by("stage_entered_at", "pk").values_list("pk", flat=True)[: CARDS + 1])
    column = Column(stage, len(ids), _cards(request.member, ids[:CARDS]))
    column.more_url = _more_url(request, job, column) if len(ids) > CARDS else ""
    context = {"job": job, "column": column}
    return render(request, "candidates/_board_cards.html", context)


def _standing() -> Q:
    """Who is shown in a column: the active ones, and those hired in the stage that means hired."""
    return Q(outcome=Outcome.ACTIVE) | Q(outcome=Outcome.HIRED, stage__category=StageCategory.HIRED)


def _narrowed(found: Any, request: MemberRequest) -> QuerySet[Application]:
    member, asked = request.member, request.GET
    if asked.get("q"):
        people = Candidate.objects.visible_to(member).with_identity_hidden(member).search(asked["q"], member)
        found = found.filter(Exists(people.filter(pk=OuterRef("candidate"), identity_hidden=False)))
    if tag := _uuid(asked.get("tag")):
        found = found.filter(Exists(CandidateTag.objects.filter(candidate=OuterRef("candidate"), tag=tag)))
    if asked.get("verdict") in Verdict.values:
        seen = Review.objects.visible_to(member).filter(application=OuterRef("pk"), verdict=asked["verdict"])
        found = found.filter(Exists(seen))
    mine = Review.objects.filter(application=OuterRef("pk"), member=member)
    if asked.get("mine") == "waiting":
        found = found.active().filter(~Exists(mine))
    elif asked.get("mine") == "answered":
        found = found.filter(Exists(mine))
    elif asked.get("mine") == "shortlisted":
        found = found.filter(shortlist_entry__isnull=False)
    return found


def _columns(stages: list[Stage], found: QuerySet[Application]) -> tuple[list[Column], dict[str, int]]:
    """The columns with their numbers, and how many have ended otherwise: one query for all."""
    rows = found.order_by().values("stage", "outcome").annotate(number=Count("pk"))
    standing: dict[Any, int] = {}
    ended: dict[str, int] = dict.fromkeys(ENDED, 0)
    hired = {stage.pk for stage in stages if stage.category == StageCategory.HIRED}
    for row in rows:
        if row["outcome"] == Outcome.ACTIVE or (row["outcome"] == Outcome.HIRED and row["stage"] in hired):
            standing[row["stage"]] = standing.get(row["stage"], 0) + row["number"]
        else:
            ended[row["outcome"]] += row["number"]
    columns = [Column(stage, standing.get(stage.pk, 0)) for stage in _in_order(stages)]
    columns = [column for column in columns if column.is_target or column.count]
    if standing.get(None):
        columns.insert(0, Column(None, standing[None]))
    return columns, {outcome: number for outcome, number in ended.items() if number}


def _ended(job: Job, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """Counters that lead to their lists."""
    url = f"{reverse('candidates:candidates')}?job={job.pk}&outcome="
    return [
        {"label": Outcome(outcome).label, "count": number, "url": url + outcome} for outcome, number in numbers.items()
    ]


def _in_order(stages: list[Stage]) -> list[Stage]:
    """By position, with the substages of a stage behind it."""
    return sorted(stages, key=lambda s: (s.parent.position if s.parent else s.position, bool(s.parent), s.position))


def _deal(request: MemberRequest, job: Job, columns: list[Column], found: QuerySet[Application]) -> None:
    """The first cards of every column: who has stood there longest comes first. Two queries whatever there is."""
    place = Window(RowNumber(), partition_by=F("stage"), order_by=[F("stage_entered_at").asc(), F("pk").asc()])
    first = found.filter(_standing()).annotate(place=place).filter(place__lte=CARDS).order_by()
    cards = _cards(request.member, list(first.values_list("pk", flat=True)))
    for column in columns:
        stage_id = column.stage.pk if column.stage else None
        column.cards = [card for card in cards if card.stage_id == stage_id]
        column.more_url = _more_url(request, job, column) if column.left > 0 else ""


def _cards(member: Membership, ids: list[UUID]) -> list[Application]:
    """In the order of the board, with all that a card shows."""
    pushes = OutboxEntry.objects.filter(application=OuterRef("pk")).order_by("-id")
    on_team = Exists(Job.objects.filter(pk=OuterRef("job"), team__member=member))
    cards = (
        Application.objects.filter(pk__in=ids)
        .with_my_review(member)
        .with_review_count()
        .with_push_state()
        .with_shortlisted()
        .annotate(push_source=Subquery(pushes.values("source__name")[:1]), asks_me=on_team, hidden=hidden_from(member))
        .select_related("candidate")
        .defer(*LONG_OF_APPLICATIONS, *(f"candidate__{name}" for name in LONG_OF_PEOPLE))
        .order_by("stage_entered_at", "pk")
    )
    found = list(cards)
    person_url, move_url, review_url = (addresses(f"candidates:{name}") for name in ("candidate", "move", "review_job"))
    for card in found:
        card.url = f"{person_url(card.candidate_id)}?application={card.pk}"
        card.move_url = move_url(card.pk)
        card.review_url = f"{review_url(card.job_id)}{card.pk}/"
        card.candidate.identity_hidden = card.hidden
        card.waits_for_me = card.asks_me and not card.my_answer and card.outcome == Outcome.ACTIVE
        card.is_long = days_since(card.stage_entered_at) >= LONG
        card.push_shown = card.push_state not in (None, *QUIET)
    return found


def _more_url(request: MemberRequest, job: Job, column: Column) -> str:
    last = column.cards[-1]
    mark = [str(column.stage.pk) if column.stage else "", last.stage_entered_at.isoformat(), str(last.pk)]
    query = request.GET.copy()
    query["after"] = signing.dumps(mark, salt=SALT, compress=True)
    return f"{reverse('candidates:board_more', args=[job.pk])}?{query.urlencode()}"


def _frame(request: MemberRequest, stages: list[Stage]) -> dict[str, Any]:
    tags = Tag.objects.filter(workspace=request.workspace).values_list("pk", "name")[:500]
    return {
        "stages": [stage for stage in _in_order(stages) if stage.is_active],
        "asked": {name: request.GET.get(name, "") for name in ("q", "tag", "verdict", "mine")},
        "is_narrowed": any(request.GET.get(name) for name in ("q", "tag", "verdict", "mine")),
        "tags": [{"value": str(pk), "label": name} for pk, name in tags],
        "verdicts": Verdict.choices,
        "turns": [("waiting", "Waits for me"), ("answered", "I have answered"), ("shortlisted", "Shortlisted")],
    }


def _get_job(member: Membership, pk: UUID) -> Job:
    """With ``members``, the size of its team, and its sources: in two queries."""
    team = JobMember.objects.filter(job=OuterRef("pk")).order_by().values("job").annotate(number=Count("pk"))
    records = SourceRecord.objects.filter(kind=RecordKind.JOB).select_related("source").order_by("source__name", "id")
    found = Job.objects.visible_to(member).annotate(members=Coalesce(Subquery(team.values("number")), 0))
    return get_object_or_404(found.prefetch_related(Prefetch("records", records)), pk=pk)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
