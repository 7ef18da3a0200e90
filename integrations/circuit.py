"""A provider that fails again and again is left alone, longer each time; then one request finds out whether it is back.

Imports and pushes of a connection count together: ``outages`` on the connection, nought again with the first answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F

from integrations.models import Connection

SEVERAL = 3  # in a row; until then a push only rests for a moment
MOST = 6  # for which an import lets itself be put off; then it ends, and the next one tries
WHILES = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300, 600, 900))


def note_outage(**which: Any) -> int:
    """How often in a row it has failed by now."""
    there = Connection.objects.filter(**which)
    there.update(outages=F("outages") + 1)
    return there.values_list("outages", flat=True).first() or 1


def note_answer(**which: Any) -> None:
    Connection.objects.filter(outages__gt=0, **which).update(outages=0)


def alone_for(outages: int) -> timedelta:
    return WHILES[min(outages, len(WHILES)) - 1]


def is_open(**which: Any) -> bool:
    """Whether only one request at a time may go out, to see whether the provider is back."""
    return Connection.objects.filter(outages__gte=SEVERAL, **which).exists()
