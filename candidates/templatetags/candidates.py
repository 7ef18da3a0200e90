"""People and what happened to them, in words: names as far as one may see them, and sentences of the activity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from candidates.domain.duplicates import in_words
from candidates.domain.sentences import Part, changes, field_label, sentence, value_text
from candidates.models import Activity, Candidate
from candidates.personal import has_name, known_name, pseudonym, upstream_facts
from recruitment.templatetags.quorum import days_since, initials, tint

register = template.Library()
LONGEST_ANSWER = 4_000  # characters
register.filter("pseudonym", pseudonym)
register.filter("upstream_facts", upstream_facts)


@register.filter
def shown_name(candidate: Candidate | None) -> str:
    """The name, or a stand-in that stays the same where the person is anonymous (``with_identity_hidden``)."""
    if candidate is None:
        return "somebody"
    if getattr(candidate, "identity_hidden", False):
        return pseudonym(candidate)
    return known_name(candidate)


@register.filter
def answer_words(value: Any) -> str:
    """An answer to a screening question, whatever its type."""
    words = value_text(value, LONGEST_ANSWER)
    return words.capitalize() if isinstance(value, bool) else words or "No answer"


@register.filter
def moment_words(text: str) -> str:
    """A time or day as a source names it; words that are neither stay."""
    try:
        moment, day = parse_datetime(text), parse_date(text)
    except ValueError:
        return text
    if moment is not None:
        return date_format(moment, "j F Y, H:i") + (" UTC" if timezone.is_aware(moment) else "")
    return date_format(day, "j F Y") if day else text


@register.filter
def face(candidate: Candidate) -> str:
    """The name as ``_avatar.html`` takes it: empty where there is none or it is hidden, which shows a dash."""
    return "" if getattr(candidate, "identity_hidden", False) or not has_name(candidate) else candidate.display_name


@register.filter
def avatar(candidate: Candidate, size: str = "") -> SafeString:
    """``_avatar.html`` for lists of many."""
    name = face(candidate)
    classes = f"av av-{tint(candidate.pk)} {size}" if name else f"av {size}"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes.strip(), initials(name))


@register.filter
def days_in_stage(moment: datetime) -> str:
    days = days_since(moment)
    return f"{days} day{'' if days == 1 else 's'} in stage" if days else "in stage since today"


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """``found[key]``; empty without it."""
    return found.get(key, ())


@register.filter
def tel(number: str) -> str:
    """As a ``tel:`` address takes it: digits, a plus in front."""
    return "".join(sign for at, sign in enumerate(number.strip()) if sign.isdigit() or (sign == "+" and at == 0))


register.filter("field_words", field_label)


@register.filter
def reasons(kinds: list[str]) -> str:
    """Why two people may be one, within a sentence."""
    words = in_words(kinds)
    return words[:1].lower() + words[1:]


@register.filter
def shown_role(candidate: Candidate) -> str:
    """Title and company in one line; nothing where the person is anonymous."""
    if getattr(candidate, "identity_hidden", False):
        return ""
    both = " · ".join(filter(None, [candidate.current_title, candidate.current_company]))
    return both or candidate.headline


@register.simple_tag
def activity_sentence(entry: Activity, person: str = "them") -> SafeString:
    """What the actor did, without the actor: ``Ana Koc {% activity_sentence entry %}``.

    On a person's own page the person is "them". With ``person="link"`` the name is a link, for which the entry's
    candidate must be loaded (and annotated with ``with_identity_hidden`` for reviewers).
    """
    return format_html_join("", "{}", ((_html(part, entry, person),) for part in sentence(entry)))


def _html(part: Part, entry: Activity, person: str) -> SafeString | str:
    if part.kind == "value":
        return format_html("<b><bdi>{}</bdi></b>", part.text or "nothing")
    if part.kind != "person":
        return part.text
    candidate = entry.candidate if person == "link" else None
    if candidate is None:
        return "a person" if person == "link" else person
    if candidate.merged_into_id or candidate.erased_at:
        return format_html("<b><bdi>{}</bdi></b>", shown_name(candidate))
    return format_html('<a href="{}"><bdi>{}</bdi></a>', candidate.get_absolute_url(), shown_name(candidate))


@register.filter
def activity_changes(entry: Activity) -> list[dict[str, Any]]:
    """Before and after of an edit: ``[{field, before, after}]``; empty for all other entries."""
    return [{"field": field, "before": before, "after": after} for field, before, after in changes(entry)]
