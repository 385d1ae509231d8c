"""The CPU time of an isolate's thread, read from any thread."""

from __future__ import annotations

import time

__all__ = ["ThreadClock"]


class ThreadClock:
    """None where the system has no clock for another thread (macOS, Windows), and after the thread ended."""

    def __init__(self) -> None:
        self._clock: int | None = None
        self._zero_ns = 0

    def born(self, thread: int) -> None:
        """`thread`: its ident; it must be alive now. Its time counts from here."""
        find = getattr(time, "pthread_getcpuclockid", None)
        if find is not None:
            self._clock = find(thread)
            self._zero_ns = self._read_ns()

    def read_us(self) -> int | None:
        if self._clock is None:
            return None
        try:
            return (self._read_ns() - self._zero_ns) // 1000
        except OSError:
            return None

    def end(self) -> None:
        self._clock = None

    def _read_ns(self) -> int:
        assert self._clock is not None
        return time.clock_gettime_ns(self._clock)
