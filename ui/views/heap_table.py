"""The heap graph as a table in a window of its own: read again on demand, copied by rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.text import counted
from ui.models.heap_table import HeapTableModel
from ui.style import SPACE
from ui.theme import Themes
from ui.views.tables import Table

__all__ = ["HeapTableDialog"]


class HeapTableDialog(QDialog):
    def __init__(
        self, name: str, model: HeapTableModel, fill: Callable[[], None], themes: Themes, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Heap of {name}")
        self.resize(720, 520)
        self._fill, self._model = fill, model
        self.table = Table(
            model, themes, name="Samples and collections", empty="No sample yet.", widths=(12, 13, 19, 12)
        )
        self.count = QLabel()
        self.count.setProperty("tone", "muted")
        again, close = QPushButton("Read Again"), QPushButton("Close")
        again.clicked.connect(self.read)
        close.clicked.connect(self.accept)
        for button in (again, close):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.count, 1)
        buttons.addWidget(again)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        self.read()

    def read(self) -> None:
        """What is kept now; times count back from this moment, or from the isolate's end."""
        self._fill()
        rows = counted(self._model.rowCount(), "row")
        self.count.setText(f"{rows}, the newest first; Ctrl+C copies those that are chosen")
        self.table.setCurrentIndex(self._model.index(0, 0))
