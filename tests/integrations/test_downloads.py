"""Files fetched from a provider's host: guarded, without a key, bounded in size and time."""

import gzip

import pytest

from integrations.downloads import download
from integrations.errors import AddressRefused, Garbled, ProviderError, RateLimited, Refused, Unavailable
from integrations.transport import GuardedTransport
from tests.integrations import fakewire
from tests.integrations.calls import LOCAL

LIMIT = 1_000


def fetch(script, path="/files/cv.pdf?sig=a%2Fb", **options):
    with fakewire.fake_wire(script) as wire:
        found = download(wire.url + path, own_hosts=(), allowed_hosts=LOCAL, limit=LIMIT, **options)
        return found, wire.asked


def failure(script, **options):
    with pytest.raises(ProviderError) as caught:
        fetch(script, **options)
    return caught.value


def test_the_bytes_come_as_they_are_and_no_credential_goes_along():
    body, asked = fetch(fakewire.answer(b"%PDF-x"))

    assert body == b"%PDF-x"
    assert asked[0].path == "/files/cv.pdf?sig=a%2Fb"
    assert sorted(asked[0].headers) == ["accept", "accept-encoding", "connection", "host", "user-agent"]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_is_gone_is_none(status):
    assert fetch(fakewire.answer(b"no", status=status))[0] is None


@pytest.mark.parametrize(
    "status, kind, code",
    [
        ("403 Forbidden", Refused, "link_refused"),
        ("429 Too Many Requests", RateLimited, "http_429"),
        ("503 Down", Unavailable, "unavailable"),
        ("302 Found", Garbled, "redirected"),
    ],
)
def test_each_refusal_is_told_apart_and_holds_no_part_of_the_link(status, kind, code):
    error = failure(fakewire.answer(b"no", "Location: http://127.0.0.1/evil", status=status))

    assert (type(error), error.code) == (kind, code)
    assert "sig" not in repr((error.args, error.exchange))


def test_no_more_than_the_limit_is_taken_whatever_was_announced():
    assert fetch(fakewire.answer(b"x" * LIMIT))[0] == b"x" * LIMIT
    assert failure(fakewire.answer(b"x" * (LIMIT + 1))).code == "file_too_large"
    assert failure(fakewire.answer(gzip.compress(b"x" * 50_000_000), "Content-Encoding: gzip")).code == "file_too_large"


def test_a_body_that_drips_or_breaks_off_ends_with_its_time():
    assert failure(fakewire.drip(fakewire.head(900) + b"x" * 900), deadline=0.3).code == "timeout"
    assert failure(fakewire.cut(b"x" * 900, 100)).code == "broken_off"


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.com/x",
        "https://evil.com/x?files.example.com",
        "https://files.example.com.evil.com/x",
        "https://user@files.example.com/x",
        "https://files.example.com:8443/x",
        "https://notexample.org/x",
        "https://example.org/x",
        "file:///etc/passwd",
        "https://files.example.com/a b",
        "",
    ],
)
def test_only_the_named_hosts_are_called(url):
    with pytest.raises(AddressRefused):
        download(url, own_hosts=("files.example.com", ".example.org"), limit=LIMIT)


def test_a_named_host_that_leads_inside_is_not_called():
    with pytest.raises(AddressRefused):
        download("https://localhost/x", own_hosts=("localhost",), limit=LIMIT)


# ---- where a provider's links may lead to any host


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example/cv.pdf?sig=1",
        "https://files.example:8443/cv.pdf",
        "https://user:pass@files.example/cv.pdf",
        "https://files.example\\@evil.example/",
        "ftp://files.example/cv.pdf",
        "file:///etc/passwd",
        "//files.example/cv.pdf",
        "cv.pdf",
        "",
    ],
)
def test_any_host_means_https_on_the_usual_port(url):
    with pytest.raises(AddressRefused):
        download(url, own_hosts=None, limit=LIMIT)


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_any_host_means_any_public_one(address):
    transport = GuardedTransport((), resolver=lambda _host, _port: [address])
    with pytest.raises(AddressRefused):
        download("https://files.example/cv.pdf?sig=1", own_hosts=None, limit=LIMIT, transport=transport)


def test_the_operator_allows_others_and_their_port_counts():
    with fakewire.fake_wire(fakewire.answer(b"x")) as wire:
        host = wire.url.removeprefix("http://")
        assert download(f"{wire.url}/a?b=c", own_hosts=None, allowed_hosts=[host], limit=LIMIT) == b"x"
        with pytest.raises(AddressRefused):
            download(f"{wire.url}/a", own_hosts=None, allowed_hosts=["127.0.0.1:1"], limit=LIMIT)
