"""Timeouts, CPU and memory limits, stops: each ends the run, and the isolate works on."""

from __future__ import annotations

import asyncio

import pytest

from inspector.events import IsolateStateChanged, LimitHit, RunQueued, RunStarted
from inspector.pool import Isolate
from inspector.states import Capability, IsolateState, Outcome
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _works(bench: Bench, isolate: Isolate) -> None:
    """It evaluates, and is idle again."""
    assert (await isolate.evaluate("6 * 7")).preview == "42"
    if isolate.state is not IsolateState.IDLE:
        await bench.events.next(
            IsolateStateChanged,
            lambda event: event.isolate_id == isolate.isolate_id and event.state is IsolateState.IDLE,
        )


async def test_timeout(bench: Bench) -> None:
    isolate = await bench.isolate()
    for source in (
        "for (;;);",
        "for (;;) { try { throw 1 } catch {} }",
        "new Promise(() => {})",
        "setInterval(() => 0, 5)",
    ):
        report = await bench.run(isolate, source, timeout_s=0.2)
        assert report.outcome is Outcome.TIMED_OUT and report.evidence, (source, report)
        await _works(bench, isolate)


async def test_cpu_limit(bench: Bench) -> None:
    isolate = await bench.isolate()
    if reason := bench.reason(Capability.CPU_LIMIT):
        assert "CPU time" in reason
        report = await bench.run(isolate, "1")
        assert report.timings.cpu_ms is None
        return
    report = await isolate.run(bench.source("for (;;);"), cpu_limit_s=0.1, timeout_s=20)
    assert report.outcome is Outcome.CPU_LIMIT
    await _works(bench, isolate)


async def test_memory_limit(bench: Bench) -> None:
    assert bench.reason(Capability.MEMORY_LIMIT) == ""
    isolate, neighbour = await bench.isolate(), await bench.isolate()
    for source in (
        "globalThis.a = []; for (;;) a.push({x: [1]})",
        "globalThis.a = new Map(); for (let i = 0; ; i++) a.set(i, [i])",
    ):
        report = await bench.run(isolate, source)
        assert report.outcome is Outcome.HEAP_LIMIT and "64" in report.evidence, report
        assert (await isolate.evaluate("globalThis.a = null; 1")).outcome is Outcome.COMPLETED
        await _works(bench, neighbour)
    hits = [event for event in bench.events.of(LimitHit) if event.isolate_id == isolate.isolate_id]
    assert len(hits) >= 2 and all(hit.limit_bytes == 64 << 20 for hit in hits)
    await isolate.collect_garbage()
    await _works(bench, isolate)


async def test_external_limit(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(
        isolate, "globalThis.a = []; for (let i = 0; i < 40; i++) a.push(new Uint8Array(5e6).fill(1)); a.length"
    )
    if reason := bench.reason(Capability.EXTERNAL_LIMIT):
        assert "off-heap" in reason and report.outcome is Outcome.COMPLETED
    else:
        assert report.outcome is Outcome.EXTERNAL_LIMIT, report
    await isolate.evaluate("globalThis.a = null")


async def test_a_microtask_loop_is_told_and_ended(bench: Bench) -> None:
    isolate = await bench.isolate()
    report = await bench.run(isolate, "(async () => { for (;;) await 0 })()", timeout_s=0.5)
    assert report.outcome is Outcome.TIMED_OUT, report
    await _works(bench, isolate)


async def test_a_stop_meets_a_run_that_is_still_in_line(bench: Bench) -> None:
    """Sent together, as Ctrl+C just after a start: it was forgotten, and the run went on for ever."""
    isolate = await bench.isolate()
    for _ in range(10):
        loop = asyncio.ensure_future(isolate.run(bench.source("for (;;);"), timeout_s=20))
        await asyncio.sleep(0)  # it is on its way
        await isolate.stop()
        assert (await loop).outcome is Outcome.CANCELLED
    await _works(bench, isolate)


async def test_a_busy_isolate_keeps_what_comes_in_line(bench: Bench) -> None:
    isolate = await bench.isolate()
    loop = asyncio.ensure_future(isolate.run(bench.source("for (;;);"), timeout_s=20))
    await bench.events.heard(
        IsolateStateChanged,
        lambda event: event.isolate_id == isolate.isolate_id and event.state is IsolateState.RUNNING,
    )
    waiting = asyncio.ensure_future(isolate.evaluate("'served'"))
    queued = await bench.events.heard(RunQueued, lambda e: e.isolate_id == isolate.isolate_id and bool(e.waits_for))
    assert queued.waits_for == "waits for the running script"
    started = await bench.events.heard(RunStarted, lambda event: event.isolate_id == isolate.isolate_id)
    await isolate.stop(started.run_id)
    assert (await loop).outcome is Outcome.CANCELLED
    assert (await waiting).value == "served"
