"""Work for one isolate's thread: jobs in line, and the wake-ups that make V8 serve them.

A job is one callable. Every job in line has a wake-up posted to V8; a wake-up without a job does nothing, so one that
V8 kept from an isolate that died at the same address is harmless. Jobs that were never served are abandoned, not
lost.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from inspector.engine.native.abi import V8

__all__ = ["Job", "Pump"]

log = logging.getLogger(__name__)


class Job(Struct, frozen=True):
    """`work` runs on the isolate's thread; `abandon` is called instead, on any thread, when the isolate ends first."""

    work: Callable[[], None]
    abandon: Callable[[], None] | None = None


class Pump:
    """The line. `post` may be called from any thread, also before the isolate is born."""

    def __init__(self, v8: V8) -> None:
        self._v8 = v8
        self._runner = 0
        self._jobs: deque[Job] = deque()
        self._urgent: deque[Job] = deque()
        self._lock = threading.Lock()
        self._isolate = 0
        self.closed = False

    def born(self, isolate: int) -> None:
        """V8 has made the isolate: what is in line is served from now on."""
        with self._lock:
            self._isolate = isolate
            self._runner = self._v8.task_runner(isolate)
            for _ in range(len(self._jobs) + len(self._urgent)):
                self._v8.wake(self._runner)

    def post(self, work: Callable[[], None], abandon: Callable[[], None] | None = None) -> None:
        """Serve `work` behind what is in line."""
        self._add(self._jobs, Job(work, abandon))

    def post_last(self, work: Callable[[], None]) -> None:
        """Serve `work` instead of what is in line, which is abandoned: the teardown. Nothing follows it."""
        left = self._shut()
        with self._lock:
            self._jobs.append(Job(work))
            if self._runner:
                self._v8.wake(self._runner)
        self._abandon(left)

    def post_urgent(self, work: Callable[[], None], abandon: Callable[[], None] | None = None) -> None:
        """Serve `work` at an interrupt check while JavaScript runs, in a pause, or before what is in line."""
        self._add(self._urgent, Job(work, abandon))
        with self._lock:
            if not self.closed and self._isolate:
                self._v8.interrupt(self._isolate)

    def _add(self, line: deque[Job], job: Job) -> None:
        with self._lock:
            if not self.closed:
                line.append(job)
                if self._runner:
                    self._v8.wake(self._runner)
                return
        if job.abandon is not None:
            job.abandon()

    def serve(self) -> None:
        """One wake-up: the urgent jobs, then one job."""
        self.serve_urgent()
        try:
            job = self._jobs.popleft()
        except IndexError:
            return
        self._do(job)

    def serve_urgent(self) -> None:
        while True:
            try:
                job = self._urgent.popleft()
            except IndexError:
                return
            self._do(job)

    def _do(self, job: Job) -> None:
        try:
            job.work()
        except Exception:  # a job's failure must not reach V8's stack
            log.exception("a job on an isolate's thread failed")
            if job.abandon is not None:
                job.abandon()

    def close(self) -> None:
        """The isolate ends: nothing is posted any more, and what is in line is abandoned."""
        self._abandon(self._shut())

    def _shut(self) -> list[Job]:
        with self._lock:
            self.closed = True
            left = [*self._urgent, *self._jobs]
            self._urgent.clear()
            self._jobs.clear()
            return left

    @staticmethod
    def _abandon(jobs: list[Job]) -> None:
        for job in jobs:
            if job.abandon is not None:
                job.abandon()
