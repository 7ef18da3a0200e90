"""Which addresses a connection may call (dangers C50)."""

from __future__ import annotations

import pytest

from integrations.addresses import Place, check_address, is_public
from integrations.errors import AddressRefused

OWN = frozenset({"api.kombo.dev"})


@pytest.mark.parametrize(
    "base_url, place",
    [
        ("https://api.kombo.dev/v1", Place("api.kombo.dev", 443)),
        ("https://API.Kombo.Dev./v1", Place("api.kombo.dev", 443)),
        ("https://api.kombo.dev:443/v1", Place("api.kombo.dev", 443)),
        ("http://127.0.0.1:9100/kombo", Place("127.0.0.1", 9100)),
        ("http://[::1]:9100/kombo", Place("::1", 9100)),
        ("http://sandbox/kombo", Place("sandbox", 80)),
        ("http://sandbox:81/kombo", Place("sandbox", 81)),
    ],
)
def test_own_and_allowed_hosts_may_be_called(base_url, place):
    allowed = ["127.0.0.1:9100", "[::1]:9100", "sandbox"]
    assert check_address(base_url, allowed, own_hosts=OWN) == place


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.kombo.dev/v1",
        "http://api.kombo.dev/v1",
        "https://api.kombo.dev:8443/v1",
        "https://api.kombo.dev.evil.com/v1",
        "https://evil.com/api.kombo.dev",
        "https://evil.com",
        "https://good@api.kombo.dev/v1",
        "https://api.kombo.dev:pass@evil.com/",
        "https://@api.kombo.dev/v1",
        "https://api.kombo.dev\\@evil.com/",
        "https://api.kombo.dev/v1?x=1",
        "https://api.kombo.dev/v1#x",
        "https://api.kombo.dev /v1",
        "https://api.kombo.dev/v1\n",
        "//api.kombo.dev/v1",
        "file:///etc/passwd",
        "gopher://127.0.0.1:5432",
        "ftp://api.kombo.dev",
        "javascript:alert(1)",
        "http://127.0.0.1:5432",
        "http://127.0.0.1",
        "http://2130706433",
        "http://0177.0.0.1",
        "http://[::1]",
        "http://169.254.169.254/latest",
        "https://[not an address",
        "https://xn--",
        "https://api.kombo.dev:99999",
        None,
        7,
    ],
)
def test_every_other_address_is_refused(base_url):
    with pytest.raises(AddressRefused):
        check_address(base_url, ["127.0.0.1:9100"], own_hosts=OWN)


def test_a_host_allowed_on_one_port_is_allowed_on_no_other():
    with pytest.raises(AddressRefused):
        check_address("http://127.0.0.1:9101", ["127.0.0.1:9100"])


def test_a_host_of_the_provider_that_leads_inside_is_refused_in_the_form():
    for found in (["10.1.2.3"], ["93.184.216.34", "127.0.0.1"]):
        with pytest.raises(AddressRefused):
            check_address("https://api.kombo.dev/v1", own_hosts=OWN, resolver=lambda host, port, found=found: found)


def test_a_host_that_cannot_be_looked_up_is_left_to_the_call():
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError

    assert check_address("https://api.kombo.dev/v1", own_hosts=OWN, resolver=nowhere) == Place("api.kombo.dev", 443)


def test_an_allowed_host_may_lead_inside():
    assert check_address("http://localhost:9100", ["localhost:9100"], resolver=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize(
    "address, public",
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("0.0.0.0", False),  # noqa: S104  an address to refuse
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("nonsense", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert is_public(address) is public
