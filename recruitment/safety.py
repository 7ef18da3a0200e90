"""What can be told only with the database: production doesn't serve while the demo's accounts can sign in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

DEMO_ACCOUNTS = (
    "admin@demo.test",
    "recruiter@demo.test",
    "reviewer@demo.test",
    "reviewer2@demo.test",
    "admin@other.test",
)


def refuse_demo_accounts() -> None:
    """Raise ImproperlyConfigured in production when a demo account is active. Their password is known to everybody."""
    if not settings.PRODUCTION:
        return
    accounts = get_user_model().objects.filter(email__in=DEMO_ACCOUNTS, is_active=True)
    try:
        found = list(accounts.values_list("email", flat=True))
    except DatabaseError:
        return  # not there yet, or not migrated: /readyz says so
    if found:
        names = ", ".join(sorted(found))
        raise ImproperlyConfigured(f"Quorum won't start: these demo accounts can sign in here: {names}. Remove them.")
