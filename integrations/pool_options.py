"""Options of connections whose provider lists people pool by pool: checked before they are kept, whoever sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recruitment.errors import DomainError

MOST, LONGEST_ID, LONGEST_TAG = 1_000, 200, 100


def clean_pool_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with ``pools`` as ids, each once, and ``shortlist_tag`` as one line. Raises DomainError."""
    cleaned = dict(options)
    if cleaned.get("pools") is not None:
        cleaned["pools"] = _pools(cleaned["pools"])
    tag = cleaned.get("shortlist_tag")
    if tag is not None and (not isinstance(tag, str) or len(tag.strip()) > LONGEST_TAG or not tag.isprintable()):
        raise _refused(f"shortlist_tag is a text of at most {LONGEST_TAG} characters.")
    if isinstance(tag, str):
        cleaned["shortlist_tag"] = tag.strip()
    return cleaned


def _pools(given: Any) -> list[str]:
    if not isinstance(given, list) or len(given) > MOST:
        raise _refused(f"pools is a list of at most {MOST:,} ids of talent pools; an empty one means all.")
    pools: dict[str, None] = {}
    for pool in given:
        if isinstance(pool, bool) or not isinstance(pool, str | int):
            raise _refused("Each of pools is the id of a talent pool.")
        text = str(pool).strip()
        if not text or len(text) > LONGEST_ID or not text.isprintable():
            raise _refused("Each of pools is the id of a talent pool.")
        pools[text] = None
    return list(pools)


def _refused(message: str) -> DomainError:
    return DomainError(message, field="options", code="invalid")
