"""The site: settings, wiring, and the recruiting team that everything belongs to."""

from recruitment.celery import app as celery_app

__all__ = ["celery_app"]
