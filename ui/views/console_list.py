"""The rows of the console: they stay at the end while the user is there, open beneath what they show, and lead to the
place that they came from.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from inspector.text import TEXT_LIMIT, visible
from ui.models.console import ConsoleModel
from ui.models.console_log import Place
from ui.theme import Themes
from ui.views.console_delegate import ConsoleDelegate
from ui.views.font_care import when_font

__all__ = ["ConsoleList"]


class ConsoleList(QTableView):
    """The rows; it stays at the end while the user is there.

    A table of one column: QListView asks the model for every row after each insertion (225 ms at 50,000 rows).
    """

    place_requested = Signal(object)  # a Place that was clicked

    def __init__(self, model: ConsoleModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._at_end = True
        self.setModel(model)
        self._delegate = ConsoleDelegate(model, themes, self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setAccessibleName("Console lines")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)  # an object, onto a context
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._grown)
        self.doubleClicked.connect(model.toggle)
        when_font(self, self._measure)

    def _measure(self) -> None:
        self._delegate.measure()
        rows, height = self.verticalHeader(), self._delegate.row_height
        rows.setMinimumSectionSize(height)  # else that of a larger font before
        rows.setDefaultSectionSize(height)

    def copy(self) -> None:
        """The chosen rows as text; a line of which any row is chosen comes whole."""
        rows = [self._model.row(index) for index in sorted(self.selectedIndexes())]
        lines = dict.fromkeys(row.line for row in rows if row is not None)
        text = "\n".join(visible(line.text, TEXT_LIMIT, lines=True) for line in lines)
        QGuiApplication.clipboard().setText(text or self._model.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._model.toggle(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._open_or_close(want_open=event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._model.row(index)
        x, left = int(event.position().x()), event.button() == Qt.MouseButton.LeftButton
        if row is not None and left and self._delegate.on_arrow(self.visualRect(index), row, x):
            self.setCurrentIndex(index)
            self._model.toggle(index)
        elif left and (place := self._place_at(event.position().toPoint())) is not None:
            self.place_requested.emit(place)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        link = self._place_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def _place_at(self, point: QPoint) -> Place | None:
        index = self.indexAt(point)
        row = self._model.row(index)
        return None if row is None else self._delegate.place_at(self.visualRect(index), row, point.x())

    def _open_or_close(self, *, want_open: bool) -> None:
        """The keys → and ←: open or close the row, or go to the row that it is beneath."""
        index = self.currentIndex()
        row = self._model.row(index)
        if row is None:
            return
        is_open = self._model.opens(row)
        if is_open is not None and is_open is not want_open:
            self._model.toggle(index)
        elif not want_open and row.level:
            above = index.row()
            while (one := self._model.row(self._model.index(above))) is not None and one.level >= row.level:
                above -= 1
            self.setCurrentIndex(self._model.index(above))

    def _scrolled(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - 4

    def _grown(self, _low: int, high: int) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(high)
