"""Who may ask when, on a clock that a test turns."""

from __future__ import annotations

import random

import pytest

from integrations.pacing.rules import State, admit, capped, refused, shown, taught

NOW = 1_700_000_000.0


class Clock:
    """Callers that ask as often as they may, and wait as long as they are told."""

    def __init__(self, ceiling: int | None) -> None:
        self.state, self.ceiling, self.now, self.sent = State(), ceiling, NOW, []

    def ask(self, *, urgent: bool = False) -> float:
        """When it could leave, in seconds from the beginning."""
        while wait := admit(self.state, self.now, self.ceiling, urgent=urgent):
            assert wait > 0
            self.now += wait
        self.sent.append(self.now)
        return self.now - NOW


@pytest.mark.parametrize("ceiling", [1, 2, 7, 60, 100, 1000])
@pytest.mark.parametrize("kind", ["imports", "pushes", "both"])
def test_no_minute_ever_has_more_than_the_ceiling(ceiling, kind):
    clock, chance = Clock(ceiling), random.Random(ceiling)
    for _request in range(3 * ceiling + 5):
        clock.ask(urgent=kind == "pushes" or (kind == "both" and chance.random() < 0.3))
        clock.now += chance.random() / 10
    for moment in clock.sent:
        assert sum(moment <= other < moment + 60 for other in clock.sent) <= ceiling


def test_an_import_comes_near_the_ceiling_all_the_same():
    clock = Clock(60)
    assert 420 < [clock.ask() for _request in range(480)][-1] < 60 * 480 / 54 + 1


def test_a_small_import_begins_at_once():
    clock = Clock(60)
    assert [clock.ask() for _request in range(8)] == [0.0] * 8


def test_a_push_finds_room_while_an_import_uses_what_it_may():
    clock = Clock(60)
    for _request in range(200):
        clock.ask()
    before = clock.now
    assert [clock.ask(urgent=True) + NOW - before for _push in range(5)] == [0.0] * 5


def test_when_both_wait_the_push_goes_first():
    clock = Clock(10)
    for _request in range(10):
        clock.ask(urgent=True)
    wait = admit(clock.state, clock.now, 10, urgent=True)
    assert wait > 0
    assert admit(clock.state, clock.now + wait, 10, urgent=False) > 0
    assert admit(clock.state, clock.now + wait, 10, urgent=True) == 0


def test_too_many_requests_holds_everybody_and_slows_down_for_ten_minutes():
    state = State()
    refused(state, NOW, 60, retry_after=30)
    assert admit(state, NOW + 1, 60, urgent=True) == 29
    assert admit(state, NOW + 1, 60, urgent=False) == 29
    assert capped(state, NOW, 60) == 48
    for _again in range(30):
        refused(state, NOW, 60, retry_after=None)
    assert capped(state, NOW, 60) == 6
    assert capped(state, NOW + 601, 60) == 60


def test_without_a_ceiling_only_the_provider_counts():
    clock = Clock(None)
    assert [clock.ask() for _request in range(500)][-1] == 0.0
    taught(clock.state, 100, 1, NOW + 20)
    assert [clock.ask(), clock.ask()] == [0.0, 20.0]


def test_it_shows_what_is_left():
    state = State()
    assert shown(state, NOW, 60) == {"limit": 60, "remaining": 60, "resets_at": NOW}
    admit(state, NOW, 60, urgent=True)
    assert shown(state, NOW, 60) == {"limit": 60, "remaining": 59, "resets_at": NOW + 61}
    taught(state, 100, 7, NOW + 9)
    assert shown(state, NOW, 60)["remaining"] == 7
    assert shown(state, NOW, None) == {"limit": 100, "remaining": 7, "resets_at": NOW + 9}


def test_a_clock_that_was_set_back_blocks_nobody_for_long():
    clock = Clock(60)
    for _request in range(60):
        clock.ask(urgent=True)
    clock.now -= 86_400
    assert admit(clock.state, clock.now, 60, urgent=False) <= 60
