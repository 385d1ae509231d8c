"""One lane of a session's tracks: a picture of a stretch of its heap, GC pauses, runs or console; the names of runs.

Imported late: it brings numpy.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from inspector.text import visible
from ui.models.session_lanes import LaneKind
from ui.models.track_arrays import TrackArrays
from ui.style import mixed
from ui.theme import Theme
from ui.views.session_heap import heap_image
from ui.views.session_strips import Size, View, console_image, pauses_image, runs_image, runs_in_view

__all__ = ["lane_image", "paint_run_names"]

_NAMED_FROM = 40  # points of a run that gets its name


def lane_image(arrays: TrackArrays, kind: LaneKind, view: View, size: Size, theme: Theme) -> QImage:
    """`size`: (width, height) in device pixels."""
    match kind:
        case LaneKind.HEAP:
            return heap_image(arrays, view, (size[0], size[1] - 2), theme, mixed(theme.window, theme.panel, 0.5))
        case LaneKind.COLLECTIONS:
            return pauses_image(arrays, view, size, theme)
        case LaneKind.RUNS:
            return runs_image(arrays, view, size, theme)
        case LaneKind.CONSOLE:
            return console_image(arrays.track.console.at_us, arrays.track.console.level, view, size, theme)


def paint_run_names(painter: QPainter, arrays: TrackArrays, view: View, rect: QRectF, theme: Theme) -> None:
    """The names of those that have room; `rect` is the lane."""
    low, high = view
    scale = rect.width() / (high - low)
    if arrays.longest_run_us * scale < _NAMED_FROM:
        return
    places = runs_in_view(arrays, view)
    began = np.maximum(arrays.run_starts_us[places], low)
    ended = np.minimum(arrays.run_ends_us[places], high)
    painter.setPen(theme.text)
    metrics = painter.fontMetrics()
    for one in np.flatnonzero((ended - began) * scale >= _NAMED_FROM).tolist():
        run = arrays.track.runs[places[one]]
        left, right = rect.left() + (began[one] - low) * scale, rect.left() + (ended[one] - low) * scale
        box = QRectF(left + 6, rect.top(), right - left - 10, rect.height() - 1)
        words = visible(run.label, 60)
        words = words if run.outcome == "completed" else f"{words} · {run.outcome}"
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
