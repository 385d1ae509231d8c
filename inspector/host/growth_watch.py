"""What one isolate makes the process grow by in one go, against its own memory limit.

Some of what a script takes is in none of V8's figures (the memory of a SharedArrayBuffer, the text that JSON.stringify
builds), and the public API engine knows no off-heap memory at all. The system knows: what resident memory grows by
while an isolate works without a pause, with the processor nearly to itself, is put down to it, and past `FACTOR` times
its limit it is stopped. When several work at once nobody can say whose it is: then nothing is put down to any, and what
is left is the budget of the process (`MemoryWatch`). macOS tells the most that a process ever had: found once there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from inspector.host.figures import resident_bytes
from inspector.host.isolate import Isolate

__all__ = ["FACTOR", "GrowthWatch"]

FACTOR = 4  # garbage that waits for a collection, V8's young generation and its code are within it
_MARGIN_BYTES = 192 << 20  # beside a small limit, for those
_ALONE = 0.9  # of the CPU time of all isolates since the last look
_GROWTH_BYTES = 1 << 20  # less is no growth
_LOOK_S = 0.2  # while somebody works; SharedArrayBuffers grow by 400 MiB a second


class GrowthWatch:
    """Belongs to the loop. `isolates` is read at each look; `held_bytes`: what the host itself holds, of copies."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, isolates: Mapping[int, Isolate], held_bytes: Callable[[], int]
    ) -> None:
        self._loop = loop
        self._isolates = isolates
        self._held_bytes = held_bytes
        self._next: asyncio.TimerHandle | None = None
        self._resident = 0  # at the last look, without what the host holds
        self._cpu: dict[int, int] = {}  # isolate -> its CPU time at the last look
        self._grown: dict[int, int] = {}  # isolate -> bytes put down to it since it began to work

    def wake(self) -> None:
        """Somebody works: look soon, and again while that lasts."""
        if self._next is None:
            self._note()
            self._next = self._loop.call_later(_LOOK_S, self._look_again)

    def close(self) -> None:
        if self._next is not None:
            self._next.cancel()

    def _note(self) -> tuple[int, dict[int, int]]:
        """Note how things are; how they were before. Price: 20 us, and 1 for each isolate."""
        before = self._resident, self._cpu
        self._resident = resident_bytes() - self._held_bytes()
        self._cpu = {one.isolate_id: _cpu_us(one) for one in self._isolates.values() if one.born}
        return before

    def _look_again(self) -> None:
        self._next = None
        resident_before, cpu_before = self._note()
        spent = {key: now - cpu_before.get(key, 0) for key, now in self._cpu.items()}
        busy = [one for one in self._isolates.values() if one.born and one.engine.is_busy()]
        self._grown = {one.isolate_id: self._grown.get(one.isolate_id, 0) for one in busy}
        worker = _alone(busy, spent)
        if worker is not None:
            self._grew(self._resident - resident_before, worker)
        if busy:
            self._next = self._loop.call_later(_LOOK_S, self._look_again)

    def _grew(self, change: int, worker: Isolate) -> None:
        grown = self._grown[worker.isolate_id] = max(0, self._grown[worker.isolate_id] + change)
        limit = worker.spec.memory_limit_bytes
        if change >= _GROWTH_BYTES and grown > max(FACTOR * limit, limit + _MARGIN_BYTES) and not worker.disposing:
            self._grown[worker.isolate_id] = 0  # as much again, and it is told again
            worker.stop_growth(grown)


def _alone(busy: list[Isolate], spent_us: Mapping[int, int]) -> Isolate | None:
    """Who had the processor nearly to itself since the last look and is still at it."""
    total = sum(spent_us.values())
    if total == 0:  # an engine, or a system, that can't tell
        return busy[0] if len(busy) == 1 else None
    return next((one for one in busy if spent_us[one.isolate_id] >= _ALONE * total), None)


def _cpu_us(isolate: Isolate) -> int:
    return isolate.engine.cpu_us() or 0
