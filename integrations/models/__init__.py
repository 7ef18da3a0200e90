"""Connections to the outside, and the runs of their imports."""

from integrations.models.connection import Connection
from integrations.models.sync import StreamMark, SyncProblem, SyncRun, SyncStream

__all__ = ["Connection", "StreamMark", "SyncProblem", "SyncRun", "SyncStream"]
