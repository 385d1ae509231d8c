"""How much was allocated: the growth of the heap between two moments, and what collections took away meanwhile.

V8's own count of allocated bytes is of no use here: it counts whole allocation buffers (a quarter of a MiB), and every
heap sample makes V8 begin a new one. A run of `1 + 1` counts 300 KB there and leaves 60 bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

__all__ = ["AllocationLedger"]


class AllocationLedger:
    """Of one isolate. Times in microseconds of the one clock; collections may be heard of late, and in any order."""

    def __init__(self) -> None:
        self.is_whole = True  # False: collections were lost on the way, or the engine can't tell the heap of a moment
        self._used: dict[int, int] = {}  # at_us -> used bytes
        self._collections: list[tuple[int, int]] = []  # (at_us, bytes taken away), sorted
        self._stretches: list[tuple[int, int]] = []
        self._began = 0

    def saw(self, at_us: int, used_bytes: int) -> None:
        self._used[at_us] = used_bytes

    def collected(self, at_us: int, freed_bytes: int) -> None:
        self._collections.insert(bisect_right(self._collections, (at_us, freed_bytes)), (at_us, freed_bytes))

    def begin(self, at_us: int) -> None:
        """A stretch that counts begins at a moment that was seen."""
        self._began = at_us

    def end(self, at_us: int) -> None:
        self._stretches.append((self._began, at_us))

    def bytes_in(self, from_us: int, to_us: int) -> int | None:
        """Allocated between two moments that were seen; None when it can't be told."""
        if not self.is_whole or from_us not in self._used or to_us not in self._used:
            return None
        first, last = bisect_left(self._collections, (from_us, 0)), bisect_right(self._collections, (to_us, 0))
        freed = sum(taken for _, taken in self._collections[first:last])
        return self._used[to_us] - self._used[from_us] + freed

    def bytes_since(self, at_us: int) -> int | None:
        """Allocated in all stretches that began after `at_us`."""
        found = [self.bytes_in(*one) for one in self._stretches if one[0] >= at_us]
        return None if None in found else sum(one for one in found if one is not None)
