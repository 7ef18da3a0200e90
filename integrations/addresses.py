"""Which addresses a connection may call, and which it never may."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection
from typing import NamedTuple

import httpx

from integrations.errors import AddressRefused

Resolver = Callable[[str, int], list[str]]
PORTS = {"http": 80, "https": 443}


class Place(NamedTuple):
    host: str
    port: int


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host as text, in the order in which they should be tried. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet. An IPv4 address inside an IPv6 one is looked at as well."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or _nat64(ip)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    inside = ip in ipaddress.IPv6Network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if inside else None


def place_of(base_url: str) -> Place:
    """Host and port of an address, read by the same parser that will call it. Raises AddressRefused."""
    url = _parsed(base_url)
    # The host as it goes over the wire: ASCII, punycode in place of other letters.
    return Place(_host(url.raw_host.decode("ascii")), url.port or PORTS[url.scheme])


def is_allowed(place: Place, allowed_hosts: Collection[str]) -> bool:
    """Whether the operator names this host, with its port or without one."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    entries = {entry.strip().lower().rstrip(".") for entry in allowed_hosts}
    return host in entries or f"{host}:{place.port}" in entries


def check_address(
    base_url: str,
    allowed_hosts: Collection[str] = (),
    *,
    own_hosts: Collection[str] = (),
    resolver: Resolver | None = None,
) -> Place:
    """Refuse an address that a connection may not call; for the form, and again before every call.

    ``allowed_hosts`` are the operator's (``host`` or ``host:port``): whatever they name may be called, by http as well.
    ``own_hosts`` are the provider's: https on port 443, and with ``resolver`` only if all their addresses are public.
    The transport repeats that last question about the very address that it connects to. Raises AddressRefused.
    """
    place = place_of(base_url)
    if is_allowed(place, allowed_hosts):
        return place
    if place.host not in own_hosts:
        raise _refusal(f"{place.host} isn't an address of this provider, and the operator hasn't allowed it.")
    if not base_url.lower().startswith("https:") or place.port != PORTS["https"]:
        raise _refusal("The address has to start with https:// and use the usual port.")
    if resolver is not None:
        check_public(place, _quietly(resolver, place))
    return place


def check_link(place_url: str, allowed_hosts: Collection[str] = ()) -> Place:
    """Refuse a link (without its query) to a file that may not be followed: any host by https on the usual port, or one
    of the operator's.

    Whether the host is a public one asks the transport, of the very address that it connects to. Raises AddressRefused.
    """
    place = place_of(place_url)
    if is_allowed(place, allowed_hosts):
        return place
    if not place_url.lower().startswith("https:") or place.port != PORTS["https"]:
        raise _refusal("The link has to start with https:// and use the usual port.")
    return place


def check_public(place: Place, addresses: Collection[str]) -> None:
    if not all(is_public(address) for address in addresses):
        raise _refusal(f"{place.host} leads to a private address.")


def _quietly(resolver: Resolver, place: Place) -> list[str]:
    """A host without an address isn't refused here: calling it says so in better words."""
    try:
        return resolver(place.host, place.port)
    except OSError:
        return []


def _parsed(base_url: str) -> httpx.URL:
    if not isinstance(base_url, str) or any(ord(letter) <= 32 or letter in "\\\x7f" for letter in base_url):
        raise _refusal("The address has a space, a backslash or a control character in it.")
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, ValueError) as error:
        raise _refusal("This isn't an address.") from error
    if url.scheme not in PORTS or not url.raw_host:
        raise _refusal("The address has to start with https:// and name a host.")
    if url.userinfo or "@" in base_url:
        raise _refusal("The address may not carry a user name or a password.")
    if url.query or url.fragment or "?" in base_url or "#" in base_url:
        raise _refusal("The address may not have a query or a fragment.")
    return url


def _host(host: str) -> str:
    return host.lower().rstrip(".")


def _refusal(message: str) -> AddressRefused:
    return AddressRefused(message, code="address_refused")
