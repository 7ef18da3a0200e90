"""Query parameters of the lists, as strict as kombo.md 5, 6 and 9 say."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from integrations.sandbox.kombo.envelopes import invalid
from integrations.sandbox.kombo.ids import is_id, number_of

MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(\.\d+)?)?Z?")


def moment(name: str, text: str) -> str:
    """A time in our own form, so that it compares as text; offsets such as ``+00:00`` are refused."""
    match = MOMENT.fullmatch(text)
    if match is None:
        raise invalid(f"{name} must match ^\\d{{4}}-\\d{{2}}-\\d{{2}}(T\\d{{2}}:\\d{{2}}:\\d{{2}}(\\.\\d+)?)?Z?$")
    fraction = (match[3] or ".0")[1:4].ljust(3, "0")
    return f"{match[1]}T{match[2] or '00:00:00'}.{fraction}Z"


def boolean(name: str, text: str | None) -> bool:
    if text not in (None, "true", "false"):
        raise invalid(f"{name} must be true or false")
    return text == "true"


def encode_cursor(position: int) -> str:
    return base64.b64encode(f"sandbox-cursor-{position}".encode()).decode()


def decode_cursor(text: str) -> int:
    try:
        word, _, position = base64.b64decode(text, validate=True).decode().rpartition("-")
        if word == "sandbox-cursor" and position.isascii() and position.isdigit():
            return int(position)
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise invalid("The cursor is invalid or has expired.")


@dataclass(slots=True)
class Query:
    """The common parameters, and every filter as a list of its comma-separated values."""

    start: int = 0
    size: int = 100
    updated_after: str = ""
    include_deleted: bool = False
    ids: list[int] | None = None
    remote_ids: set[str] | None = None
    filters: dict[str, list[str]] = field(default_factory=dict)

    def words(self, name: str) -> set[str] | None:
        """The values of a filter, folded for comparison; None when it isn't set."""
        return {value.casefold() for value in self.filters[name]} if name in self.filters else None

    def one(self, name: str) -> str | None:
        """A filter that takes one value, commas and all."""
        return ",".join(self.filters[name]) if name in self.filters else None

    def numbers(self, name: str) -> set[int] | None:
        if name not in self.filters:
            return None
        return {_number(name, value) for value in self.filters[name]}


def _number(name: str, text: str) -> int:
    if not is_id(text):
        raise invalid(f"{name}: every id must be 24 characters long")
    return number_of(text)


def parse(query: dict[str, str], allowed: tuple[str, ...]) -> Query:
    parsed = Query(include_deleted=boolean("include_deleted", query.get("include_deleted")))
    boolean("ignore_unsupported_filters", query.get("ignore_unsupported_filters"))
    size = query.get("page_size", "100")
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= 250):
        raise invalid("page_size must be an integer between 1 and 250")
    parsed.size = int(size)
    if "cursor" in query:
        parsed.start = decode_cursor(query["cursor"])
    if "updated_after" in query:
        parsed.updated_after = moment("updated_after", query["updated_after"])
    if "ids" in query:
        parsed.ids = list(dict.fromkeys(_number("ids", value) for value in query["ids"].split(",")))
    if "remote_ids" in query:
        parsed.remote_ids = set(query["remote_ids"].split(","))
    parsed.filters = {name: query[name].split(",") for name in allowed if name in query}
    if "remote_created_after" in parsed.filters:
        parsed.filters["remote_created_after"] = [moment("remote_created_after", query["remote_created_after"])]
    return parsed
