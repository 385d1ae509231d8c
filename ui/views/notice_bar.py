"""A line above the graphs that tells of something which stands, with a button that does something about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from inspector.text import visible
from ui.style import SPACE

__all__ = ["NoticeBar"]

_LONGEST = 400


class NoticeBar(QFrame):
    """Hidden while it has nothing to say."""

    pressed = Signal()
    declined = Signal()

    def __init__(self, button: str, parent: QWidget | None = None, *, decline: str = "") -> None:
        """`decline`: what another button says, "" for none."""
        super().__init__(parent)
        self.setObjectName("bar")
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "warn")
        self.button = QPushButton(button)
        self.button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE + 4, 6, SPACE + 4, 6)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        if decline:
            other = QPushButton(decline)
            other.clicked.connect(self.declined)
            row.addWidget(other)
        self.hide()

    def show_words(self, words: str) -> None:
        """Say this; "" hides the bar."""
        self.words.setText(visible(words, _LONGEST))
        self.setVisible(bool(words))
