"""Who may ask a provider when: pure arithmetic on what was asked in the last minute.

A ceiling is kept over every window of a minute, not over the minutes of a clock. Imports keep a tenth of it free and
come evenly, so that a push or a check never finds the minute used up; while one of those waits, imports stay back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

WINDOW = 60.0  # seconds
LOWERED_FOR = 600.0  # seconds that a "too many" is remembered
LOWERED_BY = 0.8
LEAST_SHARE = 0.1  # of the ceiling that no number of refusals takes away
SHORTEST = 0.001  # seconds; less than that is rounding
SLACK = 1.0  # seconds that imports leave to a push which was told when to come again


@dataclass(slots=True)
class State:
    """Of one key, in seconds since the epoch. ``limit``, ``remaining``, ``resets_at``: what the headers taught."""

    sent: dict[str, int] = field(default_factory=dict)  # requests by the second in which they were made
    due: float = 0.0  # when the next request of an import is due
    hold: float = 0.0  # nobody asks before this
    urgent: float = 0.0  # a push waits: no import asks before this
    lowered: int = 0
    lowered_until: float = 0.0
    limit: int | None = None
    remaining: int | None = None
    resets_at: float = 0.0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> State:
        return cls(**{name: values[name] for name in cls.__slots__ if name in values})

    def values(self) -> dict[str, Any]:
        return asdict(self)


def admit(state: State, now: float, ceiling: int | None, *, urgent: bool) -> float:
    """Seconds to wait before asking again whether one may; 0: ask now, and it is counted."""
    _forget(state, now)
    wait = _held(state, now)
    cap = capped(state, now, ceiling)
    if cap is not None and not wait:
        wait = _room(state, now, cap) if urgent else _turn(state, now, cap)
    if wait > SHORTEST:
        if urgent:
            state.urgent = now + wait + SLACK
        return wait
    second = str(int(now))
    state.sent[second] = state.sent.get(second, 0) + 1
    if state.remaining is not None:
        state.remaining = max(0, state.remaining - 1)
    if urgent:
        state.urgent = 0.0
    return 0.0


def is_held(state: State, now: float) -> bool:
    """Whether it is the provider that wants us to wait."""
    return _held(state, now) > 0


def refused(state: State, now: float, ceiling: int | None, retry_after: float | None) -> None:
    """The provider said "too many": nobody asks before the time that it named, and slower for a while."""
    state.hold = max(state.hold, now + (retry_after or 0.0))
    cap = capped(state, now, ceiling)
    if ceiling is not None and cap is not None:
        state.lowered = max(1, int(ceiling * LEAST_SHARE), int(cap * LOWERED_BY))
        state.lowered_until = now + LOWERED_FOR


def taught(state: State, limit: int | None, remaining: int | None, resets_at: float) -> None:
    state.limit, state.remaining, state.resets_at = limit, remaining, resets_at


def capped(state: State, now: float, ceiling: int | None) -> int | None:
    if ceiling is None or state.lowered_until <= now:
        return ceiling
    return min(ceiling, state.lowered)


def shown(state: State, now: float, ceiling: int | None) -> dict[str, Any]:
    """``limit``, ``remaining``, ``resets_at`` (seconds since the epoch), as far as they are known."""
    _forget(state, now)
    cap, used = capped(state, now, ceiling), sum(state.sent.values())
    if cap is None:
        return {"limit": state.limit, "remaining": state.remaining, "resets_at": state.resets_at or None}
    known = [cap - used, *([state.remaining] if state.remaining is not None else [])]
    return {"limit": cap, "remaining": max(0, min(known)), "resets_at": _leaves(state) or now}


def _forget(state: State, now: float) -> None:
    """What is over; and what lies ahead, where a clock was set back."""
    state.sent = {second: n for second, n in state.sent.items() if now - WINDOW - 1 < int(second) <= now}
    state.due = min(state.due, now + WINDOW)
    if state.resets_at <= now:
        state.remaining = None


def _held(state: State, now: float) -> float:
    used_up = state.remaining == 0 and state.resets_at > now
    return max(0.0, state.hold - now, state.resets_at - now if used_up else 0.0)


def _room(state: State, now: float, cap: int) -> float:
    return 0.0 if sum(state.sent.values()) < cap else max(0.0, _leaves(state) - now)


def _turn(state: State, now: float, cap: int) -> float:
    """An import's: behind pushes that wait, evenly, and never the last of the minute."""
    share = max(1, cap - max(1, cap // 10))
    wait = max(state.urgent - now, _room(state, now, share))
    interval, at_once = WINDOW / share, max(1, share // 6)
    wait = max(wait, state.due - (at_once - 1) * interval - now)
    if wait > SHORTEST:
        return wait
    state.due = max(state.due, now) + interval
    return 0.0


def _leaves(state: State) -> float:
    """When the oldest request of the last minute no longer counts."""
    return min(map(int, state.sent)) + WINDOW + 1 if state.sent else 0.0
