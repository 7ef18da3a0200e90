"""Kombo ids: 24 Base58 signs that follow from the ATS's own number, and lead back to it (kombo.md 5).

The id doesn't know which model it is for: two models whose rows are numbered alike share their ids, as upstream.
"""

from __future__ import annotations

import re
from functools import lru_cache

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SPACE = 58**24
PATTERN = re.compile(r"[1-9A-HJ-NP-Za-km-z]{24}")
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_FACTOR = 0x1F4A7C15_9E3779B9_7F4A7C15_F39CC0605  # odd and no multiple of 29, so it has an inverse modulo 58**24
_INVERSE = pow(_FACTOR, -1, SPACE)
_SHIFT = 0x2545F491_4F6CDD1D_0123456789


@lru_cache(maxsize=50_000)
def kombo_id(number: int) -> str:
    value = (number * _FACTOR + _SHIFT) % SPACE
    quarters = []
    for _ in range(4):
        value, quarter = divmod(value, 58**6)
        quarter, first = divmod(quarter, 3364)
        third, second = divmod(quarter, 3364)
        quarters.append(_PAIRS[first] + _PAIRS[second] + _PAIRS[third])
    return "".join(quarters)


def number_of(identifier: str) -> int:
    """The ATS number behind a well-formed id. Ids that nobody gave out lead to numbers that nobody has."""
    value = 0
    for start in range(22, -1, -2):
        value = value * 3364 + _VALUE[identifier[start]] * 58 + _VALUE[identifier[start + 1]]
    return (value - _SHIFT) * _INVERSE % SPACE


def is_id(text: object) -> bool:
    return isinstance(text, str) and PATTERN.fullmatch(text) is not None
