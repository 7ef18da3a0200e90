"""Three-way comparison of fields (design, rule 2): what they said last time, what we have, what they say now."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import models

from candidates.domain.intake.values import is_blank, plain
from candidates.domain.owners import owner_of
from candidates.domain.profiles import HIDDEN, MISSING
from candidates.enums import Owner

ABSENT: Any = object()  # they have never said anything of this field
NOBODYS: Mapping[str, str] = {}


class Move(enum.Enum):
    KEEP = "keep"  # they say nothing new
    TAKE = "take"  # only they changed
    ECHO = "echo"  # they say what we have
    CLASH = "clash"  # both changed, differently
    LEAVE = "leave"  # they changed, and it isn't theirs to change


def weigh(base: Any, ours: Any, theirs: Any) -> Move:
    """All three in plain form; ``theirs`` says something."""
    if theirs == ours:
        return Move.ECHO
    if base is not ABSENT and theirs == base:
        return Move.KEEP
    if is_blank(ours) or (base is not ABSENT and ours == base):
        return Move.TAKE
    return Move.CLASH


def ruled(move: Move, owner: str, ours: Any) -> Move:
    """The same where somebody owns the field: the owner's word wins, and there is nothing to differ about. A blank is
    nobody's word, so that what Quorum owns is filled once."""
    if owner == Owner.SOURCE and move in (Move.KEEP, Move.CLASH):
        return Move.TAKE
    if owner == Owner.QUORUM and move in (Move.TAKE, Move.CLASH) and not is_blank(ours):
        return Move.LEAVE
    return move


@dataclass(frozen=True, slots=True)
class Rule:
    """Who owns the field as the source has it, and whether what we have came from another source."""

    owner: str
    is_anothers: bool

    def on(self, move: Move, ours: Any) -> Move:
        """A field without an owner is its first source's."""
        clashes = move is Move.TAKE and self.is_anothers and self.owner == Owner.BOTH
        return ruled(Move.CLASH if clashes else move, self.owner, ours)


@dataclass(slots=True)
class Clash:
    """Values in plain form."""

    base: Any
    ours: Any
    theirs: Any


@dataclass(slots=True)
class Merged:
    """``changes`` are ``{field: [old, new]}`` in plain form; ``agreed`` fields hold the same on both sides now."""

    changes: dict[str, list[Any]] = field(default_factory=dict)
    clashes: dict[str, Clash] = field(default_factory=dict)
    agreed: list[str] = field(default_factory=list)
    hidden: bool = False  # a field was hidden that wasn't before, or is shown again

    @property
    def touched(self) -> bool:
        return self.hidden or bool(self.changes)


def merge(
    target: models.Model,
    theirs: Mapping[str, Any],
    imported: dict[str, Any],
    *,
    stamp: Mapping[str, Any],
    joins: bool = False,
    owners: Mapping[str, str] = NOBODYS,
) -> Merged:
    """Bring ``target`` and ``imported`` (the base, changed in place) up to what they say now.

    A field is its first source's: another one fills it while it is blank, and what that one changes later is a clash.
    ``owners``: as the source has them (``candidates.domain.ownership``).
    ``joins``: the row has just been found to be this person's. Where it differs, that is no change, and no clash.

    A blank says nothing: it neither overwrites nor becomes the base, so that a value which was gone for a while
    and comes back changed is still their change and no clash.
    """
    merged, provenance = Merged(), None
    for name, value in theirs.items():
        if value is MISSING or is_blank(value):
            continue
        if value is HIDDEN:
            if not _is_anothers(target, name, stamp) and not _is_hidden(target, name):
                provenance = _marked(target, provenance, name, {**_known(target, name, stamp), "hidden": True})
                merged.hidden = True
            continue
        if name == "custom_fields":
            took = _merge_custom_fields(target, value, imported, merged, owner_of(owners, name))
        else:
            rule = Rule(owner_of(owners, name), _is_anothers(target, name, stamp))
            took = _merge_field(target, name, value, imported, merged, rule)
        if took:
            provenance = _marked(target, provenance, name, stamp)
        elif _is_hidden(target, name):  # shown again, and no news
            shown = {key: fact for key, fact in _known(target, name, stamp).items() if key != "hidden"}
            provenance = _marked(target, provenance, name, shown)
            merged.hidden = True
    if joins:
        merged.clashes.clear()
    if provenance is not None:
        target.provenance = provenance  # type: ignore[attr-defined]
    return merged


def _origin(target: models.Model, name: str) -> Mapping[str, Any]:
    return getattr(target, "provenance", {}).get(name, {})


def _is_anothers(target: models.Model, name: str, stamp: Mapping[str, Any]) -> bool:
    """Whether what we have came from another source."""
    owner = _origin(target, name).get("source")
    return bool(owner) and owner != stamp.get("source") and not is_blank(getattr(target, name))


def _merge_field(
    target: models.Model, name: str, value: Any, imported: dict[str, Any], merged: Merged, rule: Rule
) -> bool:
    base, ours, theirs = imported.get(name, ABSENT), plain(getattr(target, name)), plain(value)
    if base is ABSENT and ours == _default(type(target), name):
        base = ours  # a column's default is nobody's word
    move = rule.on(weigh(base, ours, theirs), ours)
    imported[name] = theirs
    if move is Move.TAKE:
        setattr(target, name, value)
        merged.changes[name] = [ours, theirs]
    elif move is Move.CLASH:
        merged.clashes[name] = Clash(None if base is ABSENT else base, ours, theirs)
    if move in (Move.TAKE, Move.ECHO, Move.LEAVE):
        merged.agreed.append(name)
    return move is Move.TAKE


@cache
def _default(model: type[models.Model], name: str) -> Any:
    """What a row has of this field when nobody has said anything. Plain."""
    return plain(model._meta.get_field(name).get_default())  # type: ignore[union-attr]


def _merge_custom_fields(
    target: models.Model, value: Mapping[str, Any], imported: dict[str, Any], merged: Merged, owner: str
) -> bool:
    """Key by key, so that one edit here doesn't hold up the others; a clash shows all that either side says."""
    base: dict[str, Any] = imported.get("custom_fields") or {}
    ours: dict[str, Any] = getattr(target, "custom_fields")  # noqa: B009 models.Model has no such attribute
    moves = {
        key: ruled(weigh(base.get(key, ABSENT), ours.get(key), theirs), owner, ours.get(key))
        for key, theirs in value.items()
        if not is_blank(theirs)
    }
    imported["custom_fields"] = dict(value)
    taken = {key: value[key] for key, move in moves.items() if move is Move.TAKE}
    if Move.CLASH in moves.values():
        merged.clashes["custom_fields"] = Clash(base, ours, {**ours, **dict(value)})
    elif moves:
        merged.agreed.append("custom_fields")
    if taken:
        merged.changes["custom_fields"] = [{key: ours[key] for key in taken if key in ours}, taken]
        setattr(target, "custom_fields", {**ours, **taken})  # noqa: B010
    return bool(taken)


def _is_hidden(target: models.Model, name: str) -> bool:
    return bool(getattr(target, "provenance", {}).get(name, {}).get("hidden"))


def _known(target: models.Model, name: str, stamp: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the value that is there came from: hiding it upstream makes it nobody else's."""
    return stamp if is_blank(getattr(target, name)) else getattr(target, "provenance", {}).get(name, stamp)


def _marked(
    target: models.Model, provenance: dict[str, Any] | None, name: str, stamp: Mapping[str, Any]
) -> dict[str, Any]:
    if provenance is None:
        provenance = dict(getattr(target, "provenance", {}))
    provenance[name] = dict(stamp)
    return provenance
