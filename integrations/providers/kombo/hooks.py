"""Kombo's webhooks (kombo.md section 12): whether one is really Kombo's, and whether it says that something changed.

It never says what changed, and nothing that it says is believed beyond that: the import reads for itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

from integrations.bodies import storable
from integrations.hooks.signal import Signal

HEADER = "X-Kombo-Signature"
# After these there may be something new to read. A finished sync says so whatever its result; the import finds out.
NEWS = {"data-changed", "sync-finished", "integration-state-changed", "integration-deleted"}


def is_signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether one of the secrets made this signature of the raw body. Takes the same time for every wrong one."""
    given, holds = signature.encode("utf-8", "replace"), False
    for secret in filter(None, secrets):
        holds |= hmac.compare_digest(given, sign(body, secret).encode())
    return holds


def sign(body: bytes, secret: str) -> str:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def read(body: bytes) -> Signal | None:
    """None for what isn't Kombo's shape. ``about`` is the integration that it speaks of, empty when it names none."""
    try:
        payload: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("id"), str) or not payload["id"]:
        return None
    data = payload.get("data")
    data = data if isinstance(data, dict) else {}
    about = data.get("integration_id") or data.get("id")
    kind = payload.get("type")
    kind = kind if isinstance(kind, str) else ""
    return Signal(
        id=storable(payload["id"]),
        kind=storable(kind),
        about=about if isinstance(about, str) else "",
        is_news=kind in NEWS,
    )
