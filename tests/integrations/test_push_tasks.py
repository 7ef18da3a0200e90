"""The tasks are found by the worker, under the names that the beat and the domain use."""

from django.conf import settings

from integrations import push_tasks
from recruitment.celery import app


def test_the_beat_and_the_queue_know_the_delivery():
    app.loader.import_default_modules()
    assert app.tasks["integrations.push.deliver_due"] is not None
    assert app.tasks["integrations.push.deliver"] is not None
    assert settings.CELERY_BEAT_SCHEDULE["deliver-due-pushes"]["task"] == push_tasks.deliver_due.name
    assert app.amqp.router.route({}, push_tasks.deliver.name)["queue"].name == "push"
