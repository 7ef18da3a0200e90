"""JSON as the standard has it: no NaN, no endless nesting, no characters that a database refuses."""

from __future__ import annotations

import json
import math
import re
from typing import IO, Any

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.settings import api_settings

LARGEST = 2 * 1024 * 1024  # bytes; files go through multipart
DEEPEST = 32
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


class StrictJSONParser(JSONParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ParseError("The body is too large.")
        try:
            parsed = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ParseError("The body is not valid JSON.") from None
        check_storable(parsed)
        return parsed


def check_storable(parsed: Any) -> None:
    """Refuse what no database column takes, with the name of the outermost field it is in."""
    waiting: list[tuple[str, Any, int]] = [("", parsed, 0)]
    while waiting:
        field, item, depth = waiting.pop()
        fault = _fault(item, depth)
        if fault:
            raise ValidationError({field or api_settings.NON_FIELD_ERRORS_KEY: fault})
        if isinstance(item, dict):
            waiting += [(field or key, inner, depth + 1) for key, inner in item.items()]
        elif isinstance(item, list):
            waiting += [(field, inner, depth + 1) for inner in item]


def _fault(item: Any, depth: int) -> str:
    if depth > DEEPEST:
        return f"This is nested more than {DEEPEST} levels deep."
    texts = item if isinstance(item, dict) else [item] if isinstance(item, str) else []
    if any(UNSTORABLE.search(text) for text in texts):
        return "This holds a NUL or another character that isn't text."
    if isinstance(item, float) and not math.isfinite(item):
        return "This number is too large."
    return ""
