"""The panel that sends a value: where it comes from, how it arrives, where it goes, and what became of it there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ui.models.value_tree import ValueTree
from ui.style import SPACE, fixed_font
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.value_targets import ValueTargets

__all__ = ["EXPRESSION", "FILE", "JSON", "SendValueView"]

EXPRESSION, JSON, FILE = "expression", "json", "file"
_KINDS = ((EXPRESSION, "Expression in"), (JSON, "JSON text"), (FILE, "File"))
_HINTS = {
    EXPRESSION: "A JavaScript expression or literal: its value is sent",
    JSON: 'JSON: {"users": [1, 2, 3]}',
    FILE: "A .json file becomes its value, any other an ArrayBuffer",
}
_LINES = 2


class SendValueView(QWidget):
    """`look_requested`: show what would arrive. `send_requested`: send it to the targets that are checked."""

    look_requested = Signal()
    send_requested = Signal()
    cancel_requested = Signal()
    file_requested = Signal()
    code_requested = Signal(str)  # "python" or "isolated-vm"
    changed = Signal()  # what is to be sent is another

    def __init__(self, model: ValueTree, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.source = QComboBox()
        self.text = QPlainTextEdit()
        self.choose = QPushButton("Choose…")
        self.look = QPushButton("Look")
        self.mode = QComboBox()
        self.then = QComboBox()
        self.name = QLineEdit("received")
        self.words = ElidedLabel()
        self.code = QToolButton()
        self.cancel = QPushButton("Cancel")
        self.send = QPushButton("Send")
        self.tree = QTreeView()
        self.targets = ValueTargets()
        self._themes = themes
        self._lay_out(model)
        self._connect(model)
        self._kind_changed()
        self.show_idle("Look at a value before it is sent.")

    # --- what the fields say ---

    def chosen_kind(self) -> str:
        return str(self.kind.currentData())

    def chosen_source(self) -> tuple[int, int] | None:
        """Isolate and context of an expression; None: there is none."""
        place = self.source.currentData()
        return None if place is None else (int(place[0]), int(place[1]))

    def chosen_text(self) -> str:
        return self.text.toPlainText().strip()

    @property
    def transfers(self) -> bool:
        return str(self.mode.currentData()) == "transfer"

    @property
    def calls(self) -> bool:
        return str(self.then.currentData()) == "call"

    def chosen_name(self) -> str:
        return self.name.text().strip()

    def put_text(self, kind: str, text: str) -> None:
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.text.setPlainText(text)

    def put_places(self, places: Sequence[tuple[int, int, str]], selected: tuple[int, int] | None) -> None:
        """The contexts that live: (isolate, context, words). What was chosen stays, else `selected` is."""
        before = self.chosen_source() or selected
        self.source.blockSignals(True)
        self.source.clear()
        for isolate_id, context_id, words in places:
            self.source.addItem(words, (isolate_id, context_id))
        for row in range(self.source.count()):
            if self.source.itemData(row) == before:
                self.source.setCurrentIndex(row)
        self.source.blockSignals(False)
        self.targets.put(places, self.chosen_source())
        self._enable()

    # --- what it shows ---

    def show_idle(self, words: str, tone: str = "muted") -> None:
        self._busy = False
        self._say(words, tone)

    def show_busy(self, words: str) -> None:
        self._busy = True
        self._say(words, "muted")

    _busy = False

    def _say(self, words: str, tone: str) -> None:
        self.words.setText(words)
        if self.words.property("tone") != tone:
            self.words.setProperty("tone", tone)
            self.words.style().polish(self.words)
        self._enable()

    def _enable(self) -> None:
        there = bool(self.chosen_text()) and (self.chosen_kind() != EXPRESSION or self.chosen_source() is not None)
        self.look.setEnabled(there and not self._busy)
        self.send.setEnabled(there and not self._busy and bool(self.targets.checked()) and bool(self.chosen_name()))
        self.cancel.setVisible(self._busy)
        self.code.setEnabled(there)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text.setFocus()

    # --- inside ---

    def _kind_changed(self) -> None:
        kind = self.chosen_kind()
        self.source.setVisible(kind == EXPRESSION)
        self.choose.setVisible(kind == FILE)
        self.mode.setEnabled(kind == EXPRESSION)
        self.mode.setToolTip("" if kind == EXPRESSION else "What comes from here has no source to be detached.")
        if kind != EXPRESSION:
            self.mode.setCurrentIndex(0)
        self.text.setPlaceholderText(_HINTS[kind])
        self._changed()

    def _changed(self) -> None:
        self._enable()
        self.changed.emit()

    def _then_changed(self) -> None:
        self.name.setPlaceholderText("function" if self.calls else "name")
        self.name.setToolTip("An expression whose value is called with it" if self.calls else "Of the global object")
        self._enable()

    def _connect(self, model: ValueTree) -> None:
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.source.currentIndexChanged.connect(self._changed)
        self.text.textChanged.connect(self._changed)
        self.mode.currentIndexChanged.connect(self._changed)
        self.then.currentIndexChanged.connect(self._then_changed)
        self.name.textChanged.connect(self._enable)
        self.targets.changed.connect(self._enable)
        self.choose.clicked.connect(self.file_requested)
        self.look.clicked.connect(self.look_requested)
        self.send.clicked.connect(self.send_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        model.modelReset.connect(lambda: self.tree.expand(model.index(0, 0)))
        for keys, button in (("Ctrl+Return", self.look), ("Ctrl+Shift+Return", self.send)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
            button.setToolTip(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))

    def _lay_out(self, model: ValueTree) -> None:
        for kind, words in _KINDS:
            self.kind.addItem(words, kind)
        for mode, words in (("copy", "Copy"), ("transfer", "Transfer")):
            self.mode.addItem(words, mode)
        for then, words in (("bind", "bind to"), ("call", "give to")):
            self.then.addItem(words, then)
        self.kind.setAccessibleName("Where the value comes from")
        self.source.setAccessibleName("Context of the expression")
        self.text.setAccessibleName("The value")
        self.choose.setAccessibleName("Choose a file")
        self.mode.setAccessibleName("How it is sent")
        self.then.setAccessibleName("What happens there")
        self.name.setAccessibleName("Name there")
        self.tree.setAccessibleName("The value as it arrives")
        self.text.setFont(fixed_font())
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * _LINES + 20)
        self.name.setFont(fixed_font())
        self.name.setMinimumWidth(110)
        self.name.setMaximumWidth(220)
        self.source.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.code.setText("Copy as")
        self.code.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.code)
        menu.addAction("Python API").triggered.connect(lambda: self.code_requested.emit("python"))
        menu.addAction("isolated-vm").triggered.connect(lambda: self.code_requested.emit("isolated-vm"))
        self.code.setMenu(menu)
        self.send.setDefault(True)
        self._lay_out_tree(model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top())
        across = QSplitter(Qt.Orientation.Vertical)
        across.addWidget(self.tree)
        across.addWidget(self.targets)
        across.setHandleWidth(1)
        across.setChildrenCollapsible(False)
        across.setStretchFactor(0, 3)
        across.setStretchFactor(1, 2)
        column.addWidget(across, 1)

    def _lay_out_tree(self, model: ValueTree) -> None:
        self.tree.setModel(model)
        self.tree.setUniformRowHeights(True)
        rows = f"QTreeView::item {{ height: {self.tree.fontMetrics().height() + 7}px; }}"
        for view in (self.tree, self.targets):
            view.setStyleSheet(rows)
        self.tree.setItemDelegate(_Verdicts(self._themes, self.tree))
        header = self.tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        letter = self.tree.fontMetrics().averageCharWidth()
        self.tree.setColumnWidth(0, letter * 20)
        self.tree.setColumnWidth(1, letter * 20)
        self._themes.changed.connect(self._theme_changed)

    def _theme_changed(self, _theme: Theme) -> None:
        self.tree.viewport().update()

    def _top(self) -> QFrame:
        first = QHBoxLayout()
        from_here: tuple[QWidget, ...] = (self.kind, self.source, self.choose)
        for widget in from_here:
            first.addWidget(widget)
        first.addStretch(1)
        first.addWidget(self.look)
        second = QHBoxLayout()
        to_there: tuple[QWidget, ...] = (self.mode, self.then, self.name)
        for widget in to_there:
            second.addWidget(widget)
        second.addStretch(1)
        buttons: tuple[QWidget, ...] = (self.code, self.cancel, self.send)
        for widget in buttons:
            second.addWidget(widget)
        top = QFrame()
        top.setObjectName("bar")
        column = QVBoxLayout(top)
        column.setContentsMargins(SPACE + 4, SPACE, SPACE + 4, SPACE)
        column.setSpacing(6)
        for row in (first, second):
            row.setSpacing(SPACE)
        column.addLayout(first)
        column.addWidget(self.text)
        column.addLayout(second)
        column.addWidget(self.words)
        return top


class _Verdicts(QStyledItemDelegate):
    """Colours a verdict; its word says it too."""

    def __init__(self, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        super().initStyleOption(option, index)
        if index.column() == 1:
            option.font = fixed_font(0.5)
        elif index.column() == 2:
            option.palette.setColor(option.palette.ColorRole.Text, self._colour(str(index.data())))

    def _colour(self, verdict: str) -> QColor:
        theme = self._themes.current
        for word, colour in (("refused", theme.error), ("transferred", theme.accent), ("copied", theme.ok)):
            if verdict.startswith(word):
                return colour
        return theme.warn if verdict.startswith("computed") else theme.muted
