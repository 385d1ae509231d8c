"""The drawing of one heap: its picture, the axes, limit and cursor. This file brings numpy: it is imported late.

A frame is cheap because only the picture is painted anew (see heap_raster.py); the axes are where the scale, the ticks
or the size differ.
"""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from inspector.units import format_bytes
from ui.models.readings import GcMarks, Series
from ui.models.value_scale import ValueScale, fit, limit_in_view
from ui.theme import Theme
from ui.views.heap_raster import FIGURES, Picture, colour_table, raster
from ui.views.time_axis import Tick, paint_time_axis

__all__ = ["Frame", "HeapPlot"]

_LEFT, _TOP, _RIGHT = 72, 8, 12
_LEAST_DRAG = 4  # pixels
_BETWEEN_LEVELS = 18


class Frame(Struct, frozen=True):
    """What one frame shows. `from_us`, `to_us`: the edges; `limit_hits`: instants; `ticks` of the time axis."""

    from_us: int
    to_us: int
    series: Series | None
    gcs: GcMarks | None
    limit_bytes: int
    limit_hits: tuple[int, ...]
    ticks: tuple[Tick, ...]


class HeapPlot(QWidget):
    """Draws frames, reports the mouse in shares of the plot's width: 0.0 left edge, 1.0 right edge."""

    hovered = Signal(float)
    hover_left = Signal()
    dragged = Signal(float, float)
    double_clicked = Signal()
    wheeled = Signal(float, float)  # share, steps: positive is away from the user

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frame: Frame | None = None
        self.limit_in_view = False
        self.limit_words = ""
        self._scale: ValueScale | None = None
        self._image: QImage | None = None  # of the frame; made when it is painted
        self._cursor: float | None = None
        self._drag: tuple[float, float] | None = None  # from, to: shares
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it has a ground; nothing lies behind
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the graph's
        self.set_theme(theme)

    # --- drawing ---

    def draw(self, frame: Frame) -> None:
        """Show a frame in place of the one before."""
        before, self.frame, self._image = self.frame, frame, None
        series, highest = frame.series, 0.0
        if series is not None and len(series.at_us):
            highest = float(max(getattr(series, name).max() for name in FIGURES))
        scale, words = fit(highest, frame.limit_bytes, self._scale), self.limit_words
        self.limit_in_view = limit_in_view(highest, frame.limit_bytes)
        limit = f"limit {format_bytes(frame.limit_bytes)}" if frame.limit_bytes else ""
        self.limit_words = limit if self.limit_in_view or not limit else f"▲ {limit}, above this view"
        same = before is not None and before.ticks == frame.ticks and scale == self._scale and words == self.limit_words
        self._scale = scale
        self.update(self.chart()) if same else self.update()

    def chart(self) -> QRect:
        """Where the picture is: between the axes."""
        width, height = self.width() - _LEFT - _RIGHT, self.height() - _TOP - self._axis_px()
        return QRect(_LEFT, _TOP, max(1, width), max(1, height))

    def columns(self) -> int:
        """How many pixels wide the data are drawn."""
        return max(50, self.chart().width())

    def put_cursor(self, share: float | None) -> None:
        """The vertical line of the cursor; None hides it."""
        if share != self._cursor:
            for one in (self._cursor, share):
                if one is not None:
                    self.update(self.position(one).x() - 1, 0, 3, self.height())
            self._cursor = share

    def position(self, share: float) -> QPoint:
        """Where in this widget the top of that share of the plot is."""
        chart = self.chart()
        return QPoint(int(chart.left() + share * (chart.width() - 1)), chart.top())

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table = colour_table(theme)
        self._image = None
        self.update()

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, chart = QPainter(self), self.chart()
        if not chart.contains(event.rect()):
            painter.fillRect(self.rect(), self._theme.panel)
            self._paint_axes(painter, chart)
        if self.frame is not None:
            self._paint_picture(painter, chart, self.frame)
        painter.setClipRect(chart)
        if self._drag is not None and self._wide(self._drag):
            left, right = sorted(self.position(share).x() for share in self._drag)
            ground = QColor(self._theme.accent)
            ground.setAlpha(60)
            painter.fillRect(left, chart.top(), right - left, chart.height(), ground)
        if self._cursor is not None:
            painter.fillRect(self.position(self._cursor).x(), chart.top(), 1, chart.height(), self._theme.text)
        painter.end()

    def _paint_picture(self, painter: QPainter, chart: QRect, frame: Frame) -> None:
        if self._image is None:
            ratio, scale = self.devicePixelRatioF(), self._scale
            picture = Picture(
                frame.from_us,
                frame.to_us,
                frame.series,
                frame.gcs,
                frame.limit_bytes if self.limit_in_view else 0,
                frame.limit_hits,
                scale.top_bytes if scale is not None else 1.0,
                [at for at, _words in self._levels(chart) if at],
            )
            self._image = raster(picture, round(chart.width() * ratio), round(chart.height() * ratio), self._table)
            self._image.setDevicePixelRatio(ratio)
        painter.drawImage(chart.topLeft(), self._image)
        if self.limit_words:
            self._paint_limit(painter, chart, frame)

    def _paint_limit(self, painter: QPainter, chart: QRect, frame: Frame) -> None:
        metrics = painter.fontMetrics()
        plate = QRect(0, 0, metrics.horizontalAdvance(self.limit_words) + 6, metrics.height())
        y = chart.top() + 2
        if self.limit_in_view and self._scale is not None:
            line = chart.bottom() - chart.height() * frame.limit_bytes / self._scale.top_bytes
            y = max(chart.top(), int(line) - plate.height() - 1)
        plate.moveTo(chart.right() - plate.width() - 2, y)
        painter.fillRect(plate, self._theme.panel)
        painter.setPen(self._theme.limit)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.limit_words)

    def _paint_axes(self, painter: QPainter, chart: QRect) -> None:
        painter.fillRect(chart.left() - 1, chart.top(), 1, chart.height() + 1, self._theme.border)
        painter.setPen(self._theme.muted)
        height = painter.fontMetrics().height()
        for value, words in self._levels(chart):
            y = chart.bottom() - value / (self._scale.top_bytes if self._scale is not None else 1.0) * chart.height()
            box = QRectF(0, min(max(0.0, y - height / 2), float(self.height() - height)), _LEFT - 8, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        beneath = QRectF(chart.left() - 1, chart.bottom() + 1, chart.width() + 1, self._axis_px())
        paint_time_axis(painter, beneath, self.frame.ticks if self.frame is not None else (), self._theme)

    def _levels(self, chart: QRect) -> list[tuple[float, str]]:
        """Ticks of the value axis, as many as there is room for."""
        levels = self._scale.ticks() if self._scale is not None else []
        room = max(1, chart.height() // max(_BETWEEN_LEVELS, self.fontMetrics().height() + 2))
        return levels[:: max(1, -(-len(levels) // room))]

    def _axis_px(self) -> int:
        return self.fontMetrics().height() + 8

    # --- events ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._image = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._image = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = (self._share(event.position()),) * 2
        event.ignore()  # the graph takes the focus

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = self._share(event.position())
        if self._drag is not None:
            self._drag = self._drag[0], share
            self.update(self.chart())
        if 0 <= share <= 1:
            self.hovered.emit(share)
        else:
            self.hover_left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if event.button() == Qt.MouseButton.LeftButton and drag is not None and self._wide(drag):
            start, end = sorted(min(max(share, 0.0), 1.0) for share in (drag[0], self._share(event.position())))
            self.dragged.emit(start, end)
        self.update(self.chart())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        self.double_clicked.emit()

    def leaveEvent(self, event: object) -> None:
        self.hover_left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.wheeled.emit(min(max(self._share(event.position()), 0.0), 1.0), steps)
        event.accept()

    def _wide(self, drag: tuple[float, float]) -> bool:
        return abs(drag[1] - drag[0]) * self.columns() > _LEAST_DRAG

    def _share(self, place: QPointF) -> float:
        chart = self.chart()
        return (place.x() - chart.left()) / chart.width()
