"""A repeat as two drawings: latencies by isolate, and the heap after each forced collection."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.repeat.records import IsolateFigures
from inspector.text import counted, visible
from inspector.units import format_bytes, format_ms
from ui.models.repeat import RepeatModel, growth_words
from ui.style import SPACE
from ui.theme import Theme, Themes, host_colour
from ui.views.chart_keys import ChartKeys
from ui.views.readout import Readout
from ui.views.time_axis import Tick, paint_time_axis

__all__ = ["RepeatChart"]

_ROW, _AXIS, _TITLE, _BAR, _LEFT = 18, 22, 20, 8, 86
_RIGHT_ALIGNED = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT_ALIGNED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_DECADES_MS = [10.0**power for power in range(-3, 7)]


class RepeatChart(QWidget):
    """Draws the model's figures; the table beneath has them in words."""

    def __init__(self, model: RepeatModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self._readout = Readout(themes, self)
        self.setAccessibleName("Repeat")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keys = ChartKeys(self, self._tell, row=lambda: _ROW)
        model.changed.connect(self._changed)
        themes.changed.connect(self._changed)

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)

    def _changed(self, _theme: object = None) -> None:
        self.setAccessibleDescription(f"{self._model.heading} {self._model.footing}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.current
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        if any(one.calls for one in self._model.figures):
            _Picture(painter, QRectF(self.rect()), self._model.figures, theme).paint()
        else:
            painter.setPen(theme.muted)
            words = (
                "Warming up…"
                if self._model.heading
                else "Latencies, and the heap after each collection, are drawn here once something was repeated."
            )
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position().toPoint())

    def _tell(self, at: QPoint) -> Sequence[str]:
        """Show the figures of the isolate whose row is there."""
        place = (at.y() - _TITLE) // _ROW
        if not 0 <= place < _rows(self.height(), len(self._model.figures)):
            self._readout.hide()
            return ()
        one = self._model.figures[place]
        lines = [
            f"{visible(one.name, 40)}, {counted(one.calls, 'call')}, {one.failed:,} failed",
            f"p50 {format_ms(one.p50_ms)}, p95 {format_ms(one.p95_ms)}, p99 {format_ms(one.p99_ms)}",
            f"longest {format_ms(one.most_ms)}, in V8 alone p50 {format_ms(one.run_p50_ms)}",
            growth_words(one),
        ]
        self._readout.show_lines(lines, at, self.rect())
        return lines

    def leaveEvent(self, event: object) -> None:
        self._readout.hide()


class _Picture:
    """One painting: where everything is."""

    def __init__(self, painter: QPainter, area: QRectF, figures: Sequence[IsolateFigures], theme: Theme) -> None:
        self.painter = painter
        self.theme = theme
        self.figures = figures
        self.shown = figures[: _rows(area.height(), len(figures))]
        width = max(60.0, area.width() - _LEFT - 2 * SPACE)
        self.bars = QRectF(_LEFT, _TITLE, width, len(self.shown) * _ROW)
        top = self.bars.bottom() + _AXIS + _TITLE
        self.heap = QRectF(_LEFT, top, width, max(0.0, area.bottom() - _AXIS - top))
        known = [one for one in figures if one.p50_ms and one.most_ms]
        least = min((one.p50_ms or 1.0 for one in known), default=0.1)
        most = max((one.most_ms or 1.0 for one in known), default=1.0)
        self.low, self.high = math.log10(max(1e-3, least * 0.6)), math.log10(max(2e-3, most * 1.3))

    def paint(self) -> None:
        self._title(f"Latency{self._left_out()}", self.bars.top() - _TITLE)
        self._legend()
        self._latencies()
        if self.heap.height() > 2 * _ROW:
            self._title("Heap after forced collections, by calls", self.heap.top() - _TITLE)
            self._growth()

    def _left_out(self) -> str:
        hidden = len(self.figures) - len(self.shown)
        return f", {hidden} more in the table" if hidden else ""

    def _title(self, words: str, top: float) -> None:
        self.painter.setPen(self.theme.muted)
        self.painter.drawText(QRectF(SPACE, top, self.bars.right() - SPACE, _TITLE), _LEFT_ALIGNED, words)

    def _legend(self) -> None:
        words = "▬ p50 to p95   ─ p99   ◆ longest"
        self.painter.drawText(QRectF(_LEFT, 0, self.bars.width(), _TITLE), _RIGHT_ALIGNED, words)

    # --- latencies ---

    def x(self, ms: float | None) -> float:
        share = (math.log10(max(1e-4, ms or 1e-4)) - self.low) / (self.high - self.low)
        return self.bars.left() + min(max(share, 0.0), 1.0) * self.bars.width()

    def _latencies(self) -> None:
        ticks = []
        for decade in _DECADES_MS:
            for factor in (1, 2, 5):
                share = (math.log10(decade * factor) - self.low) / (self.high - self.low)
                if 0 <= share <= 1 and (factor == 1 or self.high - self.low < 2.2):
                    ticks.append(Tick(share, format_ms(decade * factor)))
        self.painter.setPen(self.theme.grid)
        for tick in ticks:
            x = round(self.bars.left() + tick.share * self.bars.width())
            self.painter.drawLine(QLineF(x, self.bars.top(), x, self.bars.bottom()))
        for place, one in enumerate(self.shown):
            self._row(one, self.bars.top() + place * _ROW)
        area = QRectF(self.bars.left(), self.bars.bottom(), self.bars.width(), _AXIS)
        paint_time_axis(self.painter, area, ticks, self.theme)

    def _row(self, one: IsolateFigures, top: float) -> None:
        painter, middle = self.painter, top + _ROW / 2
        name = painter.fontMetrics().elidedText(visible(one.name, 60), Qt.TextElideMode.ElideRight, _LEFT - 2 * SPACE)
        painter.setPen(self.theme.text)
        painter.drawText(QRectF(SPACE, top, _LEFT - 2 * SPACE, _ROW), _RIGHT_ALIGNED, name)
        if one.p50_ms is None:
            return
        p50, p95, p99, most = self.x(one.p50_ms), self.x(one.p95_ms), self.x(one.p99_ms), self.x(one.most_ms)
        colour = QColor(self.theme.used)
        painter.setPen(QPen(colour, 1.4))
        painter.drawLine(QLineF(p95, middle, p99, middle))
        painter.drawLine(QLineF(p99, middle - 4, p99, middle + 4))
        painter.fillRect(QRectF(p50, middle - _BAR / 2, max(2.0, p95 - p50), _BAR), colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.external)
        painter.drawPolygon(
            QPolygonF([QPointF(most + dx, middle + dy) for dx, dy in ((-4, 0), (0, -4), (4, 0), (0, 4))])
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # --- growth ---

    def _growth(self) -> None:
        points = [point for one in self.shown for point in one.points]
        if not points:
            return
        calls = max(1, *(point.calls for point in points))
        sizes = [point.used_bytes + point.external_bytes for point in points]
        least, most = min(sizes), max(sizes)
        margin = max((most - least) * 0.15, most * 0.01, 1024)
        bottom, top = max(0.0, least - margin), most + margin
        for share in (0.0, 0.5, 1.0):
            y = round(self.heap.bottom() - share * self.heap.height())
            self.painter.setPen(self.theme.border if share == 0 else self.theme.grid)
            self.painter.drawLine(QLineF(self.heap.left(), y, self.heap.right(), y))
            self.painter.setPen(self.theme.muted)
            where = QRectF(0, y - 2 if share == 1.0 else y - 9, _LEFT - 6, 18)  # the highest not into the title
            self.painter.drawText(where, _RIGHT_ALIGNED, format_bytes(bottom + share * (top - bottom)))
        scale = (calls, bottom, top)
        for place, one in enumerate(self.shown):
            self._curve(one, host_colour(place + 1), scale)
        places = sorted({round(calls * share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)})
        ticks = [Tick(place / calls, f"{place:,}") for place in places]
        area = QRectF(self.heap.left(), self.heap.bottom(), self.heap.width(), _AXIS)
        paint_time_axis(self.painter, area, ticks, self.theme)

    def _curve(self, one: IsolateFigures, colour: QColor, scale: tuple[int, float, float]) -> None:
        """The points of one isolate, joined. `scale`: the most calls, the least and the most bytes."""
        calls, bottom, top = scale
        line = [
            QPointF(
                self.heap.left() + point.calls / calls * self.heap.width(),
                self.heap.bottom()
                - (point.used_bytes + point.external_bytes - bottom) / (top - bottom) * self.heap.height(),
            )
            for point in one.points
        ]
        painter = self.painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(colour)
        for point in line:
            painter.drawEllipse(point, 2.5, 2.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if line and len(self.shown) > 1:  # the letter stands beside the colour
            painter.drawText(line[-1] + QPointF(-10, -6), str(self.shown.index(one) + 1))


def _rows(height: float, count: int) -> int:
    """Rows that most of the height has room for."""
    return min(count, max(1, int((height * 0.6 - _TITLE - _AXIS) // _ROW)))
