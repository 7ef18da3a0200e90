"""The module in which Celery looks for tasks."""

from integrations.push_tasks import deliver, deliver_due

__all__ = ["deliver", "deliver_due"]
