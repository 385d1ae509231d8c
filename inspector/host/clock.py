"""The machine's monotonic clock, one for all processes, in microseconds."""

from __future__ import annotations

import time

__all__ = ["loop_time", "now_us"]


def now_us() -> int:
    return time.monotonic_ns() // 1000


def loop_time(at_us: int) -> float:
    """The same moment on an asyncio loop's clock (`loop.time()` is `time.monotonic()`), for `call_at`."""
    return at_us / 1e6
