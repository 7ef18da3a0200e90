"""What a POST or PUT may carry (talynce.md 2.4), strictly: a number sent as text is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.http import MISSING, Request
from integrations.sandbox.talynce.envelopes import invalid

Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


TEXTS = (
    *("phone_number", "whatsapp_number", "location", "preferred_location", "current_company", "current_designation"),
    *("last_working_day", "resume_url", "resume_path"),
)
# Field → (its kind, whether null clears it).
FIELDS: Mapping[str, tuple[Check, bool]] = {
    "full_name": (_text, False), "email": (_text, False), "source": (_text, False), "metadata": (_object, True),
    **dict.fromkeys(TEXTS, (_text, True)),
    **dict.fromkeys(("primary_skills", "secondary_skills"), (_texts, False)),
    **dict.fromkeys(("total_experience_years", "current_ctc", "expected_ctc"), (_number, True)),
    "notice_period_days": (_whole, True), "in_notice_period": (_flag, True), "application": (_object, False),
}  # fmt: skip
IN_APPLICATION: Mapping[str, tuple[Check, bool]] = {
    "job_id": (_text, False), "status": (_text, False), "notes": (_text, True),
}  # fmt: skip
# Which fields of a masked profile are locked isn't listed; these are assumed (talynce.md 2.7).
LOCKED = ("email", "phone_number", "whatsapp_number", "current_ctc", "expected_ctc", "resume_url")


def body_of(request: Request) -> dict[str, Any]:
    """Raises ApiError. Fields that are read only, or that nobody knows, are passed over."""
    body = request.json()
    if body is MISSING or not isinstance(body, dict):
        raise invalid("body", "The body must be a JSON object.")
    _check(body, FIELDS, "")
    if "application" in body:
        application = body["application"]
        _check(application, IN_APPLICATION, "application.")
        if "job_id" not in application:
            raise invalid("application.job_id", "application.job_id is required.")
        check_id("application.job_id", application["job_id"])
    return {key: value for key, value in body.items() if key in FIELDS and key != "resume_path"}


def _check(body: Mapping[str, Any], fields: Mapping[str, tuple[Check, bool]], prefix: str) -> None:
    for name, (fits, nullable) in fields.items():
        if name not in body or (body[name] is None and nullable):
            continue
        if not fits(body[name]):
            raise invalid(prefix + name, f"{prefix}{name} has the wrong type.")


def check_id(field: str, value: str) -> None:
    try:
        uuid.UUID(value)
    except ValueError:
        raise invalid(field, f"{field} must be a UUID.") from None
