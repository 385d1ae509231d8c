"""What every flat table answers Qt alike: how large it is, what stands at its head and in its cells."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.models.tip import plain_tip

__all__ = ["Index", "TableModel"]

Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NONE = QModelIndex()


class TableModel(QAbstractTableModel):
    """`number_columns` are aligned as numbers are. `meanings`: tips of the heads, by column."""

    columns: ClassVar[tuple[str, ...]]
    number_columns: ClassVar[Container[int]] = ()
    meanings: ClassVar[Mapping[int, str]] = {}

    def length(self) -> int:
        """Rows."""
        raise NotImplementedError

    def cell(self, row: int, column: int) -> str:
        """The text there, which a screen reader reads too."""
        raise NotImplementedError

    def tip(self, _row: int, _column: int) -> str:
        """More of it, as plain text; "" for nothing."""
        return ""

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else self.length()

    def columnCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section]
        if role == Qt.ItemDataRole.ToolTipRole and section in self.meanings:
            return plain_tip(self.meanings[section])
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section in self.number_columns else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if not index.isValid() or row >= self.length():  # Qt may ask for a cell of a moment ago
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and (tip := self.tip(row, column)):
            return plain_tip(tip)
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and column in self.number_columns else None
