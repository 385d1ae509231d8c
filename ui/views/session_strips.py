"""The narrow lanes of a track as images, made by numpy: GC pauses, runs, console. A thousand things or a million cost
the same to paint.

Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage

from inspector.analysis.tree import Array
from ui.models.session_lanes import seen
from ui.models.track_arrays import TrackArrays
from ui.style import mixed
from ui.theme import Theme

__all__ = ["Size", "View", "console_image", "pauses_image", "runs_image", "runs_in_view"]

View = tuple[float, float]
Size = tuple[int, int]  # width, height in device pixels

_LEAST = 2  # pixels of a mark


def pauses_image(arrays: TrackArrays, view: View, size: Size, theme: Theme) -> QImage:
    """Bars as wide as the pause and as high as its square root, the longest of the track being full."""
    width, height = size
    where = seen(arrays.pause_ends_us, view[0], view[1] + arrays.longest_pause_us)
    starts, stops, full = arrays.pause_starts_us[where], arrays.pause_ends_us[where], arrays.full[where]
    heights = np.maximum(_LEAST, arrays.pause_heights[where] * (height - 3))
    pixels = np.zeros((height, width), np.uint8)
    rows = np.arange(height - 2, 0, -1, dtype=np.uint8)[:, None]  # above the lower edge
    for colour, chosen in ((1, ~full), (2, full)):
        if chosen.any():
            tall = _by_column(starts[chosen], stops[chosen], heights[chosen], view, width).astype(np.uint8)
            bars = (rows <= tall).view(np.uint8) * np.uint8(colour)
            np.maximum(pixels[: height - 2], bars, out=pixels[: height - 2])
    made = QImage(pixels.data, width, height, width, QImage.Format.Format_Indexed8)
    made.setColorTable([theme.panel.rgb(), theme.gc_minor.rgb(), theme.gc_major.rgb()])
    return made.copy()  # the array is numpy's


def runs_in_view(arrays: TrackArrays, view: View) -> Array:
    """The places of the runs that a view shows. They are in order of their starts."""
    first = int(np.searchsorted(arrays.latest_end_us, view[0], "left"))
    last = int(np.searchsorted(arrays.run_starts_us, view[1], "right"))
    return np.asarray(first + np.flatnonzero(arrays.run_ends_us[first:last] >= view[0]))


def runs_image(arrays: TrackArrays, view: View, size: Size, theme: Theme) -> QImage:
    """Blocks with a darker first edge; those that did not complete in the colour of errors."""
    width, height = size
    places = runs_in_view(arrays, view)
    starts, ends, failed = (values[places] for values in (arrays.run_starts_us, arrays.run_ends_us, arrays.failed))
    kind = _by_column(starts, ends, 1.0 + failed, view, width).astype(int)
    edge = np.zeros(width, int)
    begun = np.flatnonzero(starts >= view[0])
    columns = np.minimum(((starts[begun] - view[0]) / (view[1] - view[0]) * width).astype(int), width - 1)
    for ahead in range(_LEAST):
        np.maximum.at(edge, np.minimum(columns + ahead, width - 1), 1 + failed[begun].astype(int))
    grounds = [theme.panel, mixed(theme.accent, theme.panel, 0.28), mixed(theme.error, theme.panel, 0.28)]
    line = np.array([one.rgb() for one in grounds], np.uint32)[kind]
    marks = np.array([0, theme.accent.rgb(), theme.error.rgb()], np.uint32)[edge]
    pixels = _ground(size, theme.panel)
    pixels[1 : height - 2] = np.where(edge > 0, marks, line)
    return _image(pixels)


def console_image(at_us: Array, level: Array, view: View, size: Size, theme: Theme) -> QImage:
    """A tick in each column that has lines, in the colour of the gravest."""
    width, height = size
    where = seen(at_us, *view)
    columns = np.minimum(((at_us[where] - view[0]) / (view[1] - view[0]) * width).astype(int), width - 1)
    gravest = np.zeros(width, int)
    np.maximum.at(gravest, columns, 1 + level[where].astype(int))
    colours = np.array([one.rgb() for one in (theme.panel, theme.muted, theme.warn, theme.error)], np.uint32)
    pixels = _ground(size, theme.panel)
    pixels[1 : height - 3] = colours[np.minimum(gravest, 3)]
    return _image(pixels)


def _by_column(starts: Array, ends: Array, weights: Array, view: View, width: int) -> Array:
    """The largest weight of the spans that touch each column; 0 where none does."""
    found = np.zeros(width)
    if not len(starts):
        return found
    scale = width / (view[1] - view[0])
    first = ((np.maximum(starts, view[0]) - view[0]) * scale).astype(np.int64)
    last = ((np.minimum(ends, view[1]) - view[0]) * scale).astype(np.int64)
    np.minimum(first, width - 1, out=first)
    np.minimum(last, width - 1, out=last)
    counts = np.maximum(last - first, 0) + 1
    columns, weights = first, np.broadcast_to(weights, starts.shape)
    if counts.max() > 1:
        columns = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        weights = np.repeat(weights, counts)
    np.maximum.at(found, columns, weights)
    return found


def _ground(size: Size, colour: QColor) -> Array:
    return np.full((size[1], size[0]), np.uint32(colour.rgb()))


def _image(pixels: Array) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
