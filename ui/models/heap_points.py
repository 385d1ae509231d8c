"""Heap samples of all isolates, kept at full rate for ten minutes; samples closer than that share a point, and say so.

A point is 27 bytes: 324 kB for an isolate that has worked for ten minutes at 20 samples a second, 65 MB for 200 of
them, and at most 405 kB each. Sizes are float32 (exact to 16 MiB, then to 1 part in 16 million); the newest sample
is kept exactly. Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np

from inspector.wire import SAMPLE_DTYPE
from ui.models.rings import Array, Rings, starts_of_runs

__all__ = ["CAPACITY", "HeapPoints"]

CAPACITY = 15_000  # ten minutes at 25 points a second
_SLOT_US = 50_000
_CLOSE_US = 40_000  # samples at 20/s come 50 ms apart, give or take: they never merge
_MOST_MERGED = 65_535
_COLUMNS = {"at_us": "i8", "used": "f4", "peak": "f4", "committed": "f4", "external": "f4", "mode": "u1", "count": "u2"}


class HeapPoints(Rings):
    """One ring a row. `used`, `committed`, `external`, `mode` are those of the newest sample of a point; `peak` is the
    highest used of its `count` samples."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, CAPACITY)
        self.latest: Array = np.zeros(self.rows, np.dtype(SAMPLE_DTYPE))
        self.first_us: Array = np.zeros(self.rows, np.int64)

    def reserve(self, row: int) -> None:
        super().reserve(row)
        more = self.rows - len(self.latest)
        if more:
            self.latest = np.concatenate((self.latest, np.zeros(more, self.latest.dtype)))
            self.first_us = np.concatenate((self.first_us, np.zeros(more, np.int64)))

    def add(self, rows: Array, records: Array) -> None:
        """Append `records` (n,) of `wire.SAMPLE_DTYPE`, in any order; `rows` (n,) tells the row of each."""
        if len(rows) == 0:
            return
        order = np.lexsort((records["at_us"], rows))
        rows, records = rows[order], records[order]
        row_starts = starts_of_runs(rows)
        newest_before = np.where(self.written[rows] > 0, self.latest["at_us"][rows].astype(np.int64), -(1 << 60))
        # A sample older than the newest one kept (two sources, one isolate) is drawn at the newest one's time.
        at_us = np.maximum(records["at_us"].astype(np.int64), newest_before)
        previous = np.concatenate(([0], at_us[:-1]))
        previous[row_starts] = newest_before[row_starts]
        merges = (at_us - previous < _CLOSE_US) & (at_us // _SLOT_US == previous // _SLOT_US)
        fresh = row_starts[self.written[rows[row_starts]] == 0]
        self.first_us[rows[fresh]] = at_us[fresh]
        self._put(rows, records, at_us, merges, row_starts)
        row_ends = np.append(row_starts[1:], len(rows)) - 1
        self.latest[rows[row_ends]] = records[row_ends]
        self.latest["at_us"][rows[row_ends]] = at_us[row_ends]

    def _put(self, rows: Array, records: Array, at_us: Array, merges: Array, row_starts: Array) -> None:
        """Make points of runs of samples: a run starts where a sample does not merge, and at each new row."""
        begins = ~merges
        begins[row_starts] = True
        starts = np.flatnonzero(begins)
        ends = np.append(starts[1:], len(rows)) - 1
        used = records["used_bytes"].astype(np.float32)
        points = {
            "at_us": at_us[ends],
            "used": used[ends],
            "peak": np.maximum.reduceat(used, starts),
            "committed": records["physical_bytes"][ends],
            "external": records["external_bytes"][ends],
            "mode": records["mode"][ends],
            "count": np.minimum(ends - starts + 1, _MOST_MERGED),
        }
        joins = merges[starts]  # only the first run of a row can: it goes on with the row's newest point
        if joins.any():
            self._join(rows[starts[joins]], {name: column[joins] for name, column in points.items()})
        self.append(rows[starts[~joins]], {name: column[~joins] for name, column in points.items()})

    def _join(self, rows: Array, points: dict[str, Array]) -> None:
        slots = (self.written[rows] - 1) % self.capacity
        points["peak"] = np.maximum(points["peak"], self.columns["peak"][rows, slots])
        counts = points["count"].astype(np.int64) + self.columns["count"][rows, slots]
        points["count"] = np.minimum(counts, _MOST_MERGED)
        for name, column in points.items():
            self.columns[name][rows, slots] = column
