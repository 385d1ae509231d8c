"""A tree of functions with their self and total weight, a bar behind each figure."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from inspector.analysis.tree import Frame
from ui.models.call_tree import SHARE_ROLE, CallTreeModel
from ui.theme import Themes
from ui.views.font_care import when_font

__all__ = ["CallTreeView"]

_ROW_PAD = 5
_MOST_OPEN = 300  # rows
_LETTERS = (16, 16, 18)  # of self, total, place


class CallTreeView(QTreeView):
    """`chosen` carries the frame of the current row, `opened` that of one that was double-clicked or entered."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(
        self, model: CallTreeModel, themes: Themes, *, name: str, empty: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._calls = model
        self.empty = empty
        self.setModel(model)
        self.setAccessibleName(name)
        self.setUniformRowHeights(True)
        self.setTabKeyNavigation(False)
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_ShareDelegate(themes, self))
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        when_font(self, self._measure)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.activated.connect(self._activated)
        self._open: list[list[Frame]] = []
        model.modelAboutToBeReset.connect(self._note_open)
        model.modelReset.connect(self._open_again)
        themes.changed.connect(self._theme_changed)

    def _measure(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        for column, letters in enumerate(_LETTERS, 1):
            self.setColumnWidth(column, letters * letter + 12)

    def show_function(self, frame: int) -> None:
        """Make a function's row of the first level the current one; nothing when it has none."""
        index = self._calls.index_of(frame)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    # --- rows that are open stay open when another range, or more of the recording, is told ---

    def _note_open(self) -> None:
        self._open = []
        self._note_under(QModelIndex(), [])

    def _note_under(self, parent: QModelIndex, path: list[Frame]) -> None:
        for row in range(self._calls.rowCount(parent)):
            index = self._calls.index(row, 0, parent)
            function = self._calls.named(index) if self.isExpanded(index) else None
            if function is not None and len(self._open) < _MOST_OPEN:
                self._open.append([*path, function])
                self._note_under(index, [*path, function])

    def _open_again(self) -> None:
        for path in self._open:
            index = QModelIndex()
            for function in path:
                index = self._calls.child(index, function)
                if not index.isValid():
                    break
            else:
                self.expand(index)

    def _theme_changed(self, _theme: object) -> None:
        self.viewport().update()

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        frame = self._calls.frame_of(current)
        if frame is not None:
            self.chosen.emit(frame)

    def _activated(self, index: QModelIndex) -> None:
        frame = self._calls.frame_of(index)
        if frame is not None:
            self.opened.emit(frame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            model: QAbstractItemModel = self.model()
            row = self.currentIndex()
            cells = [str(row.siblingAtColumn(column).data() or "") for column in range(model.columnCount())]
            QGuiApplication.clipboard().setText("\t".join(cells))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self._themes.current.muted)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(12, 0, -12, 0), flags, self.empty)
            painter.end()


class _ShareDelegate(QStyledItemDelegate):
    """A bar as long as the share, behind the figure."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        share = index.data(SHARE_ROLE)
        if isinstance(share, float) and share > 0:
            colour = QColor(self._themes.current.accent)
            colour.setAlpha(40)
            bar = option.rect.adjusted(3, 2, -3, -2)
            bar.setLeft(bar.right() - round(min(1.0, share) * bar.width()))
            painter.fillRect(bar, colour)
        super().paint(painter, option, index)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), size.height() + _ROW_PAD)
