"""The pace of a connection's key, written where screens and the API read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from integrations.models import Connection
from integrations.provider import Provider
from integrations.registry import pace_of, provider_class


def ceiling_of(connection: Connection) -> int | None:
    """Requests a minute that are allowed at most: an admin's number, else the contract's; None: the headers tell."""
    chosen = connection.options.get("requests_per_minute")
    contract = provider_class(connection.provider).requests_per_minute if settings.UPSTREAM_CEILINGS else None
    return chosen if isinstance(chosen, int) else contract


def rate_of(connection: Connection) -> dict[str, Any]:
    """``limit``, ``remaining``, ``resets_at``; a window that is over says nothing of what is left any more."""
    pace, ceiling = connection.pace, ceiling_of(connection)
    resets_at = parse_datetime(str(pace.get("resets_at") or ""))
    current = resets_at is None or resets_at > timezone.now()
    return {
        "limit": pace.get("limit") or ceiling,
        "remaining": pace.get("remaining") if current else None,
        "resets_at": pace.get("resets_at") if current else None,
    }


def write_down_pace(provider: Provider, **which: Any) -> None:
    """``limit``, ``remaining``, ``resets_at`` on the connection named by ``which``, beside what else is noted there."""
    pace = pace_of(provider)
    shown = pace.shown() if pace is not None else {}
    if shown.get("limit") is None:
        return
    with transaction.atomic():
        connection = Connection.objects.select_for_update(of=("self",)).only("pace").filter(**which).first()
        if connection is not None:
            Connection.objects.filter(pk=connection.pk).update(pace={**connection.pace, **shown})
