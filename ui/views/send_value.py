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
from ui.style import SPACE, fixed_font, say
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.value_targets import ValueTargets

__all__ = ["EXPRESSION", "FILE", "JSON", "MESSAGE", "OBJECT", "SendValueView"]

EXPRESSION, JSON, FILE, MESSAGE, OBJECT = "expression", "json", "file", "message", "object"
_KINDS = ((EXPRESSION, "Expression in"), (JSON, "JSON text"), (FILE, "File"), (MESSAGE, "Past message"))
_HINTS = {
    EXPRESSION: "A JavaScript expression or literal: its value is sent",
    JSON: 'JSON: {"users": [1, 2, 3]}',
    MESSAGE: "",
    OBJECT: "",
    FILE: "A .json file becomes its value, any other an ArrayBuffer",
}
_LIVING = (EXPRESSION, OBJECT)  # in an isolate
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
        self.past = QComboBox()
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
        """For a past message the number of its copy, for a value of the console CDP's object id."""
        if self.chosen_kind() == MESSAGE:
            return str(self.past.currentData() or "")
        if self.chosen_kind() == OBJECT:
            return self._object_id
        return self.text.toPlainText().strip()

    def chosen_mode(self) -> str:
        """copy, transfer, reference."""
        return str(self.mode.currentData())

    @property
    def calls(self) -> bool:
        return str(self.then.currentData()) == "call" and self.chosen_mode() != "reference"

    def chosen_name(self) -> str:
        return self.name.text().strip()

    def put_text(self, kind: str, text: str) -> None:
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.text.setPlainText(text)

    def choose_source(self, place: tuple[int, int]) -> None:
        for row in range(self.source.count()):
            if tuple(self.source.itemData(row)) == place:
                self.source.setCurrentIndex(row)

    def put_object(self, object_id: str, words: str, place: tuple[int, int]) -> None:
        """A value that was dragged here; from now on it is among the sources."""
        self._object_id = object_id
        if self.kind.findData(OBJECT) < 0:
            self.kind.addItem("Console value of", OBJECT)
        self.put_text(OBJECT, words)
        self.choose_source(place)

    def put_messages(self, messages: Sequence[tuple[int, str]]) -> None:
        """Those whose copies are kept: (number, words), the newest first. What was chosen stays."""
        before = self.past.currentData()
        self.past.blockSignals(True)
        self.past.clear()
        for number, words in messages:
            self.past.addItem(words, number)
        self.past.setCurrentIndex(max(0, self.past.findData(before)))
        self.past.blockSignals(False)
        self._enable()

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
    _object_id = ""

    def _say(self, words: str, tone: str) -> None:
        say(self.words, words, tone)
        self._enable()

    def _enable(self) -> None:
        there = bool(self.chosen_text()) and (self.chosen_kind() not in _LIVING or self.chosen_source() is not None)
        self.look.setEnabled(there and not self._busy)
        self.send.setEnabled(there and not self._busy and bool(self.targets.checked()) and bool(self.chosen_name()))
        self.cancel.setVisible(self._busy)
        self.code.setEnabled(there and self.chosen_kind() not in (MESSAGE, OBJECT))
        self.then.setEnabled(self.chosen_mode() != "reference")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.text.setFocus()

    # --- inside ---

    def _kind_changed(self) -> None:
        kind = self.chosen_kind()
        self.source.setVisible(kind in _LIVING)
        self.source.setEnabled(kind == EXPRESSION)
        self.text.setReadOnly(kind == OBJECT)
        self.choose.setVisible(kind == FILE)
        self.past.setVisible(kind == MESSAGE)
        self.text.setVisible(kind != MESSAGE)
        self.mode.setEnabled(kind in _LIVING)
        self.mode.setToolTip("" if kind in _LIVING else "What comes from here lives in no isolate: it is copied.")
        if kind not in _LIVING:
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
        self.past.currentIndexChanged.connect(self._changed)
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
        for mode, words in (("copy", "Copy"), ("transfer", "Transfer"), ("reference", "Reference")):
            self.mode.addItem(words, mode)
        for then, words in (("bind", "bind to"), ("call", "give to")):
            self.then.addItem(words, then)
        self.kind.setAccessibleName("Where the value comes from")
        self.source.setAccessibleName("Context of the expression")
        self.text.setAccessibleName("The value")
        self.past.setAccessibleName("Which message")
        self.past.setPlaceholderText("No copy of a message is kept")
        self.past.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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
        from_here: tuple[QWidget, ...] = (self.kind, self.source, self.past, self.choose)
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
        moved = verdict.startswith(("transferred", "referenced"))
        if moved or verdict.startswith("refused"):
            return theme.accent if moved else theme.error
        return (
            theme.ok if verdict.startswith("copied") else theme.warn if verdict.startswith("computed") else theme.muted
        )
