"""What was measured, beside what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """``met`` None: there is no budget for this one, it is shown for comparison."""

    what: str
    budget: str
    measured: str
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "OVER", None: ""}[self.met]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of all values don't exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def milliseconds(seconds: Sequence[float]) -> str:
    return f"p50 {percentile(seconds, 0.5) * 1000:.0f} ms, p95 {percentile(seconds, 0.95) * 1000:.0f} ms"


def timed(what: str, seconds: Sequence[float], *, budget_ms: int, note: str = "") -> Line:
    """A line whose promise is about the p95."""
    met = percentile(seconds, 0.95) * 1000 < budget_ms
    return Line(what, f"p95 under {budget_ms} ms", milliseconds(seconds) + note, met)


def table(title: str, lines: Iterable[Line]) -> str:
    rows = [
        ("", "budget", "measured", "verdict"),
        *((line.what, line.budget, line.measured, line.verdict) for line in lines),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(["", title, shown[0], "  ".join("-" * width for width in widths), *shown[1:]])
