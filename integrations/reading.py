"""Fields of a provider's row made fit for our columns, and nothing lost on the way."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from integrations.tolerant import Payload

# Years outside are a stand-in for "none" (1970, 9999), and some of them no database gives back.
FIRST_YEAR, LAST_YEAR = 1971, 2100
LONG_AGO = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
LINE, LINK, FREE = 300, 2_000, 100_000  # characters
JOINERS = "\u200c\u200d"  # invisible, and part of emoji and of Persian and Indic words
BARE_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(/\S*)?", re.IGNORECASE)


class Reader:
    """Reads fields of one payload, and keeps the raw value of each that a column can't show whole.

    ``read`` names the keys that the mapping takes; every other key is kept.
    """

    __slots__ = ("kept", "payload", "raw")

    def __init__(self, payload: Payload, read: frozenset[str]) -> None:
        self.payload = payload
        self.raw = payload.raw
        self.kept = {key: self.raw[key] for key in self.raw.keys() - read if says(self.raw[key])}

    def has(self, key: str) -> bool:
        return key in self.raw

    def keep(self, key: str) -> None:
        value = self.raw.get(key)
        if says(value):
            self.kept[key] = value

    def keep_if(self, lost: bool, key: str) -> None:
        if lost:
            self.keep(key)

    def get(self, key: str) -> Any:
        """A field as it was read; its raw value is kept if it had the wrong type, or some entry of it had."""
        value = getattr(self.payload, key)
        if value is None or (isinstance(value, list) and len(value) != len(self.raw.get(key) or ())):
            self.keep(key)
        return value

    def text(self, key: str, limit: int = LINE) -> str:
        value = self.get(key)
        if not value:
            return ""
        shown = line(value, limit)
        if shown != value.strip():
            self.keep(key)
        return shown

    def long_text(self, key: str) -> str:
        value = self.get(key) or ""
        self.keep_if(len(value) > FREE, key)
        return value[:FREE]

    def moment(self, key: str) -> datetime | None:
        value = moment(self.get(key))
        if value is None:
            self.keep(key)
        return value

    def mark(self, key: str, otherwise: datetime | None) -> datetime | None:
        """When something was marked (as deleted, say). A mark whose time can't be read is still a mark."""
        found = self.moment(key)
        return found or ((otherwise or LONG_AGO) if self.get(key) else None)

    def url(self, key: str) -> str:
        value = web_link(self.get(key))
        if not value:
            self.keep(key)
        return value


def says(value: Any) -> bool:
    """Whether a value says anything: no and nought do."""
    return bool(value) or value is False or (value == 0 and value is not None)


def line(value: str | None, limit: int = LINE) -> str:
    """One clean line: composed characters, nothing unprintable, single spaces, at most ``limit`` long.

    The same that is done to what people type here, so that the two can be compared.
    """
    text = (value or "").strip()
    if not (text.isascii() and text.isprintable() and "  " not in text):
        text = unicodedata.normalize("NFC", text)
        text = " ".join("".join(char if char.isprintable() or char in JOINERS else " " for char in text).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def moment(value: Any) -> datetime | None:
    """A point in time with its zone (UTC where none is named), or None for what is none or stands in for none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year < LAST_YEAR:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def web_link(value: str | None) -> str:
    """An http(s) address that fits, also one written without its scheme; empty for anything else."""
    text = (value or "").strip()
    if not text:
        return ""
    if not text.lower().startswith(("http://", "https://")):
        text = f"https://{text}" if BARE_HOST.fullmatch(text) else ""
    return text if text.isprintable() and " " not in text and len(text) <= LINK else ""
