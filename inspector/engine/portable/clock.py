"""The machine's monotonic clock in microseconds, and V8's `Date.now` on it."""

from __future__ import annotations

import math
import time

__all__ = ["from_wall_ms", "now_us"]


def now_us() -> int:
    return time.monotonic_ns() // 1000


def from_wall_ms(wall_ms: float) -> int:
    """When `Date.now()` will say `wall_ms`. A step of the wall clock moves it: asked anew after each task."""
    return now_us() + math.ceil((wall_ms - time.time() * 1000) * 1000)
