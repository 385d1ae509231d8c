"""The runs of one isolate: their wall-clock and CPU limits, and the peak of the heap while they lasted.

The wall clock stands still while the isolate is paused. CPU time can't pass faster than the wall clock on one thread,
so the next look at it is due no sooner than what is left of it: a limit of 1 s costs a handful of looks, not a poll.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from inspector.host.clock import now_us
from inspector.records import RunHeap, RunReport
from inspector.states import Outcome

__all__ = ["Run", "Runs", "completed_report"]

_SHORTEST_LOOK_S = 0.005
_AGAIN_S = 0.5  # a run that was told to stop and goes on is told again


class Run(Struct):
    """One run between its command and its report. Times in microseconds."""

    run_id: int
    command_id: int | None
    timeout_us: int | None
    cpu_limit_us: int | None
    started_at_us: int = 0  # 0: it waits in line
    stood_still_us: int = 0
    peak_bytes: int = 0
    peak_from: str = "sampled"
    look: asyncio.TimerHandle | None = None


class Runs:
    """Belongs to the loop. `stop` ends a run: `(run_id, outcome, evidence)`; `cpu_us` is what a run has used so far."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        stop: Callable[[int, Outcome, str], None],
        cpu_us: Callable[[int], int | None],
    ) -> None:
        self._loop = loop
        self._stop = stop
        self._cpu_us = cpu_us
        self._runs: dict[int, Run] = {}
        self._paused_at_us = 0  # 0: not paused

    def __contains__(self, run_id: int) -> bool:
        return run_id in self._runs

    def add(self, run: Run) -> None:
        self._runs[run.run_id] = run

    def find(self, run_id: int) -> Run | None:
        """Any thread."""
        return self._runs.get(run_id)

    def newest_started(self) -> int | None:
        """The run that started last and has not settled: whose doing it is, as far as that can be told."""
        newest = max((run for run in self._runs.values() if run.started_at_us), key=_started, default=None)
        return None if newest is None else newest.run_id

    def peak_bytes(self) -> int:
        """The most that was seen of the heap while what runs now did, also by collections; 0: nothing yet."""
        return max((run.peak_bytes for run in self._runs.values() if run.started_at_us), default=0)

    def started(self, run_id: int, at_us: int) -> None:
        run = self._runs.get(run_id)
        if run is None:
            return
        run.started_at_us = at_us
        self._look(run)

    def settled(self, run_id: int) -> Run | None:
        """Take the run out; None when it is unknown."""
        run = self._runs.pop(run_id, None)
        if run is not None and run.look is not None:
            run.look.cancel()
        return run

    def paused(self, at_us: int) -> None:
        if not self._paused_at_us:
            self._paused_at_us = at_us

    def resumed(self, at_us: int) -> None:
        """The isolate goes on (or was not paused at all)."""
        if not self._paused_at_us:
            return
        for run in self._runs.values():
            if run.started_at_us:
                run.stood_still_us += max(0, at_us - max(self._paused_at_us, run.started_at_us))
        self._paused_at_us = 0
        for run in self._runs.values():
            if run.started_at_us:
                self._look(run)

    def saw_used(self, used_bytes: int, seen_by: str, at_us: int) -> None:
        """A figure of the heap: "sampled", or "gc" for the used bytes before a collection."""
        for run in self._runs.values():
            if run.started_at_us and run.started_at_us <= at_us and used_bytes > run.peak_bytes:
                run.peak_bytes, run.peak_from = used_bytes, seen_by

    def close(self) -> list[Run]:
        """Take all out: the isolate ended."""
        runs = list(self._runs.values())
        for run in runs:
            self.settled(run.run_id)
        return runs

    def _look(self, run: Run) -> None:
        """Is a limit reached? If not, when to look again."""
        if run.look is not None:
            run.look.cancel()
            run.look = None
        if self._paused_at_us:
            return
        waits = [wait for wait in (self._wall_left_s(run), self._cpu_left_s(run)) if wait is not None]
        if waits:
            run.look = self._loop.call_later(max(min(waits), _SHORTEST_LOOK_S), self._look, run)

    def _wall_left_s(self, run: Run) -> float | None:
        if run.timeout_us is None:
            return None
        passed = now_us() - run.started_at_us - run.stood_still_us
        if passed < run.timeout_us:
            return (run.timeout_us - passed) / 1e6
        evidence = (
            f"V8 was told to terminate it after {passed / 1e6:.3f} s of wall clock (limit {run.timeout_us / 1e6:g} s)"
        )
        self._stop(run.run_id, Outcome.TIMED_OUT, evidence)
        return _AGAIN_S

    def _cpu_left_s(self, run: Run) -> float | None:
        if run.cpu_limit_us is None:
            return None
        used = self._cpu_us(run.run_id)
        if used is None:
            return None
        if used < run.cpu_limit_us:
            return (run.cpu_limit_us - used) / 1e6
        evidence = (
            f"V8 was told to terminate it after {used / 1e6:.3f} s of CPU time (limit {run.cpu_limit_us / 1e6:g} s)"
        )
        self._stop(run.run_id, Outcome.CPU_LIMIT, evidence)
        return _AGAIN_S


def _started(run: Run) -> int:
    return run.started_at_us


def completed_report(report: RunReport, run: Run | None, now: RunHeap | None) -> RunReport:
    """The engine's report with the heap's figures: its own where it gave some, the host's peak where that is higher."""
    heap = report.heap or now
    if heap is None:
        return report
    if run is not None and run.peak_bytes > heap.peak_used_bytes:
        heap = replace(heap, peak_used_bytes=run.peak_bytes, peak_from=run.peak_from)
    if heap.used_bytes > heap.peak_used_bytes:
        heap = replace(heap, peak_used_bytes=heap.used_bytes)
    return replace(report, heap=heap)
