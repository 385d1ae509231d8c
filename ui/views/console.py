"""The console: rows of the selected isolate or context, filters above, the input line below."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import icon, pixmap
from ui.models.console import ALL_LEVELS, ConsoleModel
from ui.models.console_log import Level
from ui.style import SPACE, fixed_font
from ui.theme import Theme, Themes
from ui.views.console_input import ConsoleInput
from ui.views.console_list import ConsoleList
from ui.views.elided_label import ElidedLabel
from ui.views.font_care import keep_font, when_font

__all__ = ["ConsoleView"]

_LEVELS = (
    ("Errors", "errors", (Level.ERROR,)),
    ("Warnings", "warnings", (Level.WARNING,)),
    ("Log", "what log and info wrote", (Level.LOG, Level.INFO)),
    ("Debug", "what debug wrote", (Level.DEBUG,)),
)
_LEAST_PLACE, _LEAST_FILTER, _BETWEEN = 90, 60, 2
_PROMPT = 14  # points of its picture


class ConsoleView(QWidget):
    """`evaluate_requested` carries what was typed; the selection says where it goes."""

    evaluate_requested = Signal(str)
    save_requested = Signal()

    def __init__(self, model: ConsoleModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._themes = themes
        self.list = ConsoleList(model, themes, self)
        self.input = ConsoleInput(themes, self)
        self.eager = ElidedLabel(self)  # what the input would give
        self.input.entered.connect(self.evaluate_requested)
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setProperty("tone", "muted")
        self._where = ElidedLabel(self)
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._where.setProperty("tone", "muted")
        self._prompt = QLabel(self)
        self._search = QLineEdit(self)
        self._levels: dict[Level, QToolButton] = {}
        self._lay_out()
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._search.setFocus)
        for signal in (model.rowsInserted, model.modelReset, model.rowsRemoved):
            signal.connect(self._choose_page)
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.say("", "Select an isolate to see its console.", ready=False)

    def say(self, where: str, words: str, *, ready: bool) -> None:
        """Whose console this is, and what the empty input line says."""
        self._where.setText(where)
        self._fit()
        self._empty.setText("Nothing has been written here yet." if where else words)
        self.input.set_ready(ready, words)
        self._choose_page()

    def order_stops(self) -> None:
        """Let Tab go through it as it stands; once it is in its window, since to move there turns the order."""
        tools = (self._search, *dict.fromkeys(self._levels.values()), self._copy, self._save, self._clear)
        for one, following in pairwise((*tools, self.list, self.input)):
            QWidget.setTabOrder(one, following)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The place gives way where there is no room for it: the empty input line says the same."""
        tools = (*dict.fromkeys(self._levels.values()), self._copy, self._save, self._clear)
        taken = sum(tool.sizeHint().width() + _BETWEEN for tool in tools) + _LEAST_FILTER + 3 * SPACE
        needs = self._where.fontMetrics().horizontalAdvance(self._where.text())
        self._where.setVisible(min(needs, _LEAST_PLACE) <= self.width() - taken)

    def _fit_prompt(self) -> None:
        """Beside the first line of the input."""
        self._prompt.setContentsMargins(0, (self.input.height_of(1) - _PROMPT) // 2, 4, 0)

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
        row.addWidget(self._prompt, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.input, 1)
        foot = QFrame(self)
        foot.setObjectName("panel")
        beneath = QHBoxLayout(foot)
        beneath.setContentsMargins(SPACE + 22, 0, SPACE, SPACE // 2)
        beneath.addWidget(self.eager)
        keep_font(self.eager, fixed_font)
        self.eager.setProperty("tone", "muted")
        self.eager.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.eager.setAccessibleName("What the input would give")
        when_font(self.input, self._fit_prompt)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(pages, 1)
        column.addWidget(line)
        column.addWidget(foot)
        self.setFocusProxy(self.input)

    def _bar(self) -> QFrame:
        bar = QFrame(self)
        bar.setObjectName("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE, 3, SPACE, 3)
        row.setSpacing(_BETWEEN)
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
        row.addStretch(0)
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
        self._save = self._tool(bar, "Save these lines to a file…", self.save_requested)
        self._clear = self._tool(bar, "Clear this console", self._model.clear)
        row.addWidget(self._copy)
        row.addWidget(self._save)
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
        self._prompt.setPixmap(pixmap("console", _PROMPT, theme.accent, self.devicePixelRatioF()))
        self._copy.setIcon(icon("copy", theme.muted, theme.faint))
        self._save.setIcon(icon("save", theme.muted, theme.faint))
        self._clear.setIcon(icon("clear", theme.muted, theme.faint))
        self.list.viewport().update()
