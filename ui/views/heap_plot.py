"""The drawing of one heap: its picture, axes, limit and cursor. It brings pyqtgraph and numpy: imported late.

A frame is cheap because the ranges are fixed (x is seconds before the right edge) and one item, the picture, is painted
for it (see heap_raster.py): 14 curves took twice as long. The axes are painted where the scale, the ticks or the size
differ.
"""

from __future__ import annotations

import pyqtgraph as pg  # type: ignore[import-untyped]
from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from inspector.units import format_bytes
from ui.models.readings import GcMarks, Series
from ui.models.value_scale import ValueScale, fit, limit_in_view
from ui.theme import Theme
from ui.views.heap_raster import FIGURES, Picture, colour_table, raster
from ui.views.time_axis import Tick

__all__ = ["Frame", "HeapPlot"]

_LEFT, _TOP, _RIGHT = 72, 8, 34  # the right: room for half a text beyond the end of the axis
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


class _PictureItem(pg.GraphicsObject):  # type: ignore[misc]
    """Fills the view with what the plot paints, in pixels."""

    def __init__(self, plot: HeapPlot) -> None:
        super().__init__()
        self._plot = plot
        self.area = QRectF()  # in the view's units

    def boundingRect(self) -> QRectF:
        return self.area

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.save()
        painter.resetTransform()
        self._plot.paint_picture(painter)
        painter.restore()


class HeapPlot(pg.PlotWidget):  # type: ignore[misc]
    """Draws frames, reports the mouse in shares of the plot's width: 0.0 left edge, 1.0 right edge."""

    hovered = Signal(float)
    hover_left = Signal()
    dragged = Signal(float, float)
    double_clicked = Signal()
    wheeled = Signal(float, float)  # share, steps: positive is away from the user
    _made = False  # Qt resizes it before its parts are there

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.frame: Frame | None = None
        self.limit_in_view = False
        self.limit_words = ""
        self._scale: ValueScale | None = None
        self._span_s = 0.0
        self._image: QImage | None = None  # of the frame; made when it is painted
        self._drag_from: float | None = None
        self._make_axes()
        self._make_items()
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it has a ground; nothing lies behind
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the graph's
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_theme(theme)
        self._made = True

    # --- drawing ---

    def draw(self, frame: Frame) -> None:
        """Show a frame in place of the one before."""
        before, self.frame = self.frame, frame
        series, highest = frame.series, 0.0
        if series is not None and len(series.at_us):
            highest = float(max(getattr(series, name).max() for name in FIGURES))
        span_s, scale = (frame.to_us - frame.from_us) / 1e6, fit(highest, frame.limit_bytes, self._scale)
        self.limit_in_view = limit_in_view(highest, frame.limit_bytes)
        limit = f"limit {format_bytes(frame.limit_bytes)}" if frame.limit_bytes else ""
        self.limit_words = limit if self.limit_in_view or not limit else f"▲ {limit}, above this view"
        if (span_s, scale) != (self._span_s, self._scale):
            self._span_s, self._scale = span_s, scale
            self._set_ranges(scale)
            before = None
        if before is None or before.ticks != frame.ticks:
            self._time_axis.setTicks([[((tick.share - 1) * span_s, tick.text) for tick in frame.ticks]])
        self._picture_changed()

    def chart(self) -> QRect:
        """Where the picture is: between the axes."""
        return QRect(self._view.sceneBoundingRect().toAlignedRect())

    def columns(self) -> int:
        """How many pixels wide the data are drawn."""
        return max(50, self.chart().width())

    def put_cursor(self, share: float | None) -> None:
        """The vertical line of the cursor; None hides it."""
        self._cursor.setVisible(share is not None)
        if share is not None:
            self._cursor.setValue((share - 1) * self._span_s)

    def position(self, share: float) -> QPoint:
        """Where in this widget the top of that share of the plot is."""
        area = self._view.sceneBoundingRect()
        return QPoint(int(area.left() + share * area.width()), int(area.top()))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table = colour_table(theme)
        self.setBackground(theme.panel)
        for axis in (self._time_axis, self._value_axis):
            axis.setPen(_pen(theme.border))
            axis.setTextPen(_pen(theme.muted))
        ground = QColor(theme.accent)
        ground.setAlpha(60)
        self._cursor.setPen(_pen(theme.text))
        self._drag.setBrush(ground)
        self._picture_changed()

    def _set_ranges(self, scale: ValueScale) -> None:
        self._view.setRange(xRange=(-self._span_s, 0), yRange=(0, scale.top_bytes), padding=0)
        self._picture.prepareGeometryChange()
        self._picture.area = QRectF(-self._span_s, 0, self._span_s, scale.top_bytes)
        self._value_axis.setTicks([self._levels()])

    def _levels(self) -> list[tuple[float, str]]:
        """Ticks of the value axis, as many as there is room for."""
        levels = self._scale.ticks() if self._scale is not None else []
        room = max(1, self.chart().height() // max(_BETWEEN_LEVELS, self.fontMetrics().height() + 2))
        return levels[:: max(1, -(-len(levels) // room))]

    def _picture_changed(self) -> None:
        self._image = None
        self._picture.update()

    # --- painting ---

    def paint_picture(self, painter: QPainter) -> None:
        """The picture of the frame, in this widget's pixels."""
        frame, scale = self.frame, self._scale
        if frame is None or scale is None:
            return
        chart = self.chart()
        if self._image is None:
            ratio = self.devicePixelRatioF()
            picture = Picture(
                frame.from_us,
                frame.to_us,
                frame.series,
                frame.gcs,
                frame.limit_bytes if self.limit_in_view else 0,
                frame.limit_hits,
                scale.top_bytes,
                [at for at, _words in self._levels() if at],
            )
            size = max(1, round(chart.width() * ratio)), max(1, round(chart.height() * ratio))
            self._image = raster(picture, *size, self._table)
            self._image.setDevicePixelRatio(ratio)
        painter.drawImage(chart.topLeft(), self._image)
        if self.limit_words:
            self._paint_limit(painter, chart, frame.limit_bytes / scale.top_bytes)

    def _paint_limit(self, painter: QPainter, chart: QRect, share: float) -> None:
        metrics = painter.fontMetrics()
        plate = QRect(0, 0, metrics.horizontalAdvance(self.limit_words) + 6, metrics.height())
        y = chart.top() + 2
        if self.limit_in_view:
            y = max(chart.top(), int(chart.bottom() - chart.height() * share) - plate.height() - 1)
        plate.moveTo(chart.right() - plate.width() - 2, y)
        painter.fillRect(plate, self._theme.panel)
        painter.setPen(self._theme.limit)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.limit_words)

    # --- parts ---

    def _make_axes(self) -> None:
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.layout.setContentsMargins(0, _TOP, _RIGHT, 0)
        self._view = item.getViewBox()
        self._view.setMouseEnabled(False, False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._time_axis, self._value_axis = item.getAxis("bottom"), item.getAxis("left")
        self._value_axis.setWidth(max(_LEFT, self.fontMetrics().horizontalAdvance("0.75 MiB") + 18))
        self._value_axis.setStyle(tickLength=-4)
        for axis in (self._time_axis, self._value_axis):
            axis.enableAutoSIPrefix(False)
        self._time_axis.setStyle(hideOverlappingLabels=40)

    def _make_items(self) -> None:
        self._picture = _PictureItem(self)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._drag = pg.LinearRegionItem(movable=False)
        for item in (self._picture, self._cursor, self._drag):
            self._view.addItem(item, ignoreBounds=True)
        self._cursor.hide()
        self._drag.hide()

    # --- events ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._made:
            self._value_axis.setTicks([self._levels()])
            self._picture_changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._made:
            self._picture_changed()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from = self._share(event)
        event.ignore()  # the graph takes the focus

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = self._share(event)
        if self._drag_from is not None:
            self._drag.setRegion([(min(max(each, 0), 1) - 1) * self._span_s for each in (self._drag_from, share)])
            self._drag.setVisible(abs(share - self._drag_from) * self.columns() > _LEAST_DRAG)
        if 0 <= share <= 1:
            self.hovered.emit(share)
        else:
            self.hover_left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._drag_from = self._drag_from, None
        if event.button() == Qt.MouseButton.LeftButton and start is not None and self._drag.isVisible():
            share = min(max(self._share(event), 0.0), 1.0)
            self.dragged.emit(*sorted((min(max(start, 0.0), 1.0), share)))
        self._drag.hide()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._drag_from = None
        self.double_clicked.emit()

    def leaveEvent(self, event: object) -> None:
        self.hover_left.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            self.wheeled.emit(min(max(self._share(event), 0.0), 1.0), steps)
        event.accept()

    def _share(self, event: QMouseEvent | QWheelEvent) -> float:
        area = self._view.sceneBoundingRect()
        return float((event.position().x() - area.left()) / max(1.0, area.width()))


def _pen(colour: QColor) -> QPen:
    pen = QPen(colour, 1)
    pen.setCosmetic(True)  # 1 px whatever the ranges are: a wider one takes several times as long
    return pen
