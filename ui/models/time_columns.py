"""Heaps as columns of time, one a pixel, kept up to date instead of made anew: a frame costs only what is new.

A column is an absolute stretch of time (at_us // bucket_us), so a picture that scrolls does not shimmer. Imported late:
it brings numpy.
"""

from __future__ import annotations

import numpy as np

from ui.models.heap_points import HeapPoints
from ui.models.rings import Array, starts_of_runs

__all__ = ["TimeColumns"]

_NOTHING = np.float32("nan")


class TimeColumns:
    """The last `count` columns of `bucket_us` each of every row of `points`: lowest, highest and newest used bytes.

    `only`: follow this row alone.
    """

    def __init__(self, points: HeapPoints, bucket_us: int, count: int, *, only: int | None = None) -> None:
        self.points = points
        self.bucket_us = bucket_us
        self.count = count
        self.only = only
        self.head = 0  # absolute number of the newest column; it lies at head % count
        self._make(points.rows)

    def follow(self, now_us: int) -> None:
        """Move on to `now_us` and take in what was appended since."""
        if self.points.rows > len(self._seen):
            self._make(self.points.rows)
        if self.head == 0:
            self.head = now_us // self.bucket_us
        self._advance(now_us // self.bucket_us)
        self._take_in()

    def forget(self, row: int) -> None:
        self._seen[row] = 0
        for block in (self._low, self._high, self._newest):
            block[row] = _NOTHING
        self._before[row] = _NOTHING

    def read(self, rows: Array, most: int = 0) -> tuple[Array, Array, Array]:
        """(low, high, held), each (len(rows), count), oldest column first; NaN before the first sample.

        A column without a sample holds the value before it; `held` where more than `most` of them follow each other.
        """
        newest = self._in_order(self._newest, rows)
        sampled = ~np.isnan(newest)
        low, high = self._in_order(self._low, rows), self._in_order(self._high, rows)
        held = np.zeros(sampled.shape, bool)
        missing = self.count - np.count_nonzero(sampled, axis=1)
        unborn = np.where(np.isnan(self._before[rows]), sampled.argmax(axis=1), 0)  # columns before the first sample
        found = np.flatnonzero(missing > unborn)
        gappy = found if len(found) < len(rows) else slice(None)  # a slice copies nothing
        here, low_here, high_here = sampled[gappy], low[gappy], high[gappy]
        if len(here):
            last, after = _sampled_neighbours(here)
            values = np.take_along_axis(newest[gappy], np.maximum(last, 0), axis=1)
            np.copyto(values, self._before[rows[gappy]][:, None], where=last < 0)
            empty = ~here
            np.copyto(low_here, values, where=empty)
            np.copyto(high_here, values, where=empty)
            low[gappy], high[gappy] = low_here, high_here
            held[gappy] = empty & (after - last > most + 1) & ~np.isnan(values)
        return low, high, held

    def _in_order(self, block: Array, rows: Array) -> Array:
        """Rows of a block as a copy, oldest column first."""
        oldest = (self.head + 1) % self.count
        chosen = block[rows]
        return np.concatenate((chosen[:, oldest:], chosen[:, :oldest]), axis=1)

    def highest(self, rows: Array) -> float:
        """The highest value in sight of these rows; 0 when there is none."""
        seen = np.fmax.reduce(np.concatenate((self._high[rows].ravel(), self._before[rows])), initial=0.0)
        return float(seen)

    def _make(self, rows: int) -> None:
        self._seen: Array = np.zeros(rows, np.int64)
        self._low: Array = np.full((rows, self.count), _NOTHING, np.float32)
        self._high = self._low.copy()
        self._newest = self._low.copy()
        self._before: Array = np.full(rows, _NOTHING, np.float32)  # the newest value left of the oldest column

    def _advance(self, head: int) -> None:
        new = head - self.head
        if new <= 0:
            return
        leaving = np.arange(self.head + 1, self.head + 1 + min(new, self.count)) % self.count
        for column in leaving:
            newest = self._newest[:, column]
            self._before = np.where(np.isnan(newest), self._before, newest)
        for block in (self._low, self._high, self._newest):
            block[:, leaving] = _NOTHING
        self.head = head

    def _take_in(self) -> None:
        written = self.points.written
        first = np.maximum(self._seen - 1, 0)  # the newest point may have grown: samples close together share one
        first = np.maximum(first, written - self.points.capacity)
        counts = written - first
        if self.only is not None:
            counts[np.arange(len(counts)) != self.only] = 0
        many = np.flatnonzero(counts > 256)
        for row in many:
            self._put_row(int(row), int(first[row]), int(written[row]))
        counts[many] = 0
        rows = np.repeat(np.arange(len(counts)), counts)
        if len(rows):
            ends = np.cumsum(counts)
            index = np.arange(len(rows)) - np.repeat(ends - counts, counts) + np.repeat(first, counts)
            slots, columns = index % self.points.capacity, self.points.columns
            self._put(rows, *(columns[name][rows, slots] for name in ("at_us", "used", "peak")))
        np.copyto(self._seen, written)

    def _put_row(self, row: int, first: int, last: int) -> None:
        """Many points of one row, as after a change of the zoom: slices are cheaper than indices."""
        first = max(first, self.points.find(row, (self.head - self.count + 1) * self.bucket_us) - 1, 0)
        taken = [self.points.take(name, row, first, last) for name in ("at_us", "used", "peak")]
        self._put(np.full(last - first, row), *taken)

    def _put(self, rows: Array, at_us: Array, used: Array, peak: Array) -> None:
        bucket = at_us // self.bucket_us
        if bucket.max() > self.head:
            self._advance(int(bucket.max()))
        old = bucket <= self.head - self.count
        if old.any():
            self._before[rows[old]] = used[old]  # in order of time: the newest wins
            rows, bucket, used, peak = rows[~old], bucket[~old], used[~old], peak[~old]
            if len(rows) == 0:
                return
        starts = starts_of_runs(rows * self.count + bucket % self.count)
        ends = np.append(starts[1:], len(rows)) - 1
        at = rows[starts], bucket[starts] % self.count
        self._low[at] = np.fmin(self._low[at], np.minimum.reduceat(used, starts))
        self._high[at] = np.fmax(self._high[at], np.maximum.reduceat(peak, starts))
        self._newest[at] = used[ends]


def _sampled_neighbours(sampled: Array) -> tuple[Array, Array]:
    """For each column (rows, columns) the nearest sampled one at or before it (-1: none), and at or after it."""
    columns = sampled.shape[1]
    kind = np.int16 if columns < 32_000 else np.int32  # half the width, half the time
    index = np.arange(columns, dtype=kind)[None, :]
    last = np.maximum.accumulate(np.where(sampled, index, kind(-1)), axis=1)
    after = np.minimum.accumulate(np.where(sampled, index, kind(columns))[:, ::-1], axis=1)[:, ::-1]
    return last, after
