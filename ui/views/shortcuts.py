"""All shortcuts in a table, with a line to search it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.style import SPACE

__all__ = ["ShortcutsDialog"]

_COLUMNS = ("Where", "Keys", "What")


class ShortcutsDialog(QDialog):
    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.resize(640, 560)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Find a shortcut")
        self.search.setAccessibleName("Find a shortcut")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.table = QTableWidget(len(rows), len(_COLUMNS), self)
        self.table.setAccessibleName("Shortcuts")
        self.table.setHorizontalHeaderLabels(_COLUMNS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        for row, words in enumerate(rows):
            for column, text in enumerate(words):
                self.table.setItem(row, column, QTableWidgetItem(text))
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        column_of.setSpacing(SPACE)
        column_of.addWidget(self.search)
        column_of.addWidget(self.table, 1)
        self.search.setFocus()

    def _narrow(self, needle: str) -> None:
        words = needle.casefold().split()
        for row in range(self.table.rowCount()):
            cells = [self.table.item(row, column) for column in range(len(_COLUMNS))]
            line = " ".join(cell.text() for cell in cells if cell is not None).casefold()
            self.table.setRowHidden(row, not all(word in line for word in words))
