"""Wake-up calls for bulk actions and the search for duplicates. The rows hold the truth."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from candidates.domain import bulk, file_texts, searching


@shared_task(name="candidates.bulk.run", time_limit=None, soft_time_limit=None)
def run(bulk_id: str) -> None:
    bulk.run_bulk(UUID(bulk_id))


@shared_task(name="candidates.bulk.sweep")
def sweep() -> None:
    """Go on with what a worker left, or never got."""
    for bulk_id in bulk.abandoned():
        run.delay(str(bulk_id))


@shared_task(name="candidates.files.read_due")
def read_due() -> None:
    """Every few seconds, and after each upload. Two at once read no file twice."""
    file_texts.read_due()


@shared_task(name="candidates.duplicates.search", time_limit=None, soft_time_limit=None)
def search_duplicates() -> None:
    """Compare whoever has changed since the last time, by import or by hand."""
    searching.search_everywhere()


@shared_task(name="candidates.duplicates.go_through_all")
def search_all_duplicates() -> None:
    searching.go_through_all()
