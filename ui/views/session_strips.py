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

__all__ = ["console_image", "pauses_image", "runs_image", "runs_in_view"]

View = tuple[float, float]
Size = tuple[int, int]  # width, height in device pixels

_LEAST = 2  # pixels of a mark


def pauses_image(arrays: TrackArrays, view: View, size: Size, theme: Theme) -> QImage:
    """Bars as wide as the pause and as high as its square root, the longest of the track being full."""
    width, height = size
    ends, pauses = arrays.pause_ends_us, arrays.pauses_us
    longest = max(1.0, float(pauses.max(initial=0.0)))
    where = seen(ends, view[0], view[1] + longest)
    heights = np.maximum(_LEAST, np.sqrt(pauses[where] / longest) * (height - 3))
    pixels = _ground(size, theme.panel)
    rows = np.arange(height, dtype=np.int16)[:, None]
    full = arrays.full[where]
    for chosen, colour in ((~full, theme.gc_minor), (full, theme.gc_major)):
        starts, stops = ends[where][chosen] - pauses[where][chosen], ends[where][chosen]
        tall = _by_column(starts, stops, heights[chosen], view, width).astype(np.int16)
        mask = rows[: height - 2] >= height - 2 - tall
        np.copyto(pixels[: height - 2], np.uint32(colour.rgb()), where=mask)
    return _image(pixels)


def runs_in_view(arrays: TrackArrays, view: View) -> Array:
    """The places of the runs that a view shows."""
    found: Array = np.flatnonzero((arrays.run_starts_us <= view[1]) & (arrays.run_ends_us >= view[0]))
    return found


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
    first = np.clip((starts - view[0]) * scale, 0, width - 1).astype(int)
    last = np.clip((np.minimum(ends, view[1]) - view[0]) * scale, 0, width - 1).astype(int)
    counts = np.maximum(last - first, 0) + 1
    columns = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    np.maximum.at(found, columns, np.repeat(np.broadcast_to(weights, starts.shape), counts))
    return found


def _ground(size: Size, colour: QColor) -> Array:
    return np.full((size[1], size[0]), np.uint32(colour.rgb()))


def _image(pixels: Array) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
