"""The picture of one heap, made by numpy: curves over a fill, collections, limits. Imported late: it brings numpy.

An image of palette numbers takes a seventh of the time of pyqtgraph's paths: each curve is a span of pixels a column,
as a line of 1 px would touch them, straight from sample to sample.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from PySide6.QtGui import QImage

from ui.models.readings import GcMarks, Series
from ui.models.rings import Array, starts_of_runs
from ui.style import mixed
from ui.theme import Theme

__all__ = ["Picture", "colour_table", "raster"]

FIGURES = ("committed", "external", "used")  # in the order of drawing: used comes on top
_GROUND, _GRID, _FILL, _FILL_GRID = range(4)  # the fill adds 2 to what it lies on
_LINES = {"committed": 4, "external": 5, "used": 6}
_HELD, _YOUNG, _FULL, _LIMIT = 3, 10, 11, 12  # a held line has the number of its line and 3
_YOUNG_HEIGHT, _FULL_HEIGHT = 0.03, 0.08  # of the picture, from its bottom
_HEAD = 4  # pixels of a full collection's head to each side
_DOT, _DASH = 3, (4, 6)  # one pixel of three; four of six
_FILL_SHARE, _HELD_SHARE = 0.15, 0.6


class Picture(Struct, frozen=True):
    """What is drawn. `from_us`, `to_us`: the edges; `top_bytes`: what fills the height; `levels`: of the grid."""

    from_us: int
    to_us: int
    series: Series | None
    gcs: GcMarks | None
    limit_bytes: float  # 0: not in view
    limit_hits: Sequence[int]
    top_bytes: float
    levels: Sequence[float]


def raster(picture: Picture, width: int, height: int, table: Sequence[int]) -> QImage:
    """An image of so many device pixels in the colours of `table`."""
    stride = (width + 3) & ~3  # scan lines of a QImage begin at multiples of four bytes
    numbers = np.zeros((height, stride), np.uint8)
    canvas = _Canvas(numbers[:, :width], picture)
    canvas.numbers[canvas.rows(np.array(picture.levels, float))] = _GRID
    if picture.series is not None and len(picture.series.at_us):
        canvas.draw_series(picture.series)
    if picture.gcs is not None:
        canvas.draw_collections(picture.gcs)
    canvas.draw_limits()
    image = QImage(numbers.data, width, height, stride, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def colour_table(theme: Theme) -> list[int]:
    """The colours of the numbers above."""
    lines = [getattr(theme, name) for name in FIGURES]
    grounds = [theme.panel, theme.grid]
    colours = [*grounds, *(mixed(theme.used, ground, _FILL_SHARE) for ground in grounds), *lines]
    colours += [mixed(line, theme.panel, _HELD_SHARE) for line in lines]
    return [each.rgb() for each in (*colours, theme.gc_minor, theme.gc_major, theme.limit)]


class _Canvas:
    """`numbers` (height, width) of a picture; columns are counted from its left edge."""

    def __init__(self, numbers: Array, picture: Picture) -> None:
        self.numbers = numbers
        self.height, self.width = numbers.shape
        self._picture = picture
        self._span_us = max(1, picture.to_us - picture.from_us)

    def rows(self, values: Array) -> Array:
        """The row of each value in bytes; a value that is not known: below the picture."""
        last = self.height - 1
        rows: Array = last - np.rint(values * (last / max(self._picture.top_bytes, 1.0)))
        np.copyto(rows, self.height, where=np.isnan(rows))
        return np.minimum(np.maximum(rows, 0, out=rows), self.height, out=rows).astype(np.int32)

    def columns(self, at_us: Array) -> Array:
        """Places of instants in columns, as fractions."""
        places: Array = (at_us - self._picture.from_us) * (self.width / self._span_us)
        return places

    def draw_series(self, series: Series) -> None:
        x = self.columns(series.at_us)
        middle = np.searchsorted(x, np.arange(self.width) + 0.5, "right") - 1
        held = series.held[np.maximum(middle, 0)]
        shown = ~held | (np.arange(self.width) % _DOT == 0)
        spans = {name: self._spans(x, getattr(series, name).astype(float)) for name in FIGURES}
        beneath = spans["used"][1]
        fill = (np.arange(self.height, dtype=np.int16)[:, None] > beneath.astype(np.int16)).view(np.uint8)
        fill <<= 1
        self.numbers += fill
        for name, (top, bottom) in spans.items():
            self._put(top, bottom, shown, np.where(held, _LINES[name] + _HELD, _LINES[name]))

    def _spans(self, x: Array, values: Array) -> tuple[Array, Array]:
        """Highest and lowest row of a line in each column; below the picture where there is none."""
        edges = np.interp(np.arange(self.width + 1), x, values, left=np.nan, right=np.nan)
        lower, upper = np.fmin(edges[:-1], edges[1:]), np.fmax(edges[:-1], edges[1:])
        begun = ~np.isnan(edges[:-1])
        low, high = (np.where(begun, each, np.nan) for each in (lower, upper))
        inside = slice(*np.searchsorted(x, (0, self.width)))
        places = x[inside].astype(np.int64)
        if len(places):
            starts = starts_of_runs(places)
            at = places[starts]
            low[at] = np.fmin(lower[at], np.minimum.reduceat(values[inside], starts))
            high[at] = np.fmax(upper[at], np.maximum.reduceat(values[inside], starts))
        return self.rows(high), self.rows(low)

    def _put(self, top: Array, bottom: Array, shown: Array, number: Array) -> None:
        columns = np.flatnonzero(shown & (top < self.height))
        top, counts = top[columns], np.minimum(bottom, self.height - 1)[columns] - top[columns] + 1
        ends = np.cumsum(counts)
        rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(top - ends + counts, counts)
        self.numbers[rows, np.repeat(columns, counts)] = np.repeat(number[columns], counts)

    def draw_collections(self, gcs: GcMarks) -> None:
        x = self.columns(gcs.at_us).astype(np.int64)
        seen = (x >= 0) & (x < self.width)
        young, full = (np.unique(x[seen & mine]) for mine in (~gcs.is_full, gcs.is_full))
        self.numbers[self.height - round(self.height * _YOUNG_HEIGHT) :, young] = _YOUNG
        tall = round(self.height * _FULL_HEIGHT)
        self.numbers[self.height - tall :, full] = _FULL
        rows = [self.height - round(tall * (0.6 + 0.4 * beside / _HEAD)) for beside in range(_HEAD + 1)]
        for beside in range(1, _HEAD + 1):  # a V on its top
            outer, inner = rows[beside], max(rows[beside - 1], rows[beside] + 1)
            for place in (full - beside, full + beside):
                self.numbers[outer:inner, np.clip(place, 0, self.width - 1)] = _FULL

    def draw_limits(self) -> None:
        hits = self.columns(np.array(self._picture.limit_hits, np.int64)).astype(np.int64)
        self.numbers[:, hits[(hits >= 0) & (hits < self.width)]] = _LIMIT
        if self._picture.limit_bytes:
            row = int(self.rows(np.array([float(self._picture.limit_bytes)]))[0])
            self.numbers[row, np.arange(self.width) % _DASH[1] < _DASH[0]] = _LIMIT
