"""Open providers, one a connection, for as long as a worker is at it: a new one for each push would greet each time."""

from __future__ import annotations

import uuid
from types import TracebackType
from typing import cast

from candidates.enums import RecordKind
from candidates.models import OutboxEntry, SourceRecord
from integrations.errors import Denied, Refused
from integrations.models import Connection
from integrations.paces import write_down_pace
from integrations.provider import Account, Order, Provider
from integrations.registry import get_provider
from recruitment.encryption import Secrets, SecretsUnreadable


class Desk:
    """Use as a context manager: it closes what it opened."""

    def __init__(self) -> None:
        self._open: dict[uuid.UUID, tuple[Provider, Secrets]] = {}

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for source in list(self._open):
            self._close(source)

    def provider(self, entry: OutboxEntry) -> Provider:
        """Raises Denied when the credentials can't be opened, NotOffered when nobody knows the provider."""
        if entry.source_id not in self._open:
            connection = Connection.objects.defer("credentials").get(source=entry.source_id)
            credentials = _credentials(entry.source_id)
            account = Account(connection.base_url, credentials, connection.options)
            self._open[entry.source_id] = (get_provider(connection.provider, account, urgent=True), credentials)
        return self._open[entry.source_id][0]

    def is_stale(self, entry: OutboxEntry) -> bool:
        """Whether the credentials were changed since they were taken: then a no was said to the old ones."""
        held = self._open.get(entry.source_id)
        stale = held is not None and held[1] != _credentials(entry.source_id)
        if stale:
            self._close(entry.source_id)
        return stale

    def _close(self, source: uuid.UUID) -> None:
        provider, _credentials_used = self._open.pop(source)
        write_down_pace(provider, source=source)
        provider.close()


def _credentials(source: uuid.UUID) -> Secrets:
    try:
        return cast(Secrets, Connection.objects.only("credentials").get(source=source).credentials)
    except SecretsUnreadable as error:
        raise Denied(str(error), code="credentials_unreadable") from None


def order_of(entry: OutboxEntry) -> Order:
    """The entry in the provider's own ids. Its record is the row that is told: an application's, or a person's.

    Raises Refused when the row isn't there any more.
    """
    record = entry.record
    if record is None:
        raise Refused("The source's row of this person is gone.", code="record_missing")
    about_person = record.kind == RecordKind.CANDIDATE
    return Order(
        kind=entry.kind,
        payload=entry.payload,
        candidate_id=record.external_id if about_person else _person_of(record),
        application_id=None if about_person else record.external_id,
        reference=str(entry.pk),
    )


def _person_of(record: SourceRecord) -> str:
    """The id under which the source lists the person of an application; empty when it doesn't."""
    rows = SourceRecord.objects.filter(
        source=record.source_id, kind=RecordKind.CANDIDATE, candidate=record.candidate_id
    ).order_by("-last_seen_at")
    return rows.values_list("external_id", flat=True).first() or ""
