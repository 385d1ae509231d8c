"""The console's input line: Enter evaluates, the up and down keys walk through what was typed before."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.style import fixed_font

__all__ = ["ConsoleInput"]

MAX_HISTORY = 200


class ConsoleInput(QLineEdit):
    entered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("consoleInput")
        self.setFont(fixed_font())
        self.setFrame(False)
        self.setAccessibleName("Console input")
        self.setMaxLength(1_000_000)
        self.history: list[str] = []
        self._place = 0  # in history; its length: the line being written
        self._draft = ""
        self.returnPressed.connect(self._enter)

    def set_ready(self, ready: bool, reason: str) -> None:
        """`reason` is shown in the empty line: what Enter would do, or why it can't."""
        self.setEnabled(ready)
        self.setPlaceholderText(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._walk(-1)
        elif event.key() == Qt.Key.Key_Down:
            self._walk(1)
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._place = len(self.history)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: int) -> None:
        place = self._place + step
        if not 0 <= place <= len(self.history):
            return
        if self._place == len(self.history):
            self._draft = self.text()
        self._place = place
        self.setText(self._draft if place == len(self.history) else self.history[place])

    def _enter(self) -> None:
        text = self.text()
        if not text.strip():
            return
        if not self.history or self.history[-1] != text:
            self.history = [*self.history, text][-MAX_HISTORY:]
        self._place = len(self.history)
        self._draft = ""
        self.clear()
        self.entered.emit(text)
