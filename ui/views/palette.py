"""The palette: a line to type in and the actions that fit, over the middle of the window. Enter does the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.models.palette import PaletteModel
from ui.style import SPACE, mixed
from ui.theme import Theme, Themes

__all__ = ["Palette"]

_WIDTH, _ROWS = 560, 11
_WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class _Rows(QStyledItemDelegate):
    """Name at the left, shortcut at the right; what can't be used is faint, with its reason beside it."""

    def __init__(self, model: PaletteModel, themes: Themes, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, option.fontMetrics.height() + 10)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = self._model.entry(index.row())
        if entry is None:
            return
        theme = self._themes.current
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, mixed(theme.accent, theme.panel, 0.16))
        metrics = option.fontMetrics
        rect: QRect = option.rect.adjusted(12, 0, -12, 0)
        name = entry.text.replace("…", "") + (" ✓" if entry.checked else "")
        words = entry.reason or entry.shortcut
        room = rect.width() - metrics.horizontalAdvance(name) - 24
        painter.setFont(option.font)
        painter.setPen(theme.faint if entry.reason else theme.text)
        painter.drawText(rect, _LEFT, metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width()))
        painter.setPen(theme.muted)
        if room > 40:
            painter.drawText(rect, _RIGHT, metrics.elidedText(words, Qt.TextElideMode.ElideRight, room))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Palette(QFrame):
    """`chosen` carries the key of an action that can be used; it closes itself first, so a dialog gets the focus."""

    chosen = Signal(str)

    def __init__(self, model: PaletteModel, themes: Themes, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("card")
        self.setAccessibleName("Palette of actions")
        self._model = model
        self._window = window
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("What do you want to do?")
        self.line.setAccessibleName("Find an action")
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._narrow)
        self.line.installEventFilter(self)
        self.list = QListView(self)
        self.list.setAccessibleName("Actions")
        self.list.setModel(model)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Rows(model, themes, self.list))
        self.list.clicked.connect(self._choose)
        self._tip = QLabel(self)
        self._tip.setProperty("tone", "muted")
        self._tip.setTextFormat(Qt.TextFormat.PlainText)
        self._tip.setWordWrap(True)
        self._tip.setContentsMargins(SPACE, 0, SPACE, 0)
        self.list.selectionModel().currentChanged.connect(self._say)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.setSpacing(SPACE // 2)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        column.addWidget(self._tip)
        themes.changed.connect(self._repaint)

    def open(self) -> None:
        """Show it over the upper middle of its window, empty, with the focus in its line."""
        self.line.clear()
        self._narrow("")
        window, row = self._window, self.fontMetrics().height() + 10
        width = min(_WIDTH, window.width() - 4 * SPACE)
        rows = row * _ROWS + 2 * self.list.frameWidth()
        height = min(
            rows + self.line.sizeHint().height() + self._tip.fontMetrics().height() + 3 * SPACE + 2,
            window.height() - 8 * SPACE,
        )
        corner = window.mapToGlobal(window.rect().topLeft())
        self.setGeometry(corner.x() + (window.width() - width) // 2, corner.y() + 7 * SPACE, width, height)
        self.show()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that walk and choose go to the list while the line keeps the focus."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _WALKS:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.hide()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        self._model.narrow(text)
        self.list.setCurrentIndex(self._model.index(0))
        self._say()

    def _say(self, *_indexes: QModelIndex) -> None:
        entry = self._model.entry(self.list.currentIndex().row())
        self._tip.setText(entry.tip if entry is not None else "No action fits.")

    def _choose(self, index: QModelIndex) -> None:
        entry = self._model.entry(index.row())
        if entry is None or entry.reason:
            return
        self.hide()
        self.chosen.emit(entry.key)

    def _repaint(self, _theme: Theme) -> None:
        self.list.viewport().update()
