"""Cold starts as bars: the stages of each median, a whisker up to p95, and beside every ratio its n and the machine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.coldstart.records import VariantFigures
from inspector.units import format_bytes, format_ms
from ui.models.coldstart import ColdStartModel
from ui.style import SPACE
from ui.theme import Theme, Themes
from ui.views.chart_keys import ChartKeys
from ui.views.readout import Readout
from ui.views.time_axis import Tick, paint_time_axis

__all__ = ["ColdStartChart"]

_SHADES = {
    "host process": "faint",
    "isolate": "used",
    "inspector": "committed",
    "context": "gc_minor",
    "prelude": "gc_major",
    "compile": "external",
    "run": "ok",
    "start": "held",
    "run and exit": "ok",
}
_REST = "the rest"
_BAR, _ROW, _AXIS, _TEXT = 14, 34, 22, 18
_STEPS_MS = [factor * 10**power for power in range(-2, 5) for factor in (1, 2, 5)]
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class ColdStartChart(QWidget):
    """Draws the model's figures; the table beneath has them in words."""

    def __init__(self, model: ColdStartModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self._readout = Readout(themes, self)
        self.setAccessibleName("Cold starts")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keys = ChartKeys(self, self._tell, row=lambda: int(_row_height(self.height(), len(model.figures))))
        model.changed.connect(self._changed)
        themes.changed.connect(self._changed)

    def sizeHint(self) -> QSize:
        return QSize(560, 3 * _TEXT + 6 * _ROW + _AXIS + 3 * SPACE)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 150)

    def _changed(self, _theme: object = None) -> None:
        self.setAccessibleDescription(f"{self._model.heading} {self._model.footing}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._themes.current.panel)
        if self._model.figures:
            _Picture(painter, QRectF(self.rect()), self._model, self._themes.current).paint()
        else:
            painter.setPen(self._themes.current.muted)
            words = "Choose a JavaScript file that completes by itself, and measure."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position().toPoint())

    def _tell(self, at: QPoint) -> Sequence[str]:
        """Show the figures of the bar there."""
        place = int((at.y() - _TEXT - SPACE) // _row_height(self.height(), len(self._model.figures)))
        if not 0 <= place < len(self._model.figures):
            self._readout.hide()
            return ()
        lines = _lines(self._model.figures[place])
        self._readout.show_lines(lines, at, self.rect())
        return lines

    def leaveEvent(self, event: object) -> None:
        self._readout.hide()


class _Picture:
    """One painting: where everything is."""

    def __init__(self, painter: QPainter, area: QRectF, model: ColdStartModel, theme: Theme) -> None:
        self.painter = painter
        self.model = model
        self.theme = theme
        self.area = area
        metrics = painter.fontMetrics()
        left = max(metrics.horizontalAdvance(one.variant.title) for one in model.figures) + 2 * SPACE
        right = metrics.horizontalAdvance("1,000.0 ms  10.00×  1,000 MiB") + 2 * SPACE
        self.row = _row_height(area.height(), len(model.figures))
        height = self.row * len(model.figures)
        self.bars = QRectF(left, _TEXT + SPACE, max(60.0, area.width() - left - right), height)
        self.top_ms = max((one.total_ms.p95 for one in model.figures if one.total_ms), default=1.0) * 1.02

    def paint(self) -> None:
        self._legend()
        ticks = self._ticks()
        self.painter.setPen(self.theme.grid)
        for tick in ticks:
            x = round(self.bars.left() + tick.share * self.bars.width())
            self.painter.drawLine(QLineF(x, self.bars.top(), x, self.bars.bottom()))
        for place, one in enumerate(self.model.figures):
            self._bar(one, self.bars.top() + place * self.row)
        axis = QRectF(self.bars.left(), self.bars.bottom(), self.bars.width(), _AXIS)
        paint_time_axis(self.painter, axis, ticks, self.theme)
        n, _, machine = self.model.footing.partition(" · ")
        words = f"{n} · ×: the median against a fresh isolate's · the rest: the way to the other process and back"
        self._words(words, axis.bottom())
        self._words(machine, axis.bottom() + _TEXT)

    def _words(self, words: str, top: float) -> None:
        where = QRectF(SPACE, top, self.area.width() - 2 * SPACE, _TEXT)
        self.painter.setPen(self.theme.muted)
        metrics = self.painter.fontMetrics()
        self.painter.drawText(where, _LEFT, metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(where.width())))

    def _legend(self) -> None:
        names = dict.fromkeys(name for one in self.model.figures for name in one.stages)
        x = float(SPACE)
        metrics = self.painter.fontMetrics()
        for name in (*names, _REST) if names else ():
            width = metrics.horizontalAdvance(name)
            if x + width + 18 > self.area.width():
                return
            self.painter.fillRect(QRectF(x, _TEXT / 2 - 2, 8, 8), self._colour(name))
            self.painter.setPen(self.theme.muted)
            self.painter.drawText(QRectF(x + 12, 2, width + 2, _TEXT), _LEFT, name)
            x += width + 26

    def _bar(self, one: VariantFigures, top: float) -> None:
        middle = top + self.row / 2
        self.painter.setPen(self.theme.text)
        name = QRectF(SPACE, top, self.bars.left() - 2 * SPACE, self.row)
        self.painter.drawText(name, _RIGHT, one.variant.title)
        total = one.total_ms
        if total is None:
            self.painter.setPen(self.theme.muted)
            where = QRectF(self.bars.left() + 6, top, self.area.right() - self.bars.left() - SPACE, self.row)
            metrics = self.painter.fontMetrics()
            words = metrics.elidedText(one.unavailable, Qt.TextElideMode.ElideRight, int(where.width()))
            self.painter.drawText(where, _LEFT, words)
            return
        scale = self.bars.width() / self.top_ms
        x = self.bars.left()
        known = sum(stage.median for stage in one.stages.values())
        shrink = min(1.0, total.median / known) if known else 1.0  # medians of parts may add up to more
        for stage, ms in (*((name, stage.median * shrink) for name, stage in one.stages.items()), (_REST, 0.0)):
            width = ms * scale if stage != _REST else self.bars.left() + total.median * scale - x
            if width > 0:
                self.painter.fillRect(QRectF(x, middle - _BAR / 2, max(1.0, width), _BAR), self._colour(stage))
                x += width
        self._whisker(middle, self.bars.left() + total.median * scale, self.bars.left() + total.p95 * scale)
        ratio = "" if one.ratio is None else f"  {one.ratio:.2f}×"
        memory = f"  {format_bytes(one.memory_bytes)}"
        figures = QRectF(self.bars.right() + SPACE, top, self.area.right() - self.bars.right() - 2 * SPACE, self.row)
        self.painter.setPen(self.theme.text)
        self.painter.drawText(figures, _RIGHT, f"{format_ms(total.median)}{ratio}{memory}")

    def _whisker(self, y: float, left: float, right: float) -> None:
        self.painter.setPen(QPen(self.theme.text, 1))
        self.painter.drawLine(QLineF(left, round(y), right, round(y)))
        self.painter.drawLine(QLineF(right, y - 4, right, y + 4))

    def _ticks(self) -> list[Tick]:
        most = max(2, int(self.bars.width() / 80))
        step = next((one for one in _STEPS_MS if self.top_ms / one <= most), _STEPS_MS[-1])
        count = int(self.top_ms / step)
        return [Tick(at * step / self.top_ms, format_ms(at * step) if at else "0") for at in range(count + 1)]

    def _colour(self, stage: str) -> QColor:
        colour: QColor = getattr(self.theme, _SHADES.get(stage, "border"))
        return colour


def _row_height(height: float, rows: int) -> float:
    """The rows share what the texts and the axis leave, and are never stretched."""
    room = height - 3 * _TEXT - _AXIS - 2 * SPACE
    return min(float(_ROW), max(_BAR + 2.0, room / max(1, rows)))


def _lines(one: VariantFigures) -> tuple[str, ...]:
    if one.total_ms is None:
        return (one.variant.title, one.unavailable)
    return (
        f"{one.variant.title}, n = {one.n}",
        f"median {format_ms(one.total_ms.median)}, p95 {format_ms(one.total_ms.p95)}",
        *(f"{name} {format_ms(stage.median)}, p95 {format_ms(stage.p95)}" for name, stage in one.stages.items()),
        f"{format_bytes(one.memory_bytes)}: {one.variant.memory_of}",
    )
