"""Heap samples and collections as a host sends them, packed with `inspector.wire`, on a clock that tests move by
hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from inspector.events import Birth, Event, GcBatchArrived, HostStarted, IsolateCreated, SampleBatchArrived
from inspector.wire import GC, GC_KINDS, MODES, SAMPLE

__all__ = ["MIB", "Feed", "gc_record", "sample_record"]

MIB = 1 << 20
PERIOD_US = 50_000


def sample_record(
    isolate_id: int, at_us: int, used: int, *, committed: int = 0, external: int = 0, mode: str = "busy"
) -> bytes:
    """One record of `wire.SAMPLE`."""
    words = [0] * 15
    words[2], words[4], words[7] = committed or used + MIB, used, external
    return SAMPLE.pack(isolate_id, MODES.index(mode), at_us, 1_000, *words)


def gc_record(
    isolate_id: int, at_us: int, before: int, after: int, *, kind: str = "mark-compact", pause_us: int = 3_000
) -> bytes:
    """One record of `wire.GC`."""
    return GC.pack(isolate_id, GC_KINDS.index(kind), at_us, pause_us, before, after)


class Feed:
    """A clock in microseconds, and events of isolates on host 1 (letter A) that work without pause, 20 samples a
    second.
    """

    def __init__(self, start_us: int = 1_000_000_000) -> None:
        self.at_us = start_us

    def now(self) -> int:
        return self.at_us

    def created(self, ids: Iterable[int], limit_bytes: int = 64 * MIB) -> list[Event]:
        """The host process and the births of these isolates."""
        host = HostStarted(self.at_us, 1, "A", 4711, "native", "", "13", (), {}, {}, 90.0, False)
        birth = Birth(None, 1.2, 0.4, 0.6, 0.3, 800_000)
        return [
            host,
            *(
                IsolateCreated(self.at_us, each, 1, f"worker {each}", limit_bytes, limit_bytes + 16 * MIB, False, birth)
                for each in ids
            ),
        ]

    def batch(self, ids: Iterable[int], count: int) -> list[Event]:
        """`count` more samples of each isolate, in order of time; moves the clock on."""
        records = []
        members = list(ids)
        for _ in range(count):
            self.at_us += PERIOD_US
            records += [sample_record(each, self.at_us, self.used(each), external=MIB) for each in members]
        return [SampleBatchArrived(self.at_us, 1, b"".join(records))]

    def collections(self, ids: Iterable[int], count: int) -> list[Event]:
        """`count` collections of each isolate over the last five seconds, every tenth of them full."""
        kinds = ["mark-compact" if i % 10 == 0 else "scavenge" for i in range(count)]
        start = self.at_us - 5_000_000
        return [
            GcBatchArrived(
                self.at_us,
                1,
                b"".join(
                    gc_record(each, start + i * 5_000_000 // count, 20 * MIB, 10 * MIB, kind=kind)
                    for each in ids
                    for i, kind in enumerate(kinds)
                ),
            )
        ]

    def used(self, isolate_id: int) -> int:
        """A saw tooth with a ripple, other for each isolate."""
        seconds = self.at_us / 1e6 + isolate_id
        return int((10 + 8 * (seconds % (3 + isolate_id % 5)) / 7 + math.sin(seconds * 9)) * MIB)
