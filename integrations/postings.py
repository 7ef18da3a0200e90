"""The postings of a LinkedIn account, to choose among. Looking them up spends a credit: somebody has to ask for it."""

from __future__ import annotations

from integrations.errors import ProviderError
from integrations.importing.credits import note_balance
from integrations.importing.working import open_provider
from integrations.models import Connection
from recruitment.errors import Conflict


def has_postings(connection: Connection) -> bool:
    return connection.provider == "linkup"


def look_up(connection: Connection) -> list[tuple[str, str]]:
    """``(id, title)``. Raises Conflict in the provider's words where it doesn't tell."""
    if not has_postings(connection):
        raise Conflict("This provider has no postings to choose from.", code="no_postings")
    try:
        provider = open_provider(connection)
    except ProviderError as error:
        raise Conflict(error.message, code=error.code) from None
    try:
        found = [(job.id, job.title) for job in provider.postings()]  # type: ignore[attr-defined]
        note_balance(connection, provider)
    except ProviderError as error:
        raise Conflict(f"The postings couldn't be looked up. {error.message}", code=error.code) from None
    finally:
        provider.close()
    return found
