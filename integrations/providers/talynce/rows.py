"""Rows of a page as they wait to be looked at, each with a hash that tells whether it says anything new."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from candidates.domain.profiles import Malformed, Row, Unread
from integrations.bodies import storable
from integrations.providers.talynce import mapping, payloads
from integrations.rows import read_row
from integrations.tolerant import LONGEST_ID

# Goes into each row's hash. Raise it when the mapping says something else of the same row: all are read anew then.
MAPPING = "1"
# Moves with everything and with nothing (talynce.md 1, incremental sync).
RESTLESS = ("updated_at",)
# Parts of a signed address that change whenever it is asked for.
SIGNING = frozenset({"expires", "signature", "sig", "token", "key-pair-id", "policy", "se", "st", "sp", "sv", "sr"})
HALF = 32  # characters of a hash that stand for one half of a row
UNREADABLE = "Talynce's answer about this person can't be read."


def listed(raw: Any, options: Mapping[str, Any]) -> Unread:
    """A row of the list of candidates, which has no applications."""
    return Unread(identifier(raw), _profile_print(raw), _candidate(raw, options), is_brief=True)


def detailed(raw: Any, options: Mapping[str, Any]) -> Unread:
    """A whole candidate. The hash begins with that of the row in the list, so that the two can be told to agree."""
    return Unread(identifier(raw), _profile_print(raw) + _rest_print(raw, options), _candidate(raw, options))


def job(raw: Any, clients: Mapping[str, str]) -> Unread:
    named = clients.get(str(raw.get("client_id"))) if isinstance(raw, dict) else None
    read = partial(read_row, raw, payloads.Job, partial(mapping.to_job, clients=clients))
    return Unread(identifier(raw), _hash([_calm(raw), named]), read)


def unreadable(raw: dict[str, Any]) -> Unread:
    """Somebody whose detail came as something else than data, several times: set aside, and the rest goes on."""
    return Unread("", "", partial(Malformed, identifier(raw), UNREADABLE, storable(raw)))


def identifier(raw: Any) -> str:
    """The id of a row if it has a usable one, else empty."""
    found = raw.get("id") if isinstance(raw, dict) else None
    plain = isinstance(found, str) and found.isascii() and found.isprintable() and " " not in found
    return str(found) if plain and 0 < len(str(found)) <= LONGEST_ID else ""


def _candidate(raw: Any, options: Mapping[str, Any]) -> Callable[[], Row]:
    return partial(read_row, raw, payloads.Candidate, partial(mapping.to_candidate, options=options))


def _profile_print(raw: Any) -> str:
    """Of what the list and the detail both have (talynce.md 2.2)."""
    row = raw if isinstance(raw, dict) else {}
    shared = {key: row.get(key) for key in sorted(mapping.SHARED_KEYS) if key not in RESTLESS}
    url = shared.get("resume_url")
    if isinstance(url, str):
        shared["resume_url"] = _unsigned(url)
    return _hash(shared)[:HALF]


def _rest_print(raw: Any, options: Mapping[str, Any]) -> str:
    row = raw if isinstance(raw, dict) else {}
    rest = {key: value for key, value in row.items() if key not in mapping.SHARED_KEYS and key not in RESTLESS}
    applications = rest.pop("applications", None)
    calm = [_calm(entry) for entry in applications] if isinstance(applications, list) else applications
    return _hash([rest, calm, options.get("reject_status")])[:HALF]


def _calm(raw: Any) -> Any:
    return {key: value for key, value in raw.items() if key not in RESTLESS} if isinstance(raw, dict) else raw


def _hash(value: Any) -> str:
    """Empty for what is nested too deeply: it is looked at each time, and set aside."""
    try:
        text = json.dumps(value, sort_keys=True)
    except RecursionError:
        return ""
    return hashlib.sha256(f"{MAPPING}{text}".encode()).hexdigest()


def _unsigned(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in SIGNING and not name.lower().startswith(("x-amz-", "x-goog-"))
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))
