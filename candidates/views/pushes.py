"""The ledger: what sources were told, are being told, and could not be told."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from candidates.access import get_entry
from candidates.domain import pushes as verbs
from candidates.enums import DecisionKind, Outcome, PushKind, PushState, RecordKind
from candidates.models import Activity, FieldConflict, OutboxEntry, PushAttempt, Source, SourceRecord
from recruitment.access import member_required, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.models import Membership
from recruitment.paging import keyset_page
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

# tab: (words, states)
TABS = {
    "attention": ("Needs a person", (PushState.CONFLICT, PushState.UNKNOWN, PushState.REFUSED)),
    "moving": ("On their way", (PushState.WAITING, PushState.SENDING, PushState.RETRYING)),
    "done": ("Done", (PushState.CONFIRMED, PushState.NOT_OFFERED, PushState.SUPERSEDED, PushState.CANCELLED)),
}


@require_safe
@member_required
def pushes(request: MemberRequest) -> HttpResponse:
    """Asks itself every three seconds whether anything has moved: 204 when not."""
    require_decider(request.member)
    mine = OutboxEntry.objects.visible_to(request.member)
    mark = _mark(mine)
    if wants_fragment(request) and request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "attention"
    found = _narrowed(mine.filter(state__in=TABS[str(tab)][1]), request)
    people = found.select_related("source", "candidate", "application__job", "requested_by__user")
    page = keyset_page(request, people)
    for entry in page.rows:
        entry.words = verbs.describe(entry)
    context = {"nav": "pushes", "page": page, "mark": mark, "tabs": ledger_tabs(request.member, str(tab)), "tab": tab}
    context |= _facets(request, str(tab))
    return render(request, "candidates/pushes.html" + ("#ledger" if wants_fragment(request) else ""), context)


def _mark(mine: QuerySet[OutboxEntry]) -> str:
    """Another one whenever something has moved: how many are unsettled, and when the last of them changed."""
    found = mine.filter(settled_at=None).aggregate(number=Count("pk"), last=Max("updated_at"))
    return f"{found['number']}-{found['last'].timestamp():.6f}" if found["last"] else "0"


def _narrowed(found: QuerySet[OutboxEntry], request: MemberRequest) -> QuerySet[OutboxEntry]:
    asked = request.GET
    if source := _uuid(asked.get("source")):
        found = found.filter(source=source)
    if asked.get("kind") in PushKind.values:
        found = found.filter(kind=asked["kind"])
    return found.filter(state=asked["state"]) if asked.get("state") in PushState.values else found


def ledger_tabs(member: Membership, current: str) -> list[dict[str, Any]]:
    """What is settled for good isn't counted: it only ever grows."""
    states = OutboxEntry.objects.visible_to(member).filter(state__in=[*TABS["attention"][1], *TABS["moving"][1]])
    counts = dict(states.order_by().values("state").annotate(number=Count("pk")).values_list("state", "number"))
    url = reverse("candidates:pushes")
    tabs = [
        {
            "label": words,
            "url": f"{url}?tab={name}",
            "count": None if name == "done" else sum(counts.get(state, 0) for state in states),
            "current": name == current,
        }
        for name, (words, states) in TABS.items()
    ]
    differing = FieldConflict.objects.open_to(member).count()
    fields = {"label": "Fields that differ", "url": reverse("candidates:conflicts"), "count": differing}
    return [*tabs, {**fields, "current": current == "conflicts"}]


def _facets(request: MemberRequest, tab: str) -> dict[str, Any]:
    sources = Source.objects.filter(workspace=request.workspace).order_by("name").values_list("pk", "name")
    return {
        "sources": [(str(pk), name) for pk, name in sources],
        "kinds": PushKind.choices,
        "states": [(state.value, state.label) for state in TABS[tab][1]],
        "asked": {name: request.GET.get(name, "") for name in ("source", "kind", "state")},
        "is_narrowed": any(request.GET.get(name) for name in ("source", "kind", "state")),
    }


@require_safe
@member_required
def push(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One push: what, for whom, how the telling went, and what a person can do about it."""
    require_decider(request.member)
    entry = get_entry(request.member, pk)
    told = Activity.objects.visible_to(request.member).of_person(entry.candidate)
    told = told.filter(data__entry=str(entry.pk))
    context = {
        "nav": "pushes",
        "entry": entry,
        "words": verbs.describe(entry),
        "explained": _explained(entry),
        "tries": [_attempt(one) for one in entry.tries.all()],
        "timeline": told.select_related("actor__user").order_by("pk")[:50],
        "may": _may(entry),
        "untied": _untied(entry),
        "undo_url": _undo_url(entry, request.member),
        "sides": _sides(entry) if entry.state == PushState.CONFLICT else None,
    }
    return render(request, "candidates/push.html", context)


EXPLAINED = {
    PushState.WAITING: "It waits to be sent. Until then the decision can be undone.",
    PushState.SENDING: "It is being sent at this moment.",
    PushState.RETRYING: "The last attempt had no effect. It is tried again by itself, later each time.",
    PushState.CONFLICT: "The source has changed since this was decided, so nothing was sent. Choose which holds.",
    PushState.UNKNOWN: "It was sent, and no answer came back. Sending it again could do it twice. Look in the source, "
    "then say whether it arrived.",
    PushState.CONFIRMED: "The source has taken it.",
    PushState.REFUSED: "The source said no. The decision here stands; you can send it again once the cause is gone.",
    PushState.NOT_OFFERED: "The source can't be told this. The decision holds here alone.",
    PushState.SUPERSEDED: "A newer decision has taken its place, so this one was not sent any more.",
    PushState.CANCELLED: "Somebody called it off before it was sent. The decision here stands unless it was undone.",
}


def _explained(entry: OutboxEntry) -> str:
    return str(EXPLAINED[PushState(entry.state)])


def _untied(entry: OutboxEntry) -> str:
    """What nobody has tied to anything in the source, so that it could not be told."""
    if entry.state != PushState.NOT_OFFERED or entry.source.why_not(entry.kind):
        return ""
    ids = {PushKind.MOVE: ("stage", "stage_id"), PushKind.REJECT: ("reason", "reason_id")}
    name, key = ids.get(PushKind(entry.kind), ("", ""))
    return name if key and not entry.payload.get(key) else ""


def _may(entry: OutboxEntry) -> dict[str, bool]:
    return {
        "retry": entry.state in verbs.RETRYABLE,
        "cancel": entry.state in verbs.CANCELLABLE,
        "settle": entry.state == PushState.UNKNOWN,
        "resolve": entry.state == PushState.CONFLICT,
    }


def _undo_url(entry: OutboxEntry, member: Membership) -> str:
    decision = entry.decision
    undoable = (DecisionKind.MOVE, DecisionKind.REJECT, DecisionKind.REOPEN)
    fits = decision and decision.member_id == member.pk and not decision.undone_at and decision.kind in undoable
    unsent = entry.state == PushState.WAITING and not entry.attempts
    return reverse("candidates:undo", args=[entry.decision_id]) if fits and unsent else ""


def _attempt(one: PushAttempt) -> dict[str, Any]:
    return {"attempt": one, "request": _pretty(one.request), "response": _pretty(one.response)}


def _pretty(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _sides(entry: OutboxEntry) -> dict[str, str]:
    """What the source said when this was decided, what we want, what it says now: stages by name."""
    now = entry.upstream_now or {}
    base = now.get("expected") or {}
    ids = [side.get("stage_id") for side in (base, now) if side.get("stage_id")]
    records = SourceRecord.objects.filter(source=entry.source_id, kind=RecordKind.STAGE, external_id__in=ids)
    names = dict(records.filter(stage__isnull=False).values_list("external_id", "stage__name"))
    wanted = entry.payload.get("stage_name") or ("Rejected" if entry.kind == PushKind.REJECT else "")
    return {"base": _position(base, names), "ours": wanted, "theirs": _position(now, names)}


def _position(side: dict[str, Any], names: dict[str, str]) -> str:
    stage = side.get("stage") or names.get(side.get("stage_id") or "", side.get("stage_id") or "")
    outcome = side.get("outcome")
    ended = Outcome(outcome).label if outcome in Outcome.values and outcome != Outcome.ACTIVE else ""
    return ", ".join(filter(None, [str(stage or ""), ended]))


@require_POST
@member_required
def act(request: MemberRequest, pk: UUID, verb: str) -> HttpResponse:
    """``retry``, ``cancel``, ``settle`` with ``arrived`` yes or no, ``resolve`` with ``keep`` ours or theirs."""
    require_decider(request.member)
    entry = get_entry(request.member, pk)
    try:
        text = _act(request, entry, verb)
    except DomainError as refusal:
        flash_toast(request, refusal.message, level="error")
    else:
        flash_toast(request, text)
    return redirect("candidates:push", pk)


def _act(request: MemberRequest, entry: OutboxEntry, verb: str) -> str:
    member = request.member
    if verb == "retry":
        verbs.retry(entry, member)
        return f"{entry.source} is told again"
    if verb == "cancel":
        verbs.cancel(entry, member)
        return f"Called off. {entry.source} isn't told"
    if verb == "settle":
        if request.POST.get("arrived") not in ("yes", "no"):
            raise DomainError("Say whether it arrived.", field="arrived", code="required")
        arrived = request.POST["arrived"] == "yes"
        verbs.settle(entry, member, arrived=arrived)
        return "Noted that it arrived" if arrived else f"{entry.source} is told again"
    keep = request.POST.get("keep", "")
    verbs.resolve(entry, member, keep=keep)
    return f"{entry.source} is told" if keep == "ours" else f"Took over what {entry.source} says"


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
