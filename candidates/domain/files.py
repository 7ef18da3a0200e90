"""The door that every file passes, whoever brings it: only kinds that people send about themselves (dangers 4.6)."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from candidates.domain.structure import DOCX, JPEG, ODT, PDF, PNG, RTF, TEXT, content_type_of, refusal

EXTENSIONS = {
    PDF: {".pdf"},
    PNG: {".png"},
    JPEG: {".jpg", ".jpeg"},
    RTF: {".rtf"},
    TEXT: {".txt"},
    DOCX: {".docx"},
    ODT: {".odt"},
}
NAME_LIMIT = 150


class FileFacts(NamedTuple):
    content_type: str
    size: int  # bytes
    sha256: str


def inspect_file(file: IO[bytes], file_name: str, *, limit: int) -> FileFacts:
    """Raises DomainError for what isn't taken. Leaves the file at its start."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(256 * 1024):
        size += len(chunk)
        if size > limit:
            raise refusal(f"A file has at most {limit // (1024 * 1024)} MB.", "file_too_large")
        digest.update(chunk)
    if not size:
        raise refusal("This file is empty.", "file_empty")
    content_type = content_type_of(file, size)
    extension = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if extension and extension not in EXTENSIONS[content_type]:
        raise refusal("The end of the file's name doesn't fit what is in it.", "file_type_mismatch")
    file.seek(0)
    return FileFacts(content_type, size, digest.hexdigest())


def clean_file_name(name: str) -> str:
    """For showing only: no path, no control or direction marks, NFC, at most 150 characters with its ending."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = " ".join("".join(char for char in base if not unicodedata.category(char).startswith("C")).split())
    plain = plain.strip(". ")
    if len(plain) > NAME_LIMIT:
        ending = PurePosixPath(plain).suffix[:10]
        plain = plain[: NAME_LIMIT - len(ending)] + ending
    return plain or "file"
