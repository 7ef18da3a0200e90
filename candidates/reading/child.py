"""The reader itself: ``python -I child.py KIND`` with the file as standard input, its text on standard output.

Runs alone: no settings, no environment, no database. It gives up all it doesn't need before it looks at the file:
network (where the system allows it), new files, more memory, more time. What goes wrong ends in a status that isn't 0.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterable
from xml.parsers import expat

SECONDS, MEMORY, LONGEST = 10, 512 * 1024 * 1024, 100_000
LARGEST_PART = 50 * 1024 * 1024  # of XML inside a document
PAGES = 200
ALONE = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET


def give_up_rights() -> None:
    """Limits can't be raised again. Without a network of its own the process still has no address and no key."""
    for what, limit in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (limit, limit))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.unshare(ALONE)  # refused in some containers: then the limits above have to do
        libc.prctl(38, 1, 0, 0, 0)  # no new privileges


class Enough(Exception):
    """The text is as long as it may be."""


class Text:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def add(self, part: str) -> None:
        self.parts.append(part)
        self.length += len(part)
        if self.length >= LONGEST:
            raise Enough

    def all(self) -> str:
        """Halves of a pair that came apart (RTF) are one letter again."""
        whole = "".join(self.parts)[:LONGEST]
        return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_pdf(file: io.BufferedReader, text: Text) -> None:
    from pypdf import PdfReader

    reader = PdfReader(file, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ValueError("encrypted")
    for number, page in enumerate(reader.pages):
        if number >= PAGES:
            break
        text.add(page.extract_text() + "\n\n")


def read_docx(file: io.BufferedReader, text: Text) -> None:
    with zipfile.ZipFile(file) as archive:
        read_xml(archive, "word/document.xml", text, texts={"t"}, breaks={"p", "br", "cr", "tr"}, gaps={"tab", "tc"})


def read_odt(file: io.BufferedReader, text: Text) -> None:
    with zipfile.ZipFile(file) as archive:
        read_xml(archive, "content.xml", text, texts={"p", "h", "span", "a"}, breaks={"p", "h"}, gaps={"s", "tab"})


def read_xml(
    archive: zipfile.ZipFile, part: str, text: Text, *, texts: set[str], breaks: set[str], gaps: set[str]
) -> None:
    """Letters inside ``texts``. A document type, and with it every entity, ends the reading: no document has one."""
    inside: list[str] = []

    def start(name: str, _attributes: object) -> None:
        inside.append(name.rpartition("}")[2])
        if inside[-1] in gaps:
            text.add(" ")

    def end(_name: str) -> None:
        if inside.pop() in breaks:
            text.add("\n")

    def letters(data: str) -> None:
        if inside and inside[-1] in texts:
            text.add(data)

    def refuse(*_: object) -> int:
        raise ValueError("a document type")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, letters
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    with archive.open(part) as stream:
        left = LARGEST_PART
        while chunk := stream.read(64 * 1024):
            left -= len(chunk)
            if left < 0:
                raise ValueError("too large")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
NOT_SHOWN = {
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "generator",
    "themedata",
}
SPACES = {"par": "\n", "line": "\n", "row": "\n", "page": "\n", "tab": " ", "cell": " ", "emdash": "—", "endash": "–"}


def read_rtf(file: io.BufferedReader, text: Text) -> None:
    """Control words out, letters in. Hidden groups are fonts and pictures; ``skip``: what stands in for \\u."""
    stack: list[tuple[bool, int]] = []
    hidden, width, skip = False, 1, 0
    for word, number, code, sign, brace, plain in TOKEN.findall(file.read().decode("cp1252", "replace")):
        if brace == "{":
            stack.append((hidden, width))
        elif brace == "}":
            hidden, width = stack.pop() if stack else (False, 1)
        elif sign == "*" or word in NOT_SHOWN:
            hidden = True
        elif word == "uc":
            width = int(number or 1)
        elif hidden:
            continue
        elif word == "u" and number:
            text.add(chr(int(number) % 65536))
            skip = width
        elif word in SPACES:
            text.add(SPACES[word])
        elif code or sign or plain:
            letters = bytes.fromhex(code).decode("cp1252", "replace") if code else {"~": " "}.get(sign, sign) or plain
            text.add(letters[skip:] if skip else letters)
            skip = max(skip - len(letters), 0)


def read_text(file: io.BufferedReader, text: Text) -> None:
    text.add(file.read(LONGEST * 4).decode("utf-8-sig", "replace"))


READERS: dict[str, Callable[[io.BufferedReader, Text], None]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "odt": read_odt,
    "rtf": read_rtf,
    "text": read_text,
}


def main(arguments: Iterable[str]) -> None:
    kind = next(iter(arguments))
    if kind == "pdf":
        import pypdf  # noqa: F401  (before files can no longer be opened in numbers)
    give_up_rights()
    text = Text()
    with contextlib.suppress(Enough):
        READERS[kind](os.fdopen(0, "rb"), text)
    sys.stdout.buffer.write(text.all().encode("utf-8", "replace"))


if __name__ == "__main__":
    main(sys.argv[1:])
