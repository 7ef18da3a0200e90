"""Outgoing HTTP: what comes back is an answer or a typed error, in bounded time and space, without secrets."""

from __future__ import annotations

import datetime as dt
import json
import ssl
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
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
from integrations.http import Answer, Http, retry_after, segment
from integrations.transport import GuardedTransport
from tests.integrations import fakewire

KEY = "k3y/with+signs"
LOCAL = frozenset({"127.0.0.1"})
FINE = b'{"fine": true}'


def real(wire: fakewire.Wire, **options) -> Http:
    """A client over real sockets, allowed to call this machine."""
    return Http(wire.url, allowed_hosts=LOCAL, secrets=(KEY,), **options)


def mocked(*answers: httpx.Response | Exception, **options) -> tuple[Http, list[httpx.Request], list[float]]:
    """A client whose provider gives these answers in turn, the last one for ever; its requests and its pauses."""
    requests: list[httpx.Request] = []
    pauses: list[float] = []

    def handle(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        chosen = answers[min(len(requests), len(answers)) - 1]
        if isinstance(chosen, Exception):
            raise chosen
        return chosen

    http = Http(
        "https://api.example.com/v1",
        own_hosts={"api.example.com"},
        secrets=(KEY,),
        transport=httpx.MockTransport(handle),
        sleep=pauses.append,
        **options,
    )
    return http, requests, pauses


def failure(http: Http, method: str = "GET", **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        http.call(method, "/people", **options)
    return caught.value


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


# ---- time


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fakewire.silence, id="black hole"),
        pytest.param(fakewire.drip(fakewire.head(4)), id="head drips"),
        pytest.param(
            lambda connection, asked, over: (
                connection.sendall(fakewire.head(1_000)),
                fakewire.drip(b" " * 1_000)(connection, asked, over),
            ),
            id="body drips",
        ),
    ],
)
def test_a_call_ends_at_its_deadline_however_the_answer_trickles(script):
    with fakewire.fake_wire(script) as wire:
        started = time.monotonic()
        error = failure(real(wire, deadline=0.4), repeats=5)
        took = time.monotonic() - started

    assert (type(error), error.code, error.arrived) == (Unavailable, "timeout", True)
    assert 0.35 < took < 1.5
    assert error.exchange.status in (None, 200)


def test_a_deadline_that_is_over_before_the_connection_stands_never_arrived():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        error = failure(real(wire, deadline=1e-9))

    assert (type(error), error.code, error.arrived, wire.asked) == (Unavailable, "timeout", False, [])


# ---- broken answers


def test_a_refused_connection_never_arrived():
    with fakewire.fake_wire(fakewire.answer(FINE)) as wire:
        pass
    error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived) == (Unavailable, "no_connection", False)
    assert (error.exchange.path, error.exchange.status) == ("/people", None)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fakewire.reset, id="reset"),
        pytest.param(fakewire.cut(FINE, 0), id="no byte of the body"),
        pytest.param(fakewire.cut(FINE, 9), id="half of the body"),
        pytest.param(lambda connection, _asked, _over: connection.shutdown(2), id="hang up at once"),
    ],
)
def test_an_answer_that_breaks_off_may_have_arrived(script):
    with fakewire.fake_wire(script) as wire:
        error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived) == (Unavailable, "broken_off", True)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "script, code",
    [
        pytest.param(fakewire.answer(b""), "empty", id="empty"),
        pytest.param(
            lambda connection, _a, _o: connection.sendall(fakewire.head(9) + FINE), "not_json", id="length too short"
        ),
        pytest.param(fakewire.gzipped(FINE * 50, keep=-9), "cut", id="gzip cut, length right"),
        pytest.param(fakewire.gzipped(FINE, keep=5), "cut", id="gzip cut in its head"),
        pytest.param(fakewire.answer(b"plain", "Content-Encoding: gzip"), "bad_gzip", id="not gzip at all"),
        pytest.param(fakewire.answer(FINE, "Content-Encoding: br"), "unknown_encoding", id="brotli"),
        pytest.param(fakewire.answer(b"<html>Sign in</html>", content_type="text/html"), "web_page", id="web page"),
        pytest.param(fakewire.answer(b"  <!doctype html>"), "web_page", id="web page called JSON"),
    ],
)
def test_an_answer_that_is_no_data_is_garbled(script, code):
    with fakewire.fake_wire(script) as wire:
        error = failure(real(wire), "POST")

    assert (type(error), error.code, error.arrived, error.exchange.status) == (Garbled, code, True, 200)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="infinity"),
        pytest.param(b'{"a": 1e999}', id="beyond a double"),
        pytest.param(b'{"a": ' + b"9" * 5_000 + b"}", id="5000 digits"),
        pytest.param(b"[" * 100_000, id="open brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="nested 100000 deep"),
        pytest.param(b'{"a": 1', id="cut"),
        pytest.param(b"\xff\xfe\x00", id="no text"),
        pytest.param(b'{"a": "\xe9"}', id="latin-1"),
        pytest.param(b"{'a': 1}", id="quotes"),
    ],
)
def test_json_is_read_strictly(body):
    http, _requests, _pauses = mocked(httpx.Response(200, content=body))
    error = failure(http)

    assert (type(error), error.code) == (Garbled, "not_json")
    assert len(error.exchange.response) <= 2_000


def test_whole_gzip_is_read_also_in_several_parts():
    with fakewire.fake_wire(fakewire.gzipped(b'{"text": "' + b"x" * 1_000_000 + b'"}')) as wire:
        assert len(real(wire).call("GET", "/people").data["text"]) == 1_000_000


def test_a_gzip_bomb_is_stopped_at_the_cap_and_costs_little_memory():
    """300 MB in 300 KB."""
    with fakewire.fake_wire(fakewire.gzipped(b" " * 300_000_000)) as wire:
        http = real(wire, max_bytes=4_000_000)
        tracemalloc.start()
        error = failure(http)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (type(error), error.code) == (Garbled, "too_large")
    assert peak < 20_000_000


def test_a_body_over_the_cap_is_refused_and_one_of_exactly_its_size_is_read():
    body = json.dumps({"text": "x" * 100}).encode()
    http, _requests, _pauses = mocked(httpx.Response(200, content=body), max_bytes=len(body))
    assert http.call("GET", "/people").status == 200

    http, _requests, _pauses = mocked(httpx.Response(200, content=body), max_bytes=len(body) - 1)
    assert failure(http).code == "too_large"


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


# ---- repeats


def test_reads_are_repeated_until_an_answer_comes():
    broken = httpx.ConnectError("no")
    http, requests, pauses = mocked(
        broken, httpx.Response(502), httpx.Response(200, text="<"), httpx.Response(200, json=1)
    )

    assert http.call("GET", "/people", repeats=3).data == 1
    assert len(requests) == 4
    assert [0.25 <= pauses[0] <= 0.5, 0.5 <= pauses[1] <= 1, 1 <= pauses[2] <= 2] == [True, True, True]


def test_nothing_is_repeated_unless_the_caller_says_so():
    http, requests, pauses = mocked(httpx.Response(502))
    assert (type(failure(http, "POST")), len(requests), pauses) == (Unavailable, 1, [])


def test_a_plain_no_is_not_repeated():
    http, requests, _pauses = mocked(httpx.Response(422, json={}))
    assert (type(failure(http, repeats=3)), len(requests)) == (Refused, 1)


def test_retry_after_is_waited_for_when_it_is_short():
    http, _requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(200, json=1))
    assert http.call("GET", "/people", repeats=1).data == 1
    assert 2 <= pauses[0] <= 2.25


@pytest.mark.parametrize("seconds", ["11", "99999", "9" * 18])
def test_a_long_wait_is_handed_to_the_caller(seconds):
    http, requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": seconds}))
    error = failure(http, repeats=3)

    assert (error.retry_after, len(requests), pauses) == (min(float(seconds), 86_400.0), 1, [])


def test_a_call_never_sleeps_longer_than_ten_seconds_in_all():
    http, _requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "4"}))
    assert type(failure(http, repeats=9)) is RateLimited
    assert len(pauses) == 2


def test_a_repeat_that_the_deadline_forbids_is_left_out():
    http, requests, pauses = mocked(httpx.Response(429, headers={"Retry-After": "4"}), deadline=3.0)
    assert (type(failure(http, repeats=3)), len(requests), pauses) == (RateLimited, 1, [])


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("", None),
        ("0", 0.0),
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("-5", 0.0),
        ("100000", 86_400.0),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 12:00:30", 30.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("soon", None),
        ("inf", None),
        ("1e9", None),
        ("٣", None),
        ("Tue, 99 Nov 2026 99:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_every_form(text, seconds):
    headers = httpx.Headers([(b"retry-after", text.encode())])
    assert retry_after(headers, now=datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds


# ---- threads


def test_threads_share_one_client_and_keep_their_own_deadlines():
    def script(connection, asked, over) -> None:
        if asked.path.endswith("slow"):
            fakewire.silence(connection, asked, over)
        else:
            fakewire.answer(json.dumps(asked.path).encode())(connection, asked, over)

    with fakewire.fake_wire(script) as wire, ThreadPoolExecutor(8) as pool:
        http = real(wire)
        late = pool.submit(lambda: _kind(http, within=0.3))
        paths = [f"/{number}" for number in range(60)]
        found = list(pool.map(lambda path: http.call("GET", path, within=20).data, paths))

        assert found == paths
        assert late.result() == Unavailable
    assert threading.active_count() < 100


def _kind(http: Http, within: float) -> type[ProviderError] | None:
    try:
        http.call("GET", "/slow", within=within)
    except ProviderError as error:
        return type(error)
    return None


@pytest.mark.parametrize("value", ["", ".", "..", "   ", None, 5, "x" * 3_000])
def test_an_id_that_is_no_part_of_a_path_is_refused(value):
    with pytest.raises(Refused):
        segment(value)


def test_an_id_cannot_lead_to_another_path():
    assert segment("a/../b?c=d#e") == "a%2F..%2Fb%3Fc%3Dd%23e"
    assert segment("greenhouse:MASi45") == "greenhouse:MASi45"
