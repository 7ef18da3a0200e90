"""Which talent pools a connection imports, where its provider lists people pool by pool (recruspace.md 2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from candidates.enums import RecordKind
from candidates.models import SourceRecord
from integrations import connections as verbs
from integrations.enums import Health, SyncMode, Trigger
from integrations.models import Connection, SyncRun
from recruitment.errors import Conflict
from recruitment.models import Membership

HAVE_POOLS = ("recruspace",)


@dataclass(frozen=True, slots=True)
class Offer:
    """A pool to choose. ``candidates`` None: the provider didn't say; ``is_gone``: chosen, and no longer there."""

    id: str
    name: str
    candidates: int | None
    is_gone: bool = False


def offers(connection: Connection) -> list[Offer]:
    """As the last check found them, and behind them what is imported or chosen and wasn't found by it."""
    listed = connection.facts.get("pools")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    found = [Offer(str(row.get("id")), str(row.get("name") or ""), row.get("candidates")) for row in rows]
    mine, names, known = chosen(connection), _imported(connection), {offer.id for offer in found}
    others = mine if isinstance(listed, list) else sorted({*mine, *names}, key=lambda pool: (len(pool), pool))
    is_gone = isinstance(listed, list)
    found += [Offer(pool, names.get(pool, f"Pool {pool}"), None, is_gone) for pool in others if pool not in known]
    return found


def _imported(connection: Connection) -> dict[str, str]:
    """Names by id, of pools that an import has shown."""
    records = SourceRecord.objects.filter(source=connection.source_id, kind=RecordKind.POOL)
    return dict(records.exclude(pool=None).values_list("external_id", "pool__name"))


def chosen(connection: Connection) -> list[str]:
    """Ids; empty: all of them, also those that are added later."""
    pools = connection.options.get("pools")
    return [str(pool) for pool in pools] if isinstance(pools, list) else []


def choose_pools(connection: Connection, pools: list[str], *, shortlist_tag: str, member: Membership) -> SyncRun | None:
    """Keep the choice and read what it brings. None: nothing changed, or an import is at work that begins anew with it.

    The first choice starts the first import.
    """
    first = not connection.runs.exists()
    changed = first or pools != chosen(connection)
    options = {name: value for name, value in connection.options.items() if name not in ("pools", "shortlist_tag")}
    options |= {"pools": pools} if pools else {}
    options |= {"shortlist_tag": shortlist_tag} if shortlist_tag else {}
    if options != connection.options:
        verbs.edit_connection(connection, {"options": options}, member=member)
        verbs.check_connection(connection)
    if not changed:
        return None
    if first:
        fields = {"health": Health.WAITING, "health_detail": verbs.ON_ITS_WAY}
        Connection.objects.filter(pk=connection.pk).update(**fields, updated_at=timezone.now())
    trigger = Trigger.FIRST if first else Trigger.MANUAL
    try:
        return verbs.request_sync(connection, mode=SyncMode.FULL, trigger=trigger, member=member)
    except Conflict:  # one is at work, or the connection is paused
        return None
