"""A breakpoint's menu, and the dialog for its condition or for what it logs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from ui.style import fixed_font
from ui.views.form_dialog import form_layout, put_form

__all__ = ["BreakpointDialog", "open_menu"]

_LOG = 1
_WORDS = (
    "It pauses where this expression is true, in the scope of the line. One that throws doesn't pause: the console has "
    "the error.",
    "It doesn't pause: these expressions are logged in the scope of the line, such as 'n is', n.",
)
_EXAMPLES = ("n > 100", "'n is', n")


def open_menu(
    parent: QWidget, place: QPoint, *, there: bool, toggle: Callable[[], None], edit: Callable[[], None]
) -> None:
    """At a place of the screen; `there`: whether the line has a breakpoint."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Remove Breakpoint" if there else "Add Breakpoint").triggered.connect(toggle)
    menu.addAction("Condition or Log…").triggered.connect(edit)
    menu.popup(place)


class BreakpointDialog(QDialog):
    """`wished` carries the condition and what is logged, one of them "" or both."""

    wished = Signal(str, str)

    def __init__(self, where: str, condition: str, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Breakpoint at {where}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.kind = QComboBox(self)
        self.kind.addItems(["Pause", "Log"])
        self.kind.setAccessibleName("What it does")
        self.kind.setCurrentIndex(_LOG if log else 0)
        self.expression = QLineEdit(log or condition, self)
        self.expression.setFont(fixed_font())
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "muted")
        self.words.setMinimumHeight(self.fontMetrics().height() * 3)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.expression.textChanged.connect(self._show_kind)
        self._show_kind()
        self.expression.setFocus()
        self.expression.selectAll()

    def _lay_out(self) -> None:
        self._form = form_layout()
        self._form.addRow("Do", self.kind)
        self._form.addRow("When", self.expression)
        self._form.addRow("", self.words)
        self.set = put_form(self, self._form, "Set", self._accept, width=460)

    def _show_kind(self) -> None:
        kind = self.kind.currentIndex()
        self.words.setText(_WORDS[kind])
        label = self._form.labelForField(self.expression)
        if isinstance(label, QLabel):
            label.setText("What" if kind == _LOG else "When")
        self.expression.setPlaceholderText(f"{_EXAMPLES[kind]}{'' if kind == _LOG else ' (empty: always)'}")
        self.expression.setAccessibleName("What is logged" if kind == _LOG else "Condition")
        self.set.setEnabled(kind != _LOG or bool(self.expression.text().strip()))

    def _accept(self) -> None:
        text, log = self.expression.text().strip(), self.kind.currentIndex() == _LOG
        self.wished.emit("" if log else text, text if log else "")
        self.accept()
