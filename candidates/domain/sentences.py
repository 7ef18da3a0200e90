"""What an entry of the activity says, as a sentence in which the person and the values stand apart.

A sentence is a list of parts, so that a screen may make the person a link and the values bold, and a digest may not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from candidates.enums import Answer, Verdict
from candidates.models import Activity

FIELDS = {
    "full_name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "current_company": "company",
    "current_title": "title",
    "emails": "e-mail",
    "phones": "phone",
    "location": "place",
    "compensation": "pay",
    "source_label": "hiring source",
    "applied_at": "applied",
    "upstream_status": "status there",
    "upstream_rating": "rating there",
    "upstream_score": "score there",
    "upstream_note": "note there",
    "top_choice": "top choice",
    "top_choice_message": "message with “top choice”",
    "screening_answers": "screening answers",
    "custom_fields": "custom fields",
    "status": "status",
    "blind": "blind review",
    "anonymised": "anonymous review",
}
KINDS = {
    "move": "the move",
    "reject": "the rejection",
    "reopen": "the reopening",
    "tag": "a tag",
    "untag": "the removal of a tag",
    "note": "a note",
    "shortlist": "the shortlist",
    "fields": "the details",
}
UNDONE = {"move": "the move", "reject": "the rejection", "reopen": "the reopening"}
EDITS = ("edited", "linked", "conflict_resolved")
BECAUSE = {"email": "of the same e-mail", "linkedin": "of the same LinkedIn profile"}
LONGEST = 120  # characters of a value in a sentence


class Part(NamedTuple):
    """``kind``: ``text``, ``value`` (from the data) or ``person`` (whom it is about)."""

    kind: str
    text: str = ""


PERSON = Part("person")
Data = Mapping[str, Any]


def sentence(entry: Activity) -> list[Part]:
    """Without the subject: after "Ana Koc" comes "moved <person> from Applied to Interview"."""
    told = SENTENCES.get(entry.verb)
    if told is None:
        return [Part("text", entry.verb.replace("_", " ") + " "), PERSON]
    pattern = told if isinstance(told, str) else told(entry.data)
    return _parts(pattern, entry.data)


def changes(entry: Activity) -> list[tuple[str, str, str]]:
    """(field, before, after) of an edit or a choice, for the lines below its sentence."""
    found = entry.data if entry.verb == "job_edited" else entry.data.get("fields") if entry.verb in EDITS else None
    if not isinstance(found, Mapping):
        return []
    pairs = [(name, pair) for name, pair in found.items() if isinstance(pair, list) and len(pair) == 2]
    return [(field_label(name), value_text(old), value_text(new)) for name, (old, new) in pairs if _shown(name, old)]


def _shown(name: str, old: Any) -> bool:
    """Replaced lists of a job are told by their number only, without a before."""
    return not (name in ("stages", "criteria", "team") and old is None)


def field_label(name: str) -> str:
    return FIELDS.get(name, name.replace("_", " "))


def value_text(value: Any, longest: int = LONGEST) -> str:
    """A value of JSON in words, short enough for a line; empty for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        text = ", ".join(filter(None, (value_text(item, longest) for item in value)))
    elif isinstance(value, Mapping):
        shown = [value["value"]] if "value" in value else value.values()
        text = ", ".join(filter(None, (value_text(item, longest) for item in shown)))
    else:
        text = str(value)
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _parts(pattern: str, data: Data) -> list[Part]:
    """``{person}`` and ``{key of the data}`` stand apart, the rest is text. Data never holds a pattern."""
    parts: list[Part] = []
    for index, piece in enumerate(pattern.replace("}", "{").split("{")):
        if index % 2 == 0:
            parts += [Part("text", piece)] if piece else []
        elif piece == "person":
            parts.append(PERSON)
        else:
            parts.append(Part("value", _value(piece, data)))
    return parts


def _value(name: str, data: Data) -> str:
    if name == "verdict" and data.get("verdict") in Verdict.values:
        return Verdict(data["verdict"]).label
    if name == "field":
        return field_label(str(data.get("field", "")))
    return value_text(data.get(name))


def _moved(data: Data) -> str:
    if data.get("from") and data.get("to"):
        return "moved {person} from {from} to {to}"
    return "moved {person} to {to}" if data.get("to") else "took {person} out of {from}"


def _linked(data: Data) -> str:
    return "linked {person} with a row of {source} because " + BECAUSE.get(
        str(data.get("because")), "they are the same"
    )


def _not_linked(data: Data) -> str:
    same = BECAUSE.get(str(data.get("because")), "").removeprefix("of the same ") or "address"
    return f"did not link {{person}} with anybody: the same {same} belongs to people with other names"


def _reviewed(data: Data) -> str:
    if data.get("answer") == Answer.ABSTAIN:
        return "abstained on {person}"
    if data.get("answer") == Answer.RECUSE:
        return "recused themselves from {person}"
    return "changed their verdict on {person} to {verdict}" if data.get("changed") else "gave {person} {verdict}"


def _undone(data: Data) -> str:
    what = data.get("undone") or data.get("verb") or ""
    return f"undid {UNDONE.get(str(what), 'a decision')} of {{person}}"


def _settled(data: Data) -> str:
    said = "arrived" if data.get("arrived") else "did not arrive"
    return f"said that {_kind(data)} of {{person}} {said} in {{source}}"


def _kind(data: Data) -> str:
    return KINDS.get(str(data.get("kind")), "a push")


def _push(words: str, more: str = "") -> Callable[[Data], str]:
    """``words`` with the kind of push in it; the source's own words follow where it gave any."""

    def told(data: Data) -> str:
        return words.replace("<kind>", _kind(data)) + (": {message}" if more and data.get(more) else "")

    return told


def _conflict(data: Data) -> str:
    side = "ours" if data.get("keep") == "ours" else "the source's"
    return f"kept {side} where {{field}} of {{person}} differed"


def _problem(data: Data) -> str:
    """A row that an import from {source} had set aside."""
    if data.get("act") == "again":
        return "had a row of {source} read again"
    return f"marked a row of {{source}} as {'not wanted' if data.get('act') == 'discarded' else 'seen to'}"


SENTENCES: dict[str, str | Callable[[Data], str]] = {
    "created": "added {person}",
    "imported": lambda data: "imported {person} from {source}" if data.get("source") else "imported {person}",
    "linked": _linked,
    "not_linked": _not_linked,
    "merged": "merged {name} into {person}",
    "unmerged": "took apart {person} and {name}",
    "split": "said that the row of {source} isn't {person}'s",
    "split_off": "made {person} from a row of {source} that was somebody else's",
    "application_made": "considered {person} for the job",
    "moved": _moved,
    "rejected": lambda data: "rejected {person}: {reason}" if data.get("reason") else "rejected {person}",
    "hired": "hired {person}",
    "withdrawn": "noted that {person} withdrew",
    "reopened": lambda data: "reopened {person} in {to}" if data.get("to") else "reopened {person}",
    "undone": _undone,
    "edited": "edited {person}",
    "tagged": "tagged {person} {tag}",
    "untagged": "took the tag {tag} off {person}",
    "noted": "wrote a note on {person}",
    "attached": "attached {file} to {person}",
    "detached": "removed {file} from {person}",
    "shortlisted": lambda data: (
        "put {person} on the shortlist" + (", place {position}" if data.get("position") else "")
    ),
    "unshortlisted": "took {person} off the shortlist",
    "reviewed": _reviewed,
    "review_withdrawn": "withdrew their review of {person}",
    "blindness_lifted": "lifted blindness for themselves on {person}",
    "pooled": "put {person} into the pool {pool}",
    "unpooled": "took {person} out of the pool {pool}",
    "push_confirmed": _push("confirmed <kind> of {person}"),
    "push_refused": _push("refused <kind> of {person}", "message"),
    "push_not_offered": _push("can't be told <kind> of {person}", "message"),
    "push_unknown": _push("didn't say whether <kind> of {person} arrived"),
    "push_conflict": _push("had changed before <kind> of {person} arrived", "message"),
    "push_cancelled": _push("called off telling {source} <kind> of {person}"),
    "push_retried": _push("sent <kind> of {person} to {source} again"),
    "push_settled": _settled,
    "conflict_resolved": _conflict,
    "job_made": "made the job {title}",
    "job_edited": "edited the job",
    "connected": "connected {source}",
    "connection_edited": "changed the connection of {source}",
    "connection_paused": "paused the connection of {source}",
    "connection_resumed": "resumed the connection of {source}",
    "disconnected": "disconnected {source}",
    "tags_merged": "merged the tag {tag} into {into}",
    "tag_deleted": "deleted the tag {tag}",
    "problem_settled": _problem,
    "stages_tied": "tied {count} stages of {source}",
    "owners_changed": "changed whose word counts for fields of {source}",
    "missing_accepted": "said that {count} rows that {source} no longer shows are gone",
    "exported": "exported everything about {person}",
    "erased": "erased a person",
}
