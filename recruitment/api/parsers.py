"""JSON as the standard has it: no NaN, no endless nesting, no characters that a database refuses."""

from __future__ import annotations

import json
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LARGEST = 2 * 1024 * 1024  # bytes; files go through multipart


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


class StrictJSONParser(JSONParser):
    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ParseError("The body is too large.")
        try:
            text = raw.decode("utf-8-sig")
            if "\\u0000" in text or "\x00" in text:
                raise ParseError("The body holds a NUL character.")
            parsed = json.loads(text, parse_constant=_refuse)
            json.dumps(parsed, ensure_ascii=False).encode()  # a lone surrogate can't be stored
        except (ValueError, RecursionError):
            raise ParseError("The body is not valid JSON.") from None
        return parsed
