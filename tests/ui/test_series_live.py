"""The series store fed by a real pool: a loop, a heap that grows, collections, and a host process that is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable

import pytest

from inspector.events import Event, HostStarted, IsolateEnded
from inspector.pool import Pool
from inspector.sources import source_from_text
from inspector.states import Capability, GcKind, IsolateState, Outcome, SampleMode
from tests.fixtures.engines import skip_without
from tests.ui.heap_feed import MIB
from ui.models.series import SeriesStore

PATIENCE_S = 30
GROWS = "const kept = []; setInterval(() => { for (let i = 0; i < 2000; i++) kept.push({ i }) }, 5)"


class Watcher:
    """Feeds a store as events come, and wakes whoever waits for what they make true."""

    def __init__(self, pool: Pool) -> None:
        self.store = SeriesStore()
        self.store.enable()
        self.events: list[Event] = []
        self._arrived = asyncio.Event()
        pool.subscribe(self._take)

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._arrived.clear()
                await self._arrived.wait()

    def _take(self, event: Event) -> None:
        self.events.append(event)
        self.store.apply([event])
        self._arrived.set()


@skip_without(Capability.BUSY_SAMPLES)
async def test_a_looping_isolate_is_sampled_while_it_runs() -> None:
    async with Pool() as pool:
        watcher = Watcher(pool)
        isolate = await pool.create_isolate(name="loop", memory_limit="64 MiB")
        run = asyncio.ensure_future(isolate.run(source_from_text("for (;;) ;", "loop.js")))

        def busy_samples() -> bool:
            latest = watcher.store.latest(isolate.isolate_id)
            return latest is not None and latest.mode is SampleMode.BUSY and latest.rate_hz > 5

        await watcher.until(busy_samples)
        latest = watcher.store.latest(isolate.isolate_id)
        assert latest is not None
        assert 0 < latest.used_bytes <= latest.committed_bytes < 64 * MIB
        assert latest.limit_bytes == 64 * MIB
        await isolate.stop()
        assert (await run).outcome is Outcome.CANCELLED


@skip_without(Capability.BUSY_GC)
async def test_growth_and_collections_of_a_leak() -> None:
    async with Pool() as pool:
        watcher = Watcher(pool)
        isolate = await pool.create_isolate(name="leak", memory_limit="256 MiB")
        run = asyncio.ensure_future(isolate.run(source_from_text(GROWS, "leak.js")))
        store, isolate_id = watcher.store, isolate.isolate_id

        def full_collections() -> int:
            marks = store.gcs(isolate_id, 0, store.now() + 1)
            return 0 if marks is None else int(marks.is_full.sum())

        await watcher.until(lambda: store.latest(isolate_id))
        async with asyncio.timeout(PATIENCE_S):
            while (detail := store.growth_detail(isolate_id)) is None or not detail.full:
                seen, sampled_us = full_collections(), store.stamp(isolate_id)[0]
                before, after, _ = await isolate.collect_garbage()
                assert after <= before
                await watcher.until(lambda seen=seen: full_collections() > seen)
                await watcher.until(lambda then=sampled_us: store.stamp(isolate_id)[0] > then + 300_000)
        assert full_collections() >= 3
        growth = store.growth(isolate_id)
        assert growth is not None
        assert growth > 100_000
        mark = store.gc_near(isolate_id, store.now(), PATIENCE_S * 1_000_000)
        assert mark is not None
        assert mark.kind is GcKind.MARK_COMPACT
        assert mark.pause_us > 0
        await isolate.stop()
        await run


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
async def test_a_killed_host_leaves_the_last_data_and_the_reason() -> None:
    async with Pool() as pool:
        watcher = Watcher(pool)
        isolate = await pool.create_isolate(name="victim", host="own")
        await isolate.evaluate("'x'.repeat(1e6).length")
        await watcher.until(lambda: watcher.store.latest(isolate.isolate_id))
        last = watcher.store.used(isolate.isolate_id)
        os.kill(
            next(event.pid for event in watcher.events if isinstance(event, HostStarted) and event.alone),
            signal.SIGKILL,
        )
        await watcher.until(lambda: any(isinstance(event, IsolateEnded) for event in watcher.events))
        track = watcher.store.tracks[isolate.isolate_id]
        assert track.state is IsolateState.CRASHED
        assert track.end_reason
        assert watcher.store.used(isolate.isolate_id) == last
        assert watcher.store.sparkline(isolate.isolate_id)[-1] > 0
