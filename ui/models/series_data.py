"""The arrays behind `SeriesStore`, and the questions answered from them. Imported late: it brings numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from inspector.events import SampleBatchArrived
from inspector.states import GcKind, SampleMode
from inspector.wire import GC_DTYPE, SAMPLE_DTYPE
from ui.models.decimate import to_series
from ui.models.gc_marks import FULL_KIND, GcPoints
from ui.models.growth import GROWTH_WINDOW_US, Growth, slope
from ui.models.heap_points import HeapPoints
from ui.models.readings import HELD_AFTER_US, Batch, GcMark, GcMarks, LatestSample, Reading, Series
from ui.models.rings import Array, Rings
from ui.models.time_columns import TimeColumns

__all__ = ["SeriesData"]

_RATE_WINDOW_US = 2_000_000
_NO_ROW = -1
_SAMPLE = np.dtype(SAMPLE_DTYPE)
_GC = np.dtype(GC_DTYPE)
_KINDS = tuple(GcKind)  # in the order of wire.GC_KINDS
_MODES = tuple(SampleMode)  # in the order of wire.MODES
_FIGURES = ("at_us", "used", "peak", "committed", "external")


class SeriesData:
    """Rows of `points` and `collections`; `assign` ties an isolate to a row.

    The questions are those of `SeriesStore`, asked of a row; `end_us`: up to when its heap is known (now, or its end).
    """

    def __init__(self) -> None:
        self.points = HeapPoints()
        self.collections = GcPoints()
        self._ids: Array = np.zeros(0, np.int64)  # of isolates, sorted
        self._row_of: Array = np.zeros(0, np.int64)  # beside them
        self._sparkline_key: dict[TimeColumns, tuple[int, int]] = {}
        self._sparklines: dict[TimeColumns, Array] = {}
        self._last_sparklines: dict[tuple[int, int, int], Array] = {}
        self._growth: dict[int, tuple[tuple[int, int, int], Growth | None]] = {}

    # --- in ---

    def assign(self, isolate_id: int, row: int) -> None:
        place = int(np.searchsorted(self._ids, isolate_id))
        self._ids, self._row_of = np.insert(self._ids, place, isolate_id), np.insert(self._row_of, place, row)
        self.points.reserve(row)
        self.collections.reserve(row)

    def release(self, isolate_id: int, row: int) -> None:
        place = int(np.searchsorted(self._ids, isolate_id))
        self._ids, self._row_of = np.delete(self._ids, place), np.delete(self._row_of, place)
        self.points.clear(row)
        self.collections.clear(row)
        self._growth.pop(row, None)
        self._last_sparklines = {key: line for key, line in self._last_sparklines.items() if key[0] != row}

    def joined(self, batches: Sequence[Batch]) -> Batch:
        """Several batches of one kind as one: a call costs 0.2 ms whatever its size."""
        if len(batches) == 1:
            return batches[0]
        return replace(batches[0], records=b"".join(_records(batch).tobytes() for batch in batches))

    def unknown_ids(self, event: Batch) -> list[int]:
        """The isolates of a batch that have no row."""
        ids = _records(event)["isolate_id"]
        return [int(each) for each in np.unique(ids[self._rows(ids) == _NO_ROW])]

    def add(self, event: Batch) -> None:
        """Append a batch; records of isolates without a row are passed over."""
        records = _records(event)
        rows = self._rows(records["isolate_id"])
        known = rows != _NO_ROW
        if not known.all():
            rows, records = rows[known], records[known]
        if isinstance(event, SampleBatchArrived):
            self.points.add(rows, records)
        elif len(rows):
            self.collections.add(rows, records)

    def _rows(self, ids: Array) -> Array:
        if len(self._ids) == 0:
            return np.full(len(ids), _NO_ROW)
        places = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.where(self._ids[places] == ids, self._row_of[places], _NO_ROW)

    # --- out ---

    def latest(self, row: int, limit_bytes: int, end_us: int) -> LatestSample | None:
        if not self.points.written[row]:
            return None
        newest = self.points.latest[row]
        at_us = int(newest["at_us"])
        return LatestSample(
            at_us=at_us,
            used_bytes=int(newest["used_bytes"]),
            committed_bytes=int(newest["physical_bytes"]),
            external_bytes=int(newest["external_bytes"]),
            limit_bytes=limit_bytes,
            mode=_mode(int(newest["mode"])),
            rate_hz=self._rate(row, end_us),
            held=end_us - at_us > HELD_AFTER_US,
        )

    def used(self, row: int) -> int | None:
        return int(self.points.latest["used_bytes"][row]) if self.points.written[row] else None

    def used_sum(self, rows: list[int]) -> int:
        index = np.array(rows, np.int64)
        return int(self.points.latest["used_bytes"][index[self.points.written[index] > 0]].sum())

    def at(self, row: int, at_us: int, end_us: int) -> Reading | None:
        points = self.points
        first, last = points.kept(row)
        index = points.find(row, at_us) - 1
        if index < first or at_us > max(end_us, int(points.latest[row]["at_us"])):
            return None
        seen_us = int(points.value("at_us", row, index))
        next_us = points.value("at_us", row, index + 1) if index + 1 < last else end_us
        return Reading(
            at_us=seen_us,
            used_bytes=points.value("used", row, index),
            peak_bytes=points.value("peak", row, index),
            committed_bytes=points.value("committed", row, index),
            external_bytes=points.value("external", row, index),
            mode=_mode(int(points.value("mode", row, index))),
            count=int(points.value("count", row, index)),
            rate_hz=self._rate(row, at_us),
            held=next_us - seen_us > HELD_AFTER_US and at_us > seen_us,
        )

    def changed_us(self, row: int) -> int:
        rings = (self.points, self.collections.full, self.collections.young)
        return max(
            (int(ring.value("at_us", row, int(ring.written[row]) - 1)) for ring in rings if ring.written[row]),
            default=0,
        )

    def newest_us(self) -> int:
        return int(self.points.latest["at_us"][self.points.written > 0].max(initial=0))

    def stamp(self, row: int) -> tuple[int, ...]:
        newest, full, young = self.points.latest[row], self.collections.full, self.collections.young
        return int(newest["at_us"]), int(self.points.written[row]), int(full.written[row]), int(young.written[row])

    def neighbour(self, row: int, at_us: int, direction: int) -> int | None:
        first, last = self.points.kept(row)
        index = self.points.find(row, at_us) if direction > 0 else self.points.find(row, at_us - 1) - 1
        return int(self.points.value("at_us", row, index)) if first <= index < last else None

    def window(self, row: int, from_us: int, to_us: int, columns: int, end_us: int) -> Series | None:
        points = self.points
        kept_from, kept_to = points.kept(row)
        first = max(points.find(row, from_us) - 1, kept_from)  # one point beyond each edge, so that lines reach it
        last = min(points.find(row, to_us) + 1, kept_to)
        if last <= first:
            return None
        taken = {name: points.take(name, row, first, last) for name in _FIGURES}
        bucket_us = max(1, (to_us - from_us) // max(1, columns))
        return to_series(taken, bucket_us, min(to_us, end_us) if last == kept_to else None)

    def gcs(self, row: int, from_us: int, to_us: int) -> GcMarks:
        found = self.collections.between(row, from_us, to_us)
        return GcMarks(**found, is_full=found["kind"] == FULL_KIND)

    def gc_near(self, row: int, at_us: int, within_us: int) -> GcMark | None:
        for ring in (self.collections.full, self.collections.young):
            first, last = ring.kept(row)
            after = ring.find(row, at_us)
            candidates = [index for index in (after - 1, after) if first <= index < last]
            reach = [(abs(int(ring.value("at_us", row, index)) - at_us), index) for index in candidates]
            if reach and min(reach)[0] <= within_us:
                return _gc_mark(ring, row, min(reach)[1])
        return None

    def growth(self, row: int, end_us: int) -> Growth | None:
        full, young = self.collections.full, self.collections.young
        key = (int(full.written[row]), int(young.written[row]), end_us // 1_000_000)
        known = self._growth.get(row)
        if known is None or known[0] != key:
            found = _growth(full, row, end_us, True) or _growth(young, row, end_us, False)
            known = self._growth[row] = (key, found)
        return known[1]

    def columns(self, bucket_us: int, count: int) -> TimeColumns:
        return TimeColumns(self.points, bucket_us, count)

    def sparkline(self, columns: TimeColumns, row: int, state: tuple[int, int]) -> Array:
        """`state`: (revision, now in µs); the columns are brought up to date when it has moved on."""
        revision, now_us = state
        key = (revision, now_us // columns.bucket_us)
        if self._sparkline_key.get(columns) != key:
            self._sparkline_key[columns] = key
            columns.follow(now_us)
            self._sparklines[columns] = columns.read(np.arange(self.points.rows))[1]
        line: Array = self._sparklines[columns][row]
        return line

    def last_sparkline(self, row: int, end_us: int, bucket_us: int, count: int) -> Array:
        """The sparkline of an ended isolate: the time before its end."""
        key = (row, end_us, count)
        if key not in self._last_sparklines:
            last = TimeColumns(self.points, bucket_us, count, only=row)
            last.follow(end_us)
            self._last_sparklines[key] = last.read(np.array([row]))[1][0]
        return self._last_sparklines[key]

    def _rate(self, row: int, at_us: int) -> float:
        points = self.points
        first, last = points.find(row, at_us - _RATE_WINDOW_US), points.find(row, at_us)
        since_birth = max(at_us - int(points.first_us[row]), 250_000)
        seconds = min(_RATE_WINDOW_US, since_birth) / 1e6
        return float(points.take("count", row, first, last).sum()) / seconds


def _growth(ring: Rings, row: int, end_us: int, full: bool) -> Growth | None:
    first, last = ring.find(row, end_us - GROWTH_WINDOW_US), ring.find(row, end_us)
    at_us, after = ring.take("at_us", row, first, last), ring.take("after", row, first, last)
    per_s = slope(at_us.tolist(), after.tolist())
    return None if per_s is None else Growth(per_s, last - first, full)


def _gc_mark(ring: Rings, row: int, index: int) -> GcMark:
    return GcMark(
        at_us=int(ring.value("at_us", row, index)),
        kind=_KINDS[int(ring.value("kind", row, index))],
        pause_us=ring.value("pause_us", row, index),
        before_bytes=ring.value("before", row, index),
        after_bytes=ring.value("after", row, index),
    )


def _records(event: Batch) -> Array:
    kind = _SAMPLE if isinstance(event, SampleBatchArrived) else _GC
    return np.frombuffer(event.records, kind, len(event.records) // kind.itemsize)  # a torn last record is no record


def _mode(index: int) -> SampleMode:
    return _MODES[min(index, len(_MODES) - 1)]
