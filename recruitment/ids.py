"""UUIDs that sort by the time they were made (RFC 9562, version 7): lists page by them, and indexes grow at one end."""

import secrets
import time
import uuid

_last = 0


def uuid7() -> uuid.UUID:
    """48 bits of milliseconds, 12 bits of their fraction, 62 random bits. Later calls in one process sort later."""
    global _last
    nanoseconds = max(time.time_ns(), _last + 250)  # 250 ns: one step of the 12-bit fraction, rounded up
    _last = nanoseconds
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    value = (milliseconds << 80) | (7 << 76) | ((rest * 4096 // 1_000_000) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)
