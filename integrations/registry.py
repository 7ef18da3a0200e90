"""Which providers there are: one line each."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from integrations.addresses import check_address, resolve
from integrations.errors import NotOffered
from integrations.http import Http
from integrations.pacing import Pace, pace_for
from integrations.provider import Account, Provider
from integrations.providers.kombo.provider import Kombo
from integrations.providers.linkup.provider import LinkUp
from integrations.providers.recruspace.provider import Recruspace
from integrations.providers.talynce.provider import Talynce

PROVIDERS: dict[str, type[Provider]] = {
    "kombo": Kombo,
    "linkup": LinkUp,
    "recruspace": Recruspace,
    "talynce": Talynce,
}

labels: dict[str, str] = {slug: provider.label for slug, provider in PROVIDERS.items()}


def provider_class(slug: str) -> type[Provider]:
    try:
        return PROVIDERS[slug]
    except KeyError:
        raise NotOffered(f"There is no provider called {slug!r}.", code="unknown_provider") from None


def get_provider(slug: str, account: Account, *, urgent: bool = False) -> Provider:
    """A provider ready to be called, at the hosts that the operator allows and at the pace of its key; close it after
    use. ``urgent``: somebody waits for it, so it goes before imports."""
    allowed = account.allowed_hosts | frozenset(settings.UPSTREAM_ALLOWED_HOSTS)
    chosen = provider_class(slug)
    provider = chosen(replace(account, allowed_hosts=allowed))
    http = _http(provider)
    if http is not None:
        secret = str(account.credentials.get("api_key", ""))
        http.pace = pace_for(slug, account.base_url, secret, chosen.requests_per_minute, account.options, urgent=urgent)
    return provider


def pace_of(provider: Provider) -> Pace | None:
    http = _http(provider)
    return http.pace if http is not None else None


def _http(provider: Provider) -> Http | None:
    """Through which all of a provider's calls go: its client's."""
    http = getattr(getattr(provider, "client", None), "http", None)
    return http if isinstance(http, Http) else None


def check_base_url(slug: str, base_url: str) -> None:
    """For the form: refuse an address that connections of this provider may not call. Raises AddressRefused."""
    own_hosts = provider_class(slug).hosts
    check_address(base_url, settings.UPSTREAM_ALLOWED_HOSTS, own_hosts=own_hosts, resolver=resolve)
