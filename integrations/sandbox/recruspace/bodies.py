"""Bodies of writes: JSON, and the multipart forms of the two calls that carry a file."""

from __future__ import annotations

from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from integrations.sandbox.http import MISSING, Request
from integrations.sandbox.recruspace.envelopes import ApiError

REQUIRED = "This field is required."
FORMATS = (".pdf", ".docx", ".doc")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content: bytes


def json_of(request: Request) -> dict[str, Any]:
    body = request.json()
    if body is MISSING or not isinstance(body, dict):
        raise ApiError(400, "JSON parse error.")
    return body


def form_of(request: Request) -> dict[str, Any]:
    """Fields as text, files as Upload."""
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith("multipart/form-data"):
        raise ApiError(400, "The body must be multipart/form-data.")
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    found: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name, file_name = part.get_param("name", header="content-disposition"), part.get_filename()
        sent = part.get_payload(decode=True)
        content = sent if isinstance(sent, bytes) else b""
        found[str(name)] = content.decode("utf-8", "replace") if file_name is None else Upload(file_name, content)
    return found


def text(body: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise ApiError(400, {name: [REQUIRED]})
        return ""
    if not isinstance(value, str) or not value.strip():
        raise ApiError(400, {name: ["Not a valid string."]})
    return value


def whole(body: dict[str, Any], name: str, *, required: bool = True) -> int | None:
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise ApiError(400, {name: [REQUIRED]})
        return None
    if isinstance(value, bool) or not str(value).isdigit():
        raise ApiError(400, {name: ["A valid integer is required."]})
    return int(value)


def document(upload: Any, name: str) -> Upload:
    """PDF, DOCX or DOC (section 5)."""
    if not isinstance(upload, Upload):
        raise ApiError(400, {name: ["No file was submitted."]})
    if not upload.name.lower().endswith(FORMATS):
        raise ApiError(400, {name: ["Only PDF, DOCX and DOC files are taken."]})
    return upload
