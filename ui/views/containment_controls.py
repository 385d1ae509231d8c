"""What a test of containment is asked: limits, time, which cases; Run, Cancel, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.containment.record import Limits
from inspector.errors import UsageError
from inspector.units import parse_seconds
from ui.models.isolate_wish import limit_trouble
from ui.style import SPACE, say, thin_bar
from ui.theme import Theme, Themes
from ui.views.elided_label import ElidedLabel
from ui.views.progress import show_progress

__all__ = ["ContainmentControls", "read_limits"]


def read_limits(memory: str, timeout: str, cpu: str) -> tuple[Limits | None, str, str]:
    """The limits; or None, which field is wrong ("memory", "timeout", "cpu") and why."""
    limit, trouble = limit_trouble(memory)
    if trouble:
        return None, "memory", trouble
    times: list[float | None] = []
    for field, text in (("timeout", timeout), ("cpu", cpu)):
        if field == "cpu" and not text.strip():
            times.append(None)
            continue
        try:
            times.append(parse_seconds(text, action="Set the time"))
        except UsageError as error:
            return None, field, f"{error.cause}. {error.remedy}".strip()
    return Limits(limit, times[0] or 0.0, times[1]), "", ""


class ContainmentControls(QFrame):
    """`run_requested` carries the checked `Limits`."""

    run_requested = Signal(object)
    cancel_requested = Signal()
    files_requested = Signal()
    all_toggled = Signal(bool)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.memory = _field("64 MiB", "Memory limit", 9)
        self.timeout = _field("10 s", "Timeout", 6)
        self.cpu = _field("", "CPU limit", 6)
        self.cpu.setPlaceholderText("none")
        self.all = QCheckBox("All cases")
        self.all.setTristate(True)
        self.files = QPushButton("Add files…")
        self.run = QPushButton("Run")
        self.run.setDefault(True)
        self.cancel = QPushButton("Cancel")
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName("Progress of the test")
        self._chosen = 0
        self._busy = False
        self._lay_out()
        for field in (self.memory, self.timeout, self.cpu):
            field.textChanged.connect(self._validate)
            field.returnPressed.connect(self._ask_to_run)
        self.all.clicked.connect(lambda: self.all_toggled.emit(self.all.checkState() != Qt.CheckState.Unchecked))
        self.files.clicked.connect(self.files_requested)
        self.run.clicked.connect(self._ask_to_run)
        self.cancel.clicked.connect(self.cancel_requested)
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.show_idle("")

    def show_chosen(self, chosen: int, known: int) -> None:
        """How many cases are chosen, of how many."""
        self._chosen = chosen
        state = Qt.CheckState.PartiallyChecked if 0 < chosen < known else Qt.CheckState(2 if chosen else 0)
        self.all.setCheckState(state)
        self.run.setText(f"Run {chosen} cases" if chosen != 1 else "Run 1 case")
        self._validate()

    def show_running(self, done: int, of: int, words: str) -> None:
        self._busy = True
        self._put(words, "muted")
        show_progress(self.bar, done, of)
        self._enable()

    def show_idle(self, words: str) -> None:
        """Nothing runs; `words`: what came of the last test."""
        self._busy = False
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        self._result = words
        self._enable()
        self._validate()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, field in (("Limit", self.memory), ("Timeout", self.timeout), ("CPU", self.cpu)):
            label = QLabel(name)
            label.setProperty("tone", "muted")
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field)
            row.addSpacing(4)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.run)
        second = QHBoxLayout()
        second.setSpacing(SPACE)
        second.addWidget(self.all)
        second.addWidget(self.words, 1)
        second.addWidget(self.files)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE + 4, SPACE, SPACE + 4, 6)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(second)
        column.addWidget(self.bar)

    def _enable(self) -> None:
        for widget in (self.memory, self.timeout, self.cpu, self.all, self.files):
            widget.setEnabled(not self._busy)
        self.run.setVisible(not self._busy)
        self.cancel.setVisible(self._busy)

    def _read(self) -> tuple[Limits | None, str, str]:
        return read_limits(self.memory.text(), self.timeout.text(), self.cpu.text())

    def _validate(self) -> None:
        limits, wrong, trouble = self._read()
        for name, field in (("memory", self.memory), ("timeout", self.timeout), ("cpu", self.cpu)):
            field.setProperty("wrong", wrong == name)
            field.style().polish(field)
        if not self._busy:
            none = "" if self._chosen else "Choose a case."
            self._put(trouble or none or self._result, "error" if trouble else "muted")
        self.run.setEnabled(limits is not None and self._chosen > 0)

    def _ask_to_run(self) -> None:
        limits, _, _ = self._read()
        if limits is not None and self._chosen and not self._busy:
            self.run_requested.emit(limits)

    def _put(self, words: str, tone: str) -> None:
        say(self.words, words, tone)

    def _dress(self, theme: Theme) -> None:
        self.bar.setStyleSheet(thin_bar(theme))


def _field(text: str, name: str, characters: int) -> QLineEdit:
    field = QLineEdit(text)
    field.setAccessibleName(name)
    letter = field.fontMetrics().averageCharWidth()
    field.setMaximumWidth(letter * characters + 18)
    field.setMinimumWidth(letter * characters * 4 // 5 + 18)
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return field
