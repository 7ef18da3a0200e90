"""Questions that every registered provider answers."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from candidates.enums import PushKind
from integrations import registry
from integrations.addresses import check_address
from integrations.errors import AddressRefused, NotOffered, ProviderError, Unavailable
from integrations.provider import Account, Check, Order, Page
from tests.integrations import fakewire

SECRET = "a-credential-that-nobody-may-see"
ACCOUNT = Account(
    "",
    dict.fromkeys(("api_key", "account_id", "integration_id", "webhook_secret"), SECRET),
    {"job_ids": ["1"], "pools": ["1"], "reject_status": "Rejected", "shortlist_status": "shortlisted"},
)

every_provider = pytest.mark.parametrize("slug", sorted(registry.PROVIDERS))


def order(kind: str) -> Order:
    payload = {"stage_id": "s", "stage_name": "S", "reason_id": "r", "note": "n", "name": "t", "text": "x"}
    return Order(kind, payload, candidate_id="c", application_id="a", job_id="j", reference="ref")


@every_provider
def test_it_says_what_it_is(slug):
    provider = registry.PROVIDERS[slug]
    assert provider.slug == slug
    assert registry.labels[slug] == provider.label != ""
    assert provider.streams != ()
    assert len(set(provider.streams)) == len(provider.streams)


@every_provider
def test_its_own_address_may_be_called_and_names_one_of_its_hosts(slug):
    provider = registry.PROVIDERS[slug]
    assert check_address(provider.default_base_url, own_hosts=provider.hosts)
    assert urlsplit(provider.default_base_url).hostname in provider.hosts


@every_provider
def test_it_has_an_answer_for_every_kind_of_push(slug):
    """Empty: offered. Otherwise a sentence that the screen shows in place of the button."""
    provider = registry.PROVIDERS[slug]
    assert set(provider.pushes) == set(PushKind.values)
    assert all(why == "" or why.endswith(".") for why in provider.pushes.values())
    assert provider.repeatable <= {kind for kind, why in provider.pushes.items() if not why}


@every_provider
def test_what_it_cannot_be_told_is_never_sent(slug):
    with fakewire.fake_wire(fakewire.answer(b"{}")) as wire:
        provider = registry.PROVIDERS[slug](replace(ACCOUNT, base_url=wire.url, allowed_hosts=frozenset({"127.0.0.1"})))
        for kind in (kind for kind, why in provider.pushes.items() if why):
            with pytest.raises(NotOffered) as caught:
                provider.push(order(kind))
            assert caught.value.message != ""
    assert wire.asked == []


@every_provider
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fakewire.answer(b"<html>Sign in</html>", content_type="text/html"), id="web page"),
        pytest.param(fakewire.answer(b""), id="nothing"),
        pytest.param(fakewire.answer(b"[]"), id="list"),
        pytest.param(fakewire.answer(b"{}"), id="object"),
        pytest.param(fakewire.answer(b"null"), id="null"),
        pytest.param(fakewire.answer(b'{"data": {"results": [{"id": "1"}]', status="200 OK"), id="cut JSON"),
        pytest.param(fakewire.gzipped(b'{"data": null}', keep=-4), id="cut gzip"),
        pytest.param(fakewire.answer(b"", "Location: https://evil.example/", status="302 Found"), id="redirect"),
        pytest.param(fakewire.answer(SECRET.encode(), status="401 Unauthorized"), id="401 with the key"),
        pytest.param(fakewire.answer(b"<html>", status="403 Forbidden"), id="firewall"),
        pytest.param(fakewire.answer(b"", "Retry-After: 3600", status="429 Too Many"), id="429"),
        pytest.param(fakewire.reset, id="reset"),
    ],
)
def test_a_broken_answer_is_a_typed_error_without_secrets(slug, script):
    """Reading, telling and checking; a page is never taken for the end of the list."""
    with fakewire.fake_wire(script) as wire:
        account = replace(ACCOUNT, base_url=wire.url, allowed_hosts=frozenset({"127.0.0.1"}))
        provider = registry.PROVIDERS[slug](account)
        provider.client.http.sleep = lambda seconds: None
        failures = [_failure(lambda: provider.fetch(provider.streams[-1], cursor=None, since=None))]
        failures += [
            _failure(lambda kind=kind: provider.push(order(kind))) for kind, why in provider.pushes.items() if not why
        ]
        check = provider.check()

    assert (check.ok, check.detail != "") == (False, True)
    assert SECRET not in repr([failures, check, provider, account, [failure.exchange for failure in failures]])
    assert all(failure.exchange is not None for failure in failures)


def _failure(call) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call()
    return caught.value


@every_provider
def test_nobody_there_is_an_error_that_never_arrived(slug):
    with fakewire.fake_wire(fakewire.reset) as wire:
        pass
    provider = registry.PROVIDERS[slug](replace(ACCOUNT, base_url=wire.url, allowed_hosts=frozenset({"127.0.0.1"})))
    provider.client.http.sleep = lambda seconds: None

    failure = _failure(lambda: provider.fetch(provider.streams[0], cursor=None, since=None))
    assert (type(failure), failure.arrived) == (Unavailable, False)
    assert isinstance(provider.check(), Check)


@every_provider
def test_its_credentials_go_nowhere_but_to_its_hosts(slug):
    with fakewire.fake_wire(fakewire.answer(b"{}")) as wire:
        provider = registry.PROVIDERS[slug](replace(ACCOUNT, base_url=wire.url))
        assert type(_failure(lambda: provider.fetch(provider.streams[0], cursor=None, since=None))) is AddressRefused
        assert provider.check().code == "address_refused"
    assert wire.asked == []


@every_provider
def test_the_operator_allows_further_hosts(slug, settings):
    with fakewire.fake_wire(fakewire.answer(b"{}")) as wire:
        settings.UPSTREAM_ALLOWED_HOSTS = [urlsplit(wire.url).netloc]
        registry.check_base_url(slug, wire.url)
        provider = registry.get_provider(slug, replace(ACCOUNT, base_url=wire.url))
        assert provider.check().ok is False
        provider.close()
    assert len(wire.asked) >= 1

    settings.UPSTREAM_ALLOWED_HOSTS = []
    with pytest.raises(AddressRefused):
        registry.check_base_url(slug, wire.url)


def test_an_unknown_provider_is_said_to_be_one():
    with pytest.raises(NotOffered):
        registry.get_provider("nobody", ACCOUNT)


def test_the_contract_names_what_it_returns():
    assert Page(rows=[], next_cursor=None).total is None
