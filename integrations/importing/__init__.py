"""Imports: a run reads its streams page by page, and each page's rows commit together with the cursor after it.

The rows are the truth, the broker only wakes somebody up. ``requests`` asks for a run, ``leases`` decides who may work
on it, ``planning`` says what is read from where, ``working`` reads, ``pages`` takes a page in, ``ending`` writes down
how it ended, ``sweeping`` finds what nobody is at.
"""

from integrations.importing.requests import cancel_sync, request_sync
from integrations.importing.sweeping import start_due, sweep
from integrations.importing.working import run

__all__ = ["cancel_sync", "request_sync", "run", "start_due", "sweep"]
