"""A heap's lane as an image, made by numpy: used filled, committed and off-heap as lines, the limit dashed.

Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from inspector.analysis.tree import Array
from ui.models.session_lanes import HeapColumns
from ui.models.track_arrays import TrackArrays
from ui.style import mixed
from ui.theme import Theme

__all__ = ["HEADROOM", "heap_image", "heap_top"]

HEADROOM = 1.08
_LIMIT_REACH = 2.0  # the limit is in view when within this many times the highest figure
_DASH = 6
# Of the palette; 0 is the ground. The higher number is painted over the lower one: one maximum of bytes does that, ten
# times as fast as filling where a condition holds.
_LIMIT, _FILL, _COMMITTED, _EXTERNAL, _USED = range(1, 6)
_MOST_HEIGHT = 240  # of an image whose rows are counted in bytes


def heap_top(arrays: TrackArrays) -> float:
    """The bytes at the lane's upper edge; the same at every zoom."""
    highest, limit = arrays.highest, float(arrays.track.limit_bytes)
    if 0 < limit <= highest * _LIMIT_REACH:
        highest = max(highest, limit)
    return highest * HEADROOM


def heap_image(
    arrays: TrackArrays, view: tuple[float, float], size: tuple[int, int], theme: Theme, ground: QColor
) -> QImage:
    """`size`: (width, height) in device pixels. An image of palette numbers: bytes are quick to compare and to fill."""
    width, height = size[0], min(size[1], _MOST_HEIGHT)
    top, limit = heap_top(arrays), arrays.track.limit_bytes
    columns = HeapColumns(arrays, *view, width)
    pixels = np.zeros((height, width), np.uint8)
    rows = np.arange(height, dtype=np.uint8)[:, None]
    scale = (height - 1) / top

    def edges_of(name: str) -> tuple[Array, Array]:
        """(uppermost, lowest) pixel of a figure; below the lane where nothing is known."""
        low, high = (np.where(columns.known, height - 1 - one * scale, height + 9) for one in columns.of(name))
        return high.astype(np.uint8), low.astype(np.uint8)

    def lay(where: Array, colour: int) -> None:
        np.maximum(pixels, where.view(np.uint8) * np.uint8(colour), out=pixels)

    def line(upper: Array, lower: Array, colour: int) -> None:
        upper, lower = _joined(upper, lower, columns.known)
        lay(rows - upper <= lower - upper, colour)  # bytes wrap round: above the line it is a large number

    if 0 < limit <= top:
        first = round(view[0] / (view[1] - view[0]) * width)  # dashes stay where they are while the view moves
        pixels[max(0, int(height - 1 - limit * scale)), np.arange(first, first + width) // _DASH % 2 == 0] = _LIMIT
    used = edges_of("used_bytes")
    lay(rows > used[1], _FILL)
    line(*edges_of("physical_bytes"), _COMMITTED)
    if arrays.figures["external_bytes"].any():
        line(*edges_of("external_bytes"), _EXTERNAL)
    line(*used, _USED)
    made = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
    made.setColorTable(
        [
            ground.rgb(),
            theme.limit.rgb(),
            mixed(theme.used, ground, 0.22).rgb(),
            mixed(theme.committed, ground, 0.75).rgb(),
            theme.external.rgb(),
            theme.used.rgb(),
        ]
    )
    return made.copy()  # the array is numpy's


def _joined(upper: Array, lower: Array, known: Array) -> tuple[Array, Array]:
    """Stretch each column to meet the one at its left, so that a line has no gaps."""
    both = known[1:] & known[:-1]
    joined_upper, joined_lower = upper.copy(), lower.copy()
    np.copyto(joined_upper[1:], np.minimum(upper[1:], lower[:-1]), where=both)
    np.copyto(joined_lower[1:], np.maximum(lower[1:], upper[:-1]), where=both)
    return joined_upper, joined_lower
