"""Values of a person or an application as people read them: lines of words for lists and objects, never JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from candidates.enums import Outcome
from candidates.personal import as_text, availability_pairs, experience, pairs, pay_pairs

MOMENTS = ("applied_at", "rejected_at", "last_activity_at")


def lines_of(field: str, value: Any) -> list[str]:
    """Empty for nothing."""
    if value in (None, "", [], {}):
        return []
    shape = SHAPES.get(field)
    if shape is not None:
        found = shape(value)
    elif isinstance(value, dict):
        found = _labelled(pairs(value))
    elif isinstance(value, list):
        found = [as_text(one) for one in value]
    else:
        found = [_day(value) if field in MOMENTS else as_text(value)]
    return [line for line in found if line]


def _labelled(found: list[tuple[str, str]]) -> list[str]:
    return [f"{label}: {text}" for label, text in found]


def _day(value: Any) -> str:
    moment = parse_datetime(str(value))
    return date_format(timezone.localtime(moment), "j F Y, H:i") if moment else str(value)


def _addresses(value: Any) -> list[str]:
    """[{value, kind}] as "mina@example.org (work)"."""
    if not isinstance(value, list):
        return [as_text(value)]
    return [_address(row) if isinstance(row, dict) else as_text(row) for row in value]


def _address(row: dict[str, Any]) -> str:
    kind = f" ({row['kind']})" if row.get("kind") else ""
    return f"{row['value']}{kind}" if row.get("value") else as_text(row)


def _place(value: Any) -> list[str]:
    """The source's own line, then the parts that it doesn't hold already."""
    if not isinstance(value, dict):
        return [as_text(value)]
    raw = str(value.get("raw") or "")
    city = " ".join(str(value[part]) for part in ("zip_code", "city") if value.get(part))
    parts = [str(value.get(part) or "") for part in ("street_1", "street_2")]
    parts += [city, str(value.get("state") or ""), str(value.get("country") or "")]
    rest = ", ".join(part for part in parts if part and part not in raw)
    return [raw, rest]


def _experiences(value: Any) -> list[str]:
    if not isinstance(value, list):
        return [as_text(value)]
    return [_experience(row) if isinstance(row, dict) else as_text(row) for row in value]


def _experience(row: dict[str, Any]) -> str:
    item = experience(row)
    return " · ".join(filter(None, [item.title, item.company, item.when])) or as_text(row)


def _answers(value: Any) -> list[str]:
    if not isinstance(value, list):
        return [as_text(value)]
    return [
        f"{row.get('question') or 'Question'}: {as_text(row.get('answer')) or 'no answer'}"
        for row in value
        if isinstance(row, dict)
    ]


def _stage(value: Any) -> list[str]:
    """A stage is kept by its name, or with its ids as {id, external_id, name}."""
    return [str(value.get("name") or value.get("external_id") or "") if isinstance(value, dict) else str(value)]


def _outcome(value: Any) -> list[str]:
    return [str(Outcome(value).label) if value in Outcome.values else str(value)]


def _of_object(make: Callable[[Any], list[tuple[str, str]]]) -> Callable[[Any], list[str]]:
    return lambda value: _labelled(make(value)) if isinstance(value, dict) else [as_text(value)]


SHAPES: dict[str, Callable[[Any], list[str]]] = {
    "emails": _addresses,
    "phones": _addresses,
    "links": _addresses,
    "location": _place,
    "experiences": _experiences,
    "screening_answers": _answers,
    "stage": _stage,
    "outcome": _outcome,
    "compensation": _of_object(pay_pairs),
    "availability": _of_object(availability_pairs),
}
