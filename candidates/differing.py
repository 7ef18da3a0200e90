"""The three sides of a field conflict as people read them, each with who said it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from candidates.domain.conflicts import ours_now
from candidates.domain.sentences import field_label
from candidates.models import FieldConflict
from candidates.origins import origins_of
from candidates.readable import lines_of


@dataclass(frozen=True, slots=True)
class Sides:
    """Values are texts of one line an entry; empty for nothing. ``ours_by``: "edited by Lena Brandt"."""

    pk: str
    label: str
    base: str
    ours: str
    theirs: str
    ours_by: str
    ours_at: datetime | None
    source: str
    theirs_at: datetime


def sides(conflict: FieldConflict) -> Sides:
    """For a conflict loaded with its source, candidate and application. Ours is what stands here by now."""
    origin = origins_of(conflict.target, ()).get(conflict.field)
    by = origin.words if origin and not origin.source_id else ""
    base, ours, theirs = (
        "\n".join(lines_of(conflict.field, value)) for value in (conflict.base, ours_now(conflict), conflict.theirs)
    )
    return Sides(
        str(conflict.pk),
        field_label(conflict.field).capitalize(),
        base,
        ours,
        theirs,
        by,
        origin.at if origin and by else None,
        conflict.source.name,
        conflict.detected_at,
    )
