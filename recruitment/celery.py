"""The Celery app. Work is rows in the database; a task only wakes somebody up."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from recruitment import fsbroker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
fsbroker.register()

app = Celery("quorum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def take_over_embedded_queue(sender: Any = None, **_kwargs: Any) -> None:
    """With the folder as broker: messages that a killed worker had in hand are delivered again."""
    if app.conf.broker_url.startswith("files"):
        sender.queue_lock = fsbroker.take_over(app.conf.broker_transport_options)  # held while the worker lives
