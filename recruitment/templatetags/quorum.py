"""Small words and shapes that every screen shares: initials, tints, relative time, labels, the main menu."""

from __future__ import annotations

import json
import unicodedata
import zlib
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.template.context import RequestContext
from django.template.defaultfilters import date as format_date
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TINTS = 8
NO_JOIN = "\u200c"  # keeps two Arabic initials from being written as one word
EVERYONE = ("admin", "recruiter", "reviewer")
DECIDERS = ("admin", "recruiter")

# Names whose capitals differ from the slug's.
SPELLINGS = {"linkup": "LinkUp"}

VERDICTS = {
    "strong_yes": ("Strong yes", "v5", "checks"),
    "yes": ("Yes", "v4", "check"),
    "maybe": ("Maybe", "v3", "minus"),
    "no": ("No", "v2", "x"),
    "strong_no": ("Strong no", "v1", "ban"),
    "abstain": ("Abstained", "", "player-skip-forward"),
    "recuse": ("Recused", "", "eye-off"),
}

# state: (words, tone, icon); design.md rule 1 fixes the states.
PUSHES = {
    "waiting": ("{source} will be told", "info", "clock"),
    "sending": ("Telling {source}", "info", "send"),
    "retrying": ("Trying {source} again", "warn", "refresh"),
    "confirmed": ("In {source}", "ok", "circle-check"),
    "refused": ("{source} refused", "bad", "circle-x"),
    "not_offered": ("{source} can't be told", "", "ban"),
    "conflict": ("{source} has changed", "warn", "switch-horizontal"),
    "unknown": ("No answer from {source}", "warn", "alert-triangle"),
    "superseded": ("Replaced by a newer decision", "", "history"),
    "cancelled": ("Cancelled, {source} not told", "", "x"),
}

HEALTHS = {
    "healthy": ("Healthy", "ok", "circle-check"),
    "partly_synced": ("Partly synced", "warn", "alert-triangle"),
    "waiting": ("Waiting", "info", "hourglass"),
    "needs_attention": ("Needs attention", "bad", "alert-triangle"),
    "reconnect": ("Reconnect", "bad", "plug-connected"),
}


class NavItem(NamedTuple):
    key: str
    label: str
    icon: str
    url_name: str
    roles: tuple[str, ...]
    go: str
    url: str = ""


NAV = (
    NavItem("home", "Home", "home", "home", EVERYONE, "h"),
    NavItem("review", "Review", "list-check", "candidates:review", EVERYONE, "r"),
    NavItem("jobs", "Jobs", "briefcase", "candidates:jobs", EVERYONE, "j"),
    NavItem("candidates", "Candidates", "users", "candidates:candidates", EVERYONE, "c"),
    NavItem("duplicates", "Duplicates", "git-merge", "candidates:duplicates", DECIDERS, "d"),
    NavItem("connections", "Connections", "plug-connected", "integrations:connections", DECIDERS, "n"),
    NavItem("pushes", "Pushes", "cloud-upload", "candidates:pushes", DECIDERS, "p"),
    NavItem("activity", "Activity", "activity", "candidates:activity", DECIDERS, "a"),
    NavItem("settings", "Settings", "settings", "recruitment:settings", EVERYONE, "s"),
)


@register.simple_tag(takes_context=True)
def nav_items(context: RequestContext) -> list[NavItem]:
    """The main menu for the member's role."""
    member = getattr(context.get("request"), "member", None)
    if not member:  # lazy, so never None itself
        return []
    return [item._replace(url=_reverse(item.url_name)) for item in NAV if member.role in item.roles]


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """``_icon.html`` for lists of many, where an include of each costs more than all else in the line."""
    return render_to_string("components/_icon.html", {"name": name, "label": label, "class": classes})


@register.filter
def initials(name: str | None) -> str:
    """Two letters for most names, the first two signs where words are not spaced (王芳), a dash for no name."""
    words = [
        "".join(sign for sign in word if unicodedata.category(sign)[0] in "LM") for word in str(name or "").split()
    ]
    words = [word for word in words if word]
    if not words:
        return "–"
    if _is_cjk(words[0][0]):
        return words[0][:2]
    picked = [words[0], words[-1]] if len(words) > 1 else [words[0]]
    joint = NO_JOIN if unicodedata.bidirectional(words[0][0]) == "AL" else ""
    return joint.join(_first_sign(word) for word in picked).upper()


def _letters(word: str) -> str:
    return "".join(sign for sign in word if unicodedata.category(sign)[0] in "LM")


def _first_sign(word: str) -> str:
    """The first letter with the marks that belong to it."""
    end = 1
    while end < len(word) and unicodedata.category(word[end]).startswith("M"):
        end += 1
    return unicodedata.normalize("NFC", word[:end])


def _is_cjk(sign: str) -> bool:
    return any(unicodedata.name(sign, "").startswith(script) for script in ("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))


@register.filter
def tint(seed: object) -> int:
    """0 to 7, always the same for the same seed (a Python hash would differ between processes)."""
    return zlib.crc32(str(seed).encode()) % TINTS


@register.filter
def ago(moment: datetime | date | None) -> SafeString | str:
    """<time> with "4 min ago" as text and the exact moment as its title."""
    if not moment:
        return ""
    if not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', moment.isoformat(), _short_date(moment, timezone.localdate())
        )
    local = timezone.localtime(moment)
    title = format_date(local, "j F Y, H:i T")
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, _relative(local))


def _relative(moment: datetime) -> str:
    seconds = int((timezone.now() - moment).total_seconds())
    future, seconds = seconds < -30, abs(seconds)
    if seconds < 60 and not future:
        return "just now"
    if seconds < 3600:
        words = f"{max(1, seconds // 60)} min"
    elif seconds < 86400:
        words = f"{seconds // 3600} h"
    elif seconds < 7 * 86400:
        days = seconds // 86400
        words = "1 day" if days == 1 else f"{days} days"
    else:
        return _short_date(moment.date(), timezone.localdate())
    return f"in {words}" if future else f"{words} ago"


def _short_date(day: date, today: date) -> str:
    return format_date(day, "j M" if day.year == today.year else "j M Y")


@register.filter
def days_since(moment: datetime | None) -> int:
    """Whole days from then to now, for "4 days in stage"."""
    return max(0, (timezone.now() - moment).days) if moment else 0


@register.filter
def provider_label(slug: str | None) -> str:
    text = str(slug or "")
    return SPELLINGS.get(text, text.replace("_", " ").replace("-", " ").capitalize())


@register.filter
def verdict_label(verdict: str | None) -> str:
    return VERDICTS[verdict][0] if verdict in VERDICTS else "No verdict"


@register.filter
def verdict_tone(verdict: str | None) -> str:
    return VERDICTS[verdict][1] if verdict in VERDICTS else ""


@register.filter
def verdict_icon(verdict: str | None) -> str:
    return VERDICTS[verdict][2] if verdict in VERDICTS else ""


@register.filter
def push_label(state: str, source: str = "") -> str:
    """The truth about upstream in words: "In Kombo", "Kombo can't be told"."""
    words = PUSHES[str(state)][0].format(source=source or "upstream")
    return words[0].upper() + words[1:]


@register.filter
def push_tone(state: str) -> str:
    return PUSHES[str(state)][1]


@register.filter
def push_icon(state: str) -> str:
    return PUSHES[str(state)][2]


@register.filter
def health_label(health: str) -> str:
    return HEALTHS[str(health)][0]


@register.filter
def health_tone(health: str) -> str:
    return HEALTHS[str(health)][1]


@register.filter
def health_icon(health: str) -> str:
    return HEALTHS[str(health)][2]


@register.simple_tag(takes_context=True)
def querystring_with(context: RequestContext, **changes: Any) -> str:
    """The current query string with changes; None or "" takes a parameter away. Starts with "?"."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()


@register.simple_tag
def widget(field: BoundField, key: str = "", guard: bool = False) -> SafeString:
    """A field's control, with the key that reaches it. Django ties help and errors to it by id."""
    attrs: dict[str, Any] = {}
    if key:
        attrs |= {"data-key": key, "data-key-label": field.label}
    if guard:
        attrs["data-guard"] = True
    return field.as_widget(attrs=attrs)


@register.filter
def input_type(field: BoundField) -> str:
    """ "checkbox", "text", …; empty for selects and text areas."""
    return getattr(field.field.widget, "input_type", "")


@register.filter
def toast_parts(message: Message) -> dict[str, Any]:
    """A Django message as the parameters of _toast.html; recruitment.toasts.flash_toast wrote the extras."""
    parts = {"text": message.message, "level": "error" if message.level_tag == "error" else ""}
    if message.extra_tags.startswith("{"):
        parts |= json.loads(message.extra_tags)
    return parts
