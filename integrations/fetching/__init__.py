"""Files of people, fetched from their sources: off the import, a few at a time, and never the same one twice."""

from integrations.fetching.closing import close_waiting
from integrations.fetching.planning import plan_looks_of_page
from integrations.fetching.working import fetch_due

__all__ = ["close_waiting", "fetch_due", "plan_looks_of_page"]
