"""The calls: warm-up, then stretches of calls with a forced collection after each; in all isolates at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inspector.diagnostics.versions import machine
from inspector.errors import GoneError, UsageError
from inspector.events import BytesDropped, Event, GcBatchArrived
from inspector.repeat.allocation import AllocationLedger
from inspector.repeat.callee import Callee, prepare
from inspector.repeat.figures import summarise
from inspector.repeat.records import Call, GcPoint, IsolateFigures, Plan, Progress, Repeated
from inspector.sources import Source
from inspector.states import Outcome
from inspector.wire import GC

if TYPE_CHECKING:
    from inspector.pool import Isolate, Pool

__all__ = ["Repeating"]

_TELL_EVERY_S = 0.25
_TELL_SHARE = 0.02  # of the pool's loop, at most: percentiles of a million calls are sorted anew each time
_STOP_EVERY_S = 0.2
_EMPTY_CALLS = 30
_LOST = (Outcome.HOST_LOST,)


class Repeating:
    """One repeat; `run` once. Belongs to the loop of the pool. `told` hears how far it is, four times a second."""

    def __init__(
        self,
        pool: Pool,
        isolates: Sequence[Isolate],
        source: Source,
        plan: Plan,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        if not isolates:
            raise UsageError("Repeat", "there is no isolate to repeat it in")
        self._pool = pool
        self._source = source
        self._plan = plan
        self._told = told
        self._series = [_Series(isolate, plan, self) for isolate in isolates]
        self._cancelled = asyncio.Event()
        self._ended = asyncio.Event()
        self._began = 0.0

    async def run(self) -> Repeated:
        """UsageError when the file or the plan can't be repeated; GoneError when every isolate ended before it began.

        An isolate that ends while it runs ends its own series, which says so; `cancel` ends all, the figures stay.
        """
        started = self._series[0].isolate.host.started
        unsubscribe = self._pool.subscribe(self._hear)
        try:
            await self._prepare()
            self._began = time.monotonic()
            teller = asyncio.create_task(self._tell(), name="tell the progress of a repeat")
            try:
                await asyncio.gather(*(one.run() for one in self._series))
            finally:
                teller.cancel()
                await asyncio.wait([teller])
            self._told(self._progress())
            return Repeated(
                label=self._source.path.name if self._source.path else self._source.url,
                callee=self._series[0].words,
                engine=started.engine if started is not None else "",
                v8_version=started.v8_version if started is not None else "",
                machine=f"{machine()}, {os.cpu_count()} processors",
                plan=self._plan,
                cancelled=self.cancelled,
                figures=tuple(one.figures() for one in self._series),
            )
        finally:
            self._ended.set()
            unsubscribe()
            await asyncio.gather(*(one.close() for one in self._series), return_exceptions=True)

    async def _prepare(self) -> None:
        try:
            first, *others = self._series
            await first.prepare(self._source)
            cache = await first.code_cache() if others and self._plan.script else None
            await asyncio.gather(*(one.prepare(self._source, cache) for one in others))
        except UsageError:
            if not self.cancelled:  # what was stopped can't be repeated either
                raise

    def _hear(self, event: Event) -> None:
        if isinstance(event, GcBatchArrived):
            for record in GC.iter_unpack(event.records):
                for one in self._series:
                    if one.isolate.isolate_id == record[0]:
                        one.ledger.collected(record[2], record[4] - record[5])
        elif isinstance(event, BytesDropped) and "gc" in event.what:
            for one in self._series:
                one.ledger.is_whole = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    async def cancel(self) -> None:
        """End it: what runs now is stopped, what waits until it is due is not called. Returns when it has ended."""
        self._cancelled.set()
        while not self._ended.is_set():  # again and again: a call may be on its way into a context
            await asyncio.gather(*(one.stop() for one in self._series), return_exceptions=True)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), _STOP_EVERY_S)

    async def until_due(self, due: float) -> None:
        """Wait for a time of the monotonic clock, or for a cancel."""
        left = due - time.monotonic()
        if left > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._cancelled.wait(), left)

    async def _tell(self) -> None:
        pause = _TELL_EVERY_S
        while True:
            await asyncio.sleep(pause)
            began = time.monotonic()
            self._told(self._progress())
            pause = max(_TELL_EVERY_S, (time.monotonic() - began) / _TELL_SHARE)

    def _progress(self) -> Progress:
        of = (self._plan.times or 0) * len(self._series)
        done = sum(len(one.calls) for one in self._series)
        elapsed = time.monotonic() - self._began if self._began else 0.0
        return Progress(done, of, elapsed, tuple(one.figures() for one in self._series))


class _Series:
    """The calls of one isolate."""

    def __init__(self, isolate: Isolate, plan: Plan, whole: Repeating) -> None:
        self.isolate = isolate
        self.words = ""
        self.calls: list[Call] = []
        self._plan = plan
        self._whole = whole
        self._context_id = 0  # of what is prepared; 0: none yet
        self._callee: Callee | None = None
        self._empty: Callee | None = None
        self._points: list[GcPoint] = []
        self._seconds = 0.0
        self.ledger = AllocationLedger()
        self._empty_calls = (0, 0)  # when they began and ended
        self._made = 0  # calls that were begun
        self._ended = False

    async def prepare(self, source: Source, code_cache: bytes | None = None) -> None:
        self._callee, self._empty = await prepare(self.isolate, source, self._plan, self._placed, code_cache)
        self.words = self._callee.words

    async def code_cache(self) -> bytes | None:
        """See `Callee.code_cache`; None before `prepare`."""
        return None if self._callee is None else await self._callee.code_cache()

    async def run(self) -> None:
        try:
            await self._run()
        except GoneError:
            self._ended = True  # its host was lost, or somebody disposed it: what was measured stays

    def figures(self) -> IsolateFigures:
        calls = len(self.calls)
        overhead = self.ledger.bytes_in(*self._empty_calls)
        allocated = self.ledger.bytes_since(self._empty_calls[1])
        return summarise(
            self.isolate.isolate_id,
            self.isolate.name,
            self.calls,
            self._points,
            seconds=self._seconds,
            allocated_per_call=allocated / calls if calls and allocated is not None else None,
            overhead_per_call=None if overhead is None else overhead / _EMPTY_CALLS,
        )

    def _placed(self, context_id: int) -> None:
        self._context_id = context_id

    async def stop(self) -> None:
        if self._callee is not None:
            await self._callee.stop()
        elif self._context_id and not self.isolate.is_ending:
            await self.isolate.stop_in(self._context_id, "the repeat was cancelled")

    async def close(self) -> None:
        for one in (self._empty, self._callee):
            if one is not None:
                await one.close()

    async def _run(self) -> None:
        callee, empty, plan = self._callee, self._empty, self._plan
        if self._over:
            return
        assert callee is not None
        assert empty is not None
        await empty.call(plan.timeout_s)  # the first one is compiled, and costs what the others don't
        began = await self._note_used()
        for _ in range(_EMPTY_CALLS if not self._over else 0):
            await empty.call(plan.timeout_s)
        self._empty_calls = (began, await self._note_used())
        await self._stretch(callee, plan.warm_up, None, kept=False)
        await self._collect()
        share = None if plan.times is None else -(-plan.times // plan.collections)
        while not self._over:
            left = None if plan.times is None else plan.times - len(self.calls)
            if left == 0 or (plan.seconds is not None and self._seconds >= plan.seconds):
                break
            count = None if left is None or share is None else min(left, share)
            seconds = None if plan.seconds is None else plan.seconds / plan.collections
            await self._stretch(callee, count, seconds, kept=True)
            await self._collect()

    @property
    def _over(self) -> bool:
        return self._whole.cancelled or self._ended

    async def _stretch(self, callee: Callee, count: int | None, seconds: float | None, *, kept: bool) -> None:
        """So many calls, or so many seconds of them, by all callers; `kept`: they are measured."""
        if count == 0:
            return
        if kept:
            self.ledger.begin(await self._note_used())
        began = time.monotonic()
        first, self._made = self._made if kept else 0, self._made if kept else 0

        async def caller() -> None:
            while not self._over:
                number = self._made - first
                due = began
                if count is not None and number >= count:
                    return
                self._made += 1
                if self._plan.rate_hz is not None and kept:
                    due += number / self._plan.rate_hz
                    if seconds is not None and due - began >= seconds:
                        return
                    await self._whole.until_due(due)
                    if self._over:
                        return
                elif seconds is not None and time.monotonic() - began >= seconds:
                    return
                else:
                    due = time.monotonic()
                report = await callee.call(self._plan.timeout_s)
                if report.outcome in _LOST:
                    self._ended = True
                if kept and not (self._whole.cancelled and report.outcome is Outcome.CANCELLED):
                    error = report.error
                    self.calls.append(
                        Call(
                            isolate_id=self.isolate.isolate_id,
                            due_us=round(due * 1e6),
                            latency_ms=(time.monotonic() - due) * 1e3,
                            run_ms=report.timings.run_ms,
                            cpu_ms=report.timings.cpu_ms,
                            outcome=report.outcome,
                            error=f"{error.name}: {error.message}" if error is not None else "",
                        )
                    )

        await asyncio.gather(*(caller() for _ in range(self._plan.callers)))
        if kept:
            self._seconds += time.monotonic() - began
            self.ledger.end(await self._note_used())

    async def _collect(self) -> None:
        if self._over:
            return
        await self.isolate.collect_garbage()
        found = await self.isolate.heap_statistics()
        self._points.append(GcPoint(len(self.calls), found.used_bytes, found.external_bytes))

    async def _note_used(self) -> int:
        """The heap as it is now goes into the ledger; when that was."""
        found = await self.isolate.heap_statistics()
        self.ledger.saw(found.at_us, found.used_bytes)
        if not found.spaces:  # this engine tells its newest sample, which may be old
            self.ledger.is_whole = False
        return found.at_us
