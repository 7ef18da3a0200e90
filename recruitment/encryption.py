"""Secrets at rest: a JSON field whose column holds only ciphertext.

Keys come from ``FIELD_ENCRYPTION_KEYS``, newest first: new values use the first, old ones open with any. A database
without the keys gives nothing away.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class SecretsUnreadable(Exception):
    """No key of FIELD_ENCRYPTION_KEYS opens this value."""


class Secrets(dict[str, str]):
    """A dict of credentials that doesn't show its values in a repr, a log or a traceback."""

    def __repr__(self) -> str:
        return f"<Secrets {sorted(self)}>"

    __str__ = __repr__


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS))


class EncryptedJSONField(models.TextField):
    """Stores a flat dict of text, encrypted and authenticated. Empty dict: empty column."""

    if TYPE_CHECKING:  # what django-stubs reads for the types of setting and getting
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(editable=False, blank=True, default=Secrets)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "blank", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> str:
        if not value:
            return ""
        return box().encrypt(json.dumps(dict(value)).encode()).decode()

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Secrets:
        if not value:
            return Secrets()
        try:
            return Secrets(json.loads(box().decrypt(value.encode())))
        except InvalidToken:
            raise SecretsUnreadable(
                "These credentials were encrypted with a key that is no longer configured."
            ) from None

    def to_python(self, value: Any) -> Secrets:
        return value if isinstance(value, Secrets) else Secrets(value or {})
