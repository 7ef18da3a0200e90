"""Reading what a provider sent: bounded in size, whole, and JSON that a database can hold."""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

EXCERPT = 2_000  # characters of an unreadable answer that are kept
CHUNK = 256 * 1024
# NUL has no place in PostgreSQL's text, and half of a surrogate pair none in UTF-8.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 64


class BadBody(ValueError):
    """The body can't be used. ``code`` names the reason, the text says it, ``excerpt`` holds what could be read."""

    def __init__(self, message: str, code: str, excerpt: bytes = b"") -> None:
        super().__init__(message)
        self.code = code
        self.excerpt = excerpt


def read_body(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The whole body, unpacked, at most ``limit`` bytes of it in memory. Raises BadBody."""
    body = bytearray()
    try:
        for piece in _unpacked(chunks, encoding.strip().lower()):
            body += piece
            if len(body) > limit:
                raise BadBody("The answer is too large.", "too_large")
    except BadBody as error:
        error.excerpt = bytes(body[: EXCERPT * 4])
        raise
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        return iter(chunks)
    if encoding in ("gzip", "x-gzip"):
        return _gunzipped(chunks)
    raise BadBody("The answer is packed in a way that wasn't asked for.", "unknown_encoding")


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack in small steps, so that a small packet can't become a large one; an end that doesn't come is an error.

    httpx unpacks a gzip body that was cut short without a word.
    """
    unpacker, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)  # gzip allows several parts in a row
                begun = True
                yield unpacker.decompress(rest, CHUNK)
                rest = unpacker.unconsumed_tail or unpacker.unused_data
        yield unpacker.flush()
    except zlib.error as error:
        raise BadBody("The answer's compression is damaged.", "bad_gzip") from error
    if begun and not unpacker.eof:
        raise BadBody("The answer was cut short.", "cut")


def read_json(body: bytes) -> Any:
    """Strict JSON: no NaN, no number beyond a double, no digits without end, no bottomless nesting. Raises BadBody."""
    try:
        return json.loads(body, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise BadBody("The answer is nested too deeply.", "not_json", body[: EXCERPT * 4]) from error
    except ValueError as error:
        what = "a web page" if body.lstrip()[:1] == b"<" else "something that can't be read"
        code = "web_page" if what == "a web page" else "not_json"
        raise BadBody(f"The answer is {what}, not data.", code, body[: EXCERPT * 4]) from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("a number beyond all bounds")
    return value


def excerpt(body: bytes) -> str:
    """The first characters of a body, for a person to look at."""
    return UNSTORABLE.sub("\ufffd", body[: EXCERPT * 4].decode("utf-8", "replace"))[:EXCERPT]


def storable(value: Any, depth: int = 0) -> Any:
    """The same JSON value with U+FFFD in place of what no database takes. Raises RecursionError below 64 levels."""
    if isinstance(value, str):
        return value if value.isprintable() else UNSTORABLE.sub("\ufffd", value)
    if not isinstance(value, dict | list):
        return value
    if depth > DEEPEST:
        raise RecursionError("nested too deeply")
    if isinstance(value, list):
        return [storable(inner, depth + 1) for inner in value]
    found = {}
    for key, inner in value.items():
        # Most values are printable text or null, and a page has tens of thousands of them: no call for those.
        if inner is not None and not (inner.__class__ is str and inner.isprintable()):
            inner = storable(inner, depth + 1)
        found[key if key.isprintable() else storable(key)] = inner
    return found
