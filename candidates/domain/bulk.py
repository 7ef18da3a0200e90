"""One action on many applications. Accepting writes one row; a worker does the rest, one transaction an application.

An application's change and the progress after it commit together, so that a worker may die anywhere: the next goes on
where it stopped, and nothing is done twice. ``lease_token`` fences, as in the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from celery import current_app
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from candidates.domain.decisions import move, reject
from candidates.domain.search import fold
from candidates.domain.shortlists import put_on_shortlist
from candidates.domain.tags import add_tag, clean_name, remove_tag
from candidates.enums import BulkState
from candidates.models import Application, BulkAction, RejectionReason, Stage, Tag
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

log = structlog.get_logger(__name__)

ACTIONS = ("move", "reject", "tag", "untag", "shortlist")
MOST = 10_000
LEASE = timedelta(seconds=60)
RENEW_EVERY = 20  # applications
MOST_FAILURES = 500  # kept with their reasons; all are counted


class LeaseLost(Exception):
    """Another worker has taken over, or the action was cancelled."""


@transaction.atomic
def start_bulk(
    targets: QuerySet[Application],
    *,
    member: Membership,
    action: str,
    params: Mapping[str, Any],
    expected_count: int,
    delay: int = 0,
) -> BulkAction:
    """Accept the action for exactly these applications. Another number of them than the person saw is a Conflict, and
    nothing is done. ``params``: move {stage}, reject {reason, note}, tag and untag {name}, shortlist {}."""
    checked = check_params(action, params, member.workspace_id)
    ids = [str(pk) for pk in targets.order_by("pk").values_list("pk", flat=True)[: MOST + 1]]
    if len(ids) != expected_count:
        raise Conflict(
            f"These are {len(ids):,} applications, not {expected_count:,}.",
            field="expected_count",
            code="count_differs",
            count=len(ids),
        )
    if not 0 < len(ids) <= MOST:
        raise DomainError(f"Choose from 1 to {MOST:,} applications.", field="ids", code="count_out_of_range")
    bulk = BulkAction.objects.create(
        workspace_id=member.workspace_id,
        member=member,
        action=action,
        params={**checked, "delay": delay},
        targets=ids,
        total=len(ids),
    )
    transaction.on_commit(lambda: _wake(bulk.pk))
    return bulk


def check_params(action: str, params: Mapping[str, Any], workspace_id: UUID) -> dict[str, Any]:
    """The parameters as they are kept. Raises DomainError with the parameter's name."""
    if action == "move":
        stage = _named(Stage, params.get("stage"), workspace_id, "stage")
        return {"stage": str(stage.pk)}
    if action == "reject":
        reason = _named(RejectionReason, params.get("reason"), workspace_id, "reason")
        note = params.get("note") or ""
        if not isinstance(note, str) or len(note) > 10_000:
            raise DomainError("A note is text of at most 10,000 characters.", field="params.note")
        return {"reason": str(reason.pk), "note": note}
    if action in ("tag", "untag"):
        name = params.get("name")
        if not isinstance(name, str):
            raise DomainError("Give the tag's name.", field="params.name", code="required")
        return {"name": clean_name(name)}
    if action == "shortlist":
        return {}
    raise DomainError(f"Choose one of: {', '.join(ACTIONS)}.", field="action", code="invalid_choice")


def _named(model: Any, pk: Any, workspace_id: UUID, field: str) -> Any:
    try:
        found = model.objects.filter(workspace=workspace_id, pk=UUID(str(pk))).first()
    except ValueError:
        found = None
    if found is None:
        raise DomainError("There is no such thing here.", field=f"params.{field}", code="does_not_exist")
    return found


def run_bulk(bulk_id: UUID) -> None:
    """Work until all is dealt with or the lease is lost. Calling it twice does nothing twice."""
    token = uuid4()
    if (
        not _free()
        .filter(pk=bulk_id)
        .update(state=BulkState.RUNNING, lease_token=token, lease_until=timezone.now() + LEASE)
    ):
        return
    bulk = BulkAction.objects.select_related("member__user").get(pk=bulk_id)
    try:
        for position in range(bulk.done, bulk.total):
            if (position - bulk.done) % RENEW_EVERY == 0:
                _update(bulk, token, lease_until=timezone.now() + LEASE)
            _do_next(bulk, token, position)
        _update(bulk, token, state=BulkState.DONE, finished_at=timezone.now(), lease_token=None, lease_until=None)
    except LeaseLost:
        log.info("bulk action given up", bulk=str(bulk_id))


def _do_next(bulk: BulkAction, token: UUID, position: int) -> None:
    target = bulk.targets[position]
    try:
        with transaction.atomic():
            _apply(bulk, target)
            _update(bulk, token, done=position + 1)
    except (DomainError, PermissionDenied, ObjectDoesNotExist) as error:
        reason = str(error) if not isinstance(error, ObjectDoesNotExist) else "This is no longer there."
        if len(bulk.failures) < MOST_FAILURES:
            bulk.failures.append({"application": target, "reason": reason})
        _update(bulk, token, done=position + 1, failed=F("failed") + 1, failures=bulk.failures)


def _apply(bulk: BulkAction, target: str) -> None:
    member, params = bulk.member, bulk.params
    if not (member.is_active and member.decides):
        raise PermissionDenied(f"{member} may not decide any more.")
    application = Application.objects.visible_to(member).select_related("candidate", "job").get(pk=target)
    delay = params.get("delay", 0)
    if bulk.action == "move":
        move(application, Stage.objects.get(pk=params["stage"]), member=member, delay=delay)
    elif bulk.action == "reject":
        reason = RejectionReason.objects.get(pk=params["reason"])
        reject(application, reason, note=params["note"], member=member, delay=delay)
    elif bulk.action == "tag":
        add_tag(application.candidate, params["name"], member=member, delay=delay)
    elif bulk.action == "untag":
        tag = Tag.objects.get(workspace=bulk.workspace_id, key=fold(params["name"]))
        remove_tag(application.candidate, tag, member=member, delay=delay)
    else:
        put_on_shortlist(application, member=member, delay=delay)


def _update(bulk: BulkAction, token: UUID, **values: Any) -> None:
    """Write behind the fence of the lease."""
    mine = BulkAction.objects.filter(pk=bulk.pk, lease_token=token, state=BulkState.RUNNING)
    if not mine.update(updated_at=timezone.now(), **values):
        raise LeaseLost


def _free() -> QuerySet[BulkAction]:
    """Not finished, and nobody is at it."""
    unfinished = Q(state__in=[BulkState.QUEUED, BulkState.RUNNING])
    return BulkAction.objects.filter(unfinished, Q(lease_until=None) | Q(lease_until__lt=timezone.now()))


def cancel_bulk(bulk: BulkAction) -> None:
    """Stop before the next application; what is done stays."""
    unfinished = BulkAction.objects.filter(pk=bulk.pk, state__in=[BulkState.QUEUED, BulkState.RUNNING])
    stopped = unfinished.update(
        state=BulkState.CANCELLED, finished_at=timezone.now(), lease_token=None, lease_until=None
    )
    if not stopped:
        raise Conflict("This is finished already.", code="already_finished")


def abandoned() -> list[UUID]:
    """Actions that no worker has taken up or that one left."""
    old = timezone.now() - timedelta(seconds=5)
    return list(_free().filter(created_at__lt=old).values_list("pk", flat=True))


def _wake(bulk_id: UUID) -> None:
    """If the broker can't be reached nothing is lost: the sweeper looks again."""
    try:
        current_app.send_task("candidates.bulk.run", args=[str(bulk_id)], retry=False)
    except Exception as error:  # the broker's own errors differ by transport
        log.warning("could not wake the bulk worker", code=type(error).__name__)
