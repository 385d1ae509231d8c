"""What stands left of a session's tracks: names of isolates and lanes, and how much a heap's lane is high."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from inspector.text import visible
from inspector.units import format_bytes
from ui.models.session_lanes import Lane
from ui.models.track_arrays import TrackArrays
from ui.style import SPACE, mixed
from ui.theme import Theme
from ui.views.marks import paint_host_letter
from ui.views.session_chart import GUTTER
from ui.views.session_heap import HEADROOM, heap_top

__all__ = ["paint_lane_name"]

_WIDE = GUTTER - 2 * SPACE


def paint_lane_name(
    painter: QPainter, lane: Lane, arrays: TrackArrays, top: float, theme: Theme, *, chosen: bool
) -> None:
    """`top`: where the lane begins."""
    if chosen:
        painter.fillRect(QRectF(0, top, GUTTER - 1, lane.height), mixed(theme.accent, theme.panel, 0.10))
        painter.fillRect(QRectF(0, top, 3, lane.height), theme.accent)
    if lane.first:
        _paint_isolate(painter, arrays, top, theme, bold=chosen)
    elif lane.kind is not None and lane.height > painter.fontMetrics().ascent():
        painter.setPen(theme.muted)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(SPACE, top, _WIDE, lane.height), right, lane.kind.value)


def _paint_isolate(painter: QPainter, arrays: TrackArrays, top: float, theme: Theme, *, bold: bool) -> None:
    track, metrics = arrays.track, painter.fontMetrics()
    left = float(SPACE)
    if track.letter:
        paint_host_letter(painter, QRectF(left, top + 4, 13, 13), track.host_id, track.letter, theme)
        left += 18
    font = painter.font()
    font.setBold(bold)
    painter.save()
    painter.setFont(font)
    painter.setPen(theme.text if track.ended_us is None else theme.muted)
    room = int(GUTTER - left - 3)
    name = painter.fontMetrics().elidedText(visible(track.name, 60), Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(left, top + 3 + metrics.ascent()), name)
    painter.restore()
    if len(track.samples):
        painter.setPen(theme.muted)
        box = QRectF(SPACE, top + metrics.height() + 4, _WIDE, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, f"≤ {format_bytes(heap_top(arrays) / HEADROOM)}")
