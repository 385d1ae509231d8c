"""The flame chart of one isolate: its stacks over time, callers above what they call.

A click selects a call and shows its source, a double click brings its time into view. Painted from an image that numpy
makes, the same for a thousand samples or a million.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from inspector.analysis.cpu_profile import CpuProfile
from inspector.analysis.tree import Array, Frame
from inspector.text import visible
from inspector.units import format_us
from ui.models.flame_chart import Block, FlameModel
from ui.models.session_window import SessionWindow
from ui.style import SPACE
from ui.theme import Themes
from ui.views.flame_labels import FlameLabels
from ui.views.flame_raster import FlameColours, raster
from ui.views.readout import Readout
from ui.views.session_chart import GUTTER, SessionChart

__all__ = ["FlameChart"]

_ROW_PAD = 5
_ROOM = 2  # empty rows beneath the deepest stack


class FlameChart(SessionChart):
    """`selected` carries the `Block` that was clicked. `length_words` tells how long a block is."""

    selected = Signal(object)

    def __init__(
        self, window: SessionWindow, themes: Themes, parent: QWidget | None = None, *, title: str = "CPU stacks"
    ) -> None:
        super().__init__(window, themes, parent)
        self.setAccessibleName("Flame chart")
        self.title = title
        self.words = "No CPU profile: record with the CPU preset."
        self.length_words: Callable[[Block], str] = _without_a_break
        self.model: FlameModel | None = None
        self.block: Block | None = None
        self._colours: FlameColours | None = None
        self._labels: FlameLabels | None = None
        self._lit: Array | None = None
        self._picture: tuple[object, QPixmap] | None = None
        self._revision = 0
        self._readout = Readout(themes, self.viewport())
        self.verticalScrollBar().valueChanged.connect(self.redraw)

    @property
    def row_height(self) -> int:
        return self.fontMetrics().height() + _ROW_PAD

    def show_profile(self, profile: CpuProfile | None, words: str = "") -> None:
        """None: only `words`. A profile that has grown keeps what is in view."""
        before, kept = self.model, self.block
        self.model = FlameModel(profile) if profile is not None else None
        self.words = words or self.words
        self.block = self._same_block(before, kept)
        self._lit = None
        self._prepare()
        self._fit_bar()
        self.redraw()

    def _same_block(self, before: FlameModel | None, block: Block | None) -> Block | None:
        """The call in the new profile that `block` was in the one before; None when it is another."""
        if self.model is None or before is None or block is None:
            return None
        found = self.model.block_at(block.from_us, block.depth - 1)
        same = found is not None and _function(self.model, found) == _function(before, block)
        return found if same else None

    def light_up(self, frames: Array | None) -> None:
        """Dim every call but those of `frames` (bool of the tree's frames)."""
        self._lit = frames
        if self._colours is not None:
            self._colours.light_up(frames)
        self._repaint_all()

    def paint_with(self, of_node: Array) -> None:
        """Colours of the caller's own: uint32 a node of the tree."""
        if self._colours is not None:
            self._colours.put(of_node)
        self._repaint_all()

    def select(self, block: Block, *, into_view: bool = False) -> None:
        self.block = block
        if into_view:
            low, high = self.time.view
            if not low <= block.from_us < high:
                middle, half = (block.from_us + block.to_us) / 2, (high - low) / 2
                self.time.show(middle - half, middle + half)
            top = (block.depth - 1) * self.row_height
            if not self.offset <= top <= self.offset + self.viewport().height() - self.row_height:
                self.verticalScrollBar().setValue(top - self.viewport().height() // 2)
        self.setAccessibleDescription(", ".join(self.lines_of(block)))
        self.redraw()
        self.selected.emit(block)

    def find_next(self, frames: Array) -> Block | None:
        """Select the next call of one of `frames` after the selected one."""
        if self.model is None:
            return None
        after = self.block.from_us if self.block is not None else self.time.view[0] - 1
        found = self.model.next_block(frames, after)
        if found is not None:
            self.select(found, into_view=True)
        return found

    def lines_of(self, block: Block) -> tuple[str, ...]:
        """What the readout says of a block."""
        if self.model is None:
            return ()
        frame = _function(self.model, block)
        place = (visible(frame.url, 80) + (f":{frame.line}" if frame.line else ""),) if frame.url else ()
        return (visible(frame.label, 80), *place, self.length_words(block))

    # --- painting ---

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.themes.current
        painter = QPainter(self.viewport())
        area = QRectF(self.viewport().rect())
        if self.model is None or self.model.rows == 0:
            painter.fillRect(area, theme.panel)
            painter.setPen(theme.muted)
            box = area.adjusted(SPACE, 0, -SPACE, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)
        else:
            painter.drawPixmap(0, 0, self._drawn())
            self._outline(painter)
            self.paint_brush(painter, area.adjusted(GUTTER, 0, 0, 0))
        self.paint_focus(painter)
        painter.end()

    def _drawn(self) -> QPixmap:
        """Image and names, kept until view, scroll, size or colours change."""
        size, ratio = self.viewport().size(), self.devicePixelRatioF()
        key = (self.time.view, self.offset, size, ratio, self._revision)
        if self._picture is not None and self._picture[0] == key:
            return self._picture[1]
        assert self.model is not None
        assert self._colours is not None
        assert self._labels is not None
        theme, height = self.themes.current, self.row_height
        first, rest = divmod(self.offset, height)
        rows = min(self.model.rows - first, size.height() // height + 2)
        width = round(self.plot_width * ratio)
        drawn = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        drawn.setDevicePixelRatio(ratio)
        painter = QPainter(drawn)
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme.panel)
        cells = self.model.cells(*self.time.view, width, first, max(0, rows))
        if rows > 0:
            image = raster(cells, self._colours, round(height * ratio), theme.panel.rgb())
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(GUTTER, -rest), image)
            painter.setPen(theme.text)
            self._labels.paint(painter, cells, QPointF(GUTTER, -rest), row_height=height, ratio=ratio)
        painter.fillRect(QRectF(0, 0, GUTTER - 1, size.height()), theme.panel)
        painter.setPen(theme.border)
        painter.drawLine(QPointF(GUTTER - 1, 0), QPointF(GUTTER - 1, size.height()))
        painter.setPen(theme.muted)
        painter.drawText(QRectF(SPACE, 3, GUTTER - 2 * SPACE, height), Qt.AlignmentFlag.AlignLeft, self.title)
        painter.end()
        self._picture = (key, drawn)
        return drawn

    def _outline(self, painter: QPainter) -> None:
        if self.block is None:
            return
        left, right = max(self.x_of(self.block.from_us), GUTTER - 2.0), self.x_of(self.block.to_us)
        if right < GUTTER or left > self.viewport().width():
            return
        top = (self.block.depth - 1) * self.row_height - self.offset
        painter.setPen(QPen(self.themes.current.text, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(round(left), top, max(2.0, round(right - left) - 1), self.row_height - 1))

    def theme_changed(self) -> None:
        self._prepare()

    def _prepare(self) -> None:
        if self.model is not None:
            self._colours = FlameColours(self.model.tree, self.themes.current)
            if self._lit is not None and len(self._lit) == len(self.model.tree.frames):
                self._colours.light_up(self._lit)
            self._labels = FlameLabels(self.model.tree, self.font())
        self._revision += 1

    def _repaint_all(self) -> None:
        self._revision += 1
        self.redraw()

    # --- size and gestures ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        rows = self.model.rows + _ROOM if self.model is not None else 0
        bar.setRange(0, max(0, rows * self.row_height - page))
        bar.setPageStep(page)
        bar.setSingleStep(self.row_height)

    def _block_at(self, at: QPointF) -> Block | None:
        if self.model is None or at.x() < GUTTER:
            return None
        return self.model.block_at(self.us_of(at.x()), int((at.y() + self.offset) // self.row_height))

    def clicked(self, at: QPointF) -> None:
        block = self._block_at(at)
        if block is not None:
            self.select(block)
        elif self.block is not None:
            self.block = None
            self.redraw()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        block = self._block_at(event.position())
        if block is not None:
            room = (block.to_us - block.from_us) * 0.05
            self.time.show(block.from_us - room, block.to_us + room)

    @property
    def row_step(self) -> int:
        return self.row_height

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.block is not None:
            self.selected.emit(self.block)
        else:
            super().keyPressEvent(event)

    def told(self) -> Sequence[str]:
        return () if self._readout.isHidden() else self._readout.lines

    def pointed(self, at: QPointF | None) -> None:
        """Tell of the call under the mouse."""
        block = self._block_at(at) if at is not None else None
        if block is None or at is None:
            self._readout.hide()
        else:
            self._readout.show_lines(self.lines_of(block), QPoint(int(at.x()), int(at.y())), self.viewport().rect())


def _function(model: FlameModel, block: Block) -> Frame:
    return model.tree.frames[int(model.tree.frame[block.node])]


def _without_a_break(block: Block) -> str:
    return f"{format_us(block.to_us - block.from_us)} without a break"
