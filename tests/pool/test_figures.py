"""Figures that are asked for: every word of the heap, its spaces, the memory of each context, times."""

from __future__ import annotations

import asyncio

import pytest

from inspector.events import IsolateStateChanged
from inspector.pool import Isolate
from inspector.sources import source_from_text
from inspector.states import Capability, IsolateState
from tests.fixtures.engines import needs
from tests.pool.recorder import Recorder

LOOP = source_from_text("for (;;);", "loop.js")
MIB = 1 << 20


async def test_heap_spaces_add_up_to_the_heap(isolate: Isolate) -> None:
    await isolate.run(source_from_text("globalThis.kept = Array.from({ length: 1e5 }, (_, i) => ({ i }))", "kept.js"))
    figures = await isolate.heap_statistics()
    if not figures.spaces:  # the public API: see test_refusals.py
        assert figures.used_bytes > 0 and figures.at_us > 0
        return
    assert figures.used_bytes > 2 * MIB and figures.v8_limit_bytes > 64 * MIB and figures.native_contexts >= 1
    assert sum(space.size_bytes for space in figures.spaces) == figures.total_bytes
    assert sum(space.used_bytes for space in figures.spaces) == figures.used_bytes
    assert sum(space.physical_bytes for space in figures.spaces) == figures.physical_bytes
    assert {"new_space", "old_space", "large_object_space"} <= {space.name for space in await isolate.heap_spaces()}


async def test_figures_while_a_script_loops(isolate: Isolate, events: Recorder) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    figures = await asyncio.wait_for(isolate.heap_statistics(), 5)
    first = await isolate.times()
    assert figures.used_bytes > 0
    await isolate.stop()
    await loop
    last = await isolate.times()
    assert last.alive_s > first.alive_s
    if first.executing_s is not None and last.executing_s is not None:
        assert 0 < first.executing_s <= last.executing_s <= last.alive_s
    if first.cpu_s is not None and last.cpu_s is not None:
        assert 0 < first.cpu_s <= last.cpu_s


@needs(Capability.CONTEXT_MEMORY)
async def test_memory_of_each_context(isolate: Isolate) -> None:
    before = await isolate.context_memory()
    second = await isolate.create_context()
    grow = source_from_text("globalThis.kept = Array.from({ length: 2e5 }, (_, i) => ({ i }))", "grow.js")
    await isolate.run(grow, context_id=second.context_id)
    after = await isolate.context_memory()
    main = isolate.default_context_id
    assert set(after.contexts) == {main, second.context_id}
    assert after.contexts[second.context_id] > 3 * MIB
    assert abs(after.contexts[main] - before.contexts[main]) < 0.2 * MIB
    used = (await isolate.heap_statistics()).used_bytes
    assert sum(after.contexts.values()) + after.engine_bytes + after.shared_bytes == pytest.approx(used, rel=0.05)


async def test_questions_meet_the_end_of_the_isolate(isolate: Isolate, events: Recorder) -> None:
    loop = asyncio.ensure_future(isolate.run(LOOP))
    await events.heard(IsolateStateChanged, lambda event: event.state is IsolateState.RUNNING)
    asked = [asyncio.ensure_future(isolate.context_memory()) for _ in range(3)]
    await isolate.dispose()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(answer, Exception) for answer in answers)
    await loop
