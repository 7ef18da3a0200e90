"""What the domain refuses, in words for the person who asked. Views and the API turn these into answers."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """Something that can't be done. ``field`` names the input it is about; ``code`` is for programs."""

    status = 400

    def __init__(self, message: str, *, field: str | None = None, code: str = "invalid", **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.extra = extra


class Conflict(DomainError):
    """The thing has changed meanwhile, or is at it already: nothing was done."""

    status = 409


class EditConflict(Conflict):
    """Somebody else changed the same fields. ``fields``: ``{name: {"base", "yours", "theirs", "by", "at"}}``."""

    def __init__(self, fields: dict[str, dict[str, Any]]) -> None:
        super().__init__(
            "Somebody else changed this while you were editing.",
            code="edit_conflict",
            field=next(iter(fields), None),
            fields=fields,
        )
        self.fields = fields
