"""The two limits of kombo.md 4: requests a minute, and actions at once."""

from __future__ import annotations

import math
import threading
import time
from datetime import datetime, timedelta

from integrations.sandbox.clock import Clock

WINDOW = 60
LIFTED = 1_000_000


class RateLimit:
    """A fixed window for each (key, integration). Lifted, it still speaks in headers."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self.clock, self.limit = clock, limit
        self._lock = threading.Lock()
        self._windows: dict[tuple[str, str], tuple[datetime, int]] = {}

    def take(self, key: str, integration: str) -> tuple[bool, dict[str, str]]:
        """Count a request. Answers whether it is within the limit, and the headers."""
        now = self.clock.now()
        with self._lock:
            started, used = self._windows.get((key, integration), (now, 0))
            if now - started >= timedelta(seconds=WINDOW):
                started, used = now, 0
            used += 1
            self._windows[key, integration] = (started, used)
        left = WINDOW - (now - started).total_seconds()
        headers = {
            "ratelimit-limit": str(self.limit),
            "ratelimit-remaining": str(max(0, self.limit - used)),
            "ratelimit-reset": str(max(1, math.ceil(left))),
        }
        return used <= self.limit or self.limit >= LIFTED, headers

    def forget(self) -> None:
        with self._lock:
            self._windows.clear()


class Concurrency:
    """Actions in flight. ``action_seconds`` makes every action take that long, so that the cap can be met."""

    def __init__(self, cap: int = 30) -> None:
        self.cap, self.in_flight, self.action_seconds = cap, 0, 0.0
        self._lock = threading.Lock()

    def enter(self) -> bool:
        with self._lock:
            if self.in_flight >= self.cap:
                return False
            self.in_flight += 1
            return True

    def work(self) -> None:
        if self.action_seconds:
            time.sleep(self.action_seconds)

    def leave(self) -> None:
        with self._lock:
            self.in_flight -= 1

    def headers(self) -> dict[str, str]:
        with self._lock:
            left = max(0, self.cap - self.in_flight)
        return {"Concurrency-Limit": str(self.cap), "Concurrency-Remaining": str(left)}
