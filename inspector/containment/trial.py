"""One case, run: a fresh pool and host process, a neighbour that ticks, the runaway, and what was seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from inspector.containment.cases import Case
from inspector.containment.driving import Ending, Runaway
from inspector.containment.neighbour import Neighbour
from inspector.containment.patience import settled
from inspector.containment.record import HeapPoint, Limits, Trial
from inspector.containment.watch import Watch, peak_resident_bytes, resident_bytes
from inspector.errors import InspectorError
from inspector.pool import Isolate, Pool
from inspector.states import Outcome

__all__ = ["run_trial"]

_ANSWER_S = 5.0  # how long a usable isolate may take for 1+1, of the clock and of a processor
_MOST_ANSWER_S = 120.0
_ASK_AGAIN_S = 0.1
_TRIES = 20
_DISPOSE_S = 5.0

Grown = Callable[[tuple[HeapPoint, ...]], None]


async def run_trial(case: Case, limits: Limits, *, engine: str = "auto", grown: Grown | None = None) -> Trial:
    """Run `case` in a host process of its own pool; `grown` hears the runaway's heap while it runs.

    May be cancelled at any moment: no process is left when it has ended. InspectorError when not even the neighbour
    could be started, or the source of the case not be read.
    """
    source = await asyncio.to_thread(case.load)
    async with _pool_that_closes(engine) as pool:
        neighbour = await Neighbour.born(pool)
        host_id = neighbour.isolate.host_id
        first = await pool.create_isolate(name=case.name, memory_limit=limits.memory_bytes, host=host_id)
        watch = Watch(first.isolate_id, grown)
        unsubscribe = pool.subscribe(watch)
        try:
            await neighbour.warm()
            host = pool.hosts.get(host_id)
            pid = host.started.pid if host is not None and host.started is not None else 0
            runaway = Runaway(pool, case, limits, watch, first)
            measured = _Measured(watch, pid)
            measured.end(await runaway.drive(source))
            return await _look_back(
                case, limits, pool.engine_choice.name, neighbour=neighbour, runaway=runaway, measured=measured
            )
        finally:
            unsubscribe()
            await neighbour.close()


class _Measured:
    """When it ran and how it ended; resident memory of its host, before and at most."""

    def __init__(self, watch: Watch, pid: int) -> None:
        self.watch = watch
        self._pid = pid
        self._before = resident_bytes(pid) or watch.peak_resident_bytes
        self.began_us = self.stopped_us = _now_us()
        self.ending = Ending(None, "")

    def end(self, ending: Ending) -> None:
        self.ending = ending
        self.stopped_us = _now_us()

    @property
    def after_ms(self) -> float:
        return (self.stopped_us - self.began_us) / 1000

    def growth_bytes(self) -> int:
        """Since the start, as the highest that was seen until now; 0 where nothing is known."""
        peak = peak_resident_bytes(self._pid) or self.watch.peak_resident_bytes
        return max(0, peak - self._before)


async def _look_back(
    case: Case, limits: Limits, engine: str, *, neighbour: Neighbour, runaway: Runaway, measured: _Measured
) -> Trial:
    """What the trial says once the runaway has ended, or was given up."""
    watch, ending = measured.watch, measured.ending
    usable = watch.host_lost is None and all([await _answers(one, watch) for one in runaway.isolates])
    growth = measured.growth_bytes()
    ticks, worst, gaps = await neighbour.says() if watch.host_lost is None else (0, None, ())
    disposed_ms = await _dispose(runaway.isolates) if watch.host_lost is None else None
    return Trial(
        case=case,
        engine=engine,
        outcome=ending.outcome or Outcome.CANCELLED,
        evidence=ending.evidence,
        error=ending.error,
        settled=ending.outcome is not None,
        after_ms=measured.after_ms,
        late_ms=_late_ms(ending, measured.after_ms, limits),
        isolates=len(runaway.isolates),
        limit_bytes=limits.memory_bytes,
        peak_bytes=max(watch.peak_bytes, ending.peak_used_bytes),
        resident_growth_bytes=growth,
        neighbour_worst_gap_ms=worst,
        neighbour_ticks=ticks,
        neighbour_gaps=gaps,
        heap=tuple(watch.heap),
        began_us=measured.began_us,
        stopped_us=measured.stopped_us,
        usable_after=usable,
        disposed_ms=disposed_ms,
        host_lost=watch.host_lost.reason if watch.host_lost else "",
        cpu_ms=ending.cpu_ms,
        by_resident=watch.limit_hit is not None and watch.limit_hit.resident_bytes is not None,
    )


def _late_ms(ending: Ending, after_ms: float, limits: Limits) -> float:
    """Beyond the timeout for a timeout, beyond the CPU limit for that, all of it for a memory limit.

    What ended by itself within the timeout was not late.
    """
    if ending.outcome is Outcome.CPU_LIMIT and limits.cpu_s is not None:
        cpu_ms = ending.cpu_ms if ending.cpu_ms is not None else after_ms
        return cpu_ms - limits.cpu_s * 1000
    if ending.outcome in (Outcome.HEAP_LIMIT, Outcome.EXTERNAL_LIMIT):
        return after_ms
    return after_ms - limits.timeout_s * 1000


async def _answers(isolate: Isolate, watch: Watch) -> bool:
    """Whether it evaluates 1+1 in time; what is collected after a limit comes first."""
    asking = asyncio.ensure_future(_ask(isolate))
    try:
        in_time = await settled(asking, lambda: watch.cpu_ms, wait_s=_ANSWER_S, cpu_s=_ANSWER_S, most_s=_MOST_ANSWER_S)
        return in_time and await asking
    except InspectorError:
        return False
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _ask(isolate: Isolate) -> bool:
    """More than once, since what is left of the runaway may end an evaluation too."""
    for _ in range(_TRIES):
        if (await isolate.evaluate("1 + 1")).value == 2:
            return True
        await asyncio.sleep(_ASK_AGAIN_S)
    return False


async def _dispose(isolates: list[Isolate]) -> float | None:
    """How long it took to end them all, in ms; None when that did not come to its end."""
    began_us = _now_us()
    try:
        async with asyncio.timeout(_DISPOSE_S):
            for isolate in isolates:
                await isolate.dispose()
    except (TimeoutError, InspectorError):
        return None
    return (_now_us() - began_us) / 1000


@asynccontextmanager
async def _pool_that_closes(engine: str) -> AsyncIterator[Pool]:
    """A pool whose end is waited for, however often the trial is cancelled meanwhile."""
    pool = Pool(engine=engine)
    try:
        await pool.open()
        yield pool
    finally:
        closing = asyncio.ensure_future(pool.close())
        cancelled: asyncio.CancelledError | None = None
        while not closing.done():
            try:
                await asyncio.wait([closing])
            except asyncio.CancelledError as error:
                cancelled = error
        closing.result()
        if cancelled is not None:
            raise cancelled


def _now_us() -> int:
    return time.monotonic_ns() // 1000
