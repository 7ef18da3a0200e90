"""The Celery app. Work is rows in the database; a task only wakes somebody up."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

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


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_kwargs: Any) -> None:
    """Celery logs what a listener raises and goes on; only leaving stops it. Logs hide addresses: hence the print."""
    from recruitment import safety  # needs settings, which need this module

    try:
        safety.refuse_at_start()
    except ImproperlyConfigured as refusal:
        print(refusal, file=sys.__stderr__, flush=True)
        raise SystemExit(1) from None
