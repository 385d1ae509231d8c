"""Two heaps on one axis, each from its first run on: what differs is seen before it is read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.analysis.comparison import Side
from inspector.units import format_bytes
from ui.models.session_lanes import HeapColumns
from ui.models.track_arrays import TrackArrays
from ui.models.value_scale import ValueScale, fit
from ui.theme import Theme, Themes
from ui.views.readout import Readout
from ui.views.session_axis import since_text, ticks_since
from ui.views.time_axis import paint_time_axis

__all__ = ["HeapOverlay", "first_run_us"]

_LEFT, _RIGHT, _TOP, _AXIS = 76, 14, 24, 24


def first_run_us(side: Side) -> int:
    """Where a side begins: its first run in the range, else the range."""
    began = [run.began_us for run in side.track.runs if side.from_us <= run.began_us <= side.to_us]
    return min(began, default=side.from_us)


class HeapOverlay(QWidget):
    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.sides: Sequence[Side] = ()
        self._readout = Readout(themes, self)
        self.setMouseTracking(True)
        self.setAccessibleName("Heaps of both sides, from the first run on")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self._theme_changed)

    def show_sides(self, sides: Sequence[Side]) -> None:
        self.sides = [side for side in sides if len(side.track.samples)]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)

    @property
    def span_us(self) -> float:
        return max((side.to_us - first_run_us(side) for side in self.sides), default=1) or 1.0

    def colours(self) -> tuple[QColor, QColor]:
        theme = self._themes.current
        return theme.external, theme.used

    def _theme_changed(self, _theme: Theme) -> None:
        self.update()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.current
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        if not self.sides:
            painter.setPen(theme.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No heap was recorded on either side.")
            painter.end()
            return
        area = self._area()
        highest = max(float(side.track.samples["used_bytes"].max()) for side in self.sides)
        scale = fit(highest, 0.0, None)
        self._grid(painter, area, scale, theme)
        for side, colour in zip(self.sides, self.colours(), strict=False):
            self._curve(painter, area, side, scale, colour)
        self._legend(painter, theme)
        ticks = ticks_since(0, 0, self.span_us, max(2, int(area.width() / 96)))
        paint_time_axis(painter, QRectF(area.left(), area.bottom(), area.width(), _AXIS), ticks, theme)
        painter.end()

    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - _RIGHT, self.height() - _TOP - _AXIS)

    def _grid(self, painter: QPainter, area: QRectF, scale: ValueScale, theme: Theme) -> None:
        ticks = scale.ticks()
        room = max(1, int(area.height() / 18))
        for value, words in ticks[:: -(-len(ticks) // room)]:
            y = round(area.bottom() - value / scale.top_bytes * area.height())
            painter.setPen(theme.grid if value else theme.border)
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(theme.muted)
            box = QRectF(0, y - 9, _LEFT - 6, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _curve(self, painter: QPainter, area: QRectF, side: Side, scale: ValueScale, colour: QColor) -> None:
        zero, width = first_run_us(side), max(2, int(area.width()))
        columns = HeapColumns(TrackArrays(side.track), zero, zero + self.span_us, width)
        low, high = columns.of("used_bytes")
        inside = zero + np.arange(width) / width * self.span_us <= side.to_us
        known = np.flatnonzero(columns.known & inside)
        top, bottom = (area.bottom() - part / scale.top_bytes * area.height() for part in (high, low))
        lines, before = [], None
        for x in known.tolist():
            left = area.left() + x
            lines.append(QLineF(left, top[x], left, bottom[x] + 1))
            if before is not None and before[0] == x - 1:
                lines.append(QLineF(left - 1, before[1], left, bottom[x]))
            before = (x, bottom[x])
        painter.setPen(QPen(colour, 1))
        painter.drawLines(lines)

    def _legend(self, painter: QPainter, theme: Theme) -> None:
        left = float(_LEFT)
        metrics = painter.fontMetrics()
        for name, side, colour in zip("AB", self.sides, self.colours(), strict=False):
            painter.fillRect(QRectF(left, 11, 12, 3), colour)
            words = metrics.elidedText(f"{name}  {side.name}", Qt.TextElideMode.ElideMiddle, int(self.width() / 2 - 80))
            painter.setPen(theme.text)
            painter.drawText(QPointF(left + 18, 16), words)
            left += 42 + metrics.horizontalAdvance(words)

    # --- the mouse ---

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        lines = self._lines_at(event.position().x())
        if lines:
            self._readout.show_lines(lines, event.position().toPoint(), self.rect())
        else:
            self._readout.hide()

    def leaveEvent(self, event: object) -> None:
        self._readout.hide()

    def _lines_at(self, x: float) -> tuple[str, ...]:
        area = self._area()
        if not self.sides or not area.left() <= x <= area.right():
            return ()
        after = (x - area.left()) / area.width() * self.span_us
        told = [f"{since_text(after, max(1.0, self.span_us / 500))} after the first run"]
        for name, side in zip("AB", self.sides, strict=False):
            at_us = side.track.samples["at_us"].astype(np.int64)
            place = int(np.searchsorted(at_us, first_run_us(side) + after, "right")) - 1
            if place >= 0 and first_run_us(side) + after <= side.to_us:
                told.append(f"{name}  used {format_bytes(int(side.track.samples['used_bytes'][place]))}")
        return tuple(told)
