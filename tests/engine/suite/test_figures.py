"""Heap samples, garbage collections, memory of an end."""

from __future__ import annotations

import asyncio

import pytest

from inspector.errors import InspectorError
from inspector.events import GcBatchArrived, IsolateEnded, SampleBatchArrived
from inspector.pool import Isolate
from inspector.states import Capability, IsolateState
from inspector.wire import GC, MODES, SAMPLE, SAMPLE_WORDS
from tests.engine.suite.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

_USED = 4 + SAMPLE_WORDS.index("used_bytes")  # in an unpacked record: id, mode, at_us, window_us come first


def _samples(bench: Bench, isolate: Isolate) -> list[tuple[int, ...]]:
    records = [record for batch in bench.events.of(SampleBatchArrived) for record in SAMPLE.iter_unpack(batch.records)]
    return [record for record in records if record[0] == isolate.isolate_id]


def _collections(bench: Bench, isolate: Isolate) -> list[tuple[int, ...]]:
    records = [record for batch in bench.events.of(GcBatchArrived) for record in GC.iter_unpack(batch.records)]
    return [record for record in records if record[0] == isolate.isolate_id]


async def test_idle_samples(bench: Bench) -> None:
    assert bench.reason(Capability.HEAP_STATISTICS) == ""
    isolate = await bench.isolate()
    await bench.run(isolate, "globalThis.kept = new Array(1e6).fill(1.5); 0")
    while not (idle := [one for one in _samples(bench, isolate) if MODES[one[1]] == "idle" and one[_USED] > 8_000_000]):
        await bench.events.next(SampleBatchArrived)
    assert idle[-1][_USED] < 20_000_000


async def test_busy_samples(bench: Bench) -> None:
    isolate = await bench.isolate()
    loop = asyncio.ensure_future(isolate.run(bench.source("console.log('go'); for (;;);"), timeout_s=20))
    await bench.logged(isolate, "go")
    if reason := bench.reason(Capability.BUSY_SAMPLES):
        assert "96 kB" in reason and "at most once a second" in reason
        assert all(MODES[sample[1]] == "idle" for sample in _samples(bench, isolate))
    else:
        while sum(MODES[sample[1]] == "busy" for sample in _samples(bench, isolate)) < 5:
            await bench.events.next(SampleBatchArrived)
    await isolate.stop()
    await loop


async def test_gc_events_find_their_isolate(bench: Bench) -> None:
    assert bench.reason(Capability.GC_EVENTS) == ""
    isolates = [await bench.isolate() for _ in range(3)]
    for isolate in isolates:
        before, after, ms = await isolate.collect_garbage()
        assert before > 0 and after > 0 and ms > 0
    for number, isolate in enumerate(isolates):
        await bench.run(isolate, f"for (let i = 0; i < {number + 1} * 2e6; i++) globalThis.x = [i]; 0")
        while not any(record[4] > record[5] for record in _collections(bench, isolate)):
            await bench.events.next(GcBatchArrived)
    assert all(_collections(bench, isolate) for isolate in isolates)


async def test_garbage_collection_while_busy(bench: Bench) -> None:
    isolate = await bench.isolate()
    loop = asyncio.ensure_future(isolate.run(bench.source("console.log('go'); for (;;);"), timeout_s=20))
    await bench.logged(isolate, "go")
    if reason := bench.reason(Capability.BUSY_GC):
        with pytest.raises(InspectorError, match="waits for the running script"):
            await isolate.collect_garbage()
        assert "waits for the running script" in reason
    else:
        assert (await isolate.collect_garbage())[2] > 0
    await isolate.stop()
    await loop


async def test_an_end_has_its_ledger(bench: Bench) -> None:
    isolate = await bench.isolate()
    await bench.run(isolate, "globalThis.kept = []; for (let i = 0; i < 8e5; i++) kept.push([i]); 0")
    await isolate.dispose()
    ended = await bench.events.heard(IsolateEnded, lambda event: event.isolate_id == isolate.isolate_id)
    assert ended.state is IsolateState.DISPOSED and ended.ledger is not None
    back = ended.ledger.resident_before_bytes - ended.ledger.resident_after_bytes
    assert ended.ledger.dispose_ms < 2000 and back > 20 << 20  # of 29 MiB: no pool of V8's keeps them
