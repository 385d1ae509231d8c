"""Heap samples: by V8 itself while busy, by the task that worked last when idle, by the pause loop when paused."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from inspector.engine.native.abi import HeapBuffer
from inspector.engine.port import HeapSample

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["Sampling", "now_us"]

IDLE, BUSY, PAUSED = 0, 1, 2  # wire.MODES


def now_us() -> int:
    """The machine's monotonic clock in microseconds."""
    return time.monotonic_ns() // 1000


class Sampling:
    """One request is outstanding at most: V8 fills the buffer, `poll` sees the marker and takes the words."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._asked = HeapBuffer()  # for V8, at an interrupt check; alive until the isolate is freed
        self._own = HeapBuffer()  # for the isolate's thread
        self._asked_at: int | None = None
        self.latest: HeapSample | None = None

    def request(self) -> None:
        """Any thread. Nothing is asked of an idle isolate: its last task has told."""
        owner = self._owner
        if owner.pauses.paused:
            owner.post_in_pause(lambda: self.take(PAUSED))
            return
        owner.gate.insist()  # at the beat of the samples
        if owner.busy and self._asked_at is None:
            self._asked.clear()
            self._asked_at = now_us()
            owner.interrupt_for_statistics(self._asked)

    def poll(self) -> HeapSample | None:
        """Any one thread: the busy sample, when V8 has written it since `request`."""
        asked_at = self._asked_at
        if asked_at is None or not self._asked.filled:
            return None
        seen_at = now_us()
        sample = HeapSample(BUSY, seen_at, seen_at - asked_at, self._asked.words())
        self._asked_at = None
        self.latest = sample
        return sample

    def take(self, mode: int) -> HeapSample:
        """On the isolate's thread, now."""
        began = now_us()
        words = self._owner.v8.statistics(self._owner.address, self._own)
        at = now_us()
        self.latest = HeapSample(mode, at, at - began, words)
        self._owner.sink.sampled(self.latest)
        return self.latest
