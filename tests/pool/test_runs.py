"""Runs through the pool: queued, stopped, withdrawn, limited, each settled once."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import Any

import pytest

from inspector.errors import ContextReleasedError, ProtocolError, UnsupportedError, UsageError
from inspector.events import (
    ConsoleDropped,
    ConsoleWritten,
    ContextCreated,
    ContextReleased,
    ExceptionThrown,
    IsolatePaused,
    IsolateResumed,
    IsolateStateChanged,
    LimitHit,
    RunQueued,
    RunSettled,
    RunStarted,
    RunValued,
)
from inspector.pool import Isolate, Pool
from inspector.sources import source_from_text
from inspector.states import Capability, IsolateState, Outcome
from tests.pool.recorder import Recorder

LOOP = source_from_text("for (;;);", "loop.js")


async def running(events: Recorder) -> None:
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)


async def test_a_run_is_queued_started_settled(isolate: Isolate, events: Recorder) -> None:
    report = await isolate.run(source_from_text("1 + 2", "sum.js"))
    assert (report.outcome, report.value) == (Outcome.COMPLETED, 3)
    told = [event for event in events if isinstance(event, RunQueued | RunStarted | RunSettled)]
    assert [type(event) for event in told] == [RunQueued, RunStarted, RunSettled]
    queued = events.of(RunQueued)[0]
    assert (queued.run_id, queued.isolate_id, queued.context_id) == (1, 1, isolate.default_context_id)
    assert (queued.label, queued.path, queued.waits_for) == ("sum.js", "", "")
    assert events.of(RunSettled)[0].report == report


async def test_the_value_of_console_input_is_told_before_its_timers_are_done(
    isolate: Isolate, events: Recorder
) -> None:
    if isolate.refusal(Capability.PAUSE):
        pytest.skip("the public API engine tells it at the end of the run")
    typed = asyncio.ensure_future(isolate.evaluate("setInterval(() => {}, 60_000); 5"))
    told = await events.heard(RunValued)
    assert (told.preview, told.context_id, typed.done()) == ("5", isolate.default_context_id, False)
    await isolate.stop(told.run_id)
    assert (await typed).outcome is Outcome.CANCELLED
    assert (await isolate.evaluate("6")).preview == "6"
    assert len(events.of(RunValued)) == 1


async def test_a_run_behind_a_loop_says_what_it_waits_for_and_can_be_withdrawn(
    isolate: Isolate, events: Recorder
) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await running(events)
    waiting = asyncio.ensure_future(isolate.evaluate("1"))
    queued = await events.heard(RunQueued, lambda event: event.label == "console input")
    assert queued.waits_for == "waits for the running script"
    assert isolate.cancel_queued(queued.run_id)
    report = await waiting
    assert report.outcome is Outcome.CANCELLED
    assert report.timings.queued_ms >= 0
    assert not isolate.cancel_queued(queued.run_id)
    assert not isolate.cancel_queued(1)
    assert not isolate.cancel_queued(999)
    await isolate.stop()
    assert (await loop).outcome is Outcome.CANCELLED
    assert (await isolate.evaluate("1")).value == 1


async def test_waiting_runs_go_in_order_once_the_loop_is_stopped(isolate: Isolate, events: Recorder) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await running(events)
    rest = [
        asyncio.ensure_future(isolate.evaluate(f"globalThis.n = (globalThis.n ?? 0) * 10 + {n}")) for n in (1, 2, 3)
    ]
    await events.heard(RunQueued, lambda event: event.run_id == 4)
    await isolate.stop(1)
    assert (await loop).outcome is Outcome.CANCELLED
    assert [(await one).value for one in rest] == [1, 12, 123]


async def test_stopping_everything_takes_what_waits_too(isolate: Isolate, events: Recorder) -> None:
    runs = [asyncio.ensure_future(isolate.run(LOOP)) for _ in range(4)]
    await running(events)
    await isolate.stop()
    assert {(await run).outcome for run in runs} == {Outcome.CANCELLED}
    assert len(events.of(RunSettled)) == 4
    await isolate.stop()
    await isolate.stop(1)
    assert (await isolate.evaluate("2")).value == 2


async def test_a_microtask_loop_is_told_and_can_be_stopped(isolate: Isolate, events: Recorder) -> None:
    loop = asyncio.ensure_future(isolate.evaluate("(function f() { Promise.resolve().then(f) })()"))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.WEDGED)
    held = asyncio.ensure_future(isolate.evaluate("1"))
    queued = await events.heard(RunQueued, lambda event: event.run_id == 2)
    assert "does not answer" in queued.waits_for
    await isolate.stop(1)
    assert (await loop).outcome is Outcome.CANCELLED
    assert (await held).value == 1


async def test_a_ticking_run_lets_others_pass(isolate: Isolate, events: Recorder) -> None:
    ticking = asyncio.ensure_future(isolate.evaluate("var n = 0; setInterval(() => { n++ }, 5); 0"))
    await events.heard(RunStarted)
    first = await isolate.evaluate("1")
    second = await isolate.evaluate("2")
    assert (first.value, second.value) == (1, 2)
    assert not ticking.done()
    await isolate.stop()
    assert (await ticking).outcome is Outcome.CANCELLED


async def test_limits_of_time(isolate: Isolate) -> None:
    timed_out = await isolate.run(LOOP, timeout_s=0.2)
    assert timed_out.outcome is Outcome.TIMED_OUT
    pending = await isolate.run(source_from_text("await new Promise(() => {})", "p.mjs"), timeout_s=0.2)
    assert pending.outcome in (Outcome.TIMED_OUT, Outcome.THREW)
    assert (await isolate.evaluate("3")).value == 3
    for seconds in (0, -1, 0.0001, math.nan, math.inf):
        with pytest.raises(UsageError, match="timeout"):
            await isolate.run(LOOP, timeout_s=seconds)


async def test_a_cpu_limit_ends_a_loop(isolate: Isolate, engine: str) -> None:
    if engine == "portable":  # a limit that nobody watches must not pass for one
        with pytest.raises(UnsupportedError, match="CPU time"):
            await isolate.run(LOOP, cpu_limit_s=0.2)
        return
    assert (await isolate.run(LOOP, cpu_limit_s=0.2)).outcome is Outcome.CPU_LIMIT


async def test_a_memory_limit_ends_a_run_and_the_isolate_goes_on(isolate: Isolate, events: Recorder) -> None:
    report = await isolate.evaluate("let a = []; for (;;) a.push({i: a.length})")
    assert report.outcome is Outcome.HEAP_LIMIT, report
    assert report.heap is not None
    assert report.heap.limit_bytes == 64 << 20
    hit = await events.heard(LimitHit)
    assert hit.outcome is Outcome.HEAP_LIMIT
    assert (await isolate.evaluate("4")).value == 4


async def test_large_pieces_pushed_without_end_meet_the_limit(isolate: Isolate) -> None:
    """V8 once dropped the interrupt check of this loop when it optimised it: see engine.library.FLAGS."""
    report = await isolate.evaluate("let a = []; for (;;) a.push(new Array(1000).fill(1))")
    assert report.outcome is Outcome.HEAP_LIMIT, report
    assert (await isolate.evaluate("4")).value == 4


async def test_an_exception_nobody_caught_is_an_event(isolate: Isolate, events: Recorder, engine: str) -> None:
    report = await isolate.evaluate("setTimeout(() => { throw new TypeError('late') }, 1); 0")
    assert report.outcome is Outcome.THREW
    if engine == "native":
        thrown = await events.heard(ExceptionThrown)
        assert (thrown.error.name, thrown.error.message) == ("TypeError", "late")


async def test_garbage_is_collected_while_a_script_runs(isolate: Isolate, events: Recorder, engine: str) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await running(events)
    if engine == "portable":
        with pytest.raises(ProtocolError, match="waits for the running script"):
            await isolate.collect_garbage()
        await isolate.stop()
        await loop
        return
    async with asyncio.timeout(10):
        before, after, _ = await isolate.collect_garbage()
    assert 0 < after <= before
    await isolate.stop()
    await loop


async def test_pause_and_resume(isolate: Isolate, events: Recorder, engine: str) -> None:
    if engine == "portable":
        with pytest.raises(UnsupportedError):
            await isolate.pause()
        return
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await running(events)
    await isolate.pause()
    await events.heard(IsolatePaused)
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.PAUSED)
    waiting = asyncio.ensure_future(isolate.evaluate("1"))
    queued = await events.heard(RunQueued, lambda event: event.label == "console input")
    assert "paused" in queued.waits_for
    await isolate.resume()
    await events.heard(IsolateResumed)
    await isolate.stop()
    assert {(await loop).outcome, (await waiting).outcome} == {Outcome.CANCELLED}


async def test_contexts_are_separate_named_and_released(isolate: Isolate, events: Recorder, engine: str) -> None:
    if engine == "portable":
        with pytest.raises(UnsupportedError):
            await isolate.create_context()
        return
    other = await isolate.create_context("other")
    auto = await isolate.create_context()
    assert auto.name.startswith("context ")
    with pytest.raises(UsageError, match="in use"):
        await isolate.create_context("other")
    await isolate.evaluate("var x = 1", context_id=other.context_id)
    assert (await isolate.evaluate("typeof x")).value == "undefined"
    assert (await isolate.evaluate("typeof x", context_id=other.context_id)).value == "number"
    assert [event.name for event in events.of(ContextCreated)] == ["main", "other", auto.name]
    ticking = asyncio.ensure_future(isolate.evaluate("setInterval(() => {}, 5); 0", context_id=other.context_id))
    await events.heard(RunStarted, lambda event: event.run_id == 4)
    await isolate.release_context(other.context_id)
    assert (await ticking).outcome is Outcome.CANCELLED
    assert [event.reason for event in events.of(ContextReleased)] == ["released"]
    for context_id in (other.context_id, 12345):
        with pytest.raises(ContextReleasedError):
            await isolate.evaluate("1", context_id=context_id)
        with pytest.raises(ContextReleasedError):
            await isolate.release_context(context_id)


async def test_console_lines_of_two_isolates_do_not_mix(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    other = await pool.create_isolate()
    await asyncio.gather(
        isolate.evaluate("for (let i = 0; i < 200; i++) console.log('a' + i)"),
        other.evaluate("for (let i = 0; i < 200; i++) console.log('b' + i)"),
    )
    for one, letter in ((isolate, "a"), (other, "b")):
        lines = [line.args[0]["value"] for line in events.of(ConsoleWritten) if line.isolate_id == one.isolate_id]
        assert lines == [f"{letter}{i}" for i in range(200)]


async def test_a_flood_of_lines_arrives_or_is_counted(isolate: Isolate, events: Recorder) -> None:
    report = await isolate.evaluate("for (let i = 0; i < 12000; i++) console.log('x'.repeat(700) + i)")
    assert report.outcome is Outcome.COMPLETED
    lines = events.of(ConsoleWritten)
    dropped = sum(event.count for event in events.of(ConsoleDropped))
    assert len(lines) + dropped == 12000
    numbers = [int(line.args[0]["value"].lstrip("x")) for line in lines]
    assert numbers == sorted(numbers)
    assert (await isolate.evaluate("5")).value == 5


async def test_a_latecomer_hears_of_the_runs_that_live(pool: Pool, isolate: Isolate, events: Recorder) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await running(events)
    held = asyncio.ensure_future(isolate.evaluate("1"))
    await events.heard(RunQueued, lambda event: event.run_id == 2)
    late = Recorder()
    pool.subscribe(late)
    assert [(event.run_id, event.waits_for) for event in late.of(RunQueued)] == [
        (1, ""),
        (2, "waits for the running script"),
    ]
    assert [event.run_id for event in late.of(RunStarted)] == [1]
    assert [event.state for event in late.of(IsolateStateChanged)] == [IsolateState.RUNNING]
    await isolate.stop()
    await asyncio.gather(loop, held)


async def test_notifications_without_an_event_can_be_listened_to(isolate: Isolate, engine: str) -> None:
    if engine == "portable":
        with pytest.raises(ProtocolError):
            await isolate.send("Profiler.enable")
        return
    heard: list[Mapping[str, Any]] = []
    leave = isolate.listen("Profiler.consoleProfileStarted", heard.append)
    await isolate.send("Profiler.enable")
    await isolate.evaluate("console.profile('p'); console.profileEnd('p')")
    assert [one["title"] for one in heard] == ["p"]
    leave()
    leave()
