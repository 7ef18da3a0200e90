"""An append-only file of JSON lines, so that a restarted sandbox still knows what it was told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Journal:
    """Without a path it forgets everything. A last line that was cut by a crash is dropped when reading."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path else None
        self._fd: int | None = None

    def read(self) -> list[dict[str, Any]]:
        if self.path is None or not self.path.exists():
            return []
        entries = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                entries.append(json.loads(line))
            except ValueError:
                continue
        return entries

    def append(self, entry: dict[str, Any]) -> None:
        if self.path is None:
            return
        if self._fd is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            torn = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
            self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            if torn:
                os.write(self._fd, b"\n")
        os.write(self._fd, json.dumps(entry, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
