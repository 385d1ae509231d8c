"""Garbage collections of all isolates: full and young ones in rings of their own, so that neither pushes out the other.

Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np

from inspector.wire import GC_KINDS
from ui.models.rings import Array, Rings, starts_of_runs

__all__ = ["FULL_KIND", "GcPoints"]

FULL_KIND = GC_KINDS.index("mark-compact")
_FULL_CAPACITY = 2_048
_YOUNG_CAPACITY = 8_192  # 29 bytes each: at most 300 kB an isolate for both rings
_COLUMNS = {"at_us": "i8", "pause_us": "f4", "before": "f8", "after": "f8", "kind": "u1"}


class GcPoints:
    """`full`: mark-compacts. `young`: scavenges and what else V8 names. Sizes are used bytes, `at_us` the pause's
    end.
    """

    def __init__(self) -> None:
        self.full = Rings(_COLUMNS, _FULL_CAPACITY)
        self.young = Rings(_COLUMNS, _YOUNG_CAPACITY)

    def reserve(self, row: int) -> None:
        self.full.reserve(row)
        self.young.reserve(row)

    def clear(self, row: int) -> None:
        self.full.clear(row)
        self.young.clear(row)

    def add(self, rows: Array, records: Array) -> None:
        """Append `records` (n,) of `wire.GC_DTYPE`, in any order; `rows` (n,) tells the row of each."""
        order = np.lexsort((records["at_us"], rows))
        rows, records = rows[order], records[order]
        is_full = records["kind"] == FULL_KIND
        for ring, mine in ((self.full, is_full), (self.young, ~is_full)):
            _append(ring, rows[mine], records[mine])

    def between(self, row: int, from_us: int, to_us: int) -> dict[str, Array]:
        """The columns of all collections with from_us < at_us <= to_us, in order of time."""
        parts = []
        for ring in (self.full, self.young):
            first, last = ring.find(row, from_us), ring.find(row, to_us)
            parts.append({name: ring.take(name, row, first, last) for name in _COLUMNS})
        joined = {name: np.concatenate([part[name] for part in parts]) for name in _COLUMNS}
        order = np.argsort(joined["at_us"], kind="stable")
        return {name: column[order] for name, column in joined.items()}


def _append(ring: Rings, rows: Array, records: Array) -> None:
    if len(rows) == 0:
        return
    at_us = records["at_us"].astype(np.int64)
    heads = rows[starts_of_runs(rows)]
    floor = np.zeros(ring.rows, np.int64)  # a late batch never goes behind what its ring has: find() needs the order
    floor[heads] = np.where(
        ring.written[heads] > 0, ring.columns["at_us"][heads, (ring.written[heads] - 1) % ring.capacity], 0
    )
    values = {
        "at_us": np.maximum(at_us, floor[rows]),
        "pause_us": records["pause_us"],
        "before": records["before_bytes"],
        "after": records["after_bytes"],
        "kind": np.minimum(records["kind"], len(GC_KINDS) - 1),
    }
    ring.append(rows, values)
