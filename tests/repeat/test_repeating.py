"""Known leaks, known failures, known latencies: the figures are those."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from inspector.errors import UsageError
from inspector.events import Event, RunQueued, RunSettled, RunStarted, ScriptCompiled
from inspector.pool import Pool
from inspector.repeat import Plan, Progress, Repeating
from inspector.sources import Source
from inspector.states import Capability
from tests.fixtures.engines import needs, on_main

Write = Callable[[str, str], Source]


@needs(Capability.EXTERNAL_LIMIT)
async def test_a_leak_of_a_known_size_is_found(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    heard: list[Event] = []
    pool.subscribe(heard.append)
    # a thousand numbers that are no small integers: 8 bytes each, and the array around them
    leak = source("leak.js", "const kept = []; let n = 0;\n"
                  "function handler() { kept.push(new Float64Array(1000).fill(++n)); return n }")  # fmt: skip
    done = await Repeating(pool, [isolate], leak, Plan(times=200, warm_up=20)).run()
    figures = done.figures[0]
    assert (figures.calls, figures.failed, done.callee) == (200, 0, "handler of leak.js")
    assert figures.growth is not None and figures.growth.grows
    assert figures.growth.bytes_per_call == pytest.approx(8_000, rel=0.1)
    assert figures.p50_ms is not None and 0 < figures.p50_ms <= (figures.p99_ms or 0)
    assert len(isolate.contexts) == 1
    runs = [one for one in heard if isinstance(one, RunQueued | RunStarted | RunSettled)]
    assert len(runs) == 3  # the file itself: the calls are too many to be told


@needs(Capability.MODULES)
async def test_what_a_call_allocates_is_told_without_what_calling_costs(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    module = source("clean.mjs", "export default function ({n}) { return new Array(n).fill(1.5).length }")
    done = await Repeating(pool, [isolate], module, Plan(times=150, warm_up=20, payload='{"n": 2000}')).run()
    figures = done.figures[0]
    assert done.callee == "default of clean.mjs"
    assert figures.allocated_per_call == pytest.approx(16_000, rel=0.2)
    assert figures.growth is not None and abs(figures.growth.bytes_per_call) < 400


async def test_a_function_of_a_script_on_both_engines(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    script = source("add.js", "function add({a, b}) { return a + b }")
    plan = Plan(times=20, warm_up=2, function="add", payload='{"a": 1, "b": 2}', collections=3)
    done = await Repeating(pool, [isolate], script, plan).run()
    assert (done.figures[0].calls, done.figures[0].failed) == (20, 0)
    assert len(done.figures[0].points) == 4


@needs(Capability.MODULES)
async def test_callers_are_inside_at_the_same_time(pool: Pool, source: Write) -> None:
    isolates = [await pool.create_isolate(), await pool.create_isolate()]
    barrier = source("barrier.mjs", "let inside = []; export const handle = () => new Promise((done) => {\n"
                     "if (inside.push(done) === 5) { for (const go of inside) go(); inside = [] } })")  # fmt: skip
    heard: list[Progress] = []
    plan = Plan(times=40, warm_up=0, callers=5, collections=4)  # four stretches of ten calls
    done = await Repeating(pool, isolates, barrier, plan, heard.append).run()
    assert [(one.calls, one.failed) for one in done.figures] == [(40, 0), (40, 0)]
    assert heard[-1].done == heard[-1].of == 80


@needs(Capability.CONTEXTS)
async def test_a_script_in_a_fresh_context_each_time(pool: Pool, source: Write) -> None:
    isolate, other = await pool.create_isolate(), await pool.create_isolate()
    heard: list[Event] = []
    pool.subscribe(heard.append)
    script = source("once.js", "const only = 1; globalThis.seen = (globalThis.seen ?? 0) + 1; if (seen > 1) throw 1")
    plan = Plan(times=12, warm_up=0, script=True, fresh_context=True)
    fresh = await Repeating(pool, [isolate, other], script, plan).run()
    assert [(one.calls, one.failed) for one in fresh.figures] == [(12, 0)] * 2
    compiled = [one for one in heard if isinstance(one, ScriptCompiled)]
    assert {one.isolate_id for one in compiled if one.cached} == {other.isolate_id}  # V8 took the first one's code
    same = await Repeating(pool, [isolate], script, Plan(times=12, warm_up=0, script=True)).run()
    assert same.figures[0].failed == 11 and "only" in same.figures[0].first_error
    assert len(isolate.contexts) == 1


async def test_failures_and_timeouts_are_counted(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    script = source("bad.js", "let n = 0; function handler() { if (++n % 2) for (;;); throw new RangeError('odd') }")
    done = await Repeating(pool, [isolate], script, Plan(times=4, warm_up=0, timeout_s=0.1, collections=3)).run()
    assert done.figures[0].failed == 4
    assert (await isolate.evaluate("1 + 1")).value == 2


WHY: tuple[tuple[str, dict[str, str], str], ...] = (
    ("1", {}, "none of handler"),
    ("function handler() {}", {"function": "other"}, "no function other"),
    ("throw new Error('early')", {}, "early"),
    ("function handler() {}", {"payload": "{a: 1}"}, "no JSON"),
)


@on_main
async def test_what_can_not_be_repeated_says_why(pool: Pool, source: Write) -> None:
    for text, plan, words in WHY:
        isolate = await pool.create_isolate()
        with pytest.raises(UsageError) as refused:
            await Repeating(pool, [isolate], source("file.js", text), Plan(times=3, **plan)).run()  # type: ignore[arg-type]
        assert words in str(refused.value)


@needs(Capability.MODULES)
async def test_several_exports_must_be_told_apart(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    module = source("two.mjs", "export const a = () => 1, b = () => 2")
    with pytest.raises(UsageError, match="a, b"):
        await Repeating(pool, [isolate], module, Plan(times=3)).run()


async def test_a_cancelled_repeat_keeps_what_it_has(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    seen = asyncio.Event()
    script, plan = source("f.js", "function handler() { return 1 }"), Plan(times=None, seconds=600)
    repeating = Repeating(pool, [isolate], script, plan,
                          lambda progress: seen.set() if progress.done else None)  # fmt: skip
    running = asyncio.create_task(repeating.run())
    async with asyncio.timeout(60):
        await seen.wait()
        await repeating.cancel()
        done = await running
    assert done.cancelled and done.figures[0].calls > 0


@needs(Capability.CONTEXTS)
async def test_a_cancel_ends_a_loop_in_a_fresh_context_and_a_wait_until_due(pool: Pool, source: Write) -> None:
    isolate = await pool.create_isolate()
    loop, idle = source("loop.js", "for (;;);"), source("f.js", "let n = 0; function handler() { n++ }")
    slow = {"warm_up": 0, "timeout_s": 3_000.0}
    for script, plan in (
        (loop, Plan(script=True, fresh_context=True, **slow)),  # type: ignore[arg-type]
        (idle, Plan(times=100, rate_hz=0.01, **slow)),  # type: ignore[arg-type]
    ):
        told = asyncio.Event()
        repeating = Repeating(pool, [isolate], script, plan, lambda _, told=told: told.set())  # type: ignore[misc]
        running = asyncio.create_task(repeating.run())
        async with asyncio.timeout(60):
            await told.wait()
            await repeating.cancel()
            assert (await running).cancelled


async def test_an_isolate_that_ends_ends_its_series(pool: Pool, source: Write) -> None:
    one, other = await pool.create_isolate(), await pool.create_isolate(host="own")
    seen = asyncio.Event()
    plan = Plan(times=None, seconds=1.0, warm_up=0, collections=3)
    repeating = Repeating(pool, [one, other], source("f.js", "function handler() { return 1 }"), plan,
                          lambda progress: seen.set() if progress.done else None)  # fmt: skip
    running = asyncio.create_task(repeating.run())
    async with asyncio.timeout(60):
        await seen.wait()
        await one.dispose()
        done = await running
    assert done.figures[1].calls > 0
