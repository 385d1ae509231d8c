"""One case, run: a fresh pool and host process, a neighbour that ticks, the runaway, and what was seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import resources
from inspector.containment.cases import Case, Drive
from inspector.containment.watch import Watch, peak_resident_bytes, resident_bytes
from inspector.errors import InspectorError
from inspector.events import RunReport
from inspector.pool import Isolate, Pool
from inspector.sources import Source, source_from_text
from inspector.states import Outcome

__all__ = ["Limits", "Trial", "run_trial"]

NEIGHBOUR_LIMIT = 32 << 20
_PATIENCE_S = 30.0  # beyond the timeout: after that a case counts as not stopped
_ANSWER_S = 5.0  # how long a usable isolate may take for 1+1
_WARM_TICKS = 10
_GRACE = "globalThis.neighbour"


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int = 64 << 20
    timeout_s: float = 10.0
    cpu_s: float | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Bytes and milliseconds. `late_ms` is how long the stop took beyond what the mechanism that stopped it allows."""

    case: Case
    engine: str
    outcome: Outcome
    evidence: str
    error: str
    settled: bool
    after_ms: float
    late_ms: float
    limit_bytes: int
    peak_bytes: int  # used + off-heap of the runaway, as V8 says
    resident_growth_bytes: int  # of the host process, highest minus before
    neighbour_worst_gap_ms: float | None
    neighbour_ticks: int
    neighbour_gaps: tuple[tuple[float, float], ...]  # (at_us, gap_ms) on the machine's monotonic clock
    heap: tuple[tuple[int, int, int], ...]  # (at_us, used, external)
    began_us: int
    stopped_us: int
    usable_after: bool
    host_lost: str  # "" when it lives


async def run_trial(case: Case, limits: Limits, *, engine: str = "auto") -> Trial:
    """Run `case` in a host process of its own pool. InspectorError when not even the neighbour could be started."""
    async with Pool(engine=engine) as pool:
        neighbour = await pool.create_isolate(name="neighbour", memory_limit=NEIGHBOUR_LIMIT)
        runaway = await pool.create_isolate(name=case.name, memory_limit=limits.memory_bytes, host=neighbour.host_id)
        watch = Watch(runaway.isolate_id)
        unsubscribe = pool.subscribe(watch)
        ticking = asyncio.create_task(neighbour.run(_neighbour_source()))
        try:
            return await _observe(pool, case, limits, neighbour, runaway, watch)
        finally:
            unsubscribe()
            ticking.cancel()
            with suppress(asyncio.CancelledError, InspectorError):
                await ticking


async def _observe(
    pool: Pool, case: Case, limits: Limits, neighbour: Isolate, runaway: Isolate, watch: Watch
) -> Trial:
    await _until_ticking(neighbour)
    pid = pool.hosts[neighbour.host_id].started.pid  # type: ignore[union-attr]
    before = resident_bytes(pid) or watch.peak_resident_bytes
    began_us = time.monotonic_ns() // 1000
    report = await _drive(pool, case, limits, runaway)
    stopped_us = time.monotonic_ns() // 1000
    after_ms = (stopped_us - began_us) / 1000
    usable = await _answers(runaway) if watch.host_lost is None else False
    peak = peak_resident_bytes(pid) or watch.peak_resident_bytes
    ticks, worst, gaps = await _neighbour_says(neighbour) if watch.host_lost is None else (0, None, ())
    outcome = report.outcome if report else Outcome.CANCELLED
    return Trial(
        case=case,
        engine=pool.engine_choice.name,
        outcome=outcome,
        evidence=report.evidence if report else f"not stopped within {limits.timeout_s + _PATIENCE_S:g} s",
        error=f"{report.error.name}: {report.error.message}"[:120] if report and report.error else "",
        settled=report is not None,
        after_ms=after_ms,
        late_ms=_late_ms(outcome, after_ms, limits, report),
        limit_bytes=limits.memory_bytes,
        peak_bytes=max(watch.peak_bytes, report.heap.peak_used_bytes if report and report.heap else 0),
        resident_growth_bytes=max(0, peak - before),
        neighbour_worst_gap_ms=worst,
        neighbour_ticks=ticks,
        neighbour_gaps=gaps,
        heap=tuple(watch.heap),
        began_us=began_us,
        stopped_us=stopped_us,
        usable_after=usable,
        host_lost=watch.host_lost.reason if watch.host_lost else "",
    )


def _late_ms(outcome: Outcome, after_ms: float, limits: Limits, report: RunReport | None) -> float:
    """Beyond the timeout for a timeout, beyond the CPU limit for that, all of it for a memory limit."""
    if outcome is Outcome.TIMED_OUT:
        return after_ms - limits.timeout_s * 1000
    if outcome is Outcome.CPU_LIMIT and limits.cpu_s is not None:
        cpu_ms = report.timings.cpu_ms if report and report.timings.cpu_ms is not None else after_ms
        return cpu_ms - limits.cpu_s * 1000
    return after_ms


async def _drive(pool: Pool, case: Case, limits: Limits, runaway: Isolate) -> RunReport | None:
    """The report of the runaway's run; None when it was not stopped within the patience."""
    patience_s = limits.timeout_s + _PATIENCE_S

    def run(isolate: Isolate, context_id: int | None = None) -> Awaitable[RunReport]:
        return isolate.run(case.source, context_id=context_id, timeout_s=limits.timeout_s, cpu_limit_s=limits.cpu_s)

    try:
        async with asyncio.timeout(patience_s):
            if case.drive is Drive.CONTEXTS:
                return await _many_contexts(runaway, run, limits.timeout_s)
            if case.drive is Drive.TWO_AT_ONCE:
                other = await pool.create_isolate(memory_limit=limits.memory_bytes, host=runaway.host_id)
                reports = await asyncio.gather(run(runaway), run(other))
                return max(reports, key=lambda report: report.outcome is Outcome.HOST_LOST)
            return await run(runaway)
    except TimeoutError:
        return None


async def _many_contexts(
    runaway: Isolate, run: Callable[[Isolate, int | None], Awaitable[RunReport]], seconds: float
) -> RunReport | None:
    """Contexts until a run of one fails, or until the isolate refuses another."""
    ends = time.monotonic() + seconds
    report: RunReport | None = None
    while time.monotonic() < ends:
        context = await runaway.create_context()
        report = await run(runaway, context.context_id)
        if report.outcome is not Outcome.COMPLETED:
            return report
    return report


async def _until_ticking(neighbour: Isolate) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            report = await neighbour.evaluate(f"{_GRACE} ? {_GRACE}.ticks : 0")
            if isinstance(report.value, int) and report.value >= _WARM_TICKS:
                await neighbour.evaluate(f"{_GRACE}.worstGapMs = 0; {_GRACE}.ticks = 0; {_GRACE}.gaps.length = 0")
                return


async def _answers(isolate: Isolate) -> bool:
    try:
        async with asyncio.timeout(_ANSWER_S):
            return bool((await isolate.evaluate("1 + 1")).value == 2)
    except (TimeoutError, InspectorError):
        return False


async def _neighbour_says(neighbour: Isolate) -> tuple[int, float | None, tuple[tuple[float, float], ...]]:
    """Ticks, the longest gap, and each gap on the monotonic clock; none when it does not answer."""
    try:
        async with asyncio.timeout(_ANSWER_S):
            said = (await neighbour.evaluate(f"JSON.stringify({_GRACE})")).value
    except (TimeoutError, InspectorError):
        return 0, None, ()
    from orjson import loads

    told = loads(said)
    ahead_ms = time.time() * 1000 - time.monotonic_ns() / 1e6  # the script's clock is the wall's
    gaps = tuple(((at - ahead_ms) * 1000, float(gap)) for at, gap in told["gaps"])
    return int(told["ticks"]), float(told["worstGapMs"]), gaps


def _neighbour_source() -> Source:
    return source_from_text(resources.text("contain/neighbour.js"), "neighbour.js")
