"""A line for the command that a busy isolate can't serve now, with Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from ui.style import SPACE

__all__ = ["WaitingBar"]


class WaitingBar(QFrame):
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("tone", "warn")
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE + 4, 6, SPACE + 4, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say what waits; "" hides the bar."""
        self.words.setText(words)
        self.setVisible(bool(words))
