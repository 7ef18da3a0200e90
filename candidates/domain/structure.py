"""Whether bytes are what their first few claim: the parts that a real file of each kind has (dangers C02, C06, C07).

Nothing is unpacked or drawn here. Each function answers the content type or raises DomainError.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from recruitment.errors import DomainError

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
RTF, TEXT = "application/rtf", "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
TAKEN = "PDF, Word (docx), OpenDocument, RTF, plain text, PNG and JPEG"

MOST_MEMBERS, LARGEST_INSIDE, STEEPEST = 2_000, 100 * 1024 * 1024, 100
MOST_PIXELS = 100_000_000
PDF_TAIL = 64 * 1024  # bytes at the end in which a PDF closes; scanners add padding
# What makes a browser that guesses read a page where a document should be.
MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)
DIRECTORY_END = b"PK\x05\x06"


def content_type_of(file: IO[bytes], size: int) -> str:
    """What the file is by its content."""
    head = _part(file, 0, 4096)
    if head.startswith(b"%PDF-"):
        return _pdf(file, head, size)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(file, size)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file, size)
    if head.startswith(b"{\\rtf"):
        return RTF
    if head.startswith(b"PK\x03\x04"):
        return _packed(file, size)
    if _is_text(file):
        return TEXT
    raise refusal(f"This kind of file isn't taken. Taken are {TAKEN}.", "file_type")


def refusal(message: str, code: str) -> DomainError:
    return DomainError(message, field="file", code=code)


def _part(file: IO[bytes], start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _pdf(file: IO[bytes], head: bytes, size: int) -> str:
    if MARKUP.search(head[:1024]):
        raise refusal("This file is a PDF and a web page at once.", "file_unsafe")
    if b"%%EOF" not in _part(file, max(size - PDF_TAIL, 0), PDF_TAIL):
        raise refusal("This PDF is damaged: its end is missing.", "file_damaged")
    return PDF


def _png(file: IO[bytes], size: int) -> str:
    """Chunk by chunk: the header first with its checksum, the end last with nothing after it."""
    place, first = 8, True
    while place + 12 <= size:
        length, kind = struct.unpack(">I4s", _part(file, place, 8))
        if first:
            _expect_png_header(_part(file, place + 4, 21), length, kind)
        first = False
        place += 12 + length
        if kind == b"IEND":
            if place != size:
                raise refusal("This picture has something else behind it.", "file_unsafe")
            return PNG
    raise refusal("This picture is damaged.", "file_damaged")


def _expect_png_header(chunk: bytes, length: int, kind: bytes) -> None:
    if kind != b"IHDR" or length != 13 or len(chunk) != 21:
        raise refusal("This picture is damaged.", "file_damaged")
    checksum = struct.unpack(">I", chunk[17:])[0]
    width, height = struct.unpack(">II", chunk[4:12])
    if zlib.crc32(chunk[:17]) != checksum or not width or not height:
        raise refusal("This picture is damaged.", "file_damaged")
    if width * height > MOST_PIXELS:
        raise refusal("This picture is too large to be shown.", "file_bomb")


def _jpeg(file: IO[bytes], size: int) -> str:
    """Marker by marker up to the picture itself. Telephones write films behind its end."""
    place = 2
    while place + 4 <= size:
        mark, kind, length = struct.unpack(">BBH", _part(file, place, 4))
        if mark != 0xFF or length < 2:
            break
        if kind == 0xDA:  # start of scan: what follows is the picture
            return JPEG
        place += 2 + length
    raise refusal("This picture is damaged.", "file_damaged")


def _is_text(file: IO[bytes]) -> bool:
    file.seek(0)
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n\f" for char in text)


def _packed(file: IO[bytes], size: int) -> str:
    """DOCX or ODT, judged from the archive's directory."""
    if _claimed_members(file, size) > MOST_MEMBERS:  # before the directory is read: a million entries cost seconds
        raise refusal("This file unpacks to far more than a document needs.", "file_bomb")
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
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, zlib.error):
        raise refusal("This file is damaged.", "file_damaged") from None
    raise refusal(f"This kind of file isn't taken. Taken are {TAKEN}.", "file_type")


def _claimed_members(file: IO[bytes], size: int) -> int:
    tail = io.BytesIO(_part(file, max(size - 65_557, 0), 65_557)).getvalue()
    place = tail.rfind(DIRECTORY_END)
    return struct.unpack("<H", tail[place + 10 : place + 12])[0] if 0 <= place <= len(tail) - 12 else 0


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    inside = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS or inside > LARGEST_INSIDE or inside > STEEPEST * max(packed, 1):
        raise refusal("This file unpacks to far more than a document needs.", "file_bomb")
    if len(names) != len(members) or any(_is_unsafe(member) for member in members):
        raise refusal("This file holds parts that a document doesn't have.", "file_unsafe")


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
