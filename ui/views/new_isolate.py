"""The dialog for a new isolate: name, memory limit, process, prelude. It is opened, never executed, so nothing else
waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from inspector.text import visible
from inspector.units import format_bytes
from ui.models.isolate_wish import IsolateWish, limit_trouble
from ui.style import SPACE
from ui.views.form_dialog import form_layout, put_form

__all__ = ["NewIsolateDialog"]

_ON_LIMIT = (
    ("keep", "Keep the isolate: its run ends, nothing else"),
    ("replace", "Replace it by a fresh one, which runs nothing"),
    ("dispose", "Dispose it: its heap is given back"),
)
_PRELUDES = (
    ("web", "Web globals: timers, events, crypto, …"),
    ("bare", "Bare: V8 and console alone"),
)


def _next_name(taken: Sequence[str]) -> str:
    return next(name for number in count(1) if (name := f"isolate {number}") not in taken)


class NewIsolateDialog(QDialog):
    """`wished` carries an `IsolateWish`; what is wrong is said while it is typed."""

    wished = Signal(object)

    def __init__(self, taken: Callable[[], Sequence[str]], limit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setWindowTitle("New isolate")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = QLineEdit(_next_name(taken()))
        self.limit = QLineEdit(limit)
        self.shared = QRadioButton("Shared with other isolates")
        self.alone = QRadioButton("Alone: a crash takes nothing else with it")
        self.shared.setChecked(True)
        self.on_limit = {key: QRadioButton(words) for key, words in _ON_LIMIT}
        self.on_limit["keep"].setChecked(True)
        for buttons in ((self.shared, self.alone), self.on_limit.values()):  # else the five would exclude each other
            group = QButtonGroup(self)
            for button in buttons:
                group.addButton(button)
        self.rate = QSpinBox()
        self.prelude = QComboBox()
        for key, words in _PRELUDES:
            self.prelude.addItem(words, key)
        self.prelude_file = QLineEdit()
        self.choose_file = QPushButton("Choose…")
        self.choose_file.clicked.connect(self._choose_file)
        self.trouble = QLabel()
        self._lay_out()
        self.name.textChanged.connect(self._validate)
        self.limit.textChanged.connect(self._validate)
        self._validate()
        self.name.selectAll()

    def _lay_out(self) -> None:
        self.name.setMaxLength(200)
        self.name.setAccessibleName("Name")
        self.limit.setAccessibleName("Memory limit")
        self.rate.setRange(1, 100)
        self.rate.setValue(20)
        self.rate.setSuffix(" a second")
        self.rate.setAccessibleName("Heap samples a second")
        for key, words in _ON_LIMIT:
            self.on_limit[key].setAccessibleName(f"After the memory limit was hit: {words}")
        self.trouble.setTextFormat(Qt.TextFormat.PlainText)
        self.trouble.setWordWrap(True)
        self.trouble.setMinimumHeight(self.fontMetrics().height() * 2)
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = form_layout()
        form.addRow("Name", self.name)
        form.addRow("Memory limit", self.limit)
        form.addRow("Process", self.shared)
        form.addRow("", self.alone)
        for row, button in enumerate(self.on_limit.values()):
            form.addRow("After the limit" if row == 0 else "", button)
        form.addRow("Heap samples", self.rate)
        form.addRow("Prelude", self.prelude)
        form.addRow("Prelude file", self._file_row())
        form.addRow("", self.trouble)
        self.create_button = put_form(self, form, "Create", self._accept, width=420)

    def _file_row(self) -> QHBoxLayout:
        self.prelude.setAccessibleName("Prelude")
        self.prelude_file.setAccessibleName("Prelude file")
        self.prelude_file.setPlaceholderText("None: your JavaScript, run first")
        self.choose_file.setAccessibleName("Choose the prelude file")
        self.choose_file.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.prelude_file, 1)
        row.addWidget(self.choose_file)
        return row

    def _choose_file(self) -> None:
        chooser = QFileDialog(self, "Choose a prelude file", self.prelude_file.text(), "JavaScript (*.js *.cjs)")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.prelude_file.setText)
        chooser.open()

    def _validate(self) -> None:
        limit, limit_wrong = limit_trouble(self.limit.text())
        name_wrong = self._name_trouble()
        for field, wrong in ((self.name, name_wrong), (self.limit, limit_wrong)):
            field.setProperty("wrong", bool(wrong))
            field.style().polish(field)
        trouble = name_wrong or limit_wrong
        self.trouble.setText(trouble or f"V8 heap and off-heap memory together are capped at {format_bytes(limit)}.")
        self.trouble.setProperty("tone", "error" if trouble else "muted")
        self.trouble.style().polish(self.trouble)
        self.create_button.setEnabled(not trouble)

    def _name_trouble(self) -> str:
        name = self.name.text().strip()
        if not name:
            return "An isolate needs a name."
        if not name.isprintable():
            return f"“{visible(name, 60)}” holds characters that can't be shown."
        if name in self._taken():
            return f"“{visible(name, 60)}” is used already: choose another name."
        return ""

    def _accept(self) -> None:
        limit, trouble = limit_trouble(self.limit.text())
        if not trouble and not self._name_trouble():
            after = next(key for key, button in self.on_limit.items() if button.isChecked())
            file = self.prelude_file.text().strip()
            prelude = (str(self.prelude.currentData()), *((str(Path(file).expanduser()),) if file else ()))
            name, alone = self.name.text().strip(), self.alone.isChecked()
            self.wished.emit(IsolateWish(name, limit, alone, after, self.rate.value(), prelude))
            self.accept()
