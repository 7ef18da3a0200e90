"""Every write a provider received, in order, whether it was taken or not."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Received:
    """``status`` None: no answer left. ``applied``: the ATS took it. ``target``: the id in the path."""

    number: int
    at: str
    method: str
    path: str
    body: Any
    kind: str
    target: str
    person: str
    person_id: str
    summary: str
    status: int | None
    code: str | None
    applied: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Ledger:
    def __init__(self) -> None:
        self.entries: list[Received] = []

    def add(self, **values: Any) -> Received:
        entry = Received(number=len(self.entries) + 1, **values)
        self.entries.append(entry)
        return entry

    def clear(self) -> None:
        self.entries = []

    def times(self) -> Counter[tuple[str, str]]:
        """How often each (kind, target) was taken. Above one: upstream was told more than once."""
        return Counter((entry.kind, entry.target) for entry in self.entries if entry.applied)

    def repeats(self) -> set[int]:
        """Numbers of the entries that were taken with the same path and body as an earlier one."""
        seen: set[tuple[str, str, str]] = set()
        repeated = set()
        for entry in self.entries:
            key = (entry.method, entry.path, repr(entry.body))
            if entry.applied and key in seen:
                repeated.add(entry.number)
            if entry.applied:
                seen.add(key)
        return repeated
