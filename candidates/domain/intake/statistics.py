"""What PostgreSQL's planner believes of the tables that an import fills."""

from __future__ import annotations

from django.db import connection

from candidates.models import Activity, Application, Candidate, CandidateIdentity, CandidateTag, SourceRecord

FILLED = (Candidate, Application, SourceRecord, CandidateIdentity, CandidateTag, Activity)
MANY = 2_000  # rows; fewer are found by the server's own round in time


def refresh_statistics(written: int) -> None:
    """Have the tables looked at again after ``written`` new or changed rows: a sample, so a moment at any size.

    Without it, screens and bulk acts right after a first import are planned for empty tables.
    """
    if connection.vendor != "postgresql" or written < MANY:
        return
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in FILLED)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
