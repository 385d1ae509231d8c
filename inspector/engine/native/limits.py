"""The memory limit of one isolate: V8's old generation by its near-heap-limit callback, the whole after each full
collection.

V8 aborts its process when a script grows past the last limit it was told, so the callback ends the script and grants
a bump that is large enough to unwind in: 1 GiB (64 MiB aborted in three cases). The bump is granted to one isolate of
the process at a time, because all heaps share a cage of 4 GB.
"""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

from inspector.engine.long_sources import too_long
from inspector.engine.native.abi import HeapBuffer
from inspector.engine.native.run import Verdict
from inspector.engine.ports import Bytes
from inspector.states import Outcome

if TYPE_CHECKING:
    from inspector.engine.native.isolate import NativeIsolate

__all__ = ["BUMP_BYTES", "Limits"]

BUMP_BYTES = 1 << 30
_BUMP_WAIT_S = 20.0
_bump = threading.Lock()  # of the process: held by the isolate that unwinds on the bump
# tag in V8's wire format -> bytes of heap that it may cost
_WORST = ((b"o", 40), (b";", 120), (b"'", 120), (b"R", 160), (b"B", 160), (b"r", 200), (b"A", 40))
_LARGE_COPY, _PARTS, _PART = 64 << 20, 64, 256 << 10
_MARK_COMPACT = 4  # v8::kGCTypeMarkSweepCompact
USED, LIMIT, EXTERNAL = 4, 5, 7  # words of the statistics


class Limits:
    """All on the isolate's thread. `arm` again after Debugger.enable, which puts its own callback in front of ours."""

    def __init__(self, owner: NativeIsolate) -> None:
        self._owner = owner
        self._bytes = owner.spec.memory_limit_bytes
        self._buffer = HeapBuffer()
        self._armed = False
        self._v8_limit = 0
        self._has_bump = False
        self._suspected = False  # a collection left more than the limit: to be checked
        self._checking = False
        self.hit = False  # something was ended; `recover` has to follow

    def install(self) -> None:
        v8, isolate = self._owner.v8, self._owner.address
        v8.calls.add_gc_epilogue(isolate, v8.trampolines.gc_epilogue, 0, _MARK_COMPACT)
        v8.calls.set_oom_handler(isolate, v8.trampolines.oom)
        self.arm()

    def arm(self) -> None:
        """Lower V8's limit to ours and put our callback last, the only one V8 calls.

        RemoveNearHeapLimitCallback's second argument is what lowers the limit; V8 keeps it above the live bytes and a
        quarter.
        """
        v8, isolate = self._owner.v8, self._owner.address
        if not self._armed:
            v8.calls.add_near_heap_limit(isolate, v8.trampolines.near_heap_limit, isolate)
        self._armed = True
        v8.calls.remove_near_heap_limit(isolate, v8.trampolines.near_heap_limit, self._bytes)
        v8.calls.add_near_heap_limit(isolate, v8.trampolines.near_heap_limit, isolate)

    def v8_limit(self) -> int:
        """V8's own limit as it was armed at birth: ours and the young generation."""
        self._v8_limit = self._owner.v8.statistics(self._owner.address, self._buffer)[LIMIT]
        return self._v8_limit

    def tighten(self, words: tuple[int, ...]) -> None:
        """Arm again once the heap has room for it: while a leak was held, V8 would not go below what lives."""
        if words[LIMIT] > self._v8_limit and words[USED] * 5 < self._bytes * 4:
            self.arm()

    def refuses(self, source: str) -> str:
        """Why a source can't run within the limit; "" when it may."""
        return too_long(source, self._bytes)

    def refuses_copy(self, data: Bytes) -> str:
        """Why a copy can't come in within the limit; "" when it may. V8's reader looks for no interrupt, so that the
        limit's callback can't end it before the bump is used up: what may fill that is refused.

        A small object takes 28 bytes of heap for 3 of the copy, an empty Map or Set 110, a buffer 150. In a large copy
        the tags are counted in parts of it, taken at random.
        """
        held = sum(self._owner.v8.statistics(self._owner.address, self._buffer)[word] for word in (USED, EXTERNAL))
        most = 2 * len(data) + _most_heap(data)
        if held + len(data) <= self._bytes and most <= min(4 * self._bytes + (16 << 20), BUMP_BYTES // 2 + self._bytes):
            return ""
        return f"it takes {_mib(len(data))} or more beside {_mib(held)} in use, limit {_mib(self._bytes)}"

    def near(self, current: int, _initial: int) -> int:
        """V8 is about to pass its limit: end what runs and let it unwind. Returns the limit from now on."""
        used, external = self._figures()
        self._end(Outcome.HEAP_LIMIT, used, external, "V8 reached its heap limit")
        if not self._has_bump:
            self._has_bump = _bump.acquire(timeout=_BUMP_WAIT_S)
        return current + BUMP_BYTES

    def collected(self) -> None:
        """A full collection has ended; allocation and JavaScript are forbidden here."""
        if self._checking or self._suspected:
            return
        used, external = self._figures()
        if used + external > self._bytes:
            self._suspected = True
            self._owner.check_soon()

    def check(self) -> None:
        """Collect everything that can go, then judge: at an interrupt check, or after the work."""
        if not self._suspected:
            return
        self._checking = True
        self._owner.v8.calls.low_memory(self._owner.address)
        self._checking = self._suspected = False
        used, external = self._figures()
        if used + external > self._bytes:
            outcome = Outcome.EXTERNAL_LIMIT if used <= self._bytes and external > used else Outcome.HEAP_LIMIT
            self._end(outcome, used, external, "after a full collection")

    def _end(self, outcome: Outcome, used: int, external: int, how: str) -> None:
        if self.hit:
            self._owner.end_what_runs()
            return
        self.hit = True
        evidence = f"{how}: {_mib(used)} used and {_mib(external)} off-heap, limit {_mib(self._bytes)}."
        self._owner.runs.condemn(Verdict(outcome, evidence[0].upper() + evidence[1:]))
        self._owner.end_what_runs()
        self._owner.sink.limit_hit(outcome, used, external)

    def recover(self) -> None:
        """After the work was ended: collect, lower the limit again, hand on the bump."""
        if not self.hit:
            return
        self._checking = True
        self._owner.v8.calls.low_memory(self._owner.address)
        self.arm()
        self._checking = self._suspected = self.hit = False
        self.let_go()

    def let_go(self) -> None:
        if self._has_bump:
            self._has_bump = False
            _bump.release()

    def _figures(self) -> tuple[int, int]:
        words = self._owner.v8.statistics(self._owner.address, self._buffer)
        return words[USED], words[EXTERNAL]


def _mib(count: int) -> str:
    return f"{count / (1 << 20):.1f} MiB"


def _most_heap(data: Bytes) -> int:
    """What the objects of a copy may take, beside its strings and buffers."""
    share, part = 1.0, data
    if len(data) > _LARGE_COPY:
        starts = [random.randrange(len(data) - _PART) for _ in range(_PARTS)]
        share = len(data) / (_PARTS * _PART)
        part = b"".join(data[start : start + _PART] for start in starts)
    counted = bytes(part)
    return int(share * sum(counted.count(tag) * size for tag, size in _WORST))
