"""The module in which Celery looks for tasks."""

from integrations.file_tasks import fetch_due
from integrations.import_tasks import forget_hooks, run, start_due, sweep
from integrations.push_tasks import deliver, deliver_due

__all__ = ["deliver", "deliver_due", "fetch_due", "forget_hooks", "run", "start_due", "sweep"]
