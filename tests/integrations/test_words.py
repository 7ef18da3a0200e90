"""What is said about a connection that isn't well: the reason is its own, the next thing to do is ours."""

from __future__ import annotations

import pytest

from integrations import words
from integrations.models import Connection


def said(health, code="", *, is_admin=True, problems=0):
    return words.health_advice(Connection(health=health), is_admin=is_admin, code=code, problems=problems)


@pytest.mark.parametrize(
    "health, code, words_",
    [
        ("healthy", "http_401", ""),
        ("reconnect", "http_401", "Enter working credentials"),
        ("reconnect", "INVALID_API_KEY", "Enter working credentials"),
        ("reconnect", "unauthorized", "Enter working credentials"),
        ("reconnect", "PLATFORM.IP_NOT_WHITELISTED", "has to be allowed for the address of Quorum"),
        ("reconnect", "ACCOUNT_INACTIVE", "has to reconnect it in LinkUp"),
        ("waiting", "timeout", "Nothing to do: it goes on by itself."),
        ("waiting", "INSUFFICIENT_CREDITS", "Credits have to be bought"),
        ("needs_attention", "http_418", "It is tried again by itself."),
        ("needs_attention", "bad_envelope", "support has to hear of it"),
        ("needs_attention", "invalid_pipeline_status", "stage map"),
        ("needs_attention", "many_missing", "can say that they are gone"),
        ("partly_synced", "", ""),
    ],
)
def test_there_is_one_thing_to_do(health, code, words_):
    found = said(health, code)
    assert words_ in found
    assert bool(found) == bool(words_)


def test_rows_that_were_set_aside_are_to_be_looked_at():
    assert said("partly_synced", problems=2) == "Look at the rows that were set aside."


def test_who_may_not_enter_a_key_is_told_who_may():
    assert (
        said("reconnect", "http_401", is_admin=False) == "An admin of your workspace has to enter working credentials."
    )


@pytest.mark.parametrize("health", ["reconnect", "waiting", "needs_attention"])
def test_no_state_is_without_words(health):
    assert said(health, "something new") != ""
