"""From the store to the overview's picture: which columns a row shows, how high it reaches. Imported late (numpy)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QImage

from ui.models.readings import HELD_AFTER_US, Track
from ui.models.series import SeriesStore
from ui.models.time_columns import TimeColumns
from ui.theme import Theme
from ui.views.overview_raster import ENDED, SELECTED, Rows, colour_table, raster

__all__ = ["OverviewPicture"]


class OverviewPicture:
    """Keeps columns of time for one width and span, and makes the image of the rows in view."""

    def __init__(self, store: SeriesStore) -> None:
        self._store = store
        self._columns: TimeColumns | None = None
        self._table: tuple[str, Sequence[int]] = ("", ())
        self.common_top = 0.0

    def show(self, span_us: int, columns: int) -> None:
        """Set the span and the width; a change costs one pass over the samples of the span."""
        bucket_us = max(1, span_us // columns)
        kept = self._columns
        if kept is None or (kept.bucket_us, kept.count) != (bucket_us, columns):
            self._columns = self._store.columns(bucket_us, columns)

    def image(
        self, tracks: Sequence[Track], selected: int | None, now_us: int, *, row_px: int, common: bool, theme: Theme
    ) -> QImage | None:
        """The rows of `tracks`, `row_px` device pixels each, on one scale when `common`; None: nothing to draw."""
        columns = self._columns
        if columns is None or not tracks:
            return None
        columns.follow(now_us)
        most = max(1, HELD_AFTER_US // columns.bucket_us)
        low, high, held = columns.read(np.array([track.row for track in tracks]), most)
        first = columns.head - columns.count + 1
        for i, track in enumerate(tracks):
            if track.ended_us is not None:
                end = max(0, track.ended_us // columns.bucket_us - first + 1)
                low[i, end:], high[i, end:] = np.nan, np.nan
        tops = np.nan_to_num(np.fmax.reduce(high, axis=1), nan=0.0)
        if common:
            self.common_top = max(self._highest(columns), 1.0)
            tops = np.full(len(tracks), self.common_top)
        style = np.array([_style(track, selected) for track in tracks])
        if self._table[0] != theme.name:
            self._table = (theme.name, colour_table(theme))
        return raster(Rows(low, high, held, tops, style), row_px, first, self._table[1])

    def _highest(self, columns: TimeColumns) -> float:
        """The highest value of all rows, in view or not."""
        rows = np.array([track.row for track in self._store.tracks.values()])
        return columns.highest(rows)


def _style(track: Track, selected: int | None) -> int:
    return (ENDED if track.ended_us is not None else 0) + (SELECTED if track.isolate_id == selected else 0)
