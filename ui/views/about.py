"""About: versions, where the program keeps its files, and what `doctor` finds, to copy."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.text import visible
from ui.style import SPACE, fixed_font

__all__ = ["AboutDialog"]


class AboutDialog(QDialog):
    doctor_requested = Signal()

    def __init__(self, version: str, words: str, folders: Mapping[str, str], parent: QWidget | None = None) -> None:
        """`words`: versions of what the program is made of, a line each."""
        super().__init__(parent)
        self.setWindowTitle("About Isolate Inspector")
        self.resize(640, 540)
        title = QLabel(f"Isolate Inspector {version}")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        places = QFormLayout()
        places.setHorizontalSpacing(SPACE * 2)
        for name, folder in folders.items():
            label = QLabel(visible(folder, 400))
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            flags = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            label.setTextInteractionFlags(flags)
            label.setAccessibleName(name)
            places.addRow(name, label)
        self.text = QPlainTextEdit(words, self)
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Versions, and what doctor finds")
        self.doctor = QPushButton("Run doctor")
        self.doctor.setToolTip("Starts a host process for each engine and tells what works on this machine")
        self.doctor.clicked.connect(self._ask)
        self.copy = QPushButton("Copy")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        close = QPushButton("Close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        for button in (self.doctor, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE + 4)
        column.addWidget(title)
        column.addLayout(places)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)

    def show_doctor(self, words: str) -> None:
        """What it found, or why it could not look."""
        self.doctor.setEnabled(True)
        self.doctor.setText("Run doctor")
        self.text.setPlainText(words)

    def _ask(self) -> None:
        self.doctor.setEnabled(False)
        self.doctor.setText("doctor looks…")
        self.doctor_requested.emit()
