"""What a repeat is asked: what is called, where, how often, by how many; Repeat, Stop, and how far it is."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import UsageError
from inspector.text import visible
from ui.models.repeat_plan import RepeatWish, What, Within
from ui.style import SPACE, say, thin_bar
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.progress import show_progress

__all__ = ["RepeatFields"]

_MOST_NEW = 64


class RepeatFields(QFrame):
    """`run_requested` carries a `RepeatWish` whose plan can be made."""

    run_requested = Signal(object)
    stop_requested = Signal()
    file_requested = Signal()

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.path: Path | None = None
        self.file = ElidedLabel()
        self.choose = QPushButton("Choose…")
        self.what = _choice([one.value for one in What], "What is repeated")
        self.function = _line("found by itself", "Function")
        self.function.setToolTip("Empty: handler, handle, default, main, run, or the only one that a module exports.")
        self.payload = _line("none", "Payload")
        self.payload.setToolTip("The function's argument as JSON, made anew for each call.")
        self.within = _choice([one.value for one in Within], "In which isolates")
        self.isolates = _number(1, _MOST_NEW, 1, "How many new isolates")
        self.count = _number(1, 10_000_000, 1_000, "How many")
        self.unit = _choice(["times", "seconds"], "Times or seconds")
        self.warm_up = _number(0, 10_000_000, 50, "Warm-up calls")
        self.warm_up.setToolTip("Calls before it, which are not measured.")
        self.callers = _number(1, 1_000, 1, "Callers")
        self.callers.setToolTip("So many are under way in each isolate at the same time; the others wait.")
        self.rate = _line("at once", "Rate")
        self.rate.setToolTip(
            "Calls a second that are due, in each isolate. A late call waits, and its wait is counted."
        )
        self.run = QPushButton("Repeat")
        self.stop = QPushButton("Stop")
        self.options = QPushButton("Options")
        self.options.setCheckable(True)
        self.options.setChecked(True)
        self.options.setToolTip("What is repeated, where, how often and by how many; folded away while it runs.")
        self.form = QWidget()
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self._busy = False
        self._result = "Choose a file."
        self._lay_out()
        self._connect()
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self._validate()

    # --- what is asked ---

    def wish(self) -> RepeatWish:
        return RepeatWish(
            what=list(What)[self.what.currentIndex()],
            within=list(Within)[self.within.currentIndex()],
            isolates=self.isolates.value(),
            function=self.function.text(),
            payload=self.payload.text(),
            for_seconds=self.unit.currentIndex() == 1,
            count=self.count.value(),
            warm_up=self.warm_up.value(),
            callers=self.callers.value(),
            rate=self.rate.text(),
        )

    def put(self, wish: RepeatWish) -> None:
        """Show a wish as if it had been typed."""
        self.what.setCurrentIndex(list(What).index(wish.what))
        self.within.setCurrentIndex(list(Within).index(wish.within))
        self.isolates.setValue(wish.isolates)
        self.function.setText(wish.function)
        self.payload.setText(wish.payload)
        self.unit.setCurrentIndex(int(wish.for_seconds))
        self.count.setValue(wish.count)
        self.warm_up.setValue(wish.warm_up)
        self.callers.setValue(wish.callers)
        self.rate.setText(wish.rate)

    def put_file(self, path: Path | None) -> None:
        self.path = path
        self.file.setText(visible(str(path), 400) if path is not None else "no file")
        if not self._busy:
            self.show_idle("" if path is not None else "Choose a file.")

    # --- how far it is ---

    def show_running(self, words: str, done: int, of: int) -> None:
        """`of` 0: how much there is to do is not known."""
        self._busy = True
        show_progress(self.bar, done, of)
        self._enable()
        self._put(words, "muted")

    def show_idle(self, words: str) -> None:
        """Nothing is repeated; `words`: what came of the last one."""
        self._busy = False
        self._result = words
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        self._validate()

    # --- inside ---

    def _connect(self) -> None:
        self.options.toggled.connect(self.form.setVisible)
        self.choose.clicked.connect(self.file_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.run.clicked.connect(self._ask)
        for box in (self.what, self.within, self.unit):
            box.currentIndexChanged.connect(self._validate)
        for line in (self.function, self.payload, self.rate):
            line.textChanged.connect(self._validate)
            line.returnPressed.connect(self._ask)
        for number in (self.count, self.warm_up, self.callers):
            number.valueChanged.connect(self._validate)

    def _trouble(self) -> tuple[QWidget | None, str]:
        """The field that is wrong, and why."""
        try:
            if self.payload.isEnabled() and self.payload.text().strip():
                json.loads(self.payload.text())
        except ValueError as error:
            return self.payload, f'The payload is no JSON: {error}. Write strings in quotes: {{"user": 7}}.'
        try:
            self.wish().plan()
        except UsageError as error:
            where = self.rate if "calls a second" in error.cause or "rate" in error.action else self.count
            return where, f"{error.cause}. {error.remedy}".strip()
        return None, ""

    def _validate(self) -> None:
        if self._busy:
            return
        self._enable()
        wrong, trouble = self._trouble()
        for field in (self.payload, self.rate, self.count):
            field.setProperty("wrong", field is wrong)
            field.style().polish(field)
        self._put(trouble or self._result, "error" if trouble else "muted")
        self.run.setEnabled(self.path is not None and not trouble)

    def _enable(self) -> None:
        idle = not self._busy
        function = self.what.currentIndex() == 0
        for widget in (self.choose, self.what, self.within, self.count, self.unit, self.warm_up, self.callers):
            widget.setEnabled(idle)
        self.rate.setEnabled(idle)
        self.function.setEnabled(idle and function)
        self.payload.setEnabled(idle and function)
        self.isolates.setEnabled(idle)
        self.isolates.setVisible(list(Within)[self.within.currentIndex()] is Within.NEW)
        self.run.setVisible(idle)
        self.stop.setVisible(not idle)

    def _ask(self) -> None:
        if not self._busy and self.path is not None and not self._trouble()[1]:
            self.options.setChecked(False)
            self.run_requested.emit(self.wish())

    def _put(self, words: str, tone: str) -> None:
        say(self.words, words, tone)

    def _dress(self, theme: Theme) -> None:
        self.bar.setStyleSheet(thin_bar(theme))

    def _lay_out(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName("Progress of the repeat")
        self.choose.setAccessibleName("Choose a file")
        self.run.setDefault(True)
        top = QHBoxLayout()
        top.setSpacing(SPACE)
        top.addWidget(self.choose)
        top.addWidget(self.file)
        top.addStretch(1)
        for button in (self.options, self.stop, self.run):
            top.addWidget(button)
        grid = QGridLayout(self.form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(6)
        rows: tuple[tuple[tuple[str, QWidget, QWidget | None], ...], ...] = (
            (("Repeat", self.what, None), ("In", self.within, self.isolates)),
            (("Function", self.function, None), ("Payload", self.payload, None)),
            (("For", self.count, self.unit), ("Warm-up", self.warm_up, None)),
            (("Callers", self.callers, None), ("Rate, 1/s", self.rate, None)),
        )
        for row, pairs in enumerate(rows):
            for place, (name, field, beside) in enumerate(pairs):
                label = QLabel(name)
                label.setProperty("tone", "muted")
                label.setBuddy(field)
                grid.addWidget(label, row, 2 * place)
                cell = QHBoxLayout()
                cell.setSpacing(SPACE)
                cell.addWidget(field, 2)
                if beside is not None:
                    cell.addWidget(beside)
                grid.addLayout(cell, row, 2 * place + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, SPACE, SPACE + 4, 6)
        column.setSpacing(6)
        column.addLayout(top)
        for part in (self.form, self.words, self.bar):
            column.addWidget(part)


def _choice(texts: list[str], name: str) -> QComboBox:
    box = QComboBox()
    box.addItems(texts)
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(5)
    return box


def _line(hint: str, name: str) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(hint)
    line.setAccessibleName(name)
    return line


def _number(least: int, most: int, value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setGroupSeparatorShown(True)
    box.setValue(value)
    box.setMinimumWidth(box.fontMetrics().horizontalAdvance("10,000") + 40)
    box.setAccessibleName(name)
    return box
