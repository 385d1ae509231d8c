"""What is shown is so: figures against known amounts and V8's inspector, and after every intrinsic was replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.events import ConsoleWritten
from inspector.pool import Isolate, Pool
from inspector.records import HeapStatistics
from inspector.sources import source_from_text
from inspector.states import Capability, Outcome
from inspector.values import console_text
from tests.pool.recorder import Recorder

MIB = 1 << 20
OBJECTS = 500_000
OBJECT_BYTES = 6 * 4  # map, properties, elements, two small integers, the link to the next: compressed to 4 bytes each
BUFFERS_MIB = 24
VANDAL = (Path(__file__).parents[1] / "engine" / "portable" / "vandal.js").read_text(encoding="utf-8")
# Written so that they work where every intrinsic is broken: a chain, no array.
KEEP_OBJECTS = f"""
let chain = null;
for (let i = 0; i < {OBJECTS}; i++) chain = {{ a: 1, b: i, next: chain }};
0"""
KEEP_BUFFERS = f"""
globalThis.buffers = null;
for (let i = 0; i < {BUFFERS_MIB}; i++) buffers = {{ buffer: new ArrayBuffer({MIB}), next: buffers }};
0"""
# No Map: for its size V8's own inspector asks the getter that the script has replaced.
SPEAK = """
console.log('text', 1, -0, 1n, true, null, undefined, Symbol.iterator);
console.log({ a: 1, b: [1, 2, { c: 3 }] }, [1, , 3], /x/g);
console.error('%s and %d', 'this', 42);
console.table([{ x: 1 }]);
console.warn(function named() {}, class Kind {}, new Error("told").name);
({ answer: 42, list: [1, 2, 3] })
"""


async def settled_figures(isolate: Isolate) -> HeapStatistics:
    """After a full collection, as fresh as the engine tells them."""
    await isolate.collect_garbage()
    await isolate.collect_garbage()
    return await isolate.heap_statistics()


async def run(isolate: Isolate, text: str, url: str = "truth.js") -> None:
    report = await isolate.run(source_from_text(text, url), timeout_s=30)
    assert report.outcome is Outcome.COMPLETED, report


def lacks(isolate: Isolate, capability: Capability) -> str:
    started = isolate.host.started
    assert started is not None
    return started.capabilities[capability.value]


async def test_objects_raise_the_used_bytes_by_what_they_take(pool: Pool) -> None:
    isolate = await pool.create_isolate(memory_limit="256 MiB")
    await run(isolate, "0")
    before = await isolate.collect_garbage()
    await run(isolate, KEEP_OBJECTS)
    await isolate.collect_garbage()
    after = await isolate.collect_garbage()
    assert after[1] - before[1] == pytest.approx(OBJECTS * OBJECT_BYTES, rel=0.05)


async def test_buffers_raise_the_off_heap_bytes_by_what_they_take(pool: Pool) -> None:
    isolate = await pool.create_isolate(memory_limit="256 MiB")
    if reason := lacks(isolate, Capability.EXTERNAL_LIMIT):
        assert "off-heap memory is not told" in reason
        return
    before = await settled_figures(isolate)
    await run(isolate, KEEP_BUFFERS)
    after = await settled_figures(isolate)
    assert after.external_bytes - before.external_bytes == pytest.approx(BUFFERS_MIB * MIB, rel=0.05)
    assert after.used_bytes - before.used_bytes < MIB
    await run(isolate, "globalThis.buffers = null; 0")
    assert (await settled_figures(isolate)).external_bytes - before.external_bytes < MIB


async def test_figures_are_those_of_the_inspector(pool: Pool) -> None:
    isolate = await pool.create_isolate(memory_limit="256 MiB")
    if lacks(isolate, Capability.INSPECTOR):
        pytest.skip("the figures have one source here")
    await run(isolate, KEEP_OBJECTS)
    before = await settled_figures(isolate)
    usage = await isolate.send("Runtime.getHeapUsage")
    after = await isolate.heap_statistics()
    assert before.total_bytes == usage["totalSize"] == after.total_bytes
    assert before.used_bytes <= usage["usedSize"] <= after.used_bytes
    assert after.used_bytes - before.used_bytes < 0.001 * before.used_bytes


async def test_no_figure_changes_when_every_intrinsic_is_replaced(pool: Pool) -> None:
    grown = []
    for first in ("0", VANDAL):
        isolate = await pool.create_isolate(memory_limit="256 MiB")
        await run(isolate, first, "first.js")
        before = (await isolate.collect_garbage())[1], (await settled_figures(isolate)).external_bytes
        await run(isolate, KEEP_OBJECTS)
        if not lacks(isolate, Capability.EXTERNAL_LIMIT):
            await run(isolate, KEEP_BUFFERS)
        after = (await isolate.collect_garbage())[1], (await settled_figures(isolate)).external_bytes
        grown.append((after[0] - before[0], after[1] - before[1]))
        await isolate.dispose()
    assert grown[1] == pytest.approx(grown[0], rel=0.05, abs=0.1 * MIB)


async def test_no_console_line_changes_when_every_intrinsic_is_replaced(pool: Pool, events: Recorder) -> None:
    spoken = []
    for first in ("0", VANDAL):
        isolate = await pool.create_isolate()
        await run(isolate, first, "first.js")
        report = await isolate.run(source_from_text(SPEAK, "speak.js"))
        assert report.outcome is Outcome.COMPLETED
        await isolate.evaluate("console.log('the end')")
        await events.heard(
            ConsoleWritten,
            lambda event, wanted=isolate.isolate_id: (
                event.isolate_id == wanted  # type: ignore[misc]
                and console_text(event.args) == "the end"
            ),
        )
        lines = [event for event in events.of(ConsoleWritten) if event.isolate_id == isolate.isolate_id]
        spoken.append((report.preview, [(line.level, console_text(line.args)) for line in lines]))
    assert spoken[0] == spoken[1] and len(spoken[0][1]) >= 6
