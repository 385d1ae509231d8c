"""A heap's lane as an image, made by numpy: used filled, committed and off-heap as lines, the limit dashed.

Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from inspector.analysis.track import Track
from inspector.analysis.tree import Array
from ui.models.session_lanes import heap_columns
from ui.style import mixed
from ui.theme import Theme

__all__ = ["heap_image", "heap_top"]

_HEADROOM = 1.08
_LIMIT_REACH = 2.0  # the limit is in view when within this many times the highest figure
_DASH = 6


def heap_top(track: Track) -> float:
    """The bytes at the lane's upper edge; the same at every zoom."""
    highest = float(max(track.samples["used_bytes"].max(), track.samples["external_bytes"].max(), 1))
    if 0 < track.limit_bytes <= highest * _LIMIT_REACH:
        highest = max(highest, float(track.limit_bytes))
    return highest * _HEADROOM


def heap_image(track: Track, view: tuple[float, float], size: tuple[int, int], theme: Theme, ground: QColor) -> QImage:
    """`size`: (width, height) in device pixels."""
    width, height = size
    top = heap_top(track)
    pixels = np.full((height, width), np.uint32(ground.rgb()))
    rows = np.arange(height)[:, None]

    def y_of(values: Array) -> Array:
        return np.nan_to_num(height - 1 - values / top * (height - 1), nan=height + 9.0).astype(np.int32)

    def line(name: str, colour: QColor) -> None:
        low, high = (y_of(values) for values in heap_columns(track, name, *view, width))
        high, low = _joined(high, low)
        pixels[(rows >= high) & (rows <= low)] = colour.rgb()

    if 0 < track.limit_bytes <= top:
        y = int(height - 1 - track.limit_bytes / top * (height - 1))
        dashes = np.arange(width) // _DASH % 2 == 0
        pixels[max(0, y), dashes] = theme.limit.rgb()
    low, high = (y_of(values) for values in heap_columns(track, "used_bytes", *view, width))
    pixels[rows > low] = mixed(theme.used, ground, 0.22).rgb()
    line("physical_bytes", mixed(theme.committed, ground, 0.75))
    if int(track.samples["external_bytes"].max()):
        line("external_bytes", theme.external)
    high, low = _joined(high, low)
    pixels[(rows >= high) & (rows <= low)] = theme.used.rgb()
    made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
    return made.copy()  # the array is numpy's


def _joined(top: Array, bottom: Array) -> tuple[Array, Array]:
    """Stretch each column to meet the one at its left, so that a line has no gaps."""
    out = np.int32(1 << 20)
    known = top < out
    joined_top, joined_bottom = top.copy(), bottom.copy()
    both = known[1:] & known[:-1]
    joined_top[1:][both] = np.minimum(top[1:], bottom[:-1])[both]
    joined_bottom[1:][both] = np.maximum(bottom[1:], top[:-1])[both]
    return joined_top, joined_bottom
