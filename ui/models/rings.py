"""Ring buffers for many rows in one numpy block a column. Imported late: it brings numpy."""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Rings", "starts_of_runs"]

Array = NDArray[Any]
_FIRST_ROWS = 64
_GROWTH = 4  # few copies: at the 65th, 257th, 1025th row; each touches filled points only


def _block(rows: int, columns: int, kind: str) -> Array:
    """Zeros that take memory where they are written, a page at a time.

    numpy asks Linux for pages of 2 MB: the first sample of 200 isolates then takes 24 MB and 15 ms a column, where
    pages of 4 kB take 0.8 MB and 0.6 ms.
    """
    private = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_ANONYMOUS") else {}
    memory = mmap.mmap(-1, rows * columns * np.dtype(kind).itemsize, **private)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with contextlib.suppress(OSError):  # a kernel without them
            memory.madvise(mmap.MADV_NOHUGEPAGE)
    return np.frombuffer(memory, kind).reshape(rows, columns)


def starts_of_runs(keys: Array) -> Array:
    """Where each run of equal neighbours in `keys` (n,) starts, n >= 1."""
    return np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))


class Rings:
    """`columns` maps a name to a dtype; each is a block (rows, capacity). A row is one isolate's ring.

    `written` (rows,) counts the points ever put into a row. The point of logical index i lies at i % capacity, and the
    last `capacity` of them are kept. Untouched memory of a block costs address space only.
    """

    def __init__(self, columns: Mapping[str, str], capacity: int) -> None:
        self.capacity = capacity
        self.rows = _FIRST_ROWS
        self.columns: dict[str, Array] = {name: _block(self.rows, capacity, kind) for name, kind in columns.items()}
        self.written: Array = np.zeros(self.rows, np.int64)
        self.bytes_per_point = sum(block.itemsize for block in self.columns.values())

    def reserve(self, row: int) -> None:
        """Make `row` usable."""
        if row < self.rows:
            return
        old, filled = self.rows, int(min(self.written.max(), self.capacity))
        while self.rows <= row:
            self.rows *= _GROWTH
        for name, block in self.columns.items():
            grown = _block(self.rows, self.capacity, block.dtype.str)
            grown[:old, :filled] = block[:, :filled]
            self.columns[name] = grown
        self.written = np.concatenate((self.written, np.zeros(self.rows - old, np.int64)))

    def clear(self, row: int) -> None:
        self.written[row] = 0

    def append(self, rows: Array, values: Mapping[str, Array]) -> None:
        """Append one point per entry. `rows` (n,) is sorted; the points of a row are in order of time."""
        if len(rows) == 0:
            return
        starts = starts_of_runs(rows)
        counts = np.diff(starts, append=len(rows))
        rank = np.arange(len(rows)) - np.repeat(starts, counts)
        slots = (self.written[rows] + rank) % self.capacity  # a slot named twice keeps its last value
        for name, column in values.items():
            self.columns[name][rows, slots] = column
        self.written[rows[starts]] += counts

    def kept(self, row: int) -> tuple[int, int]:
        """Logical indices [first, last) of the points that `row` still has."""
        last = int(self.written[row])
        return max(0, last - self.capacity), last

    def take(self, name: str, row: int, first: int, last: int) -> Array:
        """The values at the logical indices [first, last), as one array (a view where the ring allows it)."""
        block: Array = self.columns[name][row]
        start, stop = first % self.capacity, first % self.capacity + (last - first)
        if stop <= self.capacity:
            return block[start:stop]
        wrapped: Array = np.concatenate((block[start:], block[: stop - self.capacity]))
        return wrapped

    def value(self, name: str, row: int, index: int) -> float:
        """One value as a Python number."""
        return self.columns[name][row, index % self.capacity].item()  # type: ignore[no-any-return]

    def find(self, row: int, at_us: int) -> int:
        """The logical index of the first kept point later than `at_us`; needs a column `at_us` in order of time."""
        low, high = self.kept(row)
        block, capacity = self.columns["at_us"][row], self.capacity
        while low < high:
            middle = (low + high) // 2
            if block[middle % capacity] <= at_us:
                low = middle + 1
            else:
                high = middle
        return low
