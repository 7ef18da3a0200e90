"""Wake-up calls for the fetching of files. The rows hold the truth."""

from __future__ import annotations

from celery import shared_task

from integrations import fetching


@shared_task(name="integrations.files.fetch_due")
def fetch_due() -> None:
    """Every few seconds, and when somebody asks. Two at once fetch no file twice."""
    fetching.fetch_due()
