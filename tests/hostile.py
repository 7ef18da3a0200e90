"""Files as they come and files as attackers send them, made here byte by byte (dangers C01–C12)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from integrations.sandbox.documents import _RELATIONS, _TYPES, docx, pdf

__all__ = ["chunk", "docx", "jpeg", "odt", "pdf", "png", "rtf", "word", "zipped"]
BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    "{}</w:t></w:r></w:p></w:body></w:document>"
)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 1, height: int = 1, *, behind: bytes = b"") -> bytes:
    """Grey pixels. ``behind``: what stands after the picture's end."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * (width + 1) * min(height, 100))
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts + behind


def jpeg() -> bytes:
    """The markers of a picture; no viewer would find much in it."""
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return start + b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x00\xff\xd9"


def rtf(text: str) -> bytes:
    return b"{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}" + text.encode("ascii") + b"}"


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(text: str = "Hello", **parts: bytes | str) -> bytes:
    """A Word document. ``document`` replaces its body; other parts are named with ``__`` for ``/``."""
    document = parts.pop("document", '<?xml version="1.0"?>' + BODY.format(text))
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    base = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document}
    return zipped({**base, **named})


def odt(text: str = "Hello") -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    body = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f"<office:text><text:p>{text}</text:p></office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body})


def laughing(times: int = 9) -> str:
    """A document whose entities unfold to billions of letters."""
    entities = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, times + 1))
    return f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>' + BODY.format(f"&a{times};")


def reaching(target: str) -> str:
    """A document that wants another file or address read into it."""
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>' + BODY.format("&e;secret-marker")


def understated(content: bytes) -> bytes:
    """The same archive, its directory saying that every part is ten bytes long."""
    out = bytearray(content)
    place = out.find(b"PK\x01\x02")
    while place >= 0:
        out[place + 24 : place + 28] = struct.pack("<I", 10)
        place = out.find(b"PK\x01\x02", place + 4)
    return bytes(out)


def endless_pdf() -> bytes:
    """Pages that are their own parents."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"
    )


def wide_pdf(objects: int = 100_000) -> bytes:
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    kids = b" ".join(b"%d 0 R" % number for number in range(3, objects))
    parts.append(b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj\n" % (objects, kids))
    parts += [b"%d 0 obj<</Type/Page/Parent 2 0 R>>endobj\n" % number for number in range(3, objects)]
    parts.append(b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n0\n%%%%EOF\n" % objects)
    return b"".join(parts)


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(["Top secret"]))))
    writer.encrypt("a password", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def scripted_pdf() -> bytes:
    """Runs a script when it is opened, starts a program and carries a file."""
    plain = pdf(["Kubernetes"])
    active = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert(document.cookie)) >> "
    active += b"/AA << /O << /S /Launch /F (/bin/sh) >> >> >>"
    return plain.replace(b"<< /Type /Catalog /Pages 2 0 R >>", active)


# name → bytes that no door may take, with the code of the refusal
REFUSED: dict[str, tuple[bytes, str]] = {
    "cv.php": (b"<?php echo 1; ?>", "file_type_mismatch"),
    "cv.phtml": (b"<?php echo 1; ?>", "file_type_mismatch"),
    "cv.pdf.php": (pdf(["x"]), "file_type_mismatch"),
    "cv.PDF.exe": (b"MZ\x90\x00\x03\x00", "file_type"),
    "page.pdf": (b"<html><script>alert(1)</script></html>", "file_type_mismatch"),
    "polyglot.pdf": (b"%PDF-1.4\n<html><script>alert(1)</script>\n%%EOF", "file_unsafe"),
    "cut.pdf": (pdf(["x"])[:200], "file_damaged"),
    "page.png": (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>", "file_damaged"),
    "tail.png": (png(behind=b"<script>alert(1)</script>"), "file_unsafe"),
    "vast.png": (png(60_000, 60_000), "file_bomb"),
    "page.jpg": (b"\xff\xd8\xff<script>alert(1)</script>", "file_damaged"),
    "logo.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file_type_mismatch"),
    "bomb.docx": (word(word__media__nought=b"\x00" * 30_000_000), "file_bomb"),
    "many.docx": (word(**{f"part{number}": b"" for number in range(2_001)}), "file_bomb"),
    "escape.docx": (
        zipped({"[Content_Types].xml": b"", "word/document.xml": b"", "../../evil.txt": b""}),
        "file_unsafe",
    ),
    "rooted.docx": (zipped({"[Content_Types].xml": b"", "word/document.xml": b"", "/etc/evil": b""}), "file_unsafe"),
    "macro.docx": (word(word__vbaProject=b"", **{"word/vbaProject.bin": b"x"}), "file_unsafe"),
    "other.docx": (zipped({"a.txt": b"x"}), "file_type"),
    "half.docx": (word()[:40], "file_damaged"),
    "nothing.pdf": (b"", "file_empty"),
}
NAMES: dict[str, str] = {
    "../../x.pdf": "x.pdf",
    'a"; filename=evil.pdf': 'a"; filename=evil.pdf',
    "x\r\nSet-Cookie: a=b.pdf": "xSet-Cookie: a=b.pdf",
    "é" * 300 + ".pdf": "é" * 146 + ".pdf",
    "cv\u202efdp.pdf": "cvfdp.pdf",
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "": "file",
    "CON": "CON",
    "...": "file",
}
