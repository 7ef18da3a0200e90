"""Telling the sources what was decided: claim an entry, tell it once, write down what came of it.

The rows are the truth, the broker only wakes somebody up. ``claims`` decides who may send, ``sending`` sends,
``comparing`` looks before it leaps, ``outcomes`` writes down, ``draining`` works through what is due, ``holding`` stops
and goes on with a connection.
"""

from integrations.delivery.draining import deliver_due
from integrations.delivery.holding import close_held, release_held
from integrations.delivery.sending import deliver

__all__ = ["close_held", "deliver", "deliver_due", "release_held"]
