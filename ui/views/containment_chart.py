"""One trial on one time axis: the runaway's heap with its limit and the moment of the stop, and the neighbour's ticks.

Painted: a few thousand points, once a frame while the case runs and once after.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QLineF, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.containment.record import HeapPoint, Tick
from inspector.units import format_bytes, format_ms
from ui.models.value_scale import ValueScale, fit, limit_in_view
from ui.style import SPACE
from ui.theme import Theme, Themes
from ui.views.chart_keys import ChartKeys
from ui.views.readout import Readout
from ui.views.time_axis import Tick as AxisTick
from ui.views.time_axis import paint_time_axis

__all__ = ["ContainmentChart", "Shown"]

_LEFT, _RIGHT, _TOP, _AXIS, _STRIP = 76, 14, 22, 22, 26
_GAP_MS = 50.0  # a tick this late is a gap worth a mark
_LONG_GAP_MS = 500.0
_STEPS_MS = [factor * 10**power for power in range(5) for factor in (1, 2, 5)] + [20_000, 30_000, 60_000]
_TAIL = 1.06  # of the time until the stop: what is shown after it


class Shown(Struct, frozen=True):
    """`until_us`: the present while it runs. `stopped_us` 0: it has not ended."""

    points: tuple[HeapPoint, ...]
    ticks: tuple[Tick, ...]
    worst_gap_ms: float | None
    limit_bytes: int
    began_us: int
    until_us: int
    stopped_us: int = 0
    stop_words: str = ""


class ContainmentChart(QWidget):
    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._shown: Shown | None = None
        self._words = "Choose a case to see its heap."
        self.setAccessibleName("Heap of the runaway and ticks of its neighbour")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._readout = Readout(themes, self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keys = ChartKeys(self, self._tell, row=self.height, left=_LEFT)
        themes.changed.connect(self._theme_changed)

    def _theme_changed(self, _theme: object) -> None:
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position().toPoint())

    def _tell(self, at: QPoint) -> Sequence[str]:
        """Show the figures there."""
        lines = () if self._shown is None else self._lines_at(at.x(), self._shown)
        if lines:
            self._readout.show_lines(lines, at, self.rect())
        else:
            self._readout.hide()
        return lines

    def leaveEvent(self, event: object) -> None:
        self._readout.hide()

    def _lines_at(self, x: float, shown: Shown) -> tuple[str, ...]:
        """The figures at that x; none beside the drawing."""
        share = (x - _LEFT) / max(1, self.width() - _LEFT - _RIGHT)
        if not 0 <= share <= 1:
            return ()
        at_us = shown.began_us + share * (shown.until_us - shown.began_us) * _TAIL
        lines = [f"{format_ms((at_us - shown.began_us) / 1000)} after the start"]
        before = [point for point in shown.points if point[0] <= at_us]
        if before:
            lines += [f"heap used {format_bytes(before[-1][1])}", f"off-heap {format_bytes(before[-1][2])}"]
        tick = next((tick for tick in shown.ticks if tick[0] >= at_us), None)
        if tick is not None:
            lines.append(f"neighbour's tick after {format_ms(tick[1])}")
        return tuple(lines)

    def sizeHint(self) -> QSize:
        return QSize(420, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 130)

    def show_trial(self, shown: Shown | None, words: str = "") -> None:
        """None: only `words`."""
        self._shown, self._words = shown, words
        if shown is None:
            self._readout.hide()
        self.setAccessibleDescription(shown.stop_words if shown is not None else words)
        self.update()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, shown = self._themes.current, self._shown
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.panel)
        if shown is None:
            painter.setPen(theme.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)
        else:
            _Picture(painter, QRectF(self.rect()), shown, theme).paint()
        painter.end()


class _Picture:
    """One painting: where everything is."""

    def __init__(self, painter: QPainter, area: QRectF, shown: Shown, theme: Theme) -> None:
        self.painter = painter
        self.shown = shown
        self.theme = theme
        bottom = area.bottom() - _AXIS - _STRIP - SPACE
        self.heap = QRectF(area.left() + _LEFT, area.top() + _TOP, area.width() - _LEFT - _RIGHT, bottom - _TOP)
        self.strip = QRectF(self.heap.left(), self.heap.bottom() + SPACE, self.heap.width(), _STRIP)
        self.axis = QRectF(self.heap.left(), self.strip.bottom(), self.heap.width(), _AXIS)
        self.span_us = max(1.0, (shown.until_us - shown.began_us) * _TAIL)
        highest = max((float(max(used, external)) for _, used, external in shown.points), default=0.0)
        self.scale: ValueScale = fit(highest, float(shown.limit_bytes), None)
        self.limit_in_view = limit_in_view(highest, shown.limit_bytes)

    def paint(self) -> None:
        self._grid()
        self._curves()
        self._limit()
        self._ticks()
        self._stop()
        paint_time_axis(self.painter, self.axis, self._time_ticks(), self.theme)

    def x(self, at_us: float) -> float:
        share = (at_us - self.shown.began_us) / self.span_us
        return self.heap.left() + min(max(share, 0.0), 1.0) * self.heap.width()

    def y(self, count: float) -> float:
        return self.heap.bottom() - count / self.scale.top_bytes * self.heap.height()

    def _grid(self) -> None:
        for value, words in self.scale.ticks():
            y = round(self.y(value))
            self.painter.setPen(self.theme.grid if value else self.theme.border)
            self.painter.drawLine(QLineF(self.heap.left(), y, self.heap.right(), y))
            self.painter.setPen(self.theme.muted)
            where = QRectF(0, y - 9, _LEFT - 6, 18)
            self.painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _curves(self) -> None:
        self._legend()
        end_us = self.shown.began_us + self.span_us
        points = [point for point in self.shown.points if self.shown.began_us <= point[0] <= end_us]
        if not points:
            return
        used = QPolygonF([QPointF(self.x(at), self.y(count)) for at, count, _ in points])
        external = QPolygonF([QPointF(self.x(at), self.y(count)) for at, _, count in points])
        fill = QPolygonF(used)
        fill.append(QPointF(used.last().x(), self.heap.bottom()))
        fill.append(QPointF(used.first().x(), self.heap.bottom()))
        colour = QColor(self.theme.used)
        colour.setAlpha(38)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        self.painter.drawPolygon(fill)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line, pen in ((external, self.theme.external), (used, self.theme.used)):
            self.painter.setPen(QPen(pen, 1.4))
            self.painter.drawPolyline(line)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _legend(self) -> None:
        x = self.heap.left()
        metrics = self.painter.fontMetrics()
        for words, colour in (("heap used", self.theme.used), ("off-heap", self.theme.external)):
            width = metrics.horizontalAdvance(words)
            if x + width + 18 > self._stop_left():
                return  # no room
            self.painter.fillRect(QRectF(x, 9, 10, 3), colour)
            self.painter.setPen(self.theme.muted)
            self.painter.drawText(QRectF(x + 14, 2, width + 2, 18), Qt.AlignmentFlag.AlignVCenter, words)
            x += width + 30

    def _limit(self) -> None:
        words = f"limit {format_bytes(self.shown.limit_bytes)}"
        y = self.heap.top()
        if self.limit_in_view:
            y = round(self.y(self.shown.limit_bytes))
            self.painter.setPen(QPen(self.theme.limit, 1, Qt.PenStyle.DashLine))
            self.painter.drawLine(QLineF(self.heap.left(), y, self.heap.right(), y))
        else:
            words = f"▲ {words}, above this view"
        self._label(words, QPointF(self.heap.left() + 6, y - 17 if self.limit_in_view else y), self.theme.limit)

    def _stop(self) -> None:
        if not self.shown.stopped_us:
            return
        x = round(self.x(self.shown.stopped_us))
        self.painter.setPen(QPen(self.theme.text, 1))
        self.painter.drawLine(QLineF(x, self.heap.top() - 4, x, self.strip.bottom()))
        self._label(self.shown.stop_words, QPointF(self._stop_left(), 2), self.theme.text)

    def _stop_left(self) -> float:
        """Where the words of the stop begin: they end at its line."""
        if not self.shown.stopped_us:
            return self.heap.right()
        width = self.painter.fontMetrics().horizontalAdvance(self.shown.stop_words) + 8
        return max(self.heap.left(), self.x(self.shown.stopped_us) + 8 - width)

    def _label(self, words: str, at: QPointF, colour: QColor) -> None:
        width = self.painter.fontMetrics().horizontalAdvance(words) + 8
        where = QRectF(at.x(), max(0.0, at.y()), width, 17)
        self.painter.fillRect(where, self.theme.panel)
        self.painter.setPen(colour)
        self.painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words)

    def _ticks(self) -> None:
        self.painter.fillRect(self.strip, self.theme.window)
        self.painter.setPen(self.theme.muted)
        aside = QRectF(0, self.strip.top(), _LEFT - 6, self.strip.height())
        self.painter.drawText(aside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "neighbour")
        if not self.shown.ticks:
            words = "its ticks are read when the case has ended" if not self.shown.stopped_us else "it says nothing"
            self.painter.drawText(self.strip, Qt.AlignmentFlag.AlignCenter, words)
            return
        end_us = self.shown.began_us + self.span_us
        near = [tick for tick in self.shown.ticks if self.shown.began_us <= tick[0] <= end_us]
        for at_us, gap_ms in near:
            if gap_ms >= _GAP_MS:
                self._gap(at_us, gap_ms)
        self.painter.setPen(self.theme.ok)
        top, bottom = self.strip.top() + 7, self.strip.bottom() - 1
        columns = sorted({round(self.x(at_us)) for at_us, _ in near})
        self.painter.drawLines([QLineF(x, top, x, bottom) for x in columns])

    def _gap(self, at_us: float, gap_ms: float) -> None:
        left, right = self.x(at_us - gap_ms * 1000), self.x(at_us)
        colour = self.theme.error if gap_ms >= _LONG_GAP_MS else self.theme.warn
        band = QRectF(left, self.strip.top() + 1, max(2.0, right - left), 5)
        self.painter.fillRect(band, colour)
        if gap_ms == self.shown.worst_gap_ms and right - left > 60:
            words = QRectF(left, self.strip.top() + 7, right - left, self.strip.height() - 8)
            self.painter.setPen(colour)
            self.painter.drawText(words, Qt.AlignmentFlag.AlignCenter, format_ms(gap_ms))

    def _time_ticks(self) -> list[AxisTick]:
        span_ms = self.span_us / 1000
        most = max(2, int(self.heap.width() / 90))
        step = next((one for one in _STEPS_MS if span_ms / one <= most), _STEPS_MS[-1])
        return [AxisTick(at / span_ms, format_ms(at) if at else "0") for at in range(0, int(span_ms) + 1, step)]
