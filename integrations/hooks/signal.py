"""What a webhook says, in the words of all providers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    """``id`` is the provider's own: the same event has the same one, however often it is sent."""

    id: str
    kind: str
    about: str
    is_news: bool
