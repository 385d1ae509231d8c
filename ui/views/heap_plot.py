"""The drawing of one heap: curves, collections, limit, cursor. This file brings pyqtgraph and numpy: it is imported
late.

A frame is cheap because the ranges are fixed (x is seconds before the right edge), the data are decimated to the
pixels, every pen is 1 px wide and nothing is antialiased or checked for NaN.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from msgspec import Struct
from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QWidget

from inspector.units import format_bytes
from ui.models.readings import GcMarks, Series
from ui.models.rings import Array
from ui.models.value_scale import ValueScale, fit, limit_in_view
from ui.theme import Theme
from ui.views.time_axis import Tick

__all__ = ["Frame", "HeapPlot"]

_FIGURES = ("committed", "external", "used")  # in the order of drawing: used comes on top
_YOUNG_HEIGHT, _FULL_HEIGHT = 0.03, 0.08  # of the plot, from its bottom
_FILL_POINTS = 300  # a fill takes several times as long as a line
_FILL_ALPHA = 38
_HELD_ALPHA = 150


class Frame(Struct, frozen=True):
    """What one frame shows. `from_us`, `to_us`: the edges; `limit_hits`: instants; `ticks` of the time axis."""

    from_us: int
    to_us: int
    series: Series | None
    gcs: GcMarks | None
    limit_bytes: int
    limit_hits: tuple[int, ...]
    ticks: tuple[Tick, ...]


class _Curve(pg.PlotCurveItem):  # type: ignore[misc]
    """A curve that never looks through its data for its bounds: the ranges are fixed, so it fills the view."""

    area = QRectF()

    def boundingRect(self) -> QRectF:
        return self.area


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
        self._scale: ValueScale | None = None
        self._span_s = 0.0
        self._ticks: tuple[Tick, ...] = ()
        self._limit: tuple[int, bool] = (0, False)
        self._drag_from: float | None = None
        self._make_axes()
        self._make_items()
        self._limit_label = QLabel(self)
        self._limit_label.setTextFormat(Qt.TextFormat.PlainText)
        self._limit_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._limit_label.hide()
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # it has a ground; nothing lies behind
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the graph's
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_theme(theme)
        self._made = True

    # --- drawing
    # ----------------------------------------------------------------------------------------------------------

    def draw(self, frame: Frame) -> None:
        """Show a frame in place of the one before."""
        span_s = (frame.to_us - frame.from_us) / 1e6
        if span_s != self._span_s:
            self._span_s = span_s
            self._view.setXRange(-span_s, 0, padding=0)
            self._set_area()
        if frame.ticks != self._ticks:
            self._ticks = frame.ticks
            self._time_axis.setTicks([[((tick.share - 1) * span_s, tick.text) for tick in frame.ticks]])
        self._fit_values(frame)
        self._draw_series(frame)
        self._draw_marks(frame)

    def columns(self) -> int:
        """How many pixels wide the data are drawn."""
        return max(50, int(self._view.width()))

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
        self.setBackground(theme.panel)
        for axis in (self._time_axis, self._value_axis):
            axis.setPen(_pen(theme.border))
            axis.setTextPen(_pen(theme.muted))
        for name in _FIGURES:
            colour = getattr(theme, name)
            self._solid[name].setPen(_pen(colour))
            self._held[name].setPen(_pen(_faded(colour, _HELD_ALPHA), Qt.PenStyle.DotLine))
        self._fill.setBrush(_faded(theme.used, _FILL_ALPHA))
        self._young.setPen(_pen(theme.gc_minor))
        self._full.setPen(_pen(theme.gc_major))
        self._hits.setPen(_pen(theme.limit))
        self._limit_line.setPen(_pen(theme.limit, Qt.PenStyle.DashLine))
        self._cursor.setPen(_pen(theme.text))
        self._drag.setBrush(_faded(theme.accent, 60))
        self._limit_label.setStyleSheet(
            f"color: {theme.limit.name()}; background: {theme.panel.name()}; padding: 0 3px;"
        )
        self._value_axis.setStyle(tickLength=-4)
        self._grid.setPen(_pen(theme.grid))

    def _fit_values(self, frame: Frame) -> None:
        series = frame.series
        highest = 0.0
        if series is not None and len(series.at_us):
            highest = float(max(getattr(series, name).max() for name in _FIGURES))
        scale = fit(highest, frame.limit_bytes, self._scale)
        in_view = limit_in_view(highest, frame.limit_bytes)
        if scale != self._scale:
            self._scale = scale
            self._view.setYRange(0, scale.top_bytes, padding=0)
            self._set_area()
            ticks = scale.ticks()
            self._value_axis.setTicks([ticks])
            levels = np.array([at for at, _ in ticks[1:]])
            self._grid.setData(np.tile([-1e6, 0.0], len(levels)), np.repeat(levels, 2))
            self._place_limit()
        if (frame.limit_bytes, in_view) != self._limit:
            self._limit = (frame.limit_bytes, in_view)
            self._limit_line.setVisible(in_view)
            self._limit_line.setValue(frame.limit_bytes)
            self._limit_label.setVisible(bool(frame.limit_bytes))
            text = f"limit {format_bytes(frame.limit_bytes)}"
            self._limit_label.setText(text if in_view else f"▲ {text}, above this view")
            self._limit_label.adjustSize()
            self._place_limit()

    def _draw_series(self, frame: Frame) -> None:
        series = frame.series
        if series is None:
            for curve in (*self._solid.values(), *self._held.values(), self._fill):
                curve.setData(_NONE, _NONE)
            return
        x = (series.at_us - frame.to_us) / 1e6
        held = series.held.any()
        solid: object = "all" if not held else (~series.held).astype(np.int32)
        for name in _FIGURES:
            y = getattr(series, name)
            self._solid[name].setData(x, y, connect=solid)
            if held:
                self._held[name].setData(x, y, connect=series.held.astype(np.int32))
            else:
                self._held[name].setData(_NONE, _NONE, connect="all")
        coarse = np.arange(0, len(x), max(1, len(x) // _FILL_POINTS))
        if held:  # keep the corners of level lines
            corners = np.flatnonzero(series.held)
            coarse = np.union1d(coarse, np.minimum(np.concatenate((corners, corners + 1, corners + 2)), len(x) - 1))
        lowest = np.append(np.minimum.reduceat(series.used, coarse), series.used[-1])
        self._fill.setData(np.append(x[coarse], x[-1]), lowest)

    def _draw_marks(self, frame: Frame) -> None:
        top = self._scale.top_bytes if self._scale else 1.0
        young, full = _NONE, _NONE
        if frame.gcs is not None:
            x = self._one_a_pixel((frame.gcs.at_us - frame.to_us) / 1e6, frame.gcs.is_full)
            young, full = x
        _sticks(self._young, young, top * _YOUNG_HEIGHT)
        _sticks(self._full, full, top * _FULL_HEIGHT, head=4 * self._span_s / self.columns())
        hits = np.array([(at - frame.to_us) / 1e6 for at in frame.limit_hits])
        _sticks(self._hits, hits, top)

    def _one_a_pixel(self, x: Array, is_full: Array) -> tuple[Array, Array]:
        pixel = self._span_s / self.columns()
        young, full = (np.unique(np.round(x[mine] / pixel)) * pixel for mine in (~is_full, is_full))
        return young, full

    # --- parts
    # ------------------------------------------------------------------------------------------------------------

    def _make_axes(self) -> None:
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.layout.setContentsMargins(0, 8, 34, 0)  # room for half a text beyond the ends of the axes
        self._view = item.getViewBox()
        self._view.setMouseEnabled(False, False)
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._time_axis, self._value_axis = item.getAxis("bottom"), item.getAxis("left")
        self._value_axis.setWidth(72)
        self._value_axis.enableAutoSIPrefix(False)
        self._time_axis.enableAutoSIPrefix(False)
        self._time_axis.setStyle(hideOverlappingLabels=40)

    def _make_items(self) -> None:
        self._curves: list[_Curve] = []
        self._grid = self._curve(connect="pairs")
        self._fill = self._curve(fillLevel=0, pen=None)
        self._solid = {name: self._curve() for name in _FIGURES}
        self._held = {name: self._curve() for name in _FIGURES}
        self._young, self._full, self._hits = (self._curve(connect="pairs") for _ in range(3))
        self._limit_line = pg.InfiniteLine(angle=0, movable=False)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._drag = pg.LinearRegionItem(movable=False)
        for item in (self._limit_line, self._cursor, self._drag):
            self._view.addItem(item, ignoreBounds=True)
        for hidden in (self._limit_line, self._cursor, self._drag):
            hidden.hide()

    def _curve(self, **options: object) -> _Curve:
        curve = _Curve(_NONE, _NONE, skipFiniteCheck=True, antialias=False, **options)
        self._view.addItem(curve, ignoreBounds=True)
        self._curves.append(curve)
        return curve

    def _set_area(self) -> None:
        top = self._scale.top_bytes if self._scale is not None else 1.0
        for curve in self._curves:
            curve.prepareGeometryChange()
            curve.area = QRectF(-self._span_s, 0, self._span_s, top)

    def _place_limit(self) -> None:
        area = self._view.sceneBoundingRect()
        label, (limit, in_view) = self._limit_label, self._limit
        y = area.top() + 2
        if in_view and self._scale is not None:
            y = max(area.top(), area.bottom() - area.height() * limit / self._scale.top_bytes - label.height() - 1)
        label.move(int(area.right() - label.width() - 2), int(y))

    # --- the mouse
    # --------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._made:
            self._place_limit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from = self._share(event)
        event.ignore()  # the graph takes the focus

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        share = self._share(event)
        if self._drag_from is not None:
            self._drag.setRegion([(min(max(each, 0), 1) - 1) * self._span_s for each in (self._drag_from, share)])
            self._drag.setVisible(abs(share - self._drag_from) * self.columns() > 4)
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


_NONE = np.zeros(0)


def _sticks(curve: _Curve, x: Array, height: float, head: float = 0.0) -> None:
    """A vertical line at each x, from the bottom up to `height`; with a V of `head` to both sides on its top."""
    offsets, heights = ([0.0, 0.0], [0.0, height])
    if head:
        offsets, heights = [0.0, 0.0, -head, 0.0, head, 0.0], [0.0, height, height, 0.6 * height, height, 0.6 * height]
    curve.setData((x[:, None] + np.array(offsets)).ravel(), np.tile(heights, len(x)))


def _pen(colour: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(colour, 1, style)
    pen.setCosmetic(True)  # 1 px whatever the ranges are: a wider one takes several times as long
    return pen


def _faded(colour: QColor, alpha: int) -> QColor:
    faded = QColor(colour)
    faded.setAlpha(alpha)
    return faded
