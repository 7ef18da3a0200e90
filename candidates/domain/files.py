"""What a file really is, told from its bytes; only kinds that people send about themselves are taken (dangers 4.6)."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from recruitment.errors import DomainError

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
RTF, TEXT = "application/rtf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"{\\rtf", RTF))
EXTENSIONS = {
    PDF: {".pdf"},
    PNG: {".png"},
    JPEG: {".jpg", ".jpeg"},
    RTF: {".rtf"},
    TEXT: {".txt"},
    DOCX: {".docx"},
    ODT: {".odt"},
}
TAKEN = "PDF, Word (docx), OpenDocument, RTF, plain text, PNG and JPEG"
MOST_MEMBERS, LARGEST_INSIDE, STEEPEST = 2_000, 100 * 1024 * 1024, 100
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
            raise _refusal(f"A file has at most {limit // (1024 * 1024)} MB.", "file_too_large")
        digest.update(chunk)
    if not size:
        raise _refusal("This file is empty.", "file_empty")
    content_type = _content_type(file)
    extension = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if extension and extension not in EXTENSIONS[content_type]:
        raise _refusal("The end of the file's name doesn't fit what is in it.", "file_type_mismatch")
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


def _content_type(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(4096)
    for mark, content_type in MAGIC:
        if head.startswith(mark):
            return content_type
    if head.startswith(b"PK\x03\x04"):
        return _packed_type(file)
    if _is_text(file):
        return TEXT
    raise _refusal(f"This kind of file isn't taken. Taken are {TAKEN}.", "file_type")


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text)


def _packed_type(file: IO[bytes]) -> str:
    """DOCX or ODT, judged from the archive's directory; nothing is unpacked."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(members)
            names = {member.filename for member in members}
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return DOCX
            if "content.xml" in names and _mimetype(archive) == ODT:
                return ODT
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise _refusal("This file is damaged.", "file_damaged") from None
    raise _refusal(f"This kind of file isn't taken. Taken are {TAKEN}.", "file_type")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    inside = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or inside > LARGEST_INSIDE or inside > STEEPEST * max(packed, 1):
        raise _refusal("This file unpacks to far more than a document needs.", "file_bomb")
    if any(_is_unsafe(member) for member in members):
        raise _refusal("This file holds parts that a document doesn't have.", "file_unsafe")


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    return (
        path.is_absolute()
        or ".." in path.parts
        or bool(member.flag_bits & 1)  # encrypted
        or stat.S_ISLNK(member.external_attr >> 16)
        or path.name.lower() == "vbaproject.bin"  # macros
    )


def _mimetype(archive: zipfile.ZipFile) -> str:
    try:
        with archive.open("mimetype") as part:
            return part.read(200).decode("ascii", "replace").strip()
    except KeyError:
        return ""


def _refusal(message: str, code: str) -> DomainError:
    return DomainError(message, field="file", code=code)
