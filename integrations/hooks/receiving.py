"""From a request's raw bytes to an import that is asked for, or to nothing at all.

Nothing is read of a body before its signature holds, and nothing is kept of one whose signature doesn't, but a number.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from integrations.hooks.signal import Signal
from integrations.models import Connection, HookDelivery
from integrations.providers.kombo import hooks as kombo
from recruitment.encryption import SecretsUnreadable

log = structlog.get_logger(__name__)

MOST_A_MINUTE = 120  # a connection; Kombo sends some four
GAP = timedelta(seconds=30)  # between the imports that webhooks ask for; Kombo collects as long (kombo.md 12)
REMEMBERED = timedelta(days=30)


def too_many(connection_id: UUID, now: float) -> bool:
    """Counted before anything else is looked at, in the cache: a flood costs no query."""
    key = f"hooks:{connection_id}:{int(now // 60)}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # dropped between the two
        return False


def receive(connection_id: UUID, body: bytes, signature: str) -> int:
    """The status to answer with: 200 for what is taken, known or not for us; 401 without a right signature; 400 for a
    signed body that can't be read."""
    try:
        connection = Connection.objects.filter(pk=connection_id, provider="kombo", disconnected_at=None).first()
    except SecretsUnreadable:
        return 503  # the keys of this installation are missing: a person must put that right
    if connection is None:
        return 401
    if not kombo.is_signed(body, signature, secrets_of(connection)):
        Connection.objects.filter(pk=connection_id).update(hooks_refused=F("hooks_refused") + 1)
        return 401
    signal = kombo.read(body)
    if signal is None:
        return 400
    if signal.about and signal.about != connection.credentials.get("integration_id"):
        return 200  # one endpoint can receive what is meant for several integrations (section 18)
    _take(connection, signal)
    return 200


def secrets_of(connection: Connection) -> list[str]:
    """Two while they are being changed: the new one and, after a comma, the old one."""
    return [part for part in connection.credentials.get("webhook_secret", "").split(",") if part]


@transaction.atomic
def _take(connection: Connection, signal: Signal) -> None:
    """Once for each id, whatever comes twice or at the same time: the database lets one of them in."""
    now = timezone.now()
    delivery = HookDelivery(
        workspace_id=connection.workspace_id,
        connection=connection,
        delivery_id=signal.id[:100],
        kind=signal.kind[:60],
        received_at=now,
    )
    before = HookDelivery.objects.filter(connection=connection, delivery_id=delivery.delivery_id)
    if before.exists():
        return
    HookDelivery.objects.bulk_create([delivery], ignore_conflicts=True)
    if not before.filter(pk=delivery.pk).exists() or not signal.is_news:
        return
    ask_for_import(connection)


def ask_for_import(connection: Connection) -> None:
    """Have the next import start now, or soon after the last one. One that is at work is followed by another."""
    now = timezone.now()
    last = connection.runs.order_by("-pk").values_list("created_at", flat=True).first()
    at = now if last is None else max(now, last + GAP)
    fields = {"told_at": now, "next_sync_at": Least(F("next_sync_at"), at), "updated_at": now}
    mine = Connection.objects.filter(pk=connection.pk)
    if mine.filter(next_sync_at__isnull=False).update(**fields) == 0:
        mine.update(told_at=now)  # not scheduled: it waits for a person, and what has changed is read then
    if at > now:
        return  # the beat starts it

    def wake() -> None:
        try:
            current_app.send_task("integrations.import.start_due", queue="import", expires=60, retry=False)
        except Exception as error:  # the broker's own errors differ by transport
            log.warning("could not wake an import", code=type(error).__name__)

    transaction.on_commit(wake)


def forget_old() -> int:
    """Ids are remembered for a month; what comes again after that asks for one more import, and no harm is done."""
    return HookDelivery.objects.filter(received_at__lt=timezone.now() - REMEMBERED).delete()[0]
