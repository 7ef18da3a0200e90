"""Outgoing HTTP: what goes out, where it may go, and what an answer means, without secrets."""

from __future__ import annotations

import datetime as dt
import json
import ssl
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.errors import (
    AddressRefused,
    Denied,
    Garbled,
    NotReady,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
)
from integrations.http import Answer, Http
from integrations.transport import GuardedTransport
from tests.integrations import fakewire
from tests.integrations.calls import FINE, KEY, failure, mocked, real

# ---- what goes out


def test_a_call_says_who_it_is_and_reads_the_answer():
    http, requests, _pauses = mocked(httpx.Response(200, json={"people": 3}))
    answer = http.call("POST", "/people", headers={"X-Account": "7"}, params={"page": "2"}, body={"name": "Ada"})

    assert (answer.status, answer.data) == (200, {"people": 3})
    sent = requests[0]
    assert (sent.method, str(sent.url)) == ("POST", "https://api.example.com/v1/people?page=2")
    assert (sent.headers["user-agent"], sent.headers["accept-encoding"]) == ("Quorum/1.0", "gzip")
    assert (sent.headers["x-account"], json.loads(sent.content)) == ("7", {"name": "Ada"})


def test_the_exchange_holds_path_bodies_and_status_and_never_a_host_or_a_header():
    http, _requests, _pauses = mocked(httpx.Response(200, json={"people": 3}, headers={"X-Trace": "t-1"}))
    exchange = http.call("POST", "/people", headers={"Authorization": f"Bearer {KEY}"}, body={"name": "Ada"}).exchange

    assert (exchange.method, exchange.path, exchange.request) == ("POST", "/v1/people", {"name": "Ada"})
    assert (exchange.status, exchange.response) == (200, {"people": 3})
    assert not any(word in repr(exchange) for word in (KEY, "example.com", "Bearer", "t-1"))


def test_a_delete_carries_its_body():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        real(wire).call("DELETE", "/tags", body={"tag": {"name": "SQL"}})

    assert (wire.asked[0].method, wire.asked[0].body) == ("DELETE", b'{"tag":{"name":"SQL"}}')


def test_a_connection_is_used_again():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        http = real(wire)
        for _ in range(3):
            http.call("GET", "/people")

    assert [asked.connection for asked in wire.asked] == [1, 1, 1]


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch):
    with fakewire.fake_wire(fakewire.answer(FINE)) as trap, fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        monkeypatch.setenv("HTTP_PROXY", trap.url)
        monkeypatch.setenv("ALL_PROXY", trap.url)
        real(wire).call("GET", "/people")

    assert (len(wire.asked), len(trap.asked)) == (1, 0)


def test_a_credential_that_cannot_be_sent_is_denied_without_a_call():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        error = failure(real(wire), headers={"Authorization": "Bearer a\r\nX-Evil: b"})

    assert (type(error), error.code, wire.asked) == (Denied, "bad_credential", [])


@pytest.mark.parametrize("body", [{"text": "\ud800"}, {"score": float("nan")}, {"day": datetime(2026, 1, 1)}])
def test_a_body_that_cannot_be_sent_is_refused_without_a_call(body):
    http, requests, _pauses = mocked(httpx.Response(200, json={}))
    error = failure(http, "POST", body=body)
    assert (type(error), error.code, requests) == (Refused, "cannot_send", [])


# ---- redirects and addresses


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_an_error_and_nobody_is_asked_there(status):
    with fakewire.fake_wire(fakewire.answer(FINE)) as trap:
        redirect = fakewire.answer(b"", f"Location: {trap.url}/elsewhere", status=status)
        with fakewire.fake_wire(redirect) as wire:
            error = failure(real(wire), "POST", headers={"X-Api-Key": KEY}, body={"secret": KEY}, repeats=3)

    assert (type(error), error.code, len(wire.asked), trap.asked) == (Garbled, "redirected", 1, [])


def test_the_address_is_checked_before_every_call():
    http, requests, _pauses = mocked(httpx.Response(200, json={}))
    http.base_url = "https://api.example.org/v1"

    assert (type(failure(http)), requests) == (AddressRefused, [])


def test_a_name_that_leads_to_this_machine_is_refused_when_connecting():
    """The check before the call may have seen another address: the one that is connected to counts."""
    for address in ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1"):
        transport = GuardedTransport((), resolver=lambda host, port, address=address: ["93.184.216.34", address])
        http = Http("https://api.example.com", own_hosts={"api.example.com"}, transport=transport)

        error = failure(http)
        assert (type(error), error.code, error.exchange.status) == (AddressRefused, "address_refused", None)


def test_a_name_without_an_address_is_unavailable():
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    http = Http(
        "https://api.example.com", own_hosts={"api.example.com"}, transport=GuardedTransport((), resolver=nowhere)
    )
    error = failure(http)
    assert (type(error), error.code, error.arrived) == (Unavailable, "no_connection", False)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path):
    with fakewire.fake_wire(fakewire.answer(FINE), tls=_self_signed(tmp_path)) as wire:
        error = failure(real(wire), "POST", headers={"Authorization": KEY})

    assert (type(error), error.code, error.arrived, wire.asked) == (Unavailable, "no_connection", False, [])


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


# ---- secrets


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"error": {"message": f"Unknown key {KEY}."}}),
        json.dumps({"error": {"message": f"Unknown key {KEY}."}}).replace("/", "\\/"),
        json.dumps({"error": {"message": f"Unknown key {KEY}.", KEY: [KEY]}}).replace("k", "\\u006b"),
        f"<html>Unknown key {KEY}",
    ],
)
def test_a_key_that_the_provider_echoes_is_hidden(body):
    def explain(answer: Answer) -> ProviderError:
        return Denied(str(answer.data), code="wrong_key", exchange=answer.exchange)

    http, _requests, _pauses = mocked(httpx.Response(401, text=body), explain=explain)
    error = failure(http, params={"key": KEY}, body={"key": KEY})

    assert KEY not in f"{error} {error.message} {error.exchange} {http!r}"
    assert "k3y%2Fwith%2Bsigns" not in error.exchange.path


def test_a_page_that_carries_the_key_is_read_without_it():
    rows = [{"id": number, "name": "Ada " * 50} for number in range(500)] + [{"id": 500, "name": KEY}]
    http, _requests, _pauses = mocked(httpx.Response(200, json=rows))
    answer = http.call("GET", "/people")

    assert (answer.data[0], answer.data[500]) == (rows[0], {"id": 500, "name": "[secret]"})
    assert len(answer.exchange.response) == 2_000  # a long answer isn't kept whole


def test_what_the_ledger_keeps_can_be_stored():
    http, _requests, _pauses = mocked(httpx.Response(200, content=b'{"name": "a\\u0000b\\ud800"}'))
    assert http.call("GET", "/people").exchange.response == {"name": "a\ufffdb\ufffd"}

    http, _requests, _pauses = mocked(httpx.Response(200, content=b"[" * 500 + b"]" * 500))
    assert http.call("GET", "/people").exchange.response == "[" * 500 + "]" * 500


# ---- statuses


@pytest.mark.parametrize(
    "status, body, kind, arrived",
    [
        (401, "{}", Denied, None),
        (403, "{}", Denied, None),
        (403, "<html>Blocked by the firewall", Unavailable, False),
        (404, "{}", Refused, None),
        (404, "<html>nginx", Unavailable, False),
        (408, "", Unavailable, True),
        (422, "{}", Refused, None),
        (429, "", RateLimited, None),
        (500, "{}", Unavailable, True),
        (502, "<html>Bad gateway", Unavailable, True),
        (503, "", Unavailable, True),
        (504, "{", Unavailable, True),
    ],
)
def test_a_status_says_what_has_to_happen_next(status, body, kind, arrived):
    http, _requests, _pauses = mocked(httpx.Response(status, text=body))
    error = failure(http)

    assert (type(error), getattr(error, "arrived", None), error.exchange.status) == (kind, arrived, status)


def test_no_content_is_an_answer_without_data():
    http, _requests, _pauses = mocked(httpx.Response(204))
    assert http.call("DELETE", "/people").data is None


def test_the_provider_reads_its_own_errors():
    http, _requests, _pauses = mocked(httpx.Response(409, json={"code": 7}), explain=lambda answer: NotReady("Wait."))
    error = failure(http)
    assert (type(error), error.exchange.response) == (NotReady, {"code": 7})
