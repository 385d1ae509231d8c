"""What the charts of a session have in common: one time axis, a brush, and the keys of tracing tools.

Keys while a chart has the focus: W and S zoom, A and D or Left and Right move, Up and Down scroll, F fits the brushed
range or all, / finds, Esc drops the brush. Dragging brushes a range; with the middle button, or Space held, it moves
the view. Ctrl and the wheel zoom, Shift and the wheel move. Alt and the arrows walk over the chart: what is there is
shown and read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.models.session_window import SessionWindow
from ui.theme import Themes
from ui.views.chart_keys import ChartKeys

__all__ = ["GUTTER", "SessionChart"]

GUTTER = 104  # points left of the axis, for names
_ZOOM = 1.25  # of a key
_WHEEL_ZOOM = 1.15  # of a notch
_NOTCH = 120
_MOVE = 0.1  # of the view
_CLICK = 4  # points that a click may move
_BRUSH_EDGE = 5  # points around an edge of the brush where it can be taken hold of
_LETTERS = {
    Qt.Key.Key_W: ("zoom", 1 / _ZOOM),
    Qt.Key.Key_S: ("zoom", _ZOOM),
    Qt.Key.Key_Plus: ("zoom", 1 / _ZOOM),
    Qt.Key.Key_Minus: ("zoom", _ZOOM),
    Qt.Key.Key_A: ("move", -_MOVE),
    Qt.Key.Key_D: ("move", _MOVE),
    Qt.Key.Key_Left: ("move", -_MOVE),
    Qt.Key.Key_Right: ("move", _MOVE),
}


class SessionChart(QAbstractScrollArea):
    """A chart is drawn in `viewport()`; its time axis lies right of `GUTTER`."""

    find_requested = Signal()

    def __init__(self, window: SessionWindow, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.time = window
        self.themes = themes
        self._pressed: QPointF | None = None
        self._anchor_us: float | None = None  # of a brush that is being drawn
        self._panned: QPointF | None = None
        self._space = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._keys = ChartKeys(
            self, self._tell, row=lambda: self.row_step, left=GUTTER + 1, modifier=Qt.KeyboardModifier.AltModifier
        )
        window.view_changed.connect(self.redraw)
        window.range_changed.connect(self.redraw)
        themes.changed.connect(self._theme_changed)

    # --- where time lies ---

    @property
    def plot_width(self) -> int:
        return max(1, self.viewport().width() - GUTTER)

    def x_of(self, at_us: float) -> float:
        low, high = self.time.view
        return GUTTER + (at_us - low) / (high - low) * self.plot_width

    def us_of(self, x: float) -> float:
        low, high = self.time.view
        return low + (x - GUTTER) / self.plot_width * (high - low)

    @property
    def offset(self) -> int:
        return self.verticalScrollBar().value()

    def redraw(self) -> None:
        self.viewport().update()

    def clicked(self, at: QPointF) -> None:
        """A click that drew no brush."""

    def pointed(self, at: QPointF | None) -> None:
        """The mouse rests there; None: it left."""

    def told(self) -> Sequence[str]:
        """What `pointed` showed, in lines."""
        return ()

    @property
    def row_step(self) -> int:
        """How high a step down is that the keys make."""
        return 16

    def theme_changed(self) -> None:
        """Other colours are on."""

    # --- painting ---

    def paint_brush(self, painter: QPainter, area: QRectF) -> None:
        """Shade what is not brushed."""
        if self.time.brush is None:
            return
        theme = self.themes.current
        shade = QColor(theme.window)
        shade.setAlpha(150)
        left, right = (min(max(self.x_of(at), area.left()), area.right()) for at in self.time.brush)
        painter.fillRect(QRectF(area.left(), area.top(), left - area.left(), area.height()), shade)
        painter.fillRect(QRectF(right, area.top(), area.right() - right, area.height()), shade)
        painter.setPen(theme.accent)
        for edge in (left, right):
            if area.left() < edge < area.right():
                painter.drawLine(QPointF(round(edge), area.top()), QPointF(round(edge), area.bottom()))

    def paint_focus(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(self.themes.current.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    def _tell(self, place: QPoint) -> Sequence[str]:
        self.pointed(QPointF(place))
        return self.told()

    def _theme_changed(self, _theme: object) -> None:
        self.theme_changed()
        self.redraw()

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        key = Qt.Key(event.key())
        if plain and key in _LETTERS:
            what, much = _LETTERS[key]
            if what == "zoom":
                self.time.zoom(much, self._mouse_us())
            else:
                self.time.move(much)
        elif plain and key == Qt.Key.Key_F:
            self.time.fit()
        elif plain and event.text() == "/":
            self.find_requested.emit()
        elif key == Qt.Key.Key_Escape and self.time.brush is not None:
            self.time.drop_brush()
        elif key == Qt.Key.Key_Space:
            self._space = True
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.redraw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._space = False
        self.redraw()

    def _mouse_us(self) -> float | None:
        """The instant under the mouse; None while it is elsewhere."""
        at = self.viewport().mapFromGlobal(self.cursor().pos())
        inside = self.viewport().rect().contains(at) and at.x() >= GUTTER and self.viewport().underMouse()
        return self.us_of(at.x()) if inside else None

    # --- the mouse ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space
        ):
            self._panned = at
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed = at
            self._anchor_us = self._held_edge(at.x()) if at.x() >= GUTTER else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._panned is not None:
            self.time.move((self._panned.x() - at.x()) / self.plot_width)
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + round(self._panned.y() - at.y()))
            self._panned = at
        elif self._pressed is not None:
            if self._anchor_us is not None and abs(at.x() - self._pressed.x()) > _CLICK:
                self.time.put_brush(self._anchor_us, self.us_of(at.x()))
        else:
            over = self._edge_at(at.x()) is not None
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            self.pointed(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed, self._panned = self._pressed, None, None
        if pressed is not None and (event.position() - pressed).manhattanLength() <= _CLICK:
            self.clicked(pressed)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed(None)
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.time.zoom(_WHEEL_ZOOM ** (-turned.y() / _NOTCH), self.us_of(max(GUTTER, event.position().x())))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(turned.x()) > abs(turned.y()):
            self.time.move(-(turned.x() or turned.y()) / _NOTCH * _MOVE)
        else:
            super().wheelEvent(event)
            return
        event.accept()

    def _edge_at(self, x: float) -> int | None:
        """Which edge of the brush lies there: 0, 1 or None."""
        if self.time.brush is None:
            return None
        near = [abs(self.x_of(at) - x) for at in self.time.brush]
        edge = near.index(min(near))
        return edge if near[edge] <= _BRUSH_EDGE else None

    def _held_edge(self, x: float) -> float:
        """Where a brush that begins at `x` is held: at its other edge when one was taken hold of."""
        edge = self._edge_at(x)
        return self.us_of(x) if edge is None or self.time.brush is None else self.time.brush[1 - edge]
