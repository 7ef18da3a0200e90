"""Does what a profile says fit the columns? Asked in Python first: a row that the database refuses costs a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from candidates.domain.intake.values import is_blank
from candidates.domain.profiles import Mark

Check = Callable[[Any], str]  # a reason, empty when the value fits


@cache
def columns(model: type[models.Model]) -> dict[str, Check]:
    return {field.name: _check_of(field) for field in model._meta.concrete_fields if not field.is_relation}


def obstacle(model: type[models.Model], fields: Mapping[str, Any]) -> str:
    """Why these fields don't fit, in words; empty when they do."""
    known = columns(model)
    for name, value in fields.items():
        check = known.get(name)
        if check is None:
            return f"There is no field {name}."
        if isinstance(value, Mark) or is_blank(value):
            continue
        if reason := check(value):
            return f"{name.replace('_', ' ').capitalize()}: {reason}"
    return ""


def _check_of(field: models.Field) -> Check:
    if isinstance(field, models.JSONField):
        wanted = type(field.get_default())
        return lambda value: "" if isinstance(value, wanted) else f"it should be a {wanted.__name__}."
    if isinstance(field, models.CharField):
        values = {value for value, _label in field.flatchoices}
        return lambda value: _text(value, field.max_length or 0, values)
    if isinstance(field, models.TextField):
        return lambda value: "" if isinstance(value, str) else "it isn't text."
    if isinstance(field, models.BooleanField):
        return lambda value: "" if isinstance(value, bool) else "it is neither true nor false."
    if isinstance(field, models.DateTimeField):
        return lambda value: "" if isinstance(value, datetime) and value.tzinfo else "it isn't a point in time."
    if isinstance(field, models.DecimalField):
        return lambda value: _number(value, field)
    return lambda value: "" if isinstance(value, int) and 0 <= value < 2**31 else "it isn't a number that fits."


def _text(value: Any, limit: int, choices: set[Any]) -> str:
    if not isinstance(value, str):
        return "it isn't text."
    if len(value) > limit:
        return f"it has {len(value):,} characters; {limit:,} fit."
    return f"“{value}” is none of the known values." if choices and value not in choices else ""


def _number(value: Any, field: models.DecimalField) -> str:
    if not isinstance(value, Decimal | int | float) or isinstance(value, bool):
        return "it isn't a number."
    return (
        "" if abs(value) < 10 ** ((field.max_digits or 0) - (field.decimal_places or 0)) else "the number is too large."
    )
