"""What a connection can be told about how it reads: checked before it is kept, whoever sends it.

Options of one provider only are left alone for the others: a provider takes the ones that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from integrations.pool_options import clean_pool_options
from integrations.reading import line
from recruitment.errors import DomainError

MOST_JOBS = 200
LARGEST_BUDGET = 1_000_000
TITLE = 300
# LinkedIn's job ids are numbers (linkup.md 6.1); people paste the job's address as well.
JOB_ID = re.compile(r"\d{1,20}", re.ASCII)
JOB_ADDRESS = re.compile(r"https?://(?:[a-z]+\.)?linkedin\.com/\S*?(\d{6,20})(?:[/?#]\S*)?", re.IGNORECASE)


def clean_options(provider: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Raises DomainError for the field ``options``."""
    cleaned = dict(options)
    if provider == "linkup" and cleaned.get("job_ids") is not None:
        cleaned["job_ids"] = _jobs(cleaned["job_ids"])
    if (budget := cleaned.get("credit_budget")) is not None and not _is_number(budget, LARGEST_BUDGET):
        raise _refused(f"credit_budget is a number from 1 to {LARGEST_BUDGET:,}, or null for any number of credits.")
    return clean_pool_options(cleaned) if provider == "recruspace" else cleaned


def jobs_of_lines(text: str) -> list[str | dict[str, str]]:
    """What somebody typed, one job a line: an id or an address, and perhaps a title. Raises DomainError."""
    jobs = []
    for number, typed in enumerate(text.splitlines(), start=1):
        words = typed.split(None, 1)
        if not words:
            continue
        address = JOB_ADDRESS.fullmatch(words[0])
        job_id = address.group(1) if address else words[0].rstrip(":,;")
        if not JOB_ID.fullmatch(job_id):
            raise DomainError(
                f"Line {number} doesn't begin with the number or the address of a LinkedIn job.",
                field="jobs",
                code="invalid",
            )
        jobs.append({"id": job_id, "title": words[1].strip() if len(words) > 1 else ""})
    return _jobs(jobs)


def named_jobs(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """``(id, title)`` of the jobs that are chosen; the title may be empty."""
    listed = options.get("job_ids")
    rows = (job if isinstance(job, dict) else {"id": job} for job in (listed if isinstance(listed, list) else []))
    return [(str(row.get("id", "")), str(row.get("title") or "")) for row in rows]


def lines_of(jobs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{job_id} {title}".strip() for job_id, title in jobs)


def _jobs(given: Any) -> list[str | dict[str, str]]:
    """Each job once, in the shape in which it came: an id as text, or ``{id, title}``."""
    if not isinstance(given, list) or len(given) > MOST_JOBS:
        raise _refused(f"job_ids is a list of at most {MOST_JOBS} jobs.")
    jobs: dict[str, str | dict[str, str]] = {}
    for entry in given:
        named = entry if isinstance(entry, Mapping) else {"id": entry}
        job_id, title = named.get("id"), named.get("title") or ""
        if isinstance(job_id, bool) or not isinstance(job_id, str | int) or not isinstance(title, str):
            raise _refused('Each of job_ids is the id of a LinkedIn job, or {"id", "title"}.')
        job_id = str(job_id).strip()
        if not JOB_ID.fullmatch(job_id):
            raise _refused(f"“{job_id[:60]}” is no id of a LinkedIn job: those are numbers.")
        jobs.setdefault(job_id, {"id": job_id, "title": line(title, TITLE)} if title.strip() else job_id)
    return list(jobs.values())


def _is_number(value: Any, largest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= largest


def _refused(message: str) -> DomainError:
    return DomainError(message, field="options", code="invalid")
