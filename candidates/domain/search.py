"""Finding people by part of a name, an e-mail address or a company, whatever the accents and the case."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from candidates.models import Candidate

MOST_FILE_WORDS = 4_000  # characters of a person's files that are searched
SHORTEST_FILE_WORD = 2
AROUND = ".,;:!?()[]{}<>|/\\\"'`*_-–—•·…“”„‘’«»"  # stands around a word and isn't part of it; "c++" and "c#" stay

# Letters that have no decomposition, as a person without the keyboard types them.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t"}
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """NFKD without marks, case-folded, single spaces: "Élodie  ÅŚ" and "elodie as" become the same."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(PLAIN)
    return " ".join(plain.split())


def file_words(texts: Iterable[str]) -> str:
    """The different words of a person's files, folded, in the order of their first appearance, at most 4,000
    characters. Kept apart from ``search_text``: lists and imports carry that one with every person.
    """
    words: dict[str, None] = {}
    length = 0
    for text in texts:
        for word in (part.strip(AROUND) for part in fold(text).split()):
            if len(word) < SHORTEST_FILE_WORD or word in words:
                continue
            length += len(word) + 1
            if length > MOST_FILE_WORDS:
                return " ".join(words)
            words[word] = None
    return " ".join(words)


def search_text(candidate: Candidate) -> str:
    """What is searched of a person, folded, at most 4,000 characters: names, e-mails, company, title, headline, digits
    of phones.
    """
    parts = [
        candidate.full_name or f"{candidate.first_name} {candidate.last_name}",
        *(str(row.get("value", "")) for row in candidate.emails),
        candidate.current_company,
        candidate.current_title,
        candidate.headline,
        *("".join(filter(str.isdigit, str(row.get("value", "")))) for row in candidate.phones),
    ]
    return fold(" ".join(filter(None, parts))[:4000])[:4000]
