"""The module in which Celery looks for tasks."""

from integrations.import_tasks import run, start_due, sweep
from integrations.push_tasks import deliver, deliver_due

__all__ = ["deliver", "deliver_due", "run", "start_due", "sweep"]
