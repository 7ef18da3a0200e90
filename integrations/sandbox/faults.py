"""Switchable faults: what goes wrong, for which calls, how many times."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "error": "Answer an error code instead (code, message, done: do it all the same)",
    "timeout_done": "Do the write, then give no answer (seconds: hang before hanging up)",
    "drop": "Hang up before doing anything",
    "cut": "Do it, then cut the answer in the middle",
    "html": "Answer an HTML page (status 200 or 502)",
    "slow": "Do it, then drip the answer (seconds)",
    "setup_pending": "Answer 409: the first sync is still running",
    "only_created": "Empty lists of people and applications, as on day one",
    "rate_limit": "Answer 429: too many requests (reset: seconds, or null for no header; retry_after)",
    "concurrency_limit": "Answer 429: too many actions at once",
    "garbage": "Answer JSON of a wrong shape (body: exactly this text)",
    "bad_row": "Spoil the first row of a page",
    "repeat_cursor": "Give the page's own cursor as the next one",
    "expire_cursor": "Refuse the cursor as expired",
}


@dataclass(slots=True)
class Fault:
    """One switch. ``path`` is a regular expression searched in the provider's path; ``times`` None: until cleared."""

    kind: str
    path: str = ""
    method: str = ""
    times: int | None = 1
    skip: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("", method) and re.search(self.path, path) is not None

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "path": self.path, "method": self.method, "times": self.times,
            "skip": self.skip, "params": self.params, "hits": self.hits,
        }  # fmt: skip


class FaultBoard:
    """``kinds``: what can go wrong with this stand-in, in words."""

    def __init__(self, kinds: Mapping[str, str] = KINDS) -> None:
        self.kinds = kinds
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def set(
        self, kind: str, path: str = "", *, method: str = "", times: int | None = 1, skip: int = 0, **params: Any
    ) -> Fault:
        """Switch a fault on for the next ``times`` matching calls, after letting ``skip`` of them pass."""
        if kind not in self.kinds:
            raise ValueError(f"unknown kind of fault: {kind}")
        re.compile(path)
        fault = Fault(kind, path, method.upper(), times, skip, params)
        with self._lock:
            self._faults.append(fault)
        return fault

    def clear(self, kind: str = "") -> None:
        with self._lock:
            self._faults = [fault for fault in self._faults if kind and fault.kind != kind]

    def active(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def is_on(self, kind: str, method: str, path: str) -> bool:
        """Whether a lasting mode is on for this call."""
        return any(fault.kind == kind and fault.matches(method, path) for fault in self.active())

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that applies to this call; counts it, and drops it once its calls are used up."""
        with self._lock:
            for fault in self._faults:
                if fault.kind == "only_created" or not fault.matches(method, path):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.hits += 1
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None
