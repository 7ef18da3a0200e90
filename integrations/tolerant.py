"""Shapes that survive what a provider sends: the base of every provider's payloads.

Only an ``Id`` must be there. A ``Maybe`` of the wrong type is None, and ``raw`` still holds what came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    WrapValidator,
    model_validator,
)

T = TypeVar("T")
LONGEST_ID = 200


def _identifier(value: Any) -> str:
    """An id as text: 12 and "12" are one. Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no id")
    value = value.strip()
    if len(value) > LONGEST_ID or not value.isprintable() or "\ufffd" in value:
        raise ValueError("no usable id")
    return value


def _or_none(value: Any, read: Callable[[Any], Any]) -> Any:
    try:
        return read(value)
    except ValidationError:
        return None


def _readable(value: Any, read: Callable[[Any], Any]) -> Any:
    """Every entry of a list that can be read; None for anything but a list."""
    try:
        return read(value)
    except ValidationError:
        if not isinstance(value, list):
            return None
    return [entry for item in value for entry in _one(item, read)]


def _one(item: Any, read: Callable[[Any], Any]) -> list[Any]:
    try:
        return list(read([item]))
    except ValidationError:
        return []


Id = Annotated[str, BeforeValidator(_identifier)]
Maybe = Annotated[T | None, WrapValidator(_or_none)]
Entries = Annotated[list[T] | None, WrapValidator(_readable)]
Text = Maybe[str]


class Payload(BaseModel):
    """``raw`` is the object as it came, unknown keys and wrong types included."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, protected_namespaces=())

    @model_validator(mode="wrap")
    @classmethod
    def _keep_raw(cls, value: Any, read: Callable[[Any], Self]) -> Self:
        payload = read(value)
        # Not a private attribute of pydantic's: reading one costs ten times as much, and every field asks for it.
        payload.__dict__["raw"] = value if isinstance(value, dict) else {}
        return payload

    if TYPE_CHECKING:

        @property
        def raw(self) -> dict[str, Any]: ...
