"""The CPU time of an isolate's thread, read from any thread, and what JavaScript took of it and of the wall clock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspector.engine.native.run import Run

__all__ = ["Stopwatch", "ThreadClock"]


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
            self._zero_ns = self.read_ns() or 0

    def read_us(self) -> int | None:
        """Since birth. Price: 1 us."""
        now = self.read_ns()
        return None if now is None else (now - self._zero_ns) // 1000

    def read_ns(self) -> int | None:
        """The thread's clock itself: what `time.thread_time_ns` says there."""
        if self._clock is None:
            return None
        try:
            return time.clock_gettime_ns(self._clock)
        except OSError:
            return None

    def end(self) -> None:
        self._clock = None


class Stopwatch:
    """`start` and `stop` on the isolate's thread, around each execution; the rest on any thread."""

    def __init__(self, clock: ThreadClock) -> None:
        self._clock = clock
        self._executed_ns = 0
        self._since_ns = 0  # wall clock; 0: nothing executes
        self._run: Run | None = None
        self._cpu_began_ns = 0

    def start(self, run: Run | None) -> int:
        """Something executes on behalf of `run`; give the result to `stop`. Price of both: 2 us."""
        self._cpu_began_ns = time.thread_time_ns() if run is not None else 0  # a system call: not for a mere message
        self._run = run
        self._since_ns = time.monotonic_ns()
        return self._cpu_began_ns

    def stop(self, run: Run | None, began_ns: int) -> None:
        self._executed_ns += time.monotonic_ns() - self._since_ns
        self._since_ns = 0
        self._run = None
        if run is not None:
            run.cpu_ns += time.thread_time_ns() - began_ns

    def executing_us(self) -> int:
        since = self._since_ns
        return (self._executed_ns + (time.monotonic_ns() - since if since else 0)) // 1000

    def cpu_us(self, run: Run) -> int | None:
        """Of one run so far; what executes now is counted when it is that run's."""
        now, began = self._clock.read_ns(), self._cpu_began_ns
        if now is None:
            return None
        return (run.cpu_ns + (now - began if self._run is run else 0)) // 1000
