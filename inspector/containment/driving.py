"""How the runaway of a trial is set off, and how that ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable

from msgspec import Struct

from inspector.containment.cases import Case, Drive
from inspector.containment.patience import settled
from inspector.containment.record import Limits
from inspector.containment.watch import Watch
from inspector.errors import InspectorError, UnsupportedError
from inspector.pool import Isolate, Pool
from inspector.records import RunReport
from inspector.sources import Source
from inspector.states import Outcome

__all__ = ["PATIENCE_S", "Ending", "Runaway"]

PATIENCE_S = 60.0  # beyond the timeout: after that a case counts as not stopped, if it had a processor so long:
_FAIR_CPU_S = 30.0  # the longest built-in works 13 s
_MOST_PATIENCE_S = 300.0


class Ending(Struct, frozen=True):
    """`outcome` None: nothing ended it within the patience."""

    outcome: Outcome | None
    evidence: str
    error: str = ""
    cpu_ms: float | None = None
    peak_used_bytes: int = 0


class Runaway:
    """One trial's isolates that run away: one, or two at once. The first is the one that is drawn."""

    def __init__(self, pool: Pool, case: Case, limits: Limits, watch: Watch, isolate: Isolate) -> None:
        self._pool = pool
        self._case = case
        self._limits = limits
        self._watch = watch
        self.isolates = [isolate]

    async def drive(self, source: Source) -> Ending:
        """Set it off; returns when it has ended, or when the patience is over."""
        watch, running = self._watch, asyncio.ensure_future(self._set_off(source))
        began = time.monotonic()
        wait_s, most_s = self._limits.timeout_s + PATIENCE_S, self._limits.timeout_s + _MOST_PATIENCE_S
        try:
            if await settled(running, lambda: watch.cpu_ms, wait_s=wait_s, cpu_s=_FAIR_CPU_S, most_s=most_s):
                return await running
            evidence = f"nothing ended it within {time.monotonic() - began:.0f} s"
            return Ending(None, evidence, cpu_ms=watch.cpu_ms)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _set_off(self, source: Source) -> Ending:
        if self._case.drive is Drive.CONTEXTS:
            return await self._many_contexts(source)
        if self._case.drive is Drive.TWO_AT_ONCE:
            return await self._two_at_once(source)
        return _ending(await self._run(self.isolates[0], source))

    def _run(self, isolate: Isolate, source: Source, context_id: int | None = None) -> Awaitable[RunReport]:
        limits = self._limits
        return isolate.run(source, context_id=context_id, timeout_s=limits.timeout_s, cpu_limit_s=limits.cpu_s)

    async def _two_at_once(self, source: Source) -> Ending:
        """The ending of the one that fared worse."""
        first = self.isolates[0]
        other = await self._pool.create_isolate(memory_limit=self._limits.memory_bytes, host=first.host_id)
        self.isolates.append(other)
        self._watch.isolate_ids.add(other.isolate_id)
        reports = await asyncio.gather(self._run(first, source), self._run(other, source))
        return _ending(max(reports, key=lambda one: (one.outcome is Outcome.HOST_LOST, one.timings.run_ms)))

    async def _many_contexts(self, source: Source) -> Ending:
        """Contexts until the isolate refuses another, a run in one fails, or the time is up."""
        isolate = self.isolates[0]
        ends = time.monotonic() + self._limits.timeout_s
        made = 0
        while time.monotonic() < ends:
            try:
                context = await isolate.create_context()
            except UnsupportedError:
                raise  # the engine has no contexts to give: the case says nothing of limits
            except InspectorError as error:
                return self._refused(error, made)
            made += 1
            report = await self._run(isolate, source, context.context_id)
            if report.outcome is not Outcome.COMPLETED:
                return _ending(report)
        return Ending(Outcome.COMPLETED, f"{made} contexts in {self._limits.timeout_s:g} s, and no limit was reached")

    def _refused(self, error: InspectorError, made: int) -> Ending:
        words = f"after {made} contexts: {error}"
        if self._watch.host_lost is not None:
            return Ending(Outcome.HOST_LOST, words)
        if self._watch.limit_hit is not None:
            return Ending(self._watch.limit_hit.outcome, words)
        return Ending(Outcome.THREW, words, str(error))


def _ending(report: RunReport) -> Ending:
    error = f"{report.error.name}: {report.error.message}"[:120] if report.error else ""
    peak = report.heap.peak_used_bytes if report.heap else 0
    return Ending(report.outcome, report.evidence, error, report.timings.cpu_ms, peak)
