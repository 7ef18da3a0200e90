"""How fast a provider is asked: one ceiling for each key, whoever uses it, from whatever process.

``rules`` says who may ask when, from plain values; ``stores`` keeps those where all workers see them; ``pace`` is what
every call asks first.
"""

from integrations.pacing.pace import OWN_CEILING, Pace, pace_for

__all__ = ["OWN_CEILING", "Pace", "pace_for"]
