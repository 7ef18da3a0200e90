"""A person's facts as they are read: each with where it came from and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from candidates.models import Application, Candidate

# What the activity tells of who somebody is: nothing for anonymous review, on screen and in the API.
IDENTIFYING = (
    *(
        "created",
        "edited",
        "attached",
        "detached",
        "imported",
        "linked",
        "not_linked",
        "split",
        "split_off",
        "merged",
        "unmerged",
    ),
    "conflict_resolved",
)


@dataclass(frozen=True, slots=True)
class Experience:
    title: str
    company: str
    when: str
    months: int | None
    length: str
    description: str


class Facts:
    """What the profile shows. ``origin``: where each field came from (``candidates.origins``).

    ``hidden`` leaves out who it is, as the API does: what the person did and can stays.
    """

    def __init__(self, candidate: Candidate, origin: Mapping[str, Any], *, hidden: bool) -> None:
        self.hidden = hidden
        self.origin = origin
        self.name = pseudonym(candidate) if hidden else known_name(candidate)
        self.initials_from = "" if hidden or not has_name(candidate) else self.name
        self.headline = "" if hidden or _same(candidate.headline, candidate.current_title) else candidate.headline
        self.place = "" if hidden else place(candidate.location)
        self.emails = [] if hidden else values(candidate.emails)
        self.phones = [] if hidden else values(candidate.phones)
        self.links = [] if hidden else _links(candidate.links)
        self.experiences = [experience(row) for row in candidate.experiences if isinstance(row, dict)]
        self.total = _years(sum(item.months or 0 for item in self.experiences))
        self.employers = len({item.company.casefold() for item in self.experiences if item.company})
        self.longest = max((item.months or 0 for item in self.experiences), default=0)
        self.pay = [] if hidden else pay_pairs(candidate.compensation) or self._hidden_pay()
        self.availability = [] if hidden else availability_pairs(candidate.availability)
        self.came_by = "" if hidden else candidate.source_label

    def _hidden_pay(self) -> list[tuple[str, str]]:
        origin = self.origin.get("compensation")
        return [("Pay", origin.words.replace("hidden", "Hidden", 1))] if origin and origin.hidden else []

    @property
    def edited_here(self) -> list[tuple[str, Any]]:
        """(field, origin) of what a person here typed, the latest first."""
        mine = [(name, origin) for name, origin in self.origin.items() if not origin.source]
        return sorted(mine, key=lambda pair: str(pair[1].at or ""), reverse=True)


def has_name(candidate: Candidate) -> bool:
    return bool(candidate.full_name or candidate.first_name or candidate.last_name)


def known_name(candidate: Candidate) -> str:
    """The name, or why there is none."""
    masked = (candidate.provenance.get("full_name") or {}).get("hidden")
    return "Name hidden by provider" if masked and not has_name(candidate) else candidate.display_name


COLOURS = (
    *("Amber", "Azure", "Coral", "Cobalt", "Copper", "Crimson", "Emerald", "Indigo"),
    *("Ivory", "Jade", "Lilac", "Maroon", "Ochre", "Olive", "Russet", "Teal"),
)
BIRDS = (
    *("Avocet", "Bittern", "Crane", "Curlew", "Dipper", "Egret", "Finch", "Heron"),
    *("Kestrel", "Lapwing", "Linnet", "Merlin", "Osprey", "Plover", "Siskin", "Swift"),
)


def pseudonym(candidate: Candidate) -> str:
    """A name one can say in a meeting, the same for everybody, that gives nothing away."""
    number = candidate.pk.int
    return f"{COLOURS[number % 16]} {BIRDS[number // 16 % 16]} {number // 256 % 90 + 10}"


def place(location: Mapping[str, Any]) -> str:
    """The source's own line, else what its parts make."""
    parts = [location.get(part) for part in ("city", "state", "country")]
    return location.get("raw") or ", ".join(part for part in parts if part)


def values(rows: Iterable[Any]) -> list[str]:
    return [str(row["value"]) for row in rows if isinstance(row, dict) and row.get("value")]


def pairs(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whatever a source sent, as (label, text); what says nothing is left out."""
    return [(_label(name), text) for name, value in fields.items() if (text := as_text(value))]


def as_text(value: Any) -> str:
    """JSON of any shape in words a person reads."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return " · ".join(f"{_label(name)}: {text}" for name, one in value.items() if (text := as_text(one)))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(as_text, value)))
    return "" if value is None else str(value)


def _label(name: str) -> str:
    return str(name).removesuffix("_at").replace("_", " ").strip().capitalize()


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _links(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Only what a browser may follow; the scheme says nothing to a reader."""
    found = [link for link in values(rows) if link.lower().startswith(("http://", "https://"))]
    return [{"url": link, "text": link.split("://", 1)[1].removeprefix("www.").rstrip("/")} for link in found]


def upstream_facts(application: Application) -> list[tuple[str, str]]:
    """What a source says of a candidacy beside its stage: its own status, scores and the days of what happened."""
    status = application.upstream_status
    named = application.stage.name if application.stage else ""
    found = [("Status", status)] if status and status != named else []
    found += [(f"{_label(name)} score", as_text(score)) for name, score in application.scores.items()]
    return [*found, *((_label(name), day) for name, said in application.events.items() if (day := _day(name, said)))]


def _day(name: str, said: Any) -> str:
    moment = parse_datetime(said) if isinstance(said, str) and name != "updated_at" else None
    return date_format(timezone.localtime(moment), "j F Y") if moment and moment.tzinfo else ""


def pay_pairs(pay: Mapping[str, Any]) -> list[tuple[str, str]]:
    """{current, expected, currency, period, unit} as "Expected: 62,000 EUR a year"; other keys as they are.

    LPA says by itself what it is: lakhs of rupees a year.
    """
    implied = IMPLIED.get(str(pay.get("unit") or ""), {})
    told = {
        name: pay[name] for name in ("unit", "currency", "period") if pay.get(name) not in (None, "", implied.get(name))
    }
    unit = " ".join(str(told[name]) for name in ("unit", "currency") if name in told)
    period = f"a {told['period']}" if "period" in told else ""
    known = [(_label(name), _amount(pay[name], unit, period)) for name in ("current", "expected") if pay.get(name)]
    return [*known, *pairs({name: value for name, value in pay.items() if name not in PAY_KEYS})]


PAY_KEYS = ("current", "expected", "currency", "period", "unit")
IMPLIED = {"LPA": {"currency": "INR", "period": "year"}}


def _amount(value: Any, unit: str, period: str) -> str:
    number = f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else as_text(value)
    return " ".join(filter(None, [number, unit, period]))


def availability_pairs(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """{notice_period_days, in_notice_period, last_working_day} in words; other keys as they are."""
    said = dict(facts)
    found = []
    days = said.pop("notice_period_days", None)
    if days is not None:
        found.append(("Notice period", "None" if days == 0 else f"{days} days"))
    last = said.pop("last_working_day", None)
    if last:
        day = parse_date(str(last)[:10]) if len(str(last)) >= 10 else None
        found.append(("Last working day", date_format(day, "j F Y") if day else str(last)))
    return [*found, *pairs(said)]


def experience(row: dict[str, Any]) -> Experience:
    start, end = _month(row.get("start")), _month(row.get("end"))
    current = bool(row.get("current"))
    now = timezone.localtime()
    stop = (now.year, now.month) if current else end
    months = (stop[0] - start[0]) * 12 + stop[1] - start[1] + 1 if start and stop else None
    months = months if months and 0 < months < 900 else None
    words = " – ".join(filter(None, [_month_words(start), "now" if current else _month_words(end)]))
    return Experience(
        str(row.get("title") or ""),
        str(row.get("company") or ""),
        words or str(row.get("raw") or ""),
        months,
        _years(months or 0),
        str(row.get("description") or ""),
    )


def _month(text: Any) -> tuple[int, int] | None:
    """(year, month) of "2022-03"; None for anything else."""
    year, _, month = str(text or "").partition("-")
    if not (year.isascii() and year.isdigit() and month[:2].isascii() and month[:2].isdigit()):
        return None
    return (int(year), int(month[:2])) if 1900 < int(year) < 2200 and 1 <= int(month[:2]) <= 12 else None


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _month_words(month: tuple[int, int] | None) -> str:
    return f"{MONTHS[month[1] - 1]} {month[0]}" if month else ""


def _years(months: int) -> str:
    years, rest = divmod(months, 12)
    return " ".join(filter(None, [f"{years} yr" if years else "", f"{rest} mo" if rest else ""]))
