"""What can be told only with the database: production doesn't serve while the demo's accounts can sign in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.models import Q

DEMO_ACCOUNTS = Q(email__endswith="@demo.test") | Q(email="admin@other.test")


def demo_accounts() -> list[str]:
    """Addresses of the demo that can sign in here; their password is known to everybody. Production only.

    Empty where the database isn't there yet or has no tables: /readyz says so.
    """
    if not settings.PRODUCTION:
        return []
    accounts = get_user_model().objects.filter(DEMO_ACCOUNTS, is_active=True)
    try:
        return list(accounts.order_by("email").values_list("email", flat=True))
    except DatabaseError:
        return []


def refuse_demo_accounts() -> None:
    """Raise ImproperlyConfigured when there are any."""
    found = demo_accounts()
    if found:
        raise ImproperlyConfigured(f"Quorum won't start: {_words(found)}")


def check_demo_accounts(**_kwargs: Any) -> list[Error]:
    """For ``manage.py check --deploy``."""
    found = demo_accounts()
    return [Error(_words(found), id="recruitment.E001")] if found else []


def refuse_at_start() -> None:
    """Before a server or worker serves. In a thread of its own with a connection of its own: an event loop may be
    running here, and a connection opened here would be shared with the processes that are forked later."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(_refuse_and_hang_up).result()


def _refuse_and_hang_up() -> None:
    try:
        refuse_demo_accounts()
    finally:
        connections.close_all()


def _words(found: list[str]) -> str:
    return f"these demo accounts can sign in here: {', '.join(found)}. Remove them, or make them inactive."
