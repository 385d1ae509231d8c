"""Where a paused isolate stands: why, the line; resume, steps, stop; the frames and their variables beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from inspector.events import PausedScope
from inspector.text import visible
from ui.icons import icon
from ui.models.pause import FrameLine
from ui.models.scopes import ScopeTree
from ui.models.tip import plain_tip
from ui.style import SPACE, fixed_font
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.font_care import keep_font

__all__ = ["PausePanel"]

_NAMES = 160  # points for the names of variables
_BUTTONS = (
    ("resume", "Resume", "Shift+F8"),
    ("step-over", "Step over", "F10"),
    ("step-into", "Step into", "F11"),
    ("step-out", "Step out", "Shift+F11"),
    ("stop", "Stop", ""),
)


class PausePanel(QFrame):
    """Hidden while the selected isolate is not paused. `lists` (frames and variables) is put where there is room."""

    wished = Signal(str)  # the key of an action
    frame_chosen = Signal(int)  # the number of a frame, innermost 0

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.setAccessibleName("Pause")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.why = ElidedLabel(self)
        self.why.setProperty("tone", "warn")
        self.number = QLabel()
        self.number.setTextFormat(Qt.TextFormat.PlainText)
        self.number.setProperty("tone", "muted")
        self.line = ElidedLabel(self)
        for label in (self.number, self.line):
            keep_font(label, fixed_font)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.line.setAccessibleName("Source line")
        self.frames = QListWidget(self)
        self.frames.setAccessibleName("Call frames")
        self.frames.setFrameShape(QFrame.Shape.NoFrame)
        self.frames.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frames.setUniformItemSizes(True)
        self.scopes = ScopeTree(self)
        self.variables = _variables(self.scopes, self)
        self.lists = QSplitter(Qt.Orientation.Horizontal, self)
        self.lists.setHandleWidth(1)
        self.lists.setChildrenCollapsible(False)
        self.lists.hide()
        self.buttons = {key: self._button(key, text, shortcut) for key, text, shortcut in _BUTTONS}
        self._lay_out()
        self.frames.currentRowChanged.connect(self._row_changed)
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.hide()

    def show_pause(self, words: str, frames: list[FrameLine]) -> None:
        """A new place; its line follows."""
        self.why.setText(words)
        height = self.fontMetrics().height() + SPACE // 2
        self.frames.blockSignals(True)
        self.frames.clear()
        for frame in frames:
            item = QListWidgetItem(f"{frame.function}   {frame.place}")
            item.setToolTip(plain_tip(frame.tip))
            item.setSizeHint(QSize(0, height))
            self.frames.addItem(item)
        self.frames.setCurrentRow(0)
        self.frames.blockSignals(False)
        self.show_line("", "")
        self.show()

    def show_line(self, place: str, text: str) -> None:
        """The source line of the chosen frame."""
        self.number.setText(visible(place, 80))
        self.line.setText(text)

    def show_scopes(self, scopes: Sequence[PausedScope]) -> None:
        """The variables of the chosen frame; the local ones stand open."""
        for node in self.scopes.show(scopes):
            self.variables.expand(self.scopes.index_of(node))

    def _row_changed(self, row: int) -> None:
        if row >= 0:
            self.frame_chosen.emit(row)

    def _button(self, key: str, text: str, shortcut: str) -> QPushButton:
        made = QPushButton(text, self)
        keys = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        made.setToolTip(plain_tip(f"{text} ({keys})" if keys else "End what runs in the isolate"))
        made.clicked.connect(lambda: self.wished.emit(key))
        return made

    def _lay_out(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(SPACE // 2)
        for button in self.buttons.values():
            steps.addWidget(button)
        steps.addStretch(1)
        code = QHBoxLayout()
        code.setSpacing(SPACE + 4)
        code.addWidget(self.why)
        code.addWidget(self.number)
        code.addWidget(self.line, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, 6, SPACE + 4, 6)
        column.setSpacing(SPACE // 2)
        column.addLayout(code)
        column.addLayout(steps)
        for widget, share in ((self.frames, 2), (self.variables, 3)):
            self.lists.addWidget(widget)
            self.lists.setStretchFactor(self.lists.count() - 1, share)

    def _dress(self, theme: Theme) -> None:
        self.buttons["resume"].setIcon(icon("play", theme.text, theme.faint))
        self.buttons["stop"].setIcon(icon("stop", theme.error, theme.faint))


def _variables(model: ScopeTree, parent: QWidget) -> QTreeView:
    made = QTreeView(parent)
    made.setModel(model)
    made.setAccessibleName("Variables of the call frame")
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHeaderHidden(True)
    made.setUniformRowHeights(True)
    keep_font(made, fixed_font)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    made.setColumnWidth(0, _NAMES)
    made.setIndentation(14)
    return made
