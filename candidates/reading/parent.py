"""Starts the reader, gives it the file, and takes no more than a text of bounded length from it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Any

from candidates.domain.structure import DOCX, ODT, PDF, RTF, TEXT

CHILD = Path(__file__).with_name("child.py")
READABLE = {PDF: "pdf", DOCX: "docx", ODT: "odt", RTF: "rtf", TEXT: "text"}
LONGEST = 100_000  # characters that are kept of a text
SECONDS = 20.0  # of the clock; the child's own limit is 10 of the processor


def text_of(file: IO[bytes], content_type: str, *, seconds: float = SECONDS) -> str | None:
    """The file's text; None when it has none or it can't be read. Never raises for what is in the file."""
    kind = READABLE.get(content_type)
    if kind is None:
        return None
    with tempfile.TemporaryFile() as copy:  # a real file: the child needs to seek, a storage may be far away
        file.seek(0)
        shutil.copyfileobj(file, copy, 256 * 1024)
        copy.seek(0)
        said = _run(kind, copy, seconds)
    return None if said is None else _clean(said)


def _run(kind: str, file: IO[Any], seconds: float) -> str | None:
    """None: it failed, was killed, or its time was over."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", str(CHILD), kind],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},  # no secret of ours goes along
        cwd="/",
        close_fds=True,
        start_new_session=True,
    )
    alarm = threading.Timer(seconds, _kill, [child])
    alarm.start()
    try:
        assert child.stdout is not None  # noqa: S101  (asked for above)
        said = child.stdout.read(LONGEST * 4 + 1)
        if len(said) > LONGEST * 4:
            return None
        return said.decode("utf-8", "replace") if child.wait() == 0 else None
    finally:
        alarm.cancel()
        _kill(child)
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """It and whatever it started."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def _clean(text: str) -> str | None:
    lines = (" ".join("".join(c for c in line if c >= " ").split()) for line in text[:LONGEST].splitlines())
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip() or None
