"""What a person does with a row that was set aside."""

from __future__ import annotations

from integrations.enums import ProblemState
from integrations.models import SyncProblem
from recruitment.errors import Conflict


def close_problem(problem: SyncProblem, state: str) -> None:
    """``resolved``: seen to. ``discarded``: not wanted. The payload stays for who asks later."""
    taken = SyncProblem.objects.filter(pk=problem.pk, state=ProblemState.OPEN).update(state=state)
    if not taken:
        raise Conflict("Somebody has seen to this already.", code="not_open")
