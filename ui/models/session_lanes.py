"""How the tracks of a session lie: lanes one under the other, and a heap's figures by pixel column.

Imported late: it brings numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
from msgspec import Struct

from inspector.analysis.track import Track
from inspector.analysis.tree import Array
from ui.models.track_arrays import TrackArrays

__all__ = ["HEIGHTS", "HeapColumns", "Lane", "LaneKind", "lanes_of", "seen"]


class LaneKind(Enum):
    HEAP = "heap"
    COLLECTIONS = "GC pauses"
    RUNS = "runs"
    CONSOLE = "console"


HEIGHTS = {LaneKind.HEAP: 58, LaneKind.COLLECTIONS: 16, LaneKind.RUNS: 18, LaneKind.CONSOLE: 10}
_GAP = 7  # beneath a track
_BARE = 22  # of a track of which there is nothing


class Lane(Struct, frozen=True):
    """`kind` None: only the name of a track without lanes. `top` in points from the top of all tracks."""

    track: int  # its place
    kind: LaneKind | None
    top: int
    height: int
    first: bool  # of its track


def lanes_of(tracks: Sequence[Track]) -> tuple[list[Lane], int]:
    """Every lane, and the height of all."""
    lanes: list[Lane] = []
    top = 2
    for place, track in enumerate(tracks):
        for i, kind in enumerate(_kinds(track)):
            height = HEIGHTS[kind] if kind is not None else _BARE
            lanes.append(Lane(place, kind, top, height, i == 0))
            top += height
        top += _GAP
    return lanes, top


def _kinds(track: Track) -> list[LaneKind | None]:
    kinds: list[LaneKind | None] = []
    kinds += [LaneKind.HEAP] if len(track.samples) else []
    kinds += [LaneKind.COLLECTIONS] if len(track.collections) else []
    kinds += [LaneKind.RUNS] if track.runs else []
    kinds += [LaneKind.CONSOLE] if len(track.console.at_us) else []
    return kinds or [None]


def seen(at_us: Array, from_us: float, to_us: float) -> slice:
    """The places of a sorted array that lie in a view."""
    return slice(int(np.searchsorted(at_us, from_us, "left")), int(np.searchsorted(at_us, to_us, "right")))


class HeapColumns:
    """Which samples each of `width` columns of a view shows. Between two samples the last one holds: a heap that does
    nothing does not change.
    """

    def __init__(self, arrays: TrackArrays, from_us: float, to_us: float, width: int) -> None:
        self._arrays = arrays
        track, at_us = arrays.track, arrays.sampled_us
        edges = np.linspace(from_us, to_us, width + 1)
        ends = np.searchsorted(at_us, edges[1:], "left")
        starts = np.searchsorted(at_us, edges[:-1], "right") - 1
        self._pairs = np.empty(2 * width, np.int64)
        self._pairs[::2] = np.maximum(starts, 0)
        self._pairs[1::2] = np.maximum(ends, self._pairs[::2] + 1)
        last_us = track.ended_us if track.ended_us is not None else float(at_us[-1])
        self.known = (ends > 0) & (edges[:-1] <= last_us)  # bool of `width`

    def of(self, name: str) -> tuple[Array, Array]:
        """(lowest, highest) of a figure; float64 of `width`, of no meaning where nothing is `known`."""
        values = self._arrays.figures[name]
        return np.minimum.reduceat(values, self._pairs)[::2], np.maximum.reduceat(values, self._pairs)[::2]
