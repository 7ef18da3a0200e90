"""The sandbox's time: the wall clock, plus what a test or a person advanced it by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and ``Z``, the only form in which times leave the sandbox. Sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def today() -> datetime:
    """Midnight UTC: the base that all invented dates are counted from."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def iso(self) -> str:
        return iso(self.now())

    def advance(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)
