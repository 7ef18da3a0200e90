"""Which providers there are: one line each."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from integrations.addresses import check_address, resolve
from integrations.errors import NotOffered
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


def get_provider(slug: str, account: Account) -> Provider:
    """A provider ready to be called, at the hosts that the operator allows; close it after use."""
    allowed = account.allowed_hosts | frozenset(settings.UPSTREAM_ALLOWED_HOSTS)
    return provider_class(slug)(replace(account, allowed_hosts=allowed))


def check_base_url(slug: str, base_url: str) -> None:
    """For the form: refuse an address that connections of this provider may not call. Raises AddressRefused."""
    own_hosts = provider_class(slug).hosts
    check_address(base_url, settings.UPSTREAM_ALLOWED_HOSTS, own_hosts=own_hosts, resolver=resolve)
