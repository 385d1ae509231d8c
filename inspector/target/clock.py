"""The one clock of all events: monotonic microseconds, and V8's wall-clock timestamps brought onto it."""

from __future__ import annotations

import time
from typing import Any

__all__ = ["from_wall_ms", "now_us"]

_BELIEVED_US = 60_000_000  # a message is never older than this on its way; a larger gap is a clock that was set


def now_us() -> int:
    """The machine's monotonic clock in microseconds: the same in every process."""
    return time.monotonic_ns() // 1000


def from_wall_ms(timestamp_ms: Any, arrived_us: int) -> int:
    """V8's `timestamp` (milliseconds since 1970) on the monotonic clock; `arrived_us` when it can't be believed."""
    if not isinstance(timestamp_ms, int | float):
        return arrived_us
    age_us = time.time() * 1e6 - timestamp_ms * 1e3
    if not 0 <= age_us <= _BELIEVED_US:
        return arrived_us
    return arrived_us - int(age_us)
