"""What a stage means for a candidacy."""

from __future__ import annotations

from candidates.enums import Outcome, StageCategory
from candidates.models import Stage


def outcome_of(stage: Stage) -> str:
    """Being in a stage of category ``hired`` is being hired; rejection is its own decision, never a move."""
    return Outcome.HIRED if stage.category == StageCategory.HIRED else Outcome.ACTIVE
