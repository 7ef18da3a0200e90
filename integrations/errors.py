"""What can go wrong when talking to a provider, told apart by what has to happen next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and its answer as the ledger shows it: never a header, never a credential."""

    method: str
    path: str
    request: Any = None
    status: int | None = None  # None: no answer arrived
    response: Any = None  # parsed JSON, or the first 2,000 characters of what came
    duration_ms: int = 0
    warnings: list[str] = field(default_factory=list)


class ProviderError(Exception):
    """Base. ``code`` is the provider's own code where it sent one, ours (lower_snake) otherwise; ``message`` is safe to
    show."""

    permanent = False

    def __init__(self, message: str, *, code: str = "", exchange: Exchange | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__.lower()
        self.exchange = exchange


class Unavailable(ProviderError):
    """No usable answer now: connection refused, timeout, 5xx. ``arrived``: the request may have taken effect."""

    def __init__(self, message: str, *, arrived: bool, code: str = "", exchange: Exchange | None = None) -> None:
        super().__init__(message, code=code, exchange=exchange)
        self.arrived = arrived


class RateLimited(ProviderError):
    """Too many requests; this one had no effect. ``retry_after`` in seconds, None when the provider named no time."""

    def __init__(
        self, message: str, *, retry_after: float | None, code: str = "", exchange: Exchange | None = None
    ) -> None:
        super().__init__(message, code=code, exchange=exchange)
        self.retry_after = retry_after


class NotReady(ProviderError):
    """The provider works but has nothing to serve yet (first sync, unfinished set-up). Waits; not a fault of ours."""


class Garbled(ProviderError):
    """An answer that can't be read: HTML, a cut body, an envelope without its parts. The request may have taken effect:
    ``arrived`` is True."""

    arrived = True


class CursorExpired(ProviderError):
    """The provider no longer knows the page cursor: the walk of this stream starts again from its watermark."""


class Denied(ProviderError):
    """Credentials or permission no longer hold: stop the connection and tell a person."""

    permanent = True


class AddressRefused(Denied):
    """The address is none that a connection may call; nothing was sent."""


class OutOfCredits(ProviderError):
    """The provider charges for its calls, and nothing is left to pay with. Asking again doesn't help."""

    permanent = True


class Refused(ProviderError):
    """The provider understood and said no, for this one item."""

    permanent = True


class NotOffered(ProviderError):
    """This provider, or this customer's set-up of it, can't be told such a thing."""

    permanent = True
