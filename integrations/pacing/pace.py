"""What every call asks before it leaves, and tells when the answer is there."""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from django.conf import settings

from integrations.errors import Exchange, RateLimited
from integrations.pacing import rules, stores

log = structlog.get_logger(__name__)

OWN_CEILING = "own_ceiling"  # the code of a wait that nobody but ourselves asked for
ASKED_TO_WAIT = "rate_limited"  # the provider asked for it, in an answer to whoever has the same key
REACHED = "The connection's own limit of requests a minute is reached."
ASKED = "The provider asked us to wait."
SITS_OUT = 5.0  # seconds that a call waits for its turn; for more the worker is freed
EPOCH = 1_000_000_000  # a larger "reset" is a time, a smaller one counts seconds


@dataclass
class Pace:
    """The pace of one key. ``ceiling`` in requests a minute, None: only what the provider says counts.

    ``urgent``: pushes and checks, for which somebody waits, go before imports.
    """

    key: str
    ceiling: int | None
    urgent: bool = False
    clock: Callable[[], float] = time.time
    store: stores.Store = field(default_factory=stores.store, repr=False)

    def wait(self, sleep: Callable[[float], None], exchange: Exchange) -> None:
        """Until this call may leave. Raises RateLimited when that takes longer than a worker should stand still."""
        slept = 0.0
        while True:
            wait, theirs = self._change(self._admit) or (0.0, False)
            if wait <= 0:
                return
            slept += wait
            if slept > SITS_OUT:
                words, code = (ASKED, ASKED_TO_WAIT) if theirs else (REACHED, OWN_CEILING)
                raise RateLimited(words, retry_after=wait, code=code, exchange=exchange)
            sleep(wait)

    def _admit(self, state: rules.State) -> tuple[float, bool]:
        now = self.clock()
        wait = rules.admit(state, now, self.ceiling, urgent=self.urgent)
        return wait, rules.is_held(state, now)

    def learn(self, headers: Mapping[str, str]) -> None:
        """What the rate headers of an answer say, whichever of the usual names they have."""
        limit, remaining, reset = (_number(headers, name) for name in ("limit", "remaining", "reset"))
        if remaining is None or reset is None:
            return
        resets_at = float(reset) if reset >= EPOCH else self.clock() + reset
        self._change(lambda state: rules.taught(state, limit, remaining, resets_at))

    def refused(self, retry_after: float | None) -> None:
        self._change(lambda state: rules.refused(state, self.clock(), self.ceiling, retry_after))

    def shown(self) -> dict[str, Any]:
        """For people: ``limit``, ``remaining``, ``resets_at`` (ISO)."""
        found = self._change(lambda state: rules.shown(state, self.clock(), self.ceiling)) or {}
        moment = found.get("resets_at")
        return {**found, "resets_at": datetime.fromtimestamp(moment, UTC).isoformat() if moment else None}

    def _change(self, do: Callable[[rules.State], Any]) -> Any:
        """A store that is away must not stop the work: the provider's own limit is left."""
        try:
            return self.store.change(self.key, do)
        except Exception as error:  # a full disk, or one of the many errors of a cache
            log.warning("the pace can't be kept", code=type(error).__name__)
            return None


def pace_for(
    slug: str, base_url: str, secret: str, ceiling: int | None, options: Mapping[str, Any], *, urgent: bool
) -> Pace:
    """One for each key of a provider at one address. ``ceiling``: the contract's; an admin's option goes before it."""
    chosen = options.get("requests_per_minute")
    if isinstance(chosen, int) and not isinstance(chosen, bool) and chosen > 0:
        ceiling = chosen
    elif not settings.UPSTREAM_CEILINGS:
        ceiling = None
    text = "\n".join((slug, base_url.rstrip("/"), secret)).encode("utf-8", "replace")
    return Pace(hmac.digest(settings.SECRET_KEY.encode(), text, hashlib.sha256).hex()[:40], ceiling, urgent)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    for header in (f"ratelimit-{name}", f"x-ratelimit-{name}"):
        text = headers.get(header, "").strip()
        if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII):
            return int(float(text))
    return None
