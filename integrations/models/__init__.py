"""Connections to the outside, and the runs of their imports."""

from integrations.models.connection import Connection
from integrations.models.hook import HookDelivery
from integrations.models.sync import StreamMark, SyncProblem, SyncRun, SyncStream

__all__ = ["Connection", "HookDelivery", "StreamMark", "SyncProblem", "SyncRun", "SyncStream"]
