"""The measurement of cold starts: which file, how many rounds, with Node or not; the chart, and the table behind it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector.text import visible
from ui.models.coldstart import ColdStartModel
from ui.style import SPACE, thin_bar
from ui.theme import Theme, Themes
from ui.views.coldstart_chart import ColdStartChart
from ui.views.elided_label import ElidedLabel
from ui.views.progress import show_progress
from ui.views.tables import Table

__all__ = ["ColdStartView"]

_WIDTHS = (30, 5, 9, 9, 7, 10)  # characters
_MOST_ROUNDS = 1_000


class ColdStartView(QWidget):
    """`run_requested`: with what the fields say."""

    run_requested = Signal()
    cancel_requested = Signal()
    file_requested = Signal()

    def __init__(self, model: ColdStartModel, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.file = ElidedLabel()
        self.choose = QPushButton("Choose…")
        self.rounds = QSpinBox()
        self.node = QCheckBox("Node too")
        self.run = QPushButton("Measure")
        self.cancel = QPushButton("Cancel")
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self.chart = ColdStartChart(model, themes, self)
        self.table = Table(model, themes, name="Cold starts", empty="Nothing was measured.", widths=_WIDTHS)
        self._busy = False
        self._lay_out()
        themes.changed.connect(self._dress)
        self._dress(themes.current)
        self.choose.clicked.connect(self.file_requested)
        self.run.clicked.connect(self.run_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.put_file(None)

    def put_file(self, path: Path | None) -> None:
        """What is to be measured next."""
        self.path = path
        self.file.setText(visible(str(path), 400) if path is not None else "no file")
        if not self._busy:
            self.show_idle("" if path is not None else "Choose a file.")

    def show_running(self, done: int, of: int) -> None:
        self._busy = True
        show_progress(self.bar, done, of)
        self._enable(f"Round {min(done + 1, of)} of {of}")

    def show_idle(self, words: str) -> None:
        """Nothing is measured; `words`: why, or what came of it."""
        self._busy = False
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        self._enable(words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.run if self.path is not None else self.choose).setFocus()

    def _dress(self, theme: Theme) -> None:
        self.bar.setStyleSheet(thin_bar(theme))

    def _enable(self, words: str) -> None:
        self.words.setText(words)
        for widget in (self.choose, self.rounds, self.node):
            widget.setEnabled(not self._busy)
        self.run.setVisible(not self._busy)
        self.run.setEnabled(self.path is not None)
        self.cancel.setVisible(self._busy)
        self.bar.setVisible(self._busy)

    def _lay_out(self) -> None:
        self.rounds.setRange(1, _MOST_ROUNDS)
        self.rounds.setValue(50)
        self.rounds.setAccessibleName("Rounds")
        self.node.setChecked(False)
        self.node.setToolTip("A Worker and node FILE, where Node is installed. It runs the file with all your rights.")
        self.choose.setAccessibleName("Choose a file")
        self.words.setProperty("tone", "muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName("Progress of the measurement")
        keeps = self.bar.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keeps)
        first = QHBoxLayout()
        first.setSpacing(SPACE)
        first.addWidget(self.choose)
        first.addWidget(self.file)
        first.addStretch(1)
        second = QHBoxLayout()
        second.setSpacing(SPACE)
        rounds = QLabel("Rounds")
        rounds.setProperty("tone", "muted")
        rounds.setBuddy(self.rounds)
        for widget in (rounds, self.rounds, self.node):
            second.addWidget(widget)
        second.addWidget(self.words, 1)
        second.addWidget(self.cancel)
        second.addWidget(self.run)
        top = QFrame()
        top.setObjectName("bar")
        column = QVBoxLayout(top)
        column.setContentsMargins(SPACE + 4, SPACE, SPACE + 4, 6)
        column.setSpacing(6)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.bar)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.chart)
        parts.addWidget(self.table)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setHandleWidth(1)
        parts.setChildrenCollapsible(False)
        self.table.setMinimumHeight(70)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(top)
        whole.addWidget(parts, 1)
