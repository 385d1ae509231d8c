"""Heap samples through `heap_stats()`: taken when the isolate went idle, at most once a second.

The price: each costs 0.4-1 ms and leaves 96 kB of garbage in the heap it measures, and it waits for what runs. A heap
that does nothing does not change, so nothing is taken while nothing ran.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from inspector.engine.port import HeapSample, IsolateSink
from inspector.engine.portable.clock import now_us
from inspector.engine.portable.racer import Racer
from inspector.errors import EngineError
from inspector.wire import MODES, SAMPLE_WORDS

__all__ = ["Samples"]

_PERIOD_S = 1.0
_IDLE = MODES.index("idle")
_FROM_MINI_RACER = {
    "total_bytes": "total_heap_size",
    "executable_bytes": "total_heap_size_executable",
    "physical_bytes": "total_physical_size",
    "used_bytes": "used_heap_size",
    "v8_limit_bytes": "heap_size_limit",
}


class Samples:
    """Belongs to the isolate's thread; `latest` may be read on any. `post` puts a job in the isolate's line."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        racer: Racer,
        sink: IsolateSink,
        post: Callable[[Callable[[], Awaitable[None]]], None],
    ) -> None:
        self._loop = loop
        self._racer = racer
        self._sink = sink
        self._post = post
        self._taken_at = 0.0
        self._is_due = False  # a timer or a job for it is under way
        self._timer: asyncio.TimerHandle | None = None
        self.latest: HeapSample | None = None

    @property
    def used_bytes(self) -> int:
        return 0 if self.latest is None else self.latest.words[SAMPLE_WORDS.index("used_bytes")]

    def went_idle(self) -> None:
        """Something ran: a sample is due, now or when the last one is a second old."""
        if not self._is_due:
            self._is_due = True
            wait_s = max(self._taken_at + _PERIOD_S - time.monotonic(), 0.0)
            self._timer = self._loop.call_later(wait_s, self._due)

    def _due(self) -> None:
        self._timer = None
        self._post(self.take_and_tell)

    async def take_and_tell(self) -> None:
        self._is_due = False
        try:
            sample = await self.take()
        except EngineError:
            return  # V8 has no figures while its heap is over the limit: the next idle moment has
        self._sink.sampled(sample)

    async def take(self) -> HeapSample:
        """One sample now; the isolate is idle."""
        began = now_us()
        stats = await self._racer.heap_stats()
        at_us = now_us()
        words = tuple(int(stats.get(_FROM_MINI_RACER.get(word, ""), 0)) for word in SAMPLE_WORDS)
        self._taken_at = time.monotonic()
        self.latest = HeapSample(mode=_IDLE, at_us=at_us, window_us=at_us - began, words=words)
        return self.latest

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
