"""Talynce's pipeline statuses: free text of one organization, kept and sent byte for byte (talynce.md 2.8).

A status belongs to a (candidate, job) pair, and our stages belong to a job: so there is a stage for each (job, status),
whose external id names both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from candidates.domain.intake.categories import guess_category
from candidates.enums import Outcome, StageCategory
from integrations.tolerant import LONGEST_ID

SHORTENED = "~"  # stands before the hash of a status that is too long to be part of an id
BEHIND = len(StageCategory.values)


def stage_id(job_id: str, status: str) -> str:
    """Unique for the pair. A status that doesn't fit is there by its hash, and can't be told then."""
    whole = f"{job_id}:{status}"
    if len(whole) <= LONGEST_ID:
        return whole
    return f"{job_id}:{SHORTENED}{hashlib.sha256(status.encode()).hexdigest()}"


def status_of(stage: str) -> str:
    """The status in an id that ``stage_id`` made; empty when it isn't there."""
    status = stage.partition(":")[2]
    return "" if status.startswith(SHORTENED) and len(status) == 65 else status


def position(status: str) -> int:
    """Talynce has no order of statuses: they stand as what they probably mean comes in a pipeline."""
    return list(StageCategory.values).index(guess_category(status, BEHIND))


def outcome(status: str, options: Mapping[str, Any]) -> str:
    """What a status says of the candidacy. The connection names the one that means rejection; others are guessed."""
    category = guess_category(status, BEHIND)
    if category == StageCategory.REJECTED or status == options.get("reject_status"):
        return Outcome.REJECTED
    return Outcome.HIRED if category == StageCategory.HIRED else Outcome.ACTIVE
