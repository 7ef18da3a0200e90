"""What is done with connections: making, checking, changing, pausing and taking them away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from candidates.domain import activity
from candidates.domain.cleaning import clean_text
from candidates.domain.ownership import set_owners
from candidates.models import Source
from integrations import delivery, fetching, offers
from integrations.credentials import clean_credentials
from integrations.enums import Health, SyncMode, Trigger
from integrations.errors import AddressRefused, ProviderError
from integrations.importing import cancel_sync, missing, request_sync
from integrations.models import Connection, SyncRun
from integrations.options import clean_options
from integrations.provider import Account, Check
from integrations.registry import PROVIDERS, check_base_url, get_provider, provider_class
from recruitment.encryption import Secrets, SecretsUnreadable
from recruitment.errors import Conflict, DomainError
from recruitment.models import Membership

__all__ = [
    "accept_missing",
    "cancel_sync",
    "check_connection",
    "create_connection",
    "disconnect",
    "edit_connection",
    "pause",
    "request_sync",
    "resume",
    "update_credentials",
]

# The credentials are right, only there is nothing to read yet (kombo.md 13.6).
NOT_YET = ("setup_pending",)
# Minutes between two imports unless somebody says otherwise: one that is paid for comes once a day (linkup.md 4).
USUALLY_EVERY = {"linkup": 1440}
ON_ITS_WAY = "The first import is on its way."
TO_CHOOSE = "Choose what to import; then the first import starts."
# Says nothing about the credentials.
NO_ANSWER = (
    *("no_connection", "timeout", "broken_off", "unavailable", "ratelimited", "garbled", "pools_missing"),
    *("bad_envelope", "not_json", "web_page", "empty", "too_large", "redirected"),
)


def create_connection(
    *,
    member: Membership,
    provider: str,
    name: str,
    credentials: Mapping[str, Any],
    base_url: str = "",
    options: Mapping[str, Any] | None = None,
    first_import: bool = True,
) -> Connection:
    """Try the credentials, keep them, and ask for the first import. A refusal is a DomainError in their words.

    Without ``first_import`` nothing is read until somebody asks for it: there is something to choose first.
    """
    if provider not in PROVIDERS:
        raise DomainError("There is no such provider.", field="provider", code="invalid_choice")
    named = _name(name)
    secrets = clean_credentials(provider, credentials)
    address = base_url.strip() or provider_class(provider).default_base_url
    chosen = clean_options(provider, options or {})
    check = _tried(provider, Account(address, secrets, chosen))
    with transaction.atomic():
        source = Source.objects.create(
            workspace_id=member.workspace_id,
            name=named,
            provider=provider,
            provider_label=provider_class(provider).label,
            pushes=offers.offered(provider, check.capabilities or provider_class(provider).pushes, chosen),
            terms=offers.terms(provider, chosen),
            lists_files=hasattr(provider_class(provider), "list_files"),
        )
        connection = Connection.objects.create(
            workspace_id=member.workspace_id,
            source=source,
            provider=provider,
            name=named,
            base_url=address,
            credentials=secrets,
            options=chosen,
            sync_every_minutes=USUALLY_EVERY.get(provider, 180),
            facts=check.facts,
            health=Health.WAITING,
            health_detail=(ON_ITS_WAY if first_import else TO_CHOOSE) if check.ok else check.detail[:500],
        )
        activity.record("connected", actor=member, source=named, provider=source.provider_label)
        if first_import:
            request_sync(connection, mode=SyncMode.FULL, trigger=Trigger.FIRST, member=member)
    return connection


def _name(name: str) -> str:
    cleaned = clean_text(name, 200, "name")
    if not cleaned:
        raise DomainError("Give the connection a name.", field="name", code="required")
    return cleaned


def _tried(provider: str, account: Account) -> Check:
    """The provider's answer, if one can work with it."""
    try:
        check_base_url(provider, account.base_url)
    except AddressRefused as error:
        raise DomainError(error.message, field="base_url", code=error.code) from None
    check = _ask(provider, account)
    if not check.ok and check.code not in NOT_YET:
        raise DomainError(check.detail, field="credentials", code=check.code)
    return check


def _ask(provider: str, account: Account) -> Check:
    upstream = get_provider(provider, account, urgent=True)
    try:
        return upstream.check()
    except ProviderError as error:
        return Check(ok=False, code=error.code, detail=error.message)
    finally:
        upstream.close()


def check_connection(connection: Connection) -> Check:
    """Try the credentials that are kept, and write down what was learned."""
    try:
        credentials = Connection.objects.values_list("credentials", flat=True).get(pk=connection.pk)
        check_base_url(connection.provider, connection.base_url)
    except (SecretsUnreadable, AddressRefused) as error:
        check = Check(ok=False, code="not_usable", detail=str(error))
    else:
        check = _ask(connection.provider, Account(connection.base_url, credentials, connection.options))
    _learn(connection, check)
    return check


def _learn(connection: Connection, check: Check) -> None:
    now, repaired = timezone.now(), check.ok and connection.health == Health.RECONNECT
    fields: dict[str, Any] = {"updated_at": now} | ({"facts": _kept(connection) | check.facts} if check.facts else {})
    if repaired:
        detail = "The credentials work again."
        fields |= {"health": Health.WAITING, "health_detail": detail, "waiting_until": None, "next_sync_at": now}
    elif not check.ok and check.code not in (*NOT_YET, *NO_ANSWER):
        fields |= {"health": Health.RECONNECT, "health_detail": check.detail[:500], "next_sync_at": None}
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk, disconnected_at=None).update(**fields)
        if check.capabilities:
            pushes = offers.offered(connection.provider, check.capabilities, connection.options)
            Source.objects.filter(pk=connection.source_id).update(pushes=pushes, updated_at=now)
        if repaired:
            delivery.release_held(connection)
    connection.refresh_from_db(fields=list(fields))


def _kept(connection: Connection) -> dict[str, Any]:
    """Facts that imports learn, and not checks."""
    return {name: connection.facts[name] for name in ("listed",) if name in connection.facts}


def edit_connection(connection: Connection, fields: Mapping[str, Any], *, member: Membership) -> Connection:
    """Change what is given. Other credentials or another address are tried before they are kept."""
    changes: dict[str, Any] = {name: fields[name] for name in ("options", "sync_every_minutes") if name in fields}
    if "options" in changes:
        changes["options"] = clean_options(connection.provider, changes["options"])
    if "name" in fields:
        changes["name"] = _name(fields["name"])
    check, tried = None, {}
    if fields.get("credentials") or "base_url" in fields:
        tried = _with_access(connection, fields)
        account = Account(tried["base_url"], tried["credentials"], changes.get("options", connection.options))
        check = _tried(connection.provider, account)
    with transaction.atomic():
        locked = Connection.objects.select_for_update(of=("self",)).defer("credentials").get(pk=connection.pk)
        if locked.disconnected_at is not None:
            raise Conflict("This connection was taken away.", code="disconnected")
        Connection.objects.filter(pk=locked.pk).update(**changes, **tried, updated_at=timezone.now())
        if "options" in changes:
            connection.options = changes["options"]
            offers.refresh(connection)
        if "name" in changes:
            Source.objects.filter(pk=locked.source_id).update(name=changes["name"], updated_at=timezone.now())
        named = sorted({*changes, *(name for name in tried if name in fields)})
        if named:
            activity.record("connection_edited", actor=member, source=changes.get("name", locked.name), fields=named)
    if check is not None:
        connection.health = Health.RECONNECT  # whatever was held because of the old ones is let go
        _learn(connection, check)
    if "field_owners" in fields:
        set_owners(connection.source, fields["field_owners"], member=member)
        connection.source.refresh_from_db()
    if "paused" in fields:
        (pause if fields["paused"] else resume)(connection, member=member)
    connection.refresh_from_db(fields=[*changes, "base_url", "paused"])
    return connection


def _with_access(connection: Connection, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Credentials that are left out stay as they are, unless the key would go to another host than before."""
    address = connection.base_url
    if "base_url" in fields:
        address = fields["base_url"].strip() or provider_class(connection.provider).default_base_url
    try:
        kept = Connection.objects.values_list("credentials", flat=True).get(pk=connection.pk)
    except SecretsUnreadable:
        kept = Secrets()
    if address != connection.base_url:
        kept = Secrets()
    return {
        "base_url": address,
        "credentials": clean_credentials(connection.provider, fields.get("credentials") or {}, kept=kept),
    }


def set_statuses(connection: Connection, said: Mapping[str, str | None], *, member: Membership) -> None:
    """The source's own words for what it has no call for, byte for byte; None or nothing takes one away."""
    options = {name: value for name, value in connection.options.items() if name not in said}
    options |= {name: status for name, status in said.items() if status}
    if options != connection.options:
        edit_connection(connection, {"options": options}, member=member)


def update_credentials(connection: Connection, credentials: Mapping[str, Any], *, member: Membership) -> Connection:
    return edit_connection(connection, {"credentials": credentials}, member=member)


@transaction.atomic
def pause(connection: Connection, *, member: Membership) -> None:
    """Nothing is read or told meanwhile; an import that is at work ends after its page."""
    if _update(connection, paused=True):
        activity.record("connection_paused", actor=member, source=connection.name)


@transaction.atomic
def resume(connection: Connection, *, member: Membership) -> None:
    if Connection.objects.filter(pk=connection.pk, paused=True).exists():
        _update(connection, paused=False, next_sync_at=timezone.now())
        activity.record("connection_resumed", actor=member, source=connection.name)


@transaction.atomic
def accept_missing(connection: Connection, *, member: Membership) -> SyncRun:
    """An admin says that the many rows that are missing are gone. The import that notes it begins at once.

    Raises Conflict when nothing is held back.
    """
    accepted = missing.accept(connection)
    if not accepted:
        raise Conflict("Nothing is missing that waits for a decision.", code="nothing_missing")
    activity.record("missing_accepted", actor=member, source=connection.name, count=accepted)
    detail = "What is missing is being called no longer listed."
    _update(connection, health=Health.WAITING, health_detail=detail)
    running = connection.runs.unfinished().first()
    return running or request_sync(connection, member=member)


@transaction.atomic
def disconnect(connection: Connection, *, member: Membership) -> None:
    """Forget the credentials; people and history stay."""
    now = timezone.now()
    taken = _update(connection, disconnected_at=now, credentials=Secrets(), next_sync_at=None, waiting_until=None)
    if not taken:
        return
    Source.objects.filter(pk=connection.source_id).update(is_connected=False, updated_at=now)
    running = connection.runs.unfinished().first()
    if running is not None:
        cancel_sync(running, member=member)
    delivery.close_held(connection)
    fetching.close_waiting(connection)
    activity.record("disconnected", actor=member, source=connection.name)


def _update(connection: Connection, **fields: Any) -> bool:
    for name, value in fields.items():
        setattr(connection, name, value)
    there = Connection.objects.filter(pk=connection.pk, disconnected_at=None)
    return there.update(**fields, updated_at=timezone.now()) == 1
