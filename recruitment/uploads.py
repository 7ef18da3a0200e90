"""Uploads that are announced as too large are not read, let alone kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

ENVELOPE = 64 * 1024  # bytes that a form adds to its file


def largest_body() -> int:
    return settings.ATTACHMENT_MAX_BYTES + ENVELOPE


class BoundedUploads(FileUploadHandler):
    """First of the handlers: what comes before the file (the token against forgery among it) is read, the file isn't.

    ``request.upload_refused`` is then True.
    """

    too_large = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.too_large = content_length > largest_body()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.too_large:
            if self.request is not None:
                self.request.upload_refused = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
