"""The console: rows of the selected isolate or context, filters above, the input line below."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.text import TEXT_LIMIT, visible
from ui.icons import icon, pixmap
from ui.models.console import ALL_LEVELS, ConsoleModel
from ui.models.console_log import Level
from ui.style import SPACE
from ui.theme import Theme, Themes
from ui.views.console_delegate import ConsoleDelegate
from ui.views.console_input import ConsoleInput
from ui.views.elided_label import ElidedLabel

__all__ = ["ConsoleView"]

_LEVELS = (
    ("Errors", "errors", (Level.ERROR,)),
    ("Warnings", "warnings", (Level.WARNING,)),
    ("Log", "what log and info wrote", (Level.LOG, Level.INFO)),
    ("Debug", "what debug wrote", (Level.DEBUG,)),
)
_LEAST_PLACE, _LEAST_FILTER = 40, 60


class ConsoleList(QTableView):
    """The rows; it stays at the end while the user is there.

    A table of one column: QListView asks the model for every row after each insertion (225 ms at 50,000 rows).
    """

    expand_requested = Signal(str)  # an object id

    def __init__(self, model: ConsoleModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._at_end = True
        self.setModel(model)
        delegate = ConsoleDelegate(model, themes, self)
        self.setItemDelegate(delegate)
        self.setAccessibleName("Console lines")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(delegate.row_height)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._grown)
        self.doubleClicked.connect(self._expand)

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
            self._expand()
        else:
            super().keyPressEvent(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def _expand(self) -> None:
        row = self._model.row(self.currentIndex())
        if row is not None and row.line.objects and not row.line.released:
            self.expand_requested.emit(row.line.objects[0])

    def _scrolled(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - 4

    def _grown(self, _low: int, high: int) -> None:
        if self._at_end:
            self.verticalScrollBar().setValue(high)


class ConsoleView(QWidget):
    """`evaluate_requested` carries what was typed; the selection says where it goes."""

    evaluate_requested = Signal(str)

    def __init__(self, model: ConsoleModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self.list = ConsoleList(model, themes, self)
        self.input = ConsoleInput(self)
        self.input.entered.connect(self.evaluate_requested)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("tone", "muted")
        self._where = ElidedLabel(self)
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._where.setMinimumWidth(_LEAST_PLACE)
        self._where.setProperty("tone", "muted")
        self._prompt = QLabel(self)
        self._search = QLineEdit(self)
        self._levels: dict[Level, QToolButton] = {}
        self._lay_out()
        for signal in (model.rowsInserted, model.modelReset, model.rowsRemoved):
            signal.connect(self._choose_page)
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.say("", "Select an isolate to see its console.", ready=False)

    def say(self, where: str, words: str, *, ready: bool) -> None:
        """Whose console this is, and what the empty input line says."""
        self._where.setText(where)
        self._empty.setText("Nothing has been written here yet." if where else words)
        self.input.set_ready(ready, words)
        self._choose_page()

    def _lay_out(self) -> None:
        pages = QFrame(self)
        pages.setObjectName("panel")
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._empty)
        line = QFrame(self)
        line.setObjectName("panel")
        row = QHBoxLayout(line)
        row.setContentsMargins(SPACE, 0, SPACE, 0)
        row.setSpacing(0)
        row.addWidget(self._prompt)
        row.addWidget(self.input, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(pages, 1)
        column.addWidget(line)
        self.setFocusProxy(self.input)

    def _bar(self) -> QFrame:
        bar = QFrame(self)
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE, 3, SPACE, 3)
        row.setSpacing(2)
        row.addWidget(self._where, 3)
        row.addSpacing(SPACE)
        self._search.setPlaceholderText("Filter")
        self._search.setAccessibleName("Filter the console")
        self._search.setClearButtonEnabled(True)
        self._search.setMinimumWidth(_LEAST_FILTER)
        self._search.setMaximumWidth(160)
        self._search.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._search.textChanged.connect(self._filter)
        row.addWidget(self._search, 2)
        for words, meaning, levels in _LEVELS:
            button = QToolButton(bar)
            button.setText(words)
            button.setCheckable(True)
            button.setChecked(True)
            button.setToolTip(f"Show {meaning}")
            button.toggled.connect(self._filter)
            self._levels.update(dict.fromkeys(levels, button))
            row.addWidget(button)
        self._copy = self._tool(bar, "Copy the chosen lines, or all", self.list.copy)
        self._clear = self._tool(bar, "Clear this console", self._model.clear)
        row.addWidget(self._copy)
        row.addWidget(self._clear)
        return bar

    @staticmethod
    def _tool(parent: QWidget, name: str, act: object) -> QToolButton:
        button = QToolButton(parent)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(act)
        return button

    def _filter(self) -> None:
        hidden = {level for level, button in self._levels.items() if not button.isChecked()}
        self._model.set_filter(ALL_LEVELS - hidden, self._search.text())

    def _choose_page(self) -> None:
        self._pages.setCurrentIndex(0 if self._model.rowCount() else 1)

    def _dress(self, theme: Theme) -> None:
        self._prompt.setPixmap(pixmap("console", 14, theme.accent, self.devicePixelRatioF()))
        self._copy.setIcon(icon("copy", theme.muted, theme.faint))
        self._clear.setIcon(icon("clear", theme.muted, theme.faint))
        self.list.viewport().update()
